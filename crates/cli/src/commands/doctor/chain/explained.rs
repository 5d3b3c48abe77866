//! Finds by asking again what AWS does not say about a refusal: a cap on durations, another Region, another account.

use codeartifact_auth::connection::nearest;
use codeartifact_auth::error::{Failure, row};
use codeartifact_auth::mint::{Caller, Probe};

use crate::commands::doctor::walk::Walk;

impl Walk<'_> {
    /// A role that trusted us before has changed, which AWS itself does not say.
    pub(super) fn explain_role(&self, failure: Box<Failure>) -> Box<Failure> {
        match self.kept.map(|token| token.issued_at) {
            Some(time) if failure.is(&[&row::ROLE_REFUSED]) => {
                failure.with("time", time).turned(&row::ROLE_REFUSED_SINCE)
            }
            _ => failure,
        }
    }

    /// AWS says the same for several reasons; asking again tells some of them apart.
    pub(super) fn explain_token(
        &self,
        failure: Box<Failure>,
        probe: &Probe<'_>,
        caller: &Caller,
    ) -> Box<Failure> {
        let lacks_bearer = failure.is(&[&row::BEARER_TOKEN_NOT_ALLOWED]);
        let is_refused = lacks_bearer || failure.is(&[&row::TOKEN_NOT_ALLOWED]);
        if lacks_bearer && probe.gives_shorter_token() {
            failure.turned(&row::DURATION_CAPPED)
        } else if is_refused && caller.account != self.domain.owner {
            let failure = failure.with("caller", &caller.account);
            failure.turned(&row::DOMAIN_OF_OTHER_ACCOUNT)
        } else if failure.is(&[&row::DOMAIN_ABSENT]) {
            self.explain_absence(failure, probe)
        } else {
            failure
        }
    }

    /// The account may have the domain in another Region, or one of nearly this name.
    fn explain_absence(&self, failure: Box<Failure>, probe: &Probe<'_>) -> Box<Failure> {
        if let Some(region) = probe.other_region() {
            return failure.with("found", region).turned(&row::REGION_WRONG);
        }
        let names = probe.domains().unwrap_or_default();
        match nearest(&self.domain.name, names.iter().map(String::as_str)) {
            Some(name) => failure.with("nearest", name).turned(&row::DOMAIN_MISSPELT),
            None => failure,
        }
    }
}
