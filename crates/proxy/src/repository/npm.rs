//! npm's registry: documents of packages, and their tarballs. Its URLs have the port 443, as those of CodeArtifact do.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::json;

use super::{JSON, Request, VERSION, archive, document};
use crate::answer::{typed, typed_bytes};

pub(super) fn answer(request: &Request<'_>) -> Option<Response<Bytes>> {
    let is_read = matches!(*request.method, Method::GET | Method::HEAD);
    let path = Some(request.rest).filter(|rest| is_read && !rest.starts_with("-/"))?;
    if let Some((name, file)) = path.split_once("/-/") {
        return (file == tarball_name(name)).then(|| tarball(name));
    }
    let (name, version) = split_name(path.trim_end_matches('/'))?;
    match version {
        None => Some(packument(name, request)),
        Some("latest" | VERSION) => Some(document(manifest(name, request).to_string())),
        Some(_) => None,
    }
}

pub(super) fn nothing() -> Response<Bytes> {
    let body = "{\"error\":\"not found\"}\n";
    typed(StatusCode::NOT_FOUND, JSON, body.to_owned())
}

/// `@scope/name/version` → `@scope/name` and `version`.
fn split_name(path: &str) -> Option<(&str, Option<&str>)> {
    let slashes = usize::from(path.starts_with('@'));
    let parts = path.split('/').count();
    let end = path.match_indices('/').nth(slashes).map(|(at, _)| at);
    let (name, version) = match end {
        None => (path, None),
        Some(at) => (&path[..at], Some(&path[at + 1..])),
    };
    let is_name = parts > slashes && parts <= slashes + 2 && !name.is_empty();
    is_name.then_some((name, version))
}

fn packument(name: &str, request: &Request<'_>) -> Response<Bytes> {
    // Clients may be told not to take what is new.
    let time = "2024-01-01T00:00:00.000Z";
    let packument = json!({
        "_id": name,
        "name": name,
        "dist-tags": { "latest": VERSION },
        "versions": { VERSION: manifest(name, request) },
        "time": { "created": time, "modified": time, VERSION: time },
    });
    document(packument.to_string())
}

fn manifest(name: &str, request: &Request<'_>) -> serde_json::Value {
    let root = if request.is_domains {
        with_port(&request.root)
    } else {
        request.root.clone()
    };
    let file = tarball_name(name);
    json!({
        "name": name,
        "version": VERSION,
        "dist": { "tarball": format!("{root}{name}/-/{file}") },
    })
}

/// `https://HOST/…` → `https://HOST:443/…`
fn with_port(root: &str) -> String {
    let end = root.match_indices('/').nth(2).map(|(at, _)| at);
    end.map_or_else(
        || root.to_owned(),
        |at| format!("{}:443{}", &root[..at], &root[at..]),
    )
}

fn tarball_name(name: &str) -> String {
    let bare = name.rsplit('/').next().unwrap_or(name);
    format!("{bare}-{VERSION}.tgz")
}

fn tarball(name: &str) -> Response<Bytes> {
    let package = json!({ "name": name, "version": VERSION }).to_string();
    typed_bytes(
        "application/octet-stream",
        archive::tar_gz("package/package.json", &package),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_versions() {
        let rows = [
            ("a", Some(("a", None))),
            ("a/latest", Some(("a", Some("latest")))),
            ("@s/a", Some(("@s/a", None))),
            ("@s/a/1.0.0", Some(("@s/a", Some("1.0.0")))),
            ("@s", None),
            ("", None),
            ("a/b/c", None),
        ];
        for (path, expected) in rows {
            assert_eq!(split_name(path), expected, "{path}");
        }
    }

    #[test]
    fn the_port_comes_behind_the_host() {
        assert_eq!(with_port("https://a.b/npm/c/"), "https://a.b:443/npm/c/");
    }
}
