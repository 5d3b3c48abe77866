//! Plain http URLs for go alone, where go cannot be given this run's certificate: on macOS and Windows it asks the system
//! for its authorities. A URL of the connection's Go repositories becomes `http://127.0.0.1:PORT/SECRET/HOST/PATH`. The
//! secret is in the path because go sends no password over http. Nothing of a URL stays behind: go.sum has hashes only.

use std::fmt::Display;

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::token::Secret;
use http::{HeaderValue, Request, Uri, header};

use crate::forward::compare::is_same;
use crate::forward::reach::Reach;

/// Returns the value for GOPROXY: the same list, in which each URL of the connection's repositories is a plain one.
/// `None`: it has no such URL.
pub(crate) fn goproxy(
    list: &str,
    reach: &Reach,
    secret: &Secret,
    address: impl Display,
) -> Option<String> {
    let mut is_ours = false;
    let entries = list.split_inclusive([',', '|']).map(|piece| {
        let entry = piece.trim_end_matches([',', '|']);
        match place(entry.trim(), reach) {
            Some(place) => {
                is_ours = true;
                let separator = &piece[entry.len()..];
                format!("http://{address}/{}/{place}{separator}", secret.expose())
            }
            None => piece.to_owned(),
        }
    });
    let list = entries.collect();
    is_ours.then_some(list)
}

/// Host and path of an entry, if a Go repository of the connection is there.
fn place<'a>(entry: &'a str, reach: &Reach) -> Option<&'a str> {
    let rest = entry.strip_prefix("https://")?;
    let (authority, path) = rest.split_at(rest.find('/')?);
    let host = authority.rsplit('@').next()?;
    is_of_go(reach, host, path).then(|| &rest[authority.len() - host.len()..])
}

fn is_of_go(reach: &Reach, host: &str, path: &str) -> bool {
    let room = reach.room(host, path);
    room.is_some_and(|room| room.format == Format::Go)
}

/// The host and the path that a plain URL stands for; `None` for any other, and where the secret is another run's.
pub(crate) fn target(uri: &Uri, reach: &Reach, secret: &Secret) -> Option<(String, Uri)> {
    if uri.authority().is_some() {
        return None;
    }
    let (sent, rest) = uri.path().strip_prefix('/')?.split_once('/')?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let is_meant = is_same(sent, secret.expose()) && is_of_go(reach, host, path);
    let path = is_meant.then(|| path.parse().ok()).flatten()?;
    Some((host.to_owned(), path))
}

/// The request as it would have come through a tunnel to the host.
pub(crate) fn as_tunnelled<B>(mut request: Request<B>, host: &str, path: Uri) -> Request<B> {
    *request.uri_mut() = path;
    if let Ok(host) = HeaderValue::from_str(host) {
        request.headers_mut().insert(header::HOST, host);
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forward::reach::for_tests::{HOST, reach};

    const DOOR: &str = "http://127.0.0.1:3128/5ec7e7";

    fn secret() -> Secret {
        Secret::new("5ec7e7".to_owned())
    }

    #[test]
    fn only_the_connections_urls_become_plain() {
        let public = "https://proxy.example.com";
        let rows = [
            (
                format!("https://{HOST}/go/my-repo/,{public},direct"),
                Some(format!("{DOOR}/{HOST}/go/my-repo/,{public},direct")),
            ),
            (
                format!("{public}|https://aws@{HOST}/go/my-repo|off"),
                Some(format!("{public}|{DOOR}/{HOST}/go/my-repo|off")),
            ),
            (format!("https://{HOST}/go/other/,off"), None),
            (format!("https://{HOST}/npm/my-repo/,off"), None),
            (format!("http://{HOST}/go/my-repo/"), None),
            (format!("{public},direct"), None),
            (String::new(), None),
        ];
        for (list, expected) in rows {
            let plain = goproxy(&list, &reach(&[]), &secret(), "127.0.0.1:3128");
            assert_eq!(plain, expected, "{list}");
        }
    }

    #[test]
    fn a_plain_url_is_one_of_this_run_and_for_go() {
        let rows = [
            (format!("/5ec7e7/{HOST}/go/my-repo/x/@v/list"), true),
            (format!("/5ec7e8/{HOST}/go/my-repo/x/@v/list"), false),
            (format!("/5ec7e/{HOST}/go/my-repo/x/@v/list"), false),
            (format!("/5ec7e7/{HOST}/go/other/x/@v/list"), false),
            (format!("/5ec7e7/{HOST}/npm/my-repo/x"), false),
            (format!("/5ec7e7/{HOST}"), false),
            ("/5ec7e7/example.com/go/my-repo/x".to_owned(), false),
            (format!("https://{HOST}/5ec7e7/{HOST}/go/my-repo/x"), false),
            ("/".to_owned(), false),
        ];
        for (uri, expected) in rows {
            let found = target(&uri.parse().unwrap(), &reach(&[]), &secret());
            assert_eq!(found.is_some(), expected, "{uri}");
            if let Some((host, path)) = found {
                assert_eq!((&*host, path.path()), (HOST, "/go/my-repo/x/@v/list"));
            }
        }
    }
}
