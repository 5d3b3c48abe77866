//! The answers that only repositories give: documents, redirects to the asset host, refusals. Decides nothing.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, HeaderValue, LOCATION};
use http::{Response, StatusCode};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::json;

use crate::reply;

pub(super) const JSON: &str = "application/json";
pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const TEXT: &str = "text/plain; charset=utf-8";
/// The media type that S3 gives every file of CodeArtifact.
pub(super) const FILE: &str = "application/octet-stream";

/// The characters that a URL's path must escape.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

pub(super) fn body(media_type: &'static str, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// Plain text, and its digest as an entity tag.
pub(super) fn tagged(digest: &str, text: String) -> Response<Bytes> {
    let mut response = body(TEXT, text);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{digest}\"")) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Sends the client to `path` below `prefix`.
pub(super) fn redirect(status: StatusCode, prefix: &str, path: &str) -> Response<Bytes> {
    let location = format!("{prefix}{}", utf8_percent_encode(path, ESCAPED));
    let Ok(location) = HeaderValue::from_str(&location) else {
        return message(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the address of the asset host is not a URL",
        );
    };
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response.headers_mut().insert(LOCATION, location);
    response
}

/// A refusal in the shape of AWS's JSON services.
pub(super) fn message(status: StatusCode, message: &str) -> Response<Bytes> {
    reply::json(status, &json!({ "message": message }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_a_legal_url() {
        let cases = [
            (
                "npm/@my-scope/a/-/a-1.0.0.tgz",
                "https://a.example/x/npm/@my-scope/a/-/a-1.0.0.tgz",
            ),
            (
                "go/example.com/!a/@v/v1.0.0.zip",
                "https://a.example/x/go/example.com/!a/@v/v1.0.0.zip",
            ),
            ("pypi/a b?#é", "https://a.example/x/pypi/a%20b%3F%23%C3%A9"),
        ];
        for (path, expected) in cases {
            let response = redirect(StatusCode::FOUND, "https://a.example/x/", path);
            assert_eq!(response.headers()[LOCATION], expected);
        }
    }

    #[test]
    fn a_message_is_json() {
        let response = message(StatusCode::CONFLICT, "say \"no\"");
        assert_eq!(
            (response.status(), response.body().as_ref()),
            (
                StatusCode::CONFLICT,
                br#"{"message":"say \"no\""}"#.as_slice()
            )
        );
    }
}
