//! What one run's proxy is made of. Its listeners are in `server`, its answers in `relay`.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_auth::token::Secret;
use http::{HeaderMap, header};

use super::api::Api;
use super::compare::is_same;
use super::golang::Modules;
use super::journal::Journal;
use super::keep::Keep;
use super::origin::Origin;
use super::others::Others;
use super::reach::Reach;
use super::tokens::{Sessions, Tokens};
use crate::authority::Authority;

/// The user in the proxy's URL; its password is the run's secret.
pub(crate) const USER: &str = "run";

/// One run's proxy.
pub(crate) struct Proxy {
    pub(crate) reach: Reach,
    pub(crate) authority: Arc<Authority>,
    pub(crate) tokens: Tokens,
    /// Of the connection's last role, for what only CodeArtifact's API answers.
    pub(crate) sessions: Sessions,
    pub(crate) modules: Modules,
    pub(crate) origin: Arc<Origin>,
    pub(crate) others: Others,
    pub(crate) journal: Journal,
    /// Files that never change, if any are kept.
    pub(crate) keep: Option<Keep>,
    pub(crate) secret: Secret,
}

impl Proxy {
    /// Tells whether the header has the run's secret.
    pub(crate) fn is_known(&self, headers: &HeaderMap, name: header::HeaderName) -> bool {
        let expected = STANDARD.encode(format!("{USER}:{}", self.secret.expose()));
        let sent = headers
            .get(name)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
        is_same(sent.unwrap_or_default(), &expected)
    }

    /// CodeArtifact's API as the connection's last role; a throttled call is repeated for as long as `patience`.
    pub(crate) fn api(&self, patience: Duration) -> Api<'_> {
        Api {
            sessions: &self.sessions,
            origin: &self.origin,
            patience,
        }
    }
}
