//! Answers a request, as a pure function: as a repository that has no package, or as a host that has
//! no page. Nothing here depends on who asks but for one bit, the access.

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};

/// The type of PyPI's JSON index (PEP 691).
const PYPI_JSON: &str = "application/vnd.pypi.simple.v1+json";

/// The answer of a host that is neither AWS's nor a repository's.
pub(crate) fn nowhere() -> Response<Bytes> {
    text(StatusCode::NOT_FOUND, "not found\n")
}

/// CodeArtifact's challenge. It names domain and repository in the realm. `Basic` is alone, because Maven and Gradle
/// see only the first scheme of a header.
pub(crate) fn challenge(host: &str, path: &str) -> Response<Bytes> {
    let label = host.split('.').next().unwrap_or_default();
    let domain = label.rsplit_once('-').map_or(label, |(domain, _)| domain);
    let repository = path.split('/').nth(2).unwrap_or_default();
    let realm = format!("Basic realm=\"{domain}/{repository}\"");
    let mut response = text(StatusCode::UNAUTHORIZED, "Unauthenticated\n");
    if let Ok(realm) = realm.parse() {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, realm);
    }
    response
}

/// A repository that has no package, in the format that the path has.
pub(crate) fn empty_repository(path: &str, headers: &HeaderMap) -> Response<Bytes> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    if segments.contains(&"simple") {
        pypi(segments.last().copied().unwrap_or_default(), headers)
    } else if path.ends_with("/@v/list") {
        text(StatusCode::OK, "")
    } else if segments.first() == Some(&"npm") || accepts(headers, "json") {
        typed(
            StatusCode::NOT_FOUND,
            "application/json",
            "{\"error\":\"not found\"}\n".into(),
        )
    } else {
        nowhere()
    }
}

/// An index page without files: pip and uv then say that the package has no versions, and end.
fn pypi(name: &str, headers: &HeaderMap) -> Response<Bytes> {
    if accepts(headers, PYPI_JSON) {
        let name = if name == "simple" { "" } else { name };
        let page = format!(
            r#"{{"meta":{{"api-version":"1.0"}},"name":"{}","files":[],"versions":[]}}"#,
            name.replace(['"', '\\'], "")
        );
        typed(StatusCode::OK, PYPI_JSON, page)
    } else {
        let page = "<!DOCTYPE html><html><body></body></html>\n";
        typed(StatusCode::OK, "text/html", page.into())
    }
}

fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains(kind))
}

pub(crate) fn text(status: StatusCode, body: &'static str) -> Response<Bytes> {
    typed(status, "text/plain", body.into())
}

fn typed(status: StatusCode, kind: &'static str, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static(kind);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

    #[test]
    fn the_challenge_names_domain_and_repository() {
        let response = challenge(HOST, "/pypi/my-repo/simple/");
        assert_eq!(response.status(), 401);
        let realm = "Basic realm=\"my-domain/my-repo\"";
        assert_eq!(response.headers()["www-authenticate"], realm);
    }

    #[test]
    fn a_repository_without_packages_answers_in_its_format() {
        let rows = [
            (
                "/pypi/my-repo/simple/my-package/",
                "*/*",
                200,
                "text/html",
                "<html>",
            ),
            (
                "/pypi/my-repo/simple/my-package/",
                PYPI_JSON,
                200,
                PYPI_JSON,
                "\"my-package\"",
            ),
            (
                "/simple/my-package/",
                PYPI_JSON,
                200,
                PYPI_JSON,
                "\"files\":[]",
            ),
            (
                "/npm/my-repo/my-package",
                "*/*",
                404,
                "application/json",
                "not found",
            ),
            (
                "/my-package",
                "application/json",
                404,
                "application/json",
                "not found",
            ),
            (
                "/go/my-repo/example.com/m/@v/list",
                "",
                200,
                "text/plain",
                "",
            ),
            (
                "/go/my-repo/example.com/m/@latest",
                "",
                404,
                "text/plain",
                "not found",
            ),
            (
                "/maven/my-repo/a/b/1/b-1.pom",
                "",
                404,
                "text/plain",
                "not found",
            ),
            ("/", "", 404, "text/plain", "not found"),
        ];
        for (path, accept, status, kind, part) in rows {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            let response = empty_repository(path, &headers);
            assert_eq!(response.status(), status, "{path}");
            assert_eq!(response.headers()["content-type"], kind, "{path}");
            let body = String::from_utf8_lossy(response.body());
            assert!(body.contains(part), "{path}: {body}");
        }
    }
}
