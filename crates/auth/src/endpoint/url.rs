//! A text's pieces as every client's URL parser would cut it, and the one place that shows a URL in a message.
//! It refuses every text that parsers are known to cut differently (backslashes, tabs, brackets, non-ASCII), because
//! then the client might connect to another host than the one that was judged here. It knows no AWS host.

use std::borrow::Cow;

use super::{Format, RepositoryRef, is_repository_name};
use crate::error::EndpointError;

/// The reason why a URL on a VPC endpoint's host is refused.
pub(super) const VPC_FORM: &str =
    "lacks `/FORMAT/d/DOMAIN-OWNER/REPOSITORY/`, which a VPC endpoint's host needs";

const REPOSITORY_RULE: &str =
    "names a repository that breaks CodeArtifact's rules (2–100 of `A–Z a–z 0–9 . _ -`)";

/// Shown for a text whose password cannot be recognized.
const HIDDEN: &str = "…";

/// A URL's pieces. Userinfo, query and fragment are gone.
pub(super) struct Url<'a> {
    scheme: Cow<'a, str>,
    /// Lower case, without the trailing dot.
    pub(super) host: Cow<'a, str>,
    port: Option<&'a str>,
    path: &'a str,
}

impl<'a> Url<'a> {
    /// `None` if this is no URL that all parsers would cut alike.
    pub(super) fn split(text: &'a str) -> Option<Self> {
        let raw = UrlParts::cut(text);
        let (host, port) = match raw.host_and_port.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (raw.host_and_port, None),
        };
        let agreed = text.trim_ascii().bytes().all(is_url_byte)
            && raw.userinfo.bytes().all(is_userinfo_byte)
            && is_host(host)
            && port.is_none_or(is_port);
        agreed.then(|| Self {
            scheme: lower_case(raw.scheme),
            host: lower_case(without_trailing_dot(host)),
            port,
            path: raw.path,
        })
    }

    /// Host, and port unless it is https's own.
    pub(super) fn authority(&self) -> Cow<'_, str> {
        match self.port {
            Some(port) if !self.is_default_port() => Cow::Owned(format!("{}:{port}", self.host)),
            _ => Cow::Borrowed(&self.host),
        }
    }

    pub(super) fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.authority())
    }

    fn is_default_port(&self) -> bool {
        self.port.is_none() || (self.scheme == "https" && self.port == Some("443"))
    }

    /// For CodeArtifact's own hosts.
    pub(super) fn require_https(&self) -> Result<(), EndpointError> {
        match &*self.scheme {
            "https" => Ok(()),
            _ => {
                Err(self.malformed("is not https, so a token sent there could be read on the way"))
            }
        }
    }

    /// For hosts of the user's own: what stays on this machine cannot be read on the way.
    pub(super) fn require_https_or_loopback(&self) -> Result<(), EndpointError> {
        let loopback = matches!(&*self.host, "localhost" | "127.0.0.1");
        match &*self.scheme {
            "https" => Ok(()),
            "http" if loopback => Ok(()),
            _ => {
                Err(self
                    .malformed("is a mapped host, which must be https unless it is on loopback"))
            }
        }
    }

    pub(super) fn require_default_port(&self) -> Result<(), EndpointError> {
        if self.is_default_port() {
            Ok(())
        } else {
            Err(self.malformed("names a port, and CodeArtifact serves on 443 alone"))
        }
    }

    /// The segment after `/FORMAT/d/`.
    pub(super) fn vpc_label(&self) -> Result<&'a str, EndpointError> {
        let mut behind_format = self.segments().skip(1);
        match (behind_format.next(), behind_format.next()) {
            (Some("d"), Some(label)) => Ok(label),
            _ => Err(self.malformed(VPC_FORM)),
        }
    }

    /// The format, and the repository `skipped` segments after it. A path that begins with no known
    /// format is left to the server: the host alone decides which token fits.
    pub(super) fn place(&self, skipped: usize) -> Result<Option<RepositoryRef>, EndpointError> {
        let mut segments = self.segments();
        let format = segments.next().and_then(Format::from_name);
        match (format, segments.nth(skipped)) {
            (Some(format), Some(repository)) if is_repository_name(repository) => {
                Ok(Some(RepositoryRef {
                    format,
                    repository: repository.to_owned(),
                }))
            }
            (Some(_), Some(_)) => Err(self.malformed(REPOSITORY_RULE)),
            _ => Ok(None),
        }
    }

    fn segments(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.path.split('/').filter(|segment| !segment.is_empty())
    }

    /// A host of ours in a URL that the person has to fix.
    pub(super) fn malformed(&self, reason: &'static str) -> EndpointError {
        EndpointError::Malformed {
            url: format!("{}{}", self.origin(), self.path),
            reason,
        }
    }
}

/// A text that is not a URL of CodeArtifact. An `@` behind the authority may mean that a raw `/` cut a password in two, so then
/// nothing of it is shown.
pub(super) fn not_ours(text: &str) -> EndpointError {
    let raw = UrlParts::cut(text);
    let shown = if raw.has_late_at {
        HIDDEN.to_owned()
    } else {
        format!("{}{}{}", raw.prefix, raw.host_and_port, raw.path)
    };
    EndpointError::NotCodeArtifact(shown.escape_debug().to_string())
}

/// The pieces of any URL as it is spelled, unjudged.
pub struct UrlParts<'a> {
    /// All that is before the authority.
    prefix: &'a str,
    scheme: &'a str,
    /// User and password, or nothing.
    pub userinfo: &'a str,
    /// Host, and port if there is one.
    pub host_and_port: &'a str,
    /// From the slash on, without query and fragment.
    pub path: &'a str,
    has_late_at: bool,
}

impl<'a> UrlParts<'a> {
    /// Cuts it. A text without a scheme begins with its authority.
    pub fn cut(text: &'a str) -> Self {
        let text = text.trim_ascii();
        let (scheme, rest) = cut_scheme(text.strip_prefix("sparse+").unwrap_or(text));
        let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        // The last one counts, for clients too: a user name may be an e-mail address.
        let (userinfo, host_and_port) = authority.rsplit_once('@').unwrap_or(("", authority));
        Self {
            prefix: &text[..text.len() - rest.len()],
            scheme,
            userinfo,
            host_and_port,
            path: &tail[..tail.find(['?', '#']).unwrap_or(tail.len())],
            has_late_at: tail.contains('@'),
        }
    }
}

/// A URL for messages. Texts that are no URL may hold a password, too, so everything before `://` counts as its scheme.
pub fn without_userinfo(text: &str) -> String {
    let start = text.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = text.split_at(start);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    format!("{scheme}{host}{tail}")
}

/// A text without a scheme is taken for https: `HOST/…`, and npm's `//HOST/…`.
fn cut_scheme(text: &str) -> (&str, &str) {
    match text.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(is_scheme_byte) && !scheme.is_empty() => {
            (scheme, rest)
        }
        _ => ("https", text.strip_prefix("//").unwrap_or(text)),
    }
}

fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

fn without_trailing_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

fn is_port(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_scheme_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'\\'
}

/// RFC 3986's, and `@`.
fn is_userinfo_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@".contains(&byte)
}
