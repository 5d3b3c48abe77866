//! One request as it arrived: what was sent, whom it is for, and how the client addressed that.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, header};

use crate::clock::Seconds;
use crate::faults::Effects;

pub(crate) struct Call {
    /// The request as it was sent, path and all: signatures are made over this.
    pub(crate) request: Request<Bytes>,
    /// The real host it is for.
    pub(crate) host: String,
    /// The path there.
    pub(crate) path: String,
    pub(crate) origin: RequestOrigin,
    /// The time as the service sees it.
    pub(crate) now: Seconds,
    pub(crate) effects: Effects,
}

/// A client's way to hosts: each by its own name, or all of them below this server's own address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RequestOrigin {
    /// `https://HOST/…`, through a tunnel or as a proxied request.
    Own { scheme: &'static str },
    /// `https://localhost:PORT/h/HOST/…`
    Below {
        scheme: &'static str,
        authority: String,
    },
}

impl Call {
    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    pub(crate) fn query(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.request.uri().query().unwrap_or_default())
    }

    /// A parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let query = self.query();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The URL of what is left when `rest`, the end of the path, is taken off; `port` follows the host's own name.
    pub(crate) fn url_without(&self, rest: &str, port: &str) -> String {
        let path = self.request.uri().path();
        let root = path.strip_suffix(rest).unwrap_or(path);
        match &self.origin {
            RequestOrigin::Own { scheme } => format!("{scheme}://{}{port}{root}", self.host),
            RequestOrigin::Below { scheme, authority } => format!("{scheme}://{authority}{root}"),
        }
    }

    /// A URL on another host, reached in the same way as this one.
    pub(crate) fn url_of(&self, host: &str, path: &str) -> String {
        match &self.origin {
            RequestOrigin::Own { .. } => format!("https://{host}{path}"),
            RequestOrigin::Below { scheme, authority } => {
                format!("{scheme}://{}/h/{host}{path}", other_name(authority))
            }
        }
    }
}

/// This server under another name, so that a client that leaves a host still sees that it does.
fn other_name(authority: &str) -> String {
    match authority.strip_prefix("localhost") {
        Some(port) => format!("127.0.0.1{port}"),
        None => {
            let port = authority
                .rsplit_once(':')
                .map(|(_, port)| format!(":{port}"));
            format!("localhost{}", port.unwrap_or_default())
        }
    }
}

/// The `Authorization` header of a package manager.
#[derive(Debug, PartialEq)]
pub(crate) struct Authorization {
    pub(crate) scheme: &'static str,
    /// Only `Basic` has one.
    pub(crate) user: Option<String>,
    pub(crate) token: String,
}

impl Authorization {
    /// The user for a log. A long one is a token in the wrong place (`https://TOKEN@HOST/`).
    pub(crate) fn shown_user(&self) -> Option<&str> {
        self.user.as_deref().map(|user| {
            if user.len() > 64 {
                "(a long secret)"
            } else {
                user
            }
        })
    }

    /// `Bearer TOKEN`, `Basic` with a user, or the bare token that cargo sends.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let Some((scheme, rest)) = value.trim().split_once(' ') else {
            return Some(Self {
                scheme: "raw",
                user: None,
                token: value.trim().to_owned(),
            });
        };
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Some(Self {
                scheme: "Bearer",
                user: None,
                token: rest.trim().to_owned(),
            }),
            "basic" => {
                let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
                let (user, token) = decoded.split_once(':')?;
                Some(Self {
                    scheme: "Basic",
                    user: Some(user.to_owned()),
                    token: token.to_owned(),
                })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(uri: &str, host: &str, origin: RequestOrigin) -> Call {
        let request = Request::builder().uri(uri).body(Bytes::new()).unwrap();
        let path = uri.to_owned();
        Call {
            request,
            host: host.into(),
            path,
            origin,
            now: 0,
            effects: Effects::default(),
        }
    }

    #[test]
    fn urls_are_written_as_the_client_writes_them() {
        let own = call(
            "/npm/my-repo/my-package?a=b+c",
            "packages.example.com",
            RequestOrigin::Own { scheme: "https" },
        );
        assert_eq!(
            own.url_without("my-package", ""),
            "https://packages.example.com/npm/my-repo/"
        );
        assert_eq!(
            own.url_of("assets.example.com", "/x"),
            "https://assets.example.com/x"
        );
        assert_eq!(own.parameter("a").as_deref(), Some("b c"));

        let authority = "localhost:8443".to_owned();
        let below = call(
            "/h/packages.example.com/npm/my-repo/",
            "packages.example.com",
            RequestOrigin::Below {
                scheme: "https",
                authority,
            },
        );
        assert_eq!(
            below.url_without("", ":443"),
            "https://localhost:8443/h/packages.example.com/npm/my-repo/"
        );
        assert_eq!(
            below.url_of("assets.example.com", "/x"),
            "https://127.0.0.1:8443/h/assets.example.com/x"
        );
        assert_eq!(other_name("127.0.0.1:80"), "localhost:80");
    }

    #[test]
    fn a_token_in_place_of_the_user_is_not_shown() {
        let of = |user: String| Authorization {
            scheme: "Basic",
            user: Some(user),
            token: String::new(),
        };
        assert_eq!(of("aws".into()).shown_user(), Some("aws"));
        assert_eq!(of("t".repeat(1200)).shown_user(), Some("(a long secret)"));
    }

    #[test]
    fn authorization_headers() {
        let of = |scheme, user: Option<&str>, token: &str| {
            Some(Authorization {
                scheme,
                user: user.map(str::to_owned),
                token: token.to_owned(),
            })
        };
        for (value, expected) in [
            ("Bearer t.o.k", of("Bearer", None, "t.o.k")),
            ("bearer t.o.k", of("Bearer", None, "t.o.k")),
            ("t.o.k", of("raw", None, "t.o.k")),
            ("Basic YXdzOnQuby5r", of("Basic", Some("aws"), "t.o.k")),
            ("Basic !", None),
            ("Basic YXdz", None),
            ("Digest x", None),
        ] {
            assert_eq!(Authorization::parse(value), expected, "{value}");
        }
    }
}
