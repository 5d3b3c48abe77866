//! URLs of repositories.

use super::wrong;
use crate::endpoint::{Endpoint, Format, MappedHosts};
use crate::error::{EndpointError, Failure, Row, row};

/// Takes a repository's URL as its client wants it. Hosts of the user's own count.
pub(in crate::connection) fn repository(
    text: &str,
    format: Format,
    account_id: &str,
    hosts: &MappedHosts,
) -> Result<Endpoint, Box<Failure>> {
    let endpoint = any_repository(text, format, account_id, hosts)?;
    if format == Format::Pypi && !text.ends_with("/simple/") {
        return Err(ending_missing(format).with("root", endpoint.root()));
    }
    Ok(endpoint)
}

/// Returns the failure of a URL that lacks the ending of its format.
pub fn ending_missing(format: Format) -> &'static Row {
    match format {
        Format::Nuget => &row::SERVICE_INDEX_MISSING,
        _ => &row::SIMPLE_MISSING,
    }
}

/// Takes any URL of a repository of this format and account.
pub(in crate::connection) fn any_repository(
    text: &str,
    format: Format,
    account_id: &str,
    hosts: &MappedHosts,
) -> Result<Endpoint, Box<Failure>> {
    let endpoint = url(text, hosts)?;
    let (root, owner) = (endpoint.root(), &endpoint.domain.owner);
    match endpoint.place.as_ref().map(|place| place.format) {
        None => Err(wrong(format_args!("{root} names no repository")).with(
            "correction",
            format_args!("write it as {root}{format}/REPOSITORY/"),
        )),
        Some(found) if found != format => Err(row::FORMAT_DIFFERS
            .with("url", root)
            .with("found", found)
            .with("expected", format)),
        Some(_) if owner != account_id => Err(row::OWNER_DIFFERS
            .with("url", root)
            .with("owner", owner)
            .with("account_id", account_id)),
        Some(_) => Ok(endpoint),
    }
}

/// Takes any URL of CodeArtifact.
pub(in crate::connection) fn url(
    text: &str,
    hosts: &MappedHosts,
) -> Result<Endpoint, Box<Failure>> {
    Endpoint::parse(text, hosts).map_err(|error: EndpointError| {
        wrong(&error).with_any("correction", error.failure().hint())
    })
}
