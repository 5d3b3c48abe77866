//! The canonical request: what is signed, in the one form that client and service agree on.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

use crate::call::Call;

/// Everything but RFC 3986's unreserved characters.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same for paths, which keep their slashes.
const PATH: &AsciiSet = &STRICT.remove(b'/');

/// Method, path, query, headers and payload as both sides write them down before signing.
pub(super) fn request(call: &Call, signed_headers: &[String]) -> String {
    let request = &call.request;
    let values = |name: &str| {
        let all = request.headers().get_all(name).iter();
        let texts = all.map(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        });
        texts.collect::<Vec<_>>().join(",")
    };
    let headers: String = signed_headers
        .iter()
        .map(|name| format!("{name}:{}\n", values(name)))
        .collect();
    let payload = match call.header("x-amz-content-sha256") {
        Some("UNSIGNED-PAYLOAD") => "UNSIGNED-PAYLOAD".to_owned(),
        _ => hex::encode(Sha256::digest(request.body())),
    };
    // The path as sent is encoded once; every service but S3 signs it encoded once more.
    let path = normalise(request.uri().path());
    let path = utf8_percent_encode(&path, PATH);
    let query = query(request.uri().query().unwrap_or_default());
    format!(
        "{}\n{path}\n{query}\n{headers}\n{}\n{payload}",
        request.method(),
        signed_headers.join(";")
    )
}

/// Resolves `.` and `..` and drops empty segments, as every service but S3 does before it signs.
fn normalise(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    let slash = if segments.is_empty() || !matches!(last, "" | "." | "..") {
        ""
    } else {
        "/"
    };
    format!("/{}{slash}", segments.join("/"))
}

/// A presigned URL's own signature is no part of what is signed.
fn query(query: &str) -> String {
    let encode = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        utf8_percent_encode(&decoded, STRICT).to_string()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(k, v)| (encode(k), encode(v)))
        .filter(|(k, _)| k != "X-Amz-Signature")
        .collect();
    pairs.sort();
    pairs
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised() {
        for (path, expected) in [
            ("/", "/"),
            ("//", "/"),
            ("/./", "/"),
            ("/./example", "/example"),
            ("//example//", "/example/"),
            ("/example/..", "/"),
            ("/example1/example2/../..", "/"),
            ("/a/b/../", "/a/"),
            ("/a/b/..", "/a/"),
            ("/..", "/"),
            ("/h/HOST//v1/domains", "/h/HOST/v1/domains"),
        ] {
            assert_eq!(normalise(path), expected, "{path}");
        }
    }

    #[test]
    fn queries_are_sorted_and_encoded_strictly() {
        for (text, expected) in [
            ("", ""),
            ("b=2&a=1", "a=1&b=2"),
            ("a=b%20c", "a=b%20c"),
            ("a=b/c", "a=b%2Fc"),
            ("flag", "flag="),
            ("a=2&a=1", "a=1&a=2"),
            ("X-Amz-Signature=0&a=1", "a=1"),
        ] {
            assert_eq!(query(text), expected, "{text}");
        }
    }
}
