//! Errors of the transport get the name of the host that they belong to, before the SDK wraps them several times over;
//! and how that name is found again in what the SDK returns.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::result::ConnectorError;

use crate::error::{Failure, Row, row};

/// The same error, from which the failure can be had again.
pub(super) fn name_host(
    error: ConnectorError,
    host: String,
    proxy: Option<&'static str>,
) -> ConnectorError {
    let (timeout, io, user, kind) = (
        error.is_timeout(),
        error.is_io(),
        error.is_user(),
        error.as_other(),
    );
    let (row, reason) = read(&error);
    let failure = row.with("host", host).with("reason", reason);
    // Nothing about these changes within seconds; an error of the user's is what the SDK does not retry.
    let lasts = failure.is(&[&row::CERTIFICATE_UNKNOWN, &row::PROXY_REFUSED]);
    let named = Box::new(NamedHost(failure.with_any("proxy", proxy)));
    if lasts || (user && !timeout && !io) {
        ConnectorError::user(named)
    } else if timeout {
        ConnectorError::timeout(named)
    } else if io {
        ConnectorError::io(named)
    } else {
        ConnectorError::other(named, kind)
    }
}

/// Returns the cause of a connector's error. Its chain ends in the system's or the TLS library's own words.
fn read(error: &ConnectorError) -> (&'static Row, String) {
    let (mut row, mut reason) = (&row::NETWORK_FAILED, String::new());
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        reason = error.to_string();
        if error.is::<rustls::Error>() {
            row = &row::CERTIFICATE_UNKNOWN;
        } else if reason.starts_with("tunnel error") {
            row = &row::PROXY_REFUSED;
        } else if reason.contains("failed to lookup address") {
            row = &row::NAME_UNKNOWN;
        }
        next = cause_of(error);
    }
    (row, reason)
}

/// An `io::Error`'s `source` skips the error that it wraps, which is the one that says something.
fn cause_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    }
}

/// A failure on its way through the SDK's errors.
#[derive(Debug)]
struct NamedHost(Box<Failure>);

impl fmt::Display for NamedHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for NamedHost {}

/// The host that could not be reached, if that is what `error` comes from.
pub(super) fn unreachable_host(error: &(dyn Error + 'static)) -> Option<Box<Failure>> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(NamedHost(failure)) = error.downcast_ref() {
            return Some(failure.clone());
        }
        next = cause_of(error);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_tell_what_is_in_the_way() {
        use std::io::{Error, ErrorKind};
        let untrusted = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let rows = [
            (
                ConnectorError::io(
                    Error::other(Error::new(ErrorKind::InvalidData, untrusted)).into(),
                ),
                &row::CERTIFICATE_UNKNOWN,
                "invalid peer certificate: UnknownIssuer",
            ),
            (
                ConnectorError::io("tunnel error: unsuccessful".into()),
                &row::PROXY_REFUSED,
                "tunnel error: unsuccessful",
            ),
            (
                ConnectorError::io(
                    Error::other("failed to lookup address information: Name or service not known")
                        .into(),
                ),
                &row::NAME_UNKNOWN,
                "failed to lookup address information: Name or service not known",
            ),
            (
                ConnectorError::io(Error::other("Connection refused").into()),
                &row::NETWORK_FAILED,
                "Connection refused",
            ),
        ];
        for (error, row, reason) in rows {
            let named = name_host(error, "sts.us-east-1.amazonaws.com".into(), None);
            let may_pass = [&row::NAME_UNKNOWN, &row::NETWORK_FAILED].contains(&row);
            assert_eq!(named.is_io(), may_pass, "{reason}");
            assert_eq!(named.is_user(), !may_pass, "{reason}");
            let expected = row
                .with("host", "sts.us-east-1.amazonaws.com")
                .with("reason", reason);
            assert_eq!(unreachable_host(&named), Some(expected), "{reason}");
        }
    }
}
