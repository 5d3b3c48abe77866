//! Answers that say nothing about packages: a challenge, a host that has no page. What a repository has is
//! `repository`'s.

use bytes::Bytes;
use http::{Response, StatusCode, header};

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

pub(crate) fn text(status: StatusCode, body: &'static str) -> Response<Bytes> {
    typed(status, "text/plain", body.into())
}

pub(crate) fn typed(status: StatusCode, kind: &'static str, body: String) -> Response<Bytes> {
    let mut response = typed_bytes(kind, body.into_bytes());
    *response.status_mut() = status;
    response
}

/// With the status 200.
pub(crate) fn typed_bytes(kind: &'static str, body: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
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
}
