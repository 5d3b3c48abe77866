//! Which headers go on, in both directions.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// For one connection only (RFC 9110, 7.6.1); `Connection` names more of them.
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::UPGRADE,
];

/// Credentials of the client's, and what would make the repository believe something about it.
const OF_THE_CLIENT: [HeaderName; 6] = [
    header::AUTHORIZATION,
    header::COOKIE,
    header::HOST,
    header::EXPECT,
    header::FORWARDED,
    HeaderName::from_static("x-real-ip"),
];

/// What belongs to the repository's own host and connection, or would make a client ask for a password.
const OF_THE_SERVER: [HeaderName; 3] = [
    header::SET_COOKIE,
    header::WWW_AUTHENTICATE,
    header::ALT_SVC,
];

/// Asks for part of a file, or for one that has changed: all that the host of the files needs to know.
const OF_A_FILE: [HeaderName; 6] = [
    header::RANGE,
    header::IF_RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
];

/// A client's headers as the repository gets them; a body's length goes on if there is a body.
pub(crate) fn for_repository(sent: &HeaderMap, has_body: bool) -> HeaderMap {
    let mut headers = without_hops(sent);
    for name in &OF_THE_CLIENT {
        headers.remove(name);
    }
    if !has_body {
        headers.remove(header::CONTENT_LENGTH);
    }
    remove_starting_with(&mut headers, &["x-amz-", "x-forwarded-", "proxy-"]);
    headers
}

/// A client's headers as the host of the files gets them.
pub(crate) fn for_file(sent: &HeaderMap) -> HeaderMap {
    let kept = sent.iter().filter(|(name, _)| OF_A_FILE.contains(name));
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// An answer's headers as the client gets them.
pub(crate) fn for_client(sent: &HeaderMap) -> HeaderMap {
    let mut headers = without_hops(sent);
    for name in &OF_THE_SERVER {
        headers.remove(name);
    }
    headers
}

/// Without those that are for one connection only.
pub(crate) fn without_hops(sent: &HeaderMap) -> HeaderMap {
    let named = sent.get_all(header::CONNECTION).iter();
    let named: Vec<HeaderName> = named
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let mut headers = sent.clone();
    for name in HOP_BY_HOP.iter().chain(&named) {
        headers.remove(name);
    }
    headers.remove(header::TRANSFER_ENCODING);
    headers
}

/// A header's value that is never shown.
pub(crate) fn secret(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn remove_starting_with(headers: &mut HeaderMap, prefixes: &[&str]) {
    let is_one = |name: &HeaderName| prefixes.iter().any(|it| name.as_str().starts_with(it));
    let found: Vec<HeaderName> = headers
        .keys()
        .filter(|name| is_one(name))
        .cloned()
        .collect();
    for name in found {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        pairs.collect()
    }

    fn names(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn nothing_of_the_clients_identity_goes_on() {
        let sent = map(&[
            ("authorization", "Bearer none"),
            ("proxy-authorization", "Basic cnVuOnM="),
            ("cookie", "a=b"),
            ("host", "h"),
            ("x-amz-security-token", "t"),
            ("x-forwarded-for", "10.0.0.1"),
            ("forwarded", "for=10.0.0.1"),
            ("connection", "keep-alive, X-Mine"),
            ("x-mine", "1"),
            ("te", "trailers"),
            ("expect", "100-continue"),
            ("content-length", "0"),
            ("accept", "*/*"),
            ("user-agent", "pip/26"),
            ("range", "bytes=0-1"),
            ("if-none-match", "\"e\""),
        ]);
        assert_eq!(
            names(&for_repository(&sent, false)),
            ["accept", "if-none-match", "range", "user-agent"]
        );
        assert!(for_repository(&sent, true).contains_key("content-length"));
        assert_eq!(names(&for_file(&sent)), ["if-none-match", "range"]);
    }

    #[test]
    fn nothing_of_the_servers_session_comes_back() {
        let sent = map(&[
            ("set-cookie", "a=b"),
            ("www-authenticate", "Basic"),
            ("alt-svc", "h3"),
            ("transfer-encoding", "chunked"),
            ("keep-alive", "timeout=5"),
            ("etag", "\"e\""),
            ("retry-after", "3"),
            ("content-length", "3"),
        ]);
        let names = names(&for_client(&sent)).join(" ");
        assert_eq!(names, "content-length etag retry-after");
    }
}
