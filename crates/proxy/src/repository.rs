//! The repository that the stand-in plays: it has every package, in one version without content, and takes what is
//! published. Its paths are CodeArtifact's, so that a client with a wrong URL fails here too. It asks nobody, and knows
//! nothing of credentials.

mod archive;
mod npm;
mod pypi;

use bytes::Bytes;
use codeartifact_auth::endpoint::{Endpoint, Format, MappedHosts};
use http::{Method, Response, StatusCode};
use percent_encoding::percent_decode_str;

use crate::answer::{self, typed};

/// The one version of all packages.
const VERSION: &str = "1.0.0";

const JSON: &str = "application/json";

/// A request below a repository's root.
struct Request<'a> {
    method: &'a Method,
    /// `https://HOST/pypi/my-repo/`
    root: String,
    /// The path behind the root, decoded.
    rest: &'a str,
    /// The host is a domain's own.
    is_domains: bool,
}

/// Answers as the repository that the path is in; 404 if it is in none.
pub(crate) fn answer(
    host: &str,
    path: &str,
    method: &Method,
    mapped: &MappedHosts,
) -> Response<Bytes> {
    let endpoint = Endpoint::parse(&format!("https://{host}{path}"), mapped).ok();
    let placed = endpoint.and_then(|it| Some((it.place.as_ref()?.format, it.root())));
    let Some((format, root)) = placed else {
        return answer::nowhere();
    };
    let own = root.split_once(host).map_or("/", |(_, path)| path);
    // A root without its last slash is asked for as well.
    let rest = path.get(own.len()..).unwrap_or_default();
    let rest = percent_decode_str(rest.trim_start_matches('/')).decode_utf8_lossy();
    let request = Request {
        method,
        root,
        rest: &rest,
        is_domains: !mapped.contains_key(host),
    };
    of_format(format, &request).unwrap_or_else(answer::nowhere)
}

/// `None` where the repository has nothing.
fn of_format(format: Format, request: &Request<'_>) -> Option<Response<Bytes>> {
    match format {
        Format::Pypi => pypi::answer(request),
        Format::Npm => Some(npm::answer(request).unwrap_or_else(npm::nothing)),
        Format::Go => request
            .rest
            .ends_with("/@v/list")
            .then(|| answer::text(StatusCode::OK, "")),
        Format::Cargo => (request.rest == "config.json").then(|| cargo(&request.root)),
        Format::Nuget => {
            let index = r#"{"version":"3.0.0","resources":[]}"#;
            (request.rest == "v3/index.json").then(|| document(index.to_owned()))
        }
        Format::Maven => pom(request.rest).map(|text| typed(StatusCode::OK, "text/xml", text)),
        // Bundler's index of all gems, of which there is none.
        Format::Ruby => (request.rest == "versions")
            .then(|| answer::text(StatusCode::OK, "created_at: 2024-01-01T00:00:00Z\n---\n")),
        _ => None,
    }
}

/// A project without anything in it: `com/example/my-parent/1/my-parent-1.pom`.
fn pom(path: &str) -> Option<String> {
    let (folder, _) = path.strip_suffix(".pom")?.rsplit_once('/')?;
    let (folder, version) = folder.rsplit_once('/')?;
    let (group, artifact) = folder.rsplit_once('/')?;
    let group = group.replace('/', ".");
    Some(format!(
        "<project><modelVersion>4.0.0</modelVersion><groupId>{group}</groupId><artifactId>{artifact}</artifactId>\
         <version>{version}</version><packaging>pom</packaging></project>\n"
    ))
}

/// A sparse index: which crates there are, cargo asks for only after this.
fn cargo(root: &str) -> Response<Bytes> {
    let api = root.trim_end_matches('/');
    document(format!(
        r#"{{"dl":"{root}api/v1/crates","api":"{api}","auth-required":true}}"#
    ))
}

fn document(json: String) -> Response<Bytes> {
    typed(StatusCode::OK, JSON, json)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
    const VPC: &str = "vpce-0a-b.d.codeartifact.us-east-1.vpce.amazonaws.com";
    const OWN: &str = "packages.example.com";

    fn mapped() -> MappedHosts {
        let target = format!("https://{HOST}/pypi/my-repo/");
        let target = Endpoint::parse(&target, &MappedHosts::new()).unwrap();
        MappedHosts::from([(OWN.to_owned(), target)])
    }

    fn get(host: &str, path: &str) -> (u16, String) {
        let answer = answer(host, path, &Method::GET, &mapped());
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        (answer.status().as_u16(), body)
    }

    /// A host and a path, the status, and a part of the answer.
    const ROWS: [(&str, &str, u16, &str); 23] = [
        (
            HOST,
            "/pypi/my-repo/simple/my-package/",
            200,
            "my_package-1.0.0-",
        ),
        (
            HOST,
            "/pypi/my-repo/simple/my-package",
            200,
            "my_package-1.0.0-",
        ),
        (
            HOST,
            "/pypi/my-repo//simple/my-package/",
            200,
            "my_package-1.0.0-",
        ),
        (HOST, "/pypi/my-repo/simple/", 200, "<html>"),
        (HOST, "/pypi/my-repo/my-package/", 404, ""),
        (HOST, "/pypi/my-repo/", 404, ""),
        (HOST, "/pypi/my-repo/pypi/my-package/json", 404, ""),
        (HOST, "/simple/my-package/", 404, ""),
        (HOST, "/my-package/", 404, ""),
        (HOST, "/", 404, ""),
        (
            VPC,
            "/pypi/d/my-domain-111122223333/my-repo/simple/a/",
            200,
            "/d/my-domain-111122223333/my-repo/simple/a/",
        ),
        (
            OWN,
            "/simple/a/",
            200,
            "https://packages.example.com/simple/a/",
        ),
        (HOST, "/npm/my-repo/my-package", 200, "\"my-package\""),
        (
            HOST,
            "/npm/my-repo/@my-scope%2fmy-package",
            200,
            "\"@my-scope/my-package\"",
        ),
        (HOST, "/npm/my-package", 404, ""),
        (HOST, "/npm/my-repo/-/all", 404, "{"),
        (HOST, "/go/my-repo/example.com/m/@v/list", 200, ""),
        (HOST, "/go/my-repo/example.com/m/@latest", 404, ""),
        (
            HOST,
            "/cargo/my-repo/config.json",
            200,
            "\"auth-required\":true",
        ),
        (HOST, "/cargo/my-repo/my/-p/my-package", 404, ""),
        (HOST, "/nuget/my-repo/v3/index.json", 200, "\"3.0.0\""),
        (HOST, "/maven/my-repo/a/b/1/b-1.pom", 200, "<project"),
        (HOST, "/generic/my-repo/a", 404, ""),
    ];

    #[test]
    fn paths_are_those_of_codeartifact() {
        for (host, path, status, part) in ROWS {
            let (answered, body) = get(host, path);
            assert_eq!(answered, status, "{path}");
            assert!(body.contains(part), "{path}: {body}");
        }
    }

    /// What an index page names, is there.
    #[test]
    fn links_lead_to_files() {
        let (_, page) = get(HOST, "/pypi/my-repo/simple/My.Package/");
        let link = page.split('"').nth(1).unwrap();
        let (_, document) = get(HOST, "/npm/my-repo/@my-scope/my-package");
        let tarball = document.split('"').find(|it| it.ends_with(".tgz")).unwrap();
        let tarball = tarball.replacen(":443", "", 1);
        for url in [link, &tarball] {
            let path = url.split_once(HOST).unwrap().1;
            assert_eq!(get(HOST, path).0, 200, "{url}");
        }
    }

    #[test]
    fn an_upload_goes_to_the_root() {
        for (path, status) in [("", 200), ("simple/", 404)] {
            let path = format!("/pypi/my-repo/{path}");
            let answer = answer(HOST, &path, &Method::POST, &mapped());
            assert_eq!(answer.status(), status, "{path}");
        }
    }
}
