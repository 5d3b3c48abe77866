//! Errors of the transport get the name of the host that they belong to, before the SDK wraps them several times over;
//! and how that name is found again in what the SDK returns.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::result::ConnectorError;

use crate::error::{Obstacle, Unreachable};

/// The same error, from which [`Unreachable`] can be had again.
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
    let (obstacle, reason) = read(&error);
    let named = Box::new(NamedHost(Unreachable {
        host,
        obstacle,
        reason,
        proxy,
    }));
    match obstacle {
        // Nothing about these changes within seconds; an error of the user's is what the SDK does not retry.
        Obstacle::Certificate | Obstacle::Proxy => ConnectorError::user(named),
        Obstacle::Name | Obstacle::Network if timeout => ConnectorError::timeout(named),
        Obstacle::Name | Obstacle::Network if io => ConnectorError::io(named),
        Obstacle::Name | Obstacle::Network if user => ConnectorError::user(named),
        Obstacle::Name | Obstacle::Network => ConnectorError::other(named, kind),
    }
}

/// What an error of the connector is about. Its chain ends in the system's or the TLS library's own words.
fn read(error: &ConnectorError) -> (Obstacle, String) {
    let (mut obstacle, mut reason) = (Obstacle::Network, String::new());
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        reason = error.to_string();
        if error.is::<rustls::Error>() {
            obstacle = Obstacle::Certificate;
        } else if reason.starts_with("tunnel error") {
            obstacle = Obstacle::Proxy;
        } else if reason.contains("failed to lookup address") {
            obstacle = Obstacle::Name;
        }
        next = cause_of(error);
    }
    (obstacle, reason)
}

/// An `io::Error`'s `source` skips the error that it wraps, which is the one that says something.
fn cause_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    }
}

/// [`Unreachable`] on its way through the SDK's errors.
#[derive(Debug)]
struct NamedHost(Unreachable);

impl fmt::Display for NamedHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for NamedHost {}

/// The host that could not be reached, if that is what `error` comes from.
pub(super) fn unreachable_host(error: &(dyn Error + 'static)) -> Option<Unreachable> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(NamedHost(unreachable)) = error.downcast_ref() {
            return Some(unreachable.clone());
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
                Obstacle::Certificate,
                "invalid peer certificate: UnknownIssuer",
            ),
            (
                ConnectorError::io("tunnel error: unsuccessful".into()),
                Obstacle::Proxy,
                "tunnel error: unsuccessful",
            ),
            (
                ConnectorError::io(
                    Error::other("failed to lookup address information: Name or service not known")
                        .into(),
                ),
                Obstacle::Name,
                "failed to lookup address information: Name or service not known",
            ),
            (
                ConnectorError::io(Error::other("Connection refused").into()),
                Obstacle::Network,
                "Connection refused",
            ),
        ];
        for (error, obstacle, reason) in rows {
            let named = name_host(error, "sts.us-east-1.amazonaws.com".into(), None);
            let may_pass = matches!(obstacle, Obstacle::Name | Obstacle::Network);
            assert_eq!(named.is_io(), may_pass, "{reason}");
            assert_eq!(named.is_user(), !may_pass, "{reason}");
            let unreachable = unreachable_host(&named).unwrap();
            assert_eq!(unreachable.obstacle, obstacle, "{reason}");
            assert_eq!(unreachable.reason, reason);
            assert_eq!(unreachable.host, "sts.us-east-1.amazonaws.com");
        }
    }
}
