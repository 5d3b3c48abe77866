//! A way to a domain that is tried, and what was seen on it.

use std::cell::Cell;

use codeartifact_auth::endpoint::Domain;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::mint::Reply;
use codeartifact_auth::token::Token;

use super::Subject;
use super::subject::Target;
use crate::arguments::Package;

/// The subject of one walk: a domain of the subject, reached through its connection.
pub(super) struct Walk<'a> {
    pub(super) subject: &'a Subject,
    pub(super) domain: &'a Domain,
    /// The package to look for there.
    pub(super) package: Option<&'a Package>,
    /// A token that was got in the same way, and is still kept.
    pub(super) kept: Option<&'a Token>,
    pub(super) environment: &'a Environment,
    /// Set if the first credentials need a person.
    pub(super) needs_person: Cell<bool>,
    /// The seconds that this machine's clock is ahead of the repositories'.
    pub(super) ahead: Cell<Option<i64>>,
}

impl Walk<'_> {
    /// The time that an answer carries, beside ours.
    pub(super) fn note_clock(&self, reply: &Reply) {
        let here = i64::try_from(self.environment.now().0);
        let there = reply.date.map(|date| i64::try_from(date.0));
        if let (Ok(here), Some(Ok(there))) = (here, there) {
            self.ahead.set(Some(here - there));
        }
    }

    /// The URLs in this domain.
    pub(super) fn targets(&self) -> impl Iterator<Item = &Target> {
        let targets = self.subject.targets.iter();
        targets.filter(|target| target.endpoint.domain == *self.domain)
    }
}
