//! The way to a token, step by step: first credentials, each role, the token of each domain. What the token then
//! opens is `repository`'s.

mod explained;

use codeartifact_auth::error::{Failure, row};
use codeartifact_auth::mint::{Caller, Probe, WALK_DEADLINE};
use codeartifact_auth::minter::MintRequest;
use codeartifact_auth::token::{Timestamp, Token};

use super::walk::Walk;
use super::{Report, package, repository, setting};
use codeartifact_clients::finding::Finding;
use codeartifact_clients::words::span;

/// Walks, and tells of each step. The roles are the same for every domain, so only the first walk tells of them.
pub(super) fn check(walk: &Walk<'_>, is_first: bool, report: &mut Report<'_>) {
    let request = MintRequest {
        domain: walk.domain,
        connection: &walk.subject.connection,
        deadline: WALK_DEADLINE,
        after: Timestamp(0),
    };
    let walked = Probe::with(walk.environment, request, |probe| {
        walk.steps(probe, is_first, report)
    });
    if let Err(error) = walked {
        report.add(Finding::of("setting", "AWS", &error));
        walk.skip_repositories(report);
    }
}

impl Walk<'_> {
    fn steps(&self, probe: &mut Probe<'_>, is_first: bool, report: &mut Report<'_>) {
        if is_first {
            setting::check_profile(&probe.ways_of_files(), report);
        }
        if let Some(broker) = &self.subject.connection.broker {
            return self.of_broker(&broker.url, probe, report);
        }
        let Some(caller) = self.roles(probe, is_first, report) else {
            match self.kept.filter(|_| self.needs_person.get()) {
                Some(token) => self.repositories(probe, token, report),
                None => {
                    report.add(Finding::skipped("token", "authorization token"));
                    self.skip_repositories(report);
                }
            }
            return;
        };
        match self.token(probe, &caller, report) {
            Some(token) => self.repositories(probe, &token, report),
            None => self.skip_repositories(report),
        }
    }

    /// The platform's broker has the roles, so there is one step.
    fn of_broker(&self, url: &str, probe: &Probe<'_>, report: &mut Report<'_>) {
        match report.during("broker", || probe.of_broker()) {
            Some(Ok(token)) => {
                let left = span(token.remaining(self.environment.now()));
                let text = format!("{url} gives a token for {}, {left}", self.domain.name);
                report.add(Finding::ok("broker", "broker", text));
                self.repositories(probe, &token, report);
            }
            Some(Err(failure)) => {
                report.add(Finding::of("broker", "broker", &failure));
                self.skip_repositories(report);
            }
            None => self.skip_repositories(report),
        }
    }

    /// Returns the caller that the last role makes us; `None` if a role is refused.
    fn roles(
        &self,
        probe: &mut Probe<'_>,
        is_first: bool,
        report: &mut Report<'_>,
    ) -> Option<Caller> {
        let mut caller = self.start(probe, is_first, report)?;
        let hops = &self.subject.connection.hops;
        for number in 1..=hops.len() {
            let label = format!("hop {number}");
            let assumed = report.during(&label, || probe.assume(number));
            caller = match assumed {
                Ok(caller) => caller,
                Err(error) => {
                    report.add(Finding::of("hop", label, &self.explain_role(error)));
                    (number + 1..=hops.len()).for_each(|next| {
                        report.add(Finding::skipped("hop", format!("hop {next}")))
                    });
                    return None;
                }
            };
            if is_first {
                report.add(self.hop(number, probe, report));
                if let Some(finding) = self.external_id(number) {
                    report.add(finding);
                }
            }
        }
        Some(caller)
    }

    fn start(
        &self,
        probe: &mut Probe<'_>,
        is_first: bool,
        report: &mut Report<'_>,
    ) -> Option<Caller> {
        let (check, label) = ("source_credentials", "source credentials");
        match report.during(label, || probe.start()) {
            Ok(start) => {
                if is_first {
                    let text = format!("{}, {}", start.source, start.caller.arn);
                    report.add(Finding::ok(check, label, text));
                }
                Some(start.caller)
            }
            Err(error) => {
                report.add(match self.of_login(&error) {
                    Some(text) => Finding::ok(check, label, text),
                    None => Finding::of(check, label, &error),
                });
                None
            }
        }
    }

    /// A person is not asked here. The token that `codeartifact login` has got is what the clients use.
    fn of_login(&self, failure: &Failure) -> Option<String> {
        let token = self.kept?;
        let needs_person = failure.is(&[&row::MFA_NEEDED, &row::SIGN_IN_OVER]);
        self.needs_person.set(needs_person);
        let left = span(token.remaining(self.environment.now()));
        needs_person.then(|| {
            format!(
                "a person has to sign in; the token got at {}, good for {left}, is used",
                token.issued_at
            )
        })
    }

    /// A role that was assumed; of the last one also whether it insists on the external id.
    fn hop(&self, number: usize, probe: &Probe<'_>, report: &Report<'_>) -> Finding {
        let hops = &self.subject.connection.hops;
        let role_arn = hops.get(number - 1).map_or("", |hop| &hop.role_arn);
        let (check, label) = ("hop", format!("hop {number}"));
        let open = (number == hops.len())
            .then(|| {
                report.during("the role without its external id", || {
                    probe.works_without_external_id()
                })
            })
            .flatten();
        match open {
            None => Finding::ok(check, label, role_arn),
            Some(false) => Finding::ok(check, label, format!("{role_arn}, external id required")),
            Some(true) => {
                let failure = row::EXTERNAL_ID_NOT_ENFORCED.with("role", role_arn);
                let failure = failure.with_any("connection", self.subject.name());
                Finding::warned(check, label, &failure)
            }
        }
    }

    /// An external id that protects nobody, though the role was assumed.
    fn external_id(&self, number: usize) -> Option<Finding> {
        let connection = &self.subject.connection;
        let hop = connection.hops.get(number - 1)?;
        let failure = if number == 1 && connection.source.is_some() {
            hop.external_id.as_ref()?;
            row::EXTERNAL_ID_UNUSED.with("role", &hop.role_arn)
        } else {
            row::EXTERNAL_ID_SHORT.with("length", hop.guessable_id()?)
        };
        Some(Finding::warned("hop", format!("hop {number}"), &failure))
    }

    fn token(&self, probe: &Probe<'_>, caller: &Caller, report: &mut Report<'_>) -> Option<Token> {
        let (check, label) = ("token", "authorization token");
        let asked = report.during(label, || {
            probe
                .token()
                .map_err(|error| self.explain_token(error, probe, caller))
        });
        match asked {
            Ok(token) => {
                let life = span(token.expires_at.since(token.issued_at));
                report.add(Finding::ok(
                    check,
                    label,
                    format!("{}, {life}", self.domain.name),
                ));
                Some(token)
            }
            Err(error) => {
                report.add(Finding::of(check, label, &error));
                None
            }
        }
    }

    fn repositories(&self, probe: &Probe<'_>, token: &Token, report: &mut Report<'_>) {
        repository::check(self, probe, token, report);
        if let Some(package) = self.package {
            package::check(package, self, probe, token, report);
        }
    }

    fn skip_repositories(&self, report: &mut Report<'_>) {
        for target in self.targets() {
            report.add(Finding::skipped("repository", target.label()));
        }
    }
}
