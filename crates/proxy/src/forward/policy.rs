//! The policy: one pure function from a request to its repository, or to a refusal. Nothing is read, resolved or sent.
//!
//! What it lets through is canonical, of the connection, and reads, unless the user has opened a repository for
//! writing. hyper has parsed the request: it refuses contradicting lengths and unknown transfer codings, drops a
//! fragment, and for a body with both a length and a coding takes the coding away from the head it shows. What goes
//! upstream is written anew from what is judged here.

use http::{HeaderMap, Method, Uri, header};

use super::path;
use super::reach::{Reach, Room};
use super::refusal::Refusal;
use codeartifact_auth::endpoint::Format;

/// The POSTs by which `npm audit` reads.
const AUDITS: [&str; 3] = [
    "-/npm/v1/security/advisories/bulk",
    "-/npm/v1/security/audits",
    "-/npm/v1/security/audits/quick",
];

/// The largest list of packages that is audited.
pub(crate) const LARGEST_AUDIT: u64 = 10 << 20;

/// The longest head of a request.
pub(crate) const LONGEST_HEAD: usize = 64 << 10;

/// A request inside of a tunnel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The host of the tunnel, lower case, without a port if that is 443.
    pub(crate) host: &'a str,
    pub(crate) method: &'a Method,
    pub(crate) target: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
}

/// The use of a repository that a request makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Read,
    Audit,
    Publish,
}

/// Judges a request.
///
/// # Errors
/// It is not forwarded.
pub(crate) fn judge<'a>(reach: &'a Reach, asked: Asked<'_>) -> Result<(&'a Room, Use), Refusal> {
    check_length(asked.headers).map_err(Refusal::Unclear)?;
    check_host(asked).map_err(Refusal::Unclear)?;
    let path = asked.target.path();
    let room = find(reach, asked.host, path)?;
    let rest = path.strip_prefix(&room.root).unwrap_or_default();
    let purpose = purpose(room, asked.method, rest)?;
    check_body(asked.headers, purpose).map_err(Refusal::Unclear)?;
    Ok((room, purpose))
}

fn find<'a>(reach: &'a Reach, host: &str, path: &str) -> Result<&'a Room, Refusal> {
    let room = reach.room(host, path);
    let is_npm = room.is_none_or(|room| room.format == Format::Npm);
    path::check(path, is_npm).map_err(Refusal::Path)?;
    room.ok_or_else(|| Refusal::Repository {
        url: format!("https://{host}{}", root_like(path)),
        connection: reach.connection.clone(),
    })
}

/// The first two segments of a path, which name a repository.
fn root_like(path: &str) -> String {
    let segments = path.split('/').skip(1).take(2);
    let segments: Vec<&str> = segments.filter(|segment| !segment.is_empty()).collect();
    if segments.is_empty() {
        "/".to_owned()
    } else {
        format!("/{}/", segments.join("/"))
    }
}

fn purpose(room: &Room, method: &Method, rest: &str) -> Result<Use, Refusal> {
    let is_audit = room.format == Format::Npm && AUDITS.contains(&rest);
    match *method {
        Method::GET | Method::HEAD => Ok(Use::Read),
        Method::POST if is_audit => Ok(Use::Audit),
        Method::POST | Method::PUT if room.publishes => Ok(Use::Publish),
        _ => Err(Refusal::Method {
            method: method.to_string(),
            repository: room.repository.clone(),
        }),
    }
}

/// hyper's own limit may be passed by the last read.
fn check_length(headers: &HeaderMap) -> Result<(), &'static str> {
    let lengths = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len());
    match lengths.sum::<usize>() {
        0..=LONGEST_HEAD => Ok(()),
        _ => Err("has a head of more than 64 KB"),
    }
}

/// One Host, that of the tunnel, in the target too if that names one.
fn check_host(asked: Asked<'_>) -> Result<(), &'static str> {
    let mut hosts = asked.headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err("does not have exactly one Host");
    };
    if !host.to_str().is_ok_and(|host| is_same(host, asked.host)) {
        return Err("has another Host than its tunnel");
    }
    if let Some(authority) = asked.target.authority() {
        let is_https = asked.target.scheme_str() == Some("https");
        if !is_https || !is_same(authority.as_str(), asked.host) {
            return Err("names another host than its tunnel");
        }
    }
    if asked.headers.contains_key(header::UPGRADE) {
        return Err("asks for another protocol");
    }
    let is_continue =
        |value: &http::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"100-continue");
    if asked
        .headers
        .get_all(header::EXPECT)
        .iter()
        .any(|value| !is_continue(value))
    {
        return Err("expects something unknown");
    }
    Ok(())
}

/// Compares a host as a client may write it with the tunnel's.
fn is_same(written: &str, host: &str) -> bool {
    written
        .strip_suffix(":443")
        .unwrap_or(written)
        .eq_ignore_ascii_case(host)
}

/// A read has no body, an audit one of a known and moderate length. Only an upload may come in chunks.
fn check_body(headers: &HeaderMap, purpose: Use) -> Result<(), &'static str> {
    let is_chunked = headers.contains_key(header::TRANSFER_ENCODING);
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    let length = lengths
        .next()
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if lengths.next().is_some() || (is_chunked && length.is_some()) {
        return Err("has two lengths");
    }
    match purpose {
        Use::Read if is_chunked || length.is_some_and(|length| length > 0) => {
            Err("reads, and has a body")
        }
        Use::Audit if is_chunked => Err("does not say the length of its body"),
        Use::Audit if length.is_some_and(|length| length > LARGEST_AUDIT) => Err("is too large"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
