//! Checks what is known beside the way to a token: what the configuration and the variables say, where tokens are kept, what
//! time it is, and what failed last.

use codeartifact_auth::cache;
use codeartifact_auth::endpoint::{Domain, Format};
use codeartifact_auth::environment::{
    AUTHORITIES, AWS_CA_BUNDLE, ENDPOINT_OVERRIDES, Environment, PROXIES, REQUESTS_CA_BUNDLE,
};
use codeartifact_auth::error::row;
use codeartifact_auth::report::{self, without_userinfo};
use codeartifact_auth::token::Token;

use super::{Report, Subject};
use codeartifact_clients::ALL;
use codeartifact_clients::finding::Finding;
use codeartifact_clients::here::Here;
use codeartifact_clients::words::{ago, counted, span};

/// An older failure is not shown.
const RECENT_SECONDS: u64 = 24 * 60 * 60;

/// Less than that is no matter anywhere.
const CLOCK_SLACK_SECONDS: u64 = 60;

pub(super) fn check_configuration(subject: &Subject, report: &mut Report<'_>) {
    let domains = subject.domains();
    let mut regions: Vec<_> = domains
        .iter()
        .map(|domain| domain.region.as_str())
        .collect();
    regions.sort_unstable();
    regions.dedup();
    let text = format!(
        "{}, {}, {}",
        counted(subject.targets.len(), "URL"),
        counted(domains.len(), "domain"),
        regions.join(", ")
    );
    report.add(Finding::ok("configuration", "configuration", text));
}

/// Shows what decides which way calls go, where it is not the default; a password in a proxy's URL is not shown.
pub(super) fn check_network(environment: &Environment, report: &mut Report<'_>) {
    let proxy = PROXIES
        .iter()
        .find_map(|name| Some((*name, environment.text(name)?)));
    let proxy = proxy.map(|(name, url)| (name.to_owned(), url));
    let set = |names: &[&str]| {
        let values = names
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), environment.text(name)?)));
        values.collect::<Vec<_>>()
    };
    let of_python = match environment.text(AWS_CA_BUNDLE) {
        Some(_) => Vec::new(),
        None => set(&[REQUESTS_CA_BUNDLE]),
    };
    let overrides = environment.starting_with(ENDPOINT_OVERRIDES);
    let parts: Vec<_> = proxy
        .into_iter()
        .chain(of_python)
        .chain(set(AUTHORITIES))
        .chain(overrides)
        .map(|(name, value)| format!("{name}={}", without_userinfo(&value)))
        .collect();
    if !parts.is_empty() {
        report.add(Finding::ok("network", "network", parts.join(", ")));
    }
}

/// The same as a profile has it.
pub(super) fn check_profile(ways: &[(&'static str, String)], report: &mut Report<'_>) {
    let parts = ways
        .iter()
        .map(|(key, value)| format!("{key} = {}", without_userinfo(value)));
    let parts: Vec<_> = parts.collect();
    if !parts.is_empty() {
        let text = format!("the profile says {}", parts.join(", "));
        report.add(Finding::ok("network", "network", text));
    }
}

/// Reports where tokens are kept, and whether one is. No store is slow, and for most people no choice of theirs.
pub(super) fn check_cache(
    subject: &Subject,
    kept: &[(&Domain, Token)],
    environment: &Environment,
    report: &mut Report<'_>,
) {
    let choice = subject.connection.cache;
    let mut text = report
        .during("the cache", || cache::describe(choice, environment))
        .why;
    for (domain, token) in kept {
        let left = span(token.expires_at.since(environment.now()));
        let age = ago(environment.now().since(token.issued_at));
        text.push_str(&format!(
            "; one of {} was got {age}, {left} left",
            domain.name
        ));
    }
    report.add(Finding::ok("cache", "cache", text));
}

/// Signatures survive a wrong clock, but by it kept tokens are judged.
pub(super) fn check_clock(ahead: Option<i64>, report: &mut Report<'_>) {
    let Some(ahead) = ahead else { return };
    let (check, label) = ("clock", "clock");
    if ahead.unsigned_abs() <= CLOCK_SLACK_SECONDS {
        return report.add(Finding::ok(check, label, "agrees with AWS's"));
    }
    let direction = if ahead > 0 { "ahead of" } else { "behind" };
    let difference = format!("{} {direction}", span(ahead.unsigned_abs()));
    let failure = row::CLOCK_OFF.with("difference", difference);
    report.add(Finding::warned(check, label, &failure));
}

/// Tells where a client would take public code for private, as its settings here have it: that is a matter of which
/// repositories it reads, and no error of any of them.
pub(super) fn check_confusion(
    subject: &Subject,
    environment: &Environment,
    report: &mut Report<'_>,
) {
    let Ok(here) = Here::new(environment).map(Here::asking) else {
        return;
    };
    let mut places = subject
        .targets
        .iter()
        .filter_map(|it| it.endpoint.place.as_ref());
    if places.any(|place| place.format == Format::Go) {
        let clients = ALL.iter().filter(|client| client.format() == Format::Go);
        let risks = clients.flat_map(|client| client.risks(&here));
        risks.for_each(|risk| report.add(risk));
    }
}

/// Shows what a helper said last about this connection: its client may have hidden it.
pub(super) fn check_latest_failure(
    subject: &Subject,
    environment: &Environment,
    report: &mut Report<'_>,
) {
    let mut failures = report::latest(environment).into_iter();
    let of_subject = failures.find(|failure| {
        let age = environment.now().since(failure.time);
        failure.connection.as_deref() == subject.name() && age < RECENT_SECONDS
    });
    let Some(failure) = of_subject else {
        return;
    };
    let when = ago(environment.now().since(failure.time));
    let aws = failure.aws.map(|aws| format!("\n  {aws}"));
    let aws = aws.unwrap_or_default();
    let text = format!("{when}, {}: {}{aws}", failure.program, failure.cause);
    let finding = Finding::warning("latest_failure", "latest failure", text);
    report.add(Finding {
        hint: failure.hint,
        ..finding
    });
}
