//! The part of a URL that one answer covers: up to the repository, spelled as go spells it, because go compares
//! the text (`My-Host` and `my-host:443` are three hosts to it). It does not judge whether a URL is ours.

use codeartifact_auth::endpoint::{Endpoint, UrlParts};

/// `https://HOST/go/REPO/` of a URL that was read as `endpoint`.
pub(crate) fn of(url: &str, endpoint: &Endpoint) -> String {
    let path = UrlParts::cut(url).path;
    let root = endpoint.root();
    let root_path = UrlParts::cut(&root).path;
    let mut wanted = root_path.split('/').filter(|part| !part.is_empty()).count();
    let mut end = 0;
    for piece in path.split_inclusive('/') {
        if wanted == 0 {
            break;
        }
        end += piece.len();
        wanted -= usize::from(piece != "/");
    }
    let path = path[..end].trim_end_matches('/');
    format!("{}{path}/", host_of(url))
}

/// `https://HOST` as the URL spells it.
pub(crate) fn host_of(url: &str) -> String {
    format!("https://{}", UrlParts::cut(url).host_and_port)
}

/// Tells whether the URL carries credentials of its own: go prefers those to ours.
pub(crate) fn has_userinfo(url: &str) -> bool {
    !UrlParts::cut(url).userinfo.is_empty()
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::endpoint::MappedHosts;
    use codeartifact_auth::report::without_userinfo;

    use super::*;

    const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

    #[test]
    fn a_prefix_ends_at_the_repository() {
        let vpc = "vpce-0a1b-2c3d.d.codeartifact.us-east-1.vpce.amazonaws.com";
        let rows = [
            (
                format!("https://{HOST}/go/r1/"),
                format!("https://{HOST}/go/r1/"),
            ),
            (
                format!("https://{HOST}/go/r1"),
                format!("https://{HOST}/go/r1/"),
            ),
            (
                format!("https://{HOST}/go/r1/example.com/a/@v/v1.0.0.mod"),
                format!("https://{HOST}/go/r1/"),
            ),
            (
                format!("https://{HOST}:443/go/r1/x"),
                format!("https://{HOST}:443/go/r1/"),
            ),
            (
                format!("https://{}/go/r1/x", HOST.to_uppercase()),
                format!("https://{}/go/r1/", HOST.to_uppercase()),
            ),
            (
                format!("https://{vpc}/go/d/my-domain-111122223333/r1/x/@latest"),
                format!("https://{vpc}/go/d/my-domain-111122223333/r1/"),
            ),
            (
                format!("https://{HOST}//go/r1/x"),
                format!("https://{HOST}//go/r1/"),
            ),
            (format!("https://{HOST}"), format!("https://{HOST}/")),
            (
                format!("https://{HOST}/?go-get=1"),
                format!("https://{HOST}/"),
            ),
        ];
        for (url, expected) in rows {
            let endpoint = Endpoint::parse(&url, &MappedHosts::new()).unwrap();
            assert_eq!(of(&url, &endpoint), expected, "{url}");
            assert!(
                expected.starts_with(&format!("{}/", host_of(&url))),
                "{url}"
            );
        }
    }

    #[test]
    fn userinfo_is_seen_and_not_shown() {
        let rows = [
            ("https://aws:SECRET@h/go/r/", true, "https://h/go/r/"),
            ("https://aws@h/go/r/", true, "https://h/go/r/"),
            ("https://a@b@h/go/r/", true, "https://h/go/r/"),
            ("https://h/go/r/a@v1", false, "https://h/go/r/a@v1"),
        ];
        for (url, expected, shown) in rows {
            assert_eq!(has_userinfo(url), expected, "{url}");
            assert_eq!(without_userinfo(url), shown, "{url}");
        }
    }
}
