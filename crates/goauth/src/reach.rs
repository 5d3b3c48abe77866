//! The URLs that a token answers for, as go compares them. It does not ask whether the token is good.

use codeartifact_auth::Authenticator;
use codeartifact_auth::endpoint::Endpoint;

use crate::prefix;

/// The repository, and its host where no other token is needed: up to go 1.24 only a host matches, and only
/// without a slash behind it (go issue 71889).
pub(crate) fn prefixes(
    url: &str,
    endpoint: &Endpoint,
    listed: &[String],
    authenticator: &Authenticator,
) -> Vec<String> {
    let mut prefixes = vec![prefix::of(url, endpoint)];
    if has_host_alone(url, endpoint, listed, authenticator) {
        prefixes.push(prefix::host_of(url));
    }
    prefixes
}

/// Tells whether all repositories that GOPROXY lists on this host take the same token.
fn has_host_alone(
    url: &str,
    endpoint: &Endpoint,
    listed: &[String],
    authenticator: &Authenticator,
) -> bool {
    let (repository, host) = (prefix::of(url, endpoint), prefix::host_of(url));
    let connection = |endpoint: &Endpoint| authenticator.connections().find(endpoint, None).ok();
    listed
        .iter()
        .filter(|proxy| prefix::host_of(proxy) == host)
        .filter_map(|proxy| Some((proxy, authenticator.endpoint(proxy).ok()?)))
        .filter(|(proxy, other)| prefix::of(proxy, other) != repository)
        .all(|(_, other)| {
            other.domain == endpoint.domain && connection(&other) == connection(endpoint)
        })
}
