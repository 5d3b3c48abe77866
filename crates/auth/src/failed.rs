//! What failed in this run, so that it is not tried again: a project may name four hundred domains that do not exist. A role
//! that cannot be assumed for one domain cannot be assumed for the next; and after a few domains without a token, only
//! those are asked for that the user has configured.

use std::cell::RefCell;

use crate::connection::Connection;
use crate::endpoint::Domain;
use crate::error::{Failure, Step, row};

/// A project with more domains than this that have no token is not one that works.
const MOST_DOMAINS: usize = 3;

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

    /// Why there is no point in asking for `domain`, if there is none.
    pub(crate) fn reason(&self, connection: &Connection, domain: &Domain) -> Option<Box<Failure>> {
        let attempts = self.0.borrow();
        let mut earlier = attempts.iter();
        if let Some(same) = earlier.find(|attempt| attempt.was_before(connection, domain)) {
            return Some(same.failure.clone());
        }
        let mut configured = connection.endpoints.values();
        let is_configured = configured.any(|endpoint| endpoint.domain == *domain);
        (attempts.len() >= MOST_DOMAINS && !is_configured).then(|| {
            let failure = row::DOMAINS_FAILED.with("number", MOST_DOMAINS);
            failure.at(&Step::token(domain), connection.name.as_deref())
        })
    }
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
        let reason = failed.reason(connection, &domain(name))?;
        Some(reason.key().to_owned())
    }

    #[test]
    fn a_role_that_failed_fails_for_every_domain_and_a_few_domains_stand_for_all() {
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
        for name in ["a", "b"] {
            failed.note(acme, &domain(name), &absent(name));
            assert_eq!(key(&failed, acme, "c"), None);
        }
        failed.note(acme, &domain("c"), &absent("c"));
        assert_eq!(key(&failed, acme, "d").as_deref(), Some("domains_failed"));
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
