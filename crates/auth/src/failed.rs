//! Remembers what failed in this run, so that it is not tried again: a project may name four hundred domains that do not exist.
//! A role that cannot be assumed for one domain cannot be assumed for the next; and after one without a token, only those are
//! asked for that the user has configured. `cache/strangers.rs` has what other runs have tried.

use std::cell::RefCell;

use crate::cache::most_strangers;
use crate::connection::Connection;
use crate::endpoint::Domain;
use crate::error::{Failure, Step, row};

/// The failures of one run.
#[derive(Debug, Default)]
pub(crate) struct Failed(RefCell<Vec<Attempt>>);

#[derive(Debug)]
struct Attempt {
    connection: Connection,
    region: String,
    failure: Box<Failure>,
}

impl Failed {
    /// Notes that there was no token for `domain`.
    pub(crate) fn note(&self, connection: &Connection, domain: &Domain, failure: &Failure) {
        self.0.borrow_mut().push(Attempt {
            connection: connection.clone(),
            region: domain.region.clone(),
            failure: Box::new(failure.clone()),
        });
    }

    /// Returns the reason not to ask for `domain`, if there is one. A `stranger` is named by no setting of the user's.
    pub(crate) fn reason(
        &self,
        connection: &Connection,
        domain: &Domain,
        is_stranger: bool,
    ) -> Option<Box<Failure>> {
        let attempts = self.0.borrow();
        let mut earlier = attempts.iter();
        if let Some(same) = earlier.find(|attempt| attempt.was_before(connection, domain)) {
            return Some(same.failure.clone());
        }
        let is_enough = attempts.len() >= most_strangers(connection);
        (is_stranger && is_enough).then(|| of_others(connection, domain))
    }
}

/// AWS is not asked for `domain`, because others had no token.
pub(crate) fn of_others(connection: &Connection, domain: &Domain) -> Box<Failure> {
    let failure = row::DOMAINS_FAILED.failure();
    failure.at(&Step::token(domain), connection.name.as_deref())
}

impl Attempt {
    /// Tells whether it ended before the domain mattered, on the same way to AWS.
    fn was_before(&self, connection: &Connection, domain: &Domain) -> bool {
        let ours = &self.connection;
        !self.failure.is_about_domain()
            && self.region == domain.region
            && ours.profile == connection.profile
            && ours.hops == connection.hops
            && ours.session_policy() == connection.session_policy()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Configuration;

    const TEXT: &str = "
[connections.acme]
account_id = '111122223333'
role_arn = 'arn:aws:iam::111122223333:role/Reader'
npm = 'https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/'
";

    fn domain(name: &str) -> Domain {
        Domain {
            name: name.to_owned(),
            owner: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
        }
    }

    fn key(failed: &Failed, connection: &Connection, name: &str) -> Option<String> {
        let is_stranger = name != "my-domain";
        let reason = failed.reason(connection, &domain(name), is_stranger)?;
        Some(reason.key().to_owned())
    }

    #[test]
    fn a_role_that_failed_fails_for_every_domain_and_one_domain_stands_for_all() {
        let configuration = Configuration::parse(TEXT).unwrap();
        let acme = configuration.connection("acme").unwrap();
        let ambient = Connection {
            hops: Vec::new(),
            ..acme.clone()
        };
        let failed = Failed::default();
        let absent = |name: &str| {
            row::DOMAIN_ABSENT
                .failure()
                .at(&Step::token(&domain(name)), None)
        };
        assert_eq!(key(&failed, acme, "a"), None);
        failed.note(acme, &domain("a"), &absent("a"));
        assert_eq!(key(&failed, acme, "b").as_deref(), Some("domains_failed"));
        assert_eq!(key(&failed, &ambient, "b"), None, "it costs less");
        assert_eq!(key(&failed, acme, "my-domain"), None, "it is configured");

        let refused = row::ROLE_REFUSED.failure();
        failed.note(acme, &domain("e"), &refused.at(&Step::hop(1, 1, "R"), None));
        assert_eq!(
            key(&failed, acme, "my-domain").as_deref(),
            Some("role_refused")
        );
        assert_eq!(
            key(&failed, &ambient, "my-domain"),
            None,
            "another way to AWS"
        );
    }
}
