//! The parts of a repository URL's path: format, repository and the rest.

use bytes::Bytes;
use http::{Request, Uri};

use crate::domain::DomainId;
use crate::route::EmulatedHost;

#[derive(Debug, PartialEq)]
pub(super) struct RepositoryPath<'a> {
    pub(super) domain: DomainId,
    pub(super) format: &'a str,
    pub(super) repository: &'a str,
    /// The path after the repository's root, without a leading slash.
    pub(super) rest: String,
}

impl<'a> RepositoryPath<'a> {
    /// `/FORMAT/REPOSITORY/…`, or `/FORMAT/d/DOMAIN-OWNER/REPOSITORY/…` on an interface endpoint.
    pub(super) fn find(host: &EmulatedHost, path: &'a str) -> Option<Self> {
        let (format, rest) = path.strip_prefix('/')?.split_once('/')?;
        let (domain, rest) = match host {
            EmulatedHost::Repository(domain) => (domain.clone(), rest),
            EmulatedHost::VpcRepository { region } => {
                let (label, rest) = rest.strip_prefix("d/")?.split_once('/')?;
                (DomainId::from_label(label, region)?, rest)
            }
            _ => return None,
        };
        let (repository, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let named = !format.is_empty() && !repository.is_empty();
        named.then(|| Self {
            domain,
            format,
            repository,
            rest: rest.to_owned(),
        })
    }

    /// The request as the repository itself sees it: its path begins at the repository's root.
    pub(super) fn request(&self, sent: &Request<Bytes>) -> Request<Bytes> {
        let query = sent
            .uri()
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        let mut request = sent.clone();
        // A part of a path that was legal is legal.
        *request.uri_mut() = format!("/{}{query}", self.rest)
            .parse()
            .unwrap_or_else(|_| Uri::from_static("/"));
        request
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route;

    #[test]
    fn paths() {
        let own = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        let vpc = "vpce-0a-b.d.codeartifact.us-east-1.vpce.amazonaws.com";
        for (host, path, expected) in [
            (own, "/npm/my-repo/", Some(("npm", "my-repo", ""))),
            (own, "/npm/my-repo", Some(("npm", "my-repo", ""))),
            (
                own,
                "/npm/my-repo/@my-scope%2fmy-package",
                Some(("npm", "my-repo", "@my-scope%2fmy-package")),
            ),
            (
                own,
                "/pypi/my-repo/simple/my-package/",
                Some(("pypi", "my-repo", "simple/my-package/")),
            ),
            (own, "/npm", None),
            (own, "/npm/", None),
            (own, "//my-repo/", None),
            (
                vpc,
                "/npm/d/my-domain-111122223333/my-repo/x",
                Some(("npm", "my-repo", "x")),
            ),
            (vpc, "/npm/my-repo/x", None),
            (vpc, "/npm/d/my-domain/my-repo/x", None),
        ] {
            let host = route::host(host).expect(host);
            let found = RepositoryPath::find(&host, path);
            let parts = found
                .as_ref()
                .map(|found| (found.format, found.repository, found.rest.as_str()));
            assert_eq!(parts, expected, "{host:?} {path}");
            assert!(found.is_none_or(|found| found.domain.name == "my-domain"));
        }
    }

    #[test]
    fn a_repository_sees_paths_from_its_own_root() {
        let host =
            route::host("my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com").unwrap();
        let found = RepositoryPath::find(&host, "/npm/my-repo/a%2fb").unwrap();
        let sent = Request::builder()
            .uri("/npm/my-repo/a%2fb?write=true")
            .body(Bytes::new())
            .unwrap();
        assert_eq!(found.request(&sent).uri(), "/a%2fb?write=true");
    }
}
