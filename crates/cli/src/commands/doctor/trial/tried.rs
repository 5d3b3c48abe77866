//! A client that is tried, and what that has shown.

use std::io;

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::token::{Secret, Timestamp};
use codeartifact_clients::Client;
use codeartifact_clients::finding::Finding;
use codeartifact_clients::setting::Setting;
use codeartifact_clients::trial::Program;
use codeartifact_proxy::Observed;

/// A token that is good for a repository.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) endpoint: Endpoint,
    pub(crate) token: Secret,
    /// Helpers will find the same one.
    pub(crate) is_kept: bool,
}

impl Known {
    /// The same token, which is good for another repository as well.
    pub(crate) fn of(self, endpoint: &Endpoint) -> Self {
        Self {
            endpoint: endpoint.clone(),
            ..self
        }
    }
}

/// A client to be tried.
pub(crate) struct Candidate {
    pub(crate) client: &'static dyn Client,
    pub(crate) program: Program,
    pub(crate) settings: Vec<Setting>,
    /// Repositories that its settings name besides, and that are not judged.
    pub(crate) others: Vec<Endpoint>,
}

/// Holds what a trial has shown, and what the client's settings say about it.
pub(crate) struct Tried {
    pub(crate) candidate: Candidate,
    pub(crate) version: Option<String>,
    /// There is a token for one of its repositories, without which nothing can be seen.
    pub(crate) has_token: bool,
    /// One for each run; none where the client cannot be tried.
    pub(crate) runs: Vec<Run>,
    pub(crate) began: Timestamp,
    /// The client cannot be started.
    pub(crate) error: Option<io::Error>,
    pub(crate) reason: Option<Finding>,
    /// Variables that win over its files.
    pub(crate) winning: Vec<&'static str>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) leftovers: Vec<Finding>,
    /// A variable for a password that holds none.
    pub(crate) empty: Option<Finding>,
    /// The reason why an install fails although our token is sent.
    pub(crate) caveat: Option<Finding>,
    pub(crate) risks: Vec<Finding>,
}

/// A run of the client before the stand-in.
pub(crate) struct Run {
    pub(crate) observed: Observed,
    /// Nothing but the repository decides whether it succeeds.
    pub(crate) succeeds: bool,
}

impl Run {
    /// The client did not get along with what a good repository answers.
    pub(crate) fn fails(&self) -> bool {
        let status = self.observed.status;
        self.succeeds && status.is_some_and(|status| !status.success())
    }
}
