//! What the connections of one run share: who is let in, where requests go on to, and the log of what comes in.

use std::sync::Arc;

use codeartifact_auth::endpoint::MappedHosts;
use http::{Request, StatusCode};

use crate::authority::Authority;
use crate::hosts::{HostKind, host_kind};
use crate::seen::{Log, SeenRequest, SentCredentials};
use crate::upstream::Upstream;

pub(crate) type Accepts = dyn Fn(&SentCredentials) -> bool + Send + Sync;

/// Shared by all runs.
pub(crate) struct Shared {
    pub(crate) authority: Authority,
    pub(crate) upstream: Upstream,
    pub(crate) mapped: MappedHosts,
}

/// Known to each connection.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) shared: Arc<Shared>,
    pub(crate) accepts: Arc<Accepts>,
    pub(crate) log: Arc<Log>,
}

impl Run {
    pub(crate) fn kind(&self, host: &str) -> HostKind {
        host_kind(host, &self.shared.mapped)
    }

    /// Writes a request to a host of AWS down.
    pub(crate) fn note_passed<T>(&self, host: &str, request: &Request<T>) {
        self.log.add(SeenRequest {
            host: host.to_owned(),
            kind: HostKind::Aws,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            credentials: SentCredentials::Nothing,
            answered: None,
        });
    }

    /// Writes a request down that was answered here.
    pub(crate) fn note(
        &self,
        host: &str,
        request: &http::request::Parts,
        credentials: SentCredentials,
        answered: StatusCode,
    ) {
        self.log.add(SeenRequest {
            host: host.to_owned(),
            kind: self.kind(host),
            method: request.method.to_string(),
            path: request.uri.path().to_owned(),
            credentials,
            answered: Some(answered),
        });
    }
}
