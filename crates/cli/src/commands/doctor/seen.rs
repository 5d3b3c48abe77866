//! Collects what the runs of a trial have shown of each repository. `verdict` puts it into words.

use codeartifact_auth::endpoint::{Endpoint, MappedHosts};
use codeartifact_auth::token::{Secret, Timestamp};
use codeartifact_clients::leftover::expiry;
use codeartifact_proxy::{
    Expected, HostKind, Observed, SeenRequest, SentCredentials, Verdict, judge,
};

use super::trial::{Known, Run, Tried, path_of};

/// The requests to one repository.
pub(super) struct Seen<'a> {
    pub(super) endpoint: Endpoint,
    /// The scopes whose packages are to come from it, where no others are.
    pub(super) scopes: Vec<String>,
    pub(super) repository: String,
    pub(super) verdict: Verdict,
    /// The last credentials that it was sent.
    pub(super) sent: Option<&'a SentCredentials>,
    /// Helpers will find the token that is expected.
    pub(super) is_kept: bool,
    /// The run that decided.
    pub(super) run: Option<&'a Run>,
}

/// The repositories that were asked and that nothing has named. One that is not judged counts where it was asked in place of
/// those that are.
pub(crate) fn unexpected(tried: &Tried, mapped: &MappedHosts) -> Vec<Endpoint> {
    let asked = asked(tried, mapped);
    let is_one_of = |known: &[&Endpoint], it: &Endpoint| {
        let mut roots = known.iter().map(|known| known.root());
        roots.any(|root| root == it.root())
    };
    let (expected, others) = (
        expected(tried),
        tried.candidate.others.iter().collect::<Vec<_>>(),
    );
    let is_met = asked.iter().any(|it| is_one_of(&expected, it));
    let found = asked.into_iter().filter(|it| {
        let is_beside = is_met && is_one_of(&others, it);
        !is_beside && !is_one_of(&expected, it)
    });
    found.collect()
}

/// The repositories that were asked, each once.
fn asked(tried: &Tried, mapped: &MappedHosts) -> Vec<Endpoint> {
    let requests = tried.runs.iter().flat_map(|it| &it.observed.requests);
    let ours = requests.filter(|request| request.kind == HostKind::Repository);
    let mut found: Vec<Endpoint> = Vec::new();
    for request in ours {
        let url = format!("https://{}{}", request.host, request.path);
        let endpoint = Endpoint::parse(&url, mapped).ok();
        let is_new = |it: &Endpoint| {
            let known = found.iter().map(Endpoint::root);
            it.place.is_some() && known.into_iter().all(|root| root != it.root())
        };
        found.extend(endpoint.filter(is_new));
    }
    found
}

fn expected(tried: &Tried) -> Vec<&Endpoint> {
    let mut endpoints: Vec<&Endpoint> = Vec::new();
    for setting in &tried.candidate.settings {
        if endpoints
            .iter()
            .all(|it| it.root() != setting.endpoint.root())
        {
            endpoints.push(&setting.endpoint);
        }
    }
    endpoints
}

/// Each repository with its verdict. One that is named and not asked counts only if no other of that name was: a
/// setting may win over another, and a client may stop at the first index.
pub(super) fn of_each<'a>(
    tried: &'a Tried,
    unexpected: &[Endpoint],
    known: &[Known],
    now: Timestamp,
) -> Vec<Seen<'a>> {
    let named = expected(tried).into_iter();
    let all: Vec<_> = named
        .chain(unexpected)
        .map(|it| (it, look(tried, it, known, now)))
        .collect();
    let is_asked =
        |seen: &Seen<'_>| !matches!(seen.verdict, Verdict::Elsewhere(_) | Verdict::Nothing);
    let names_of = |endpoint: &Endpoint| {
        let settings = tried.candidate.settings.iter();
        let same = settings.filter(|it| it.endpoint.root() == endpoint.root());
        same.map(|it| it.name.as_deref().filter(|name| name.starts_with('@')))
            .collect::<Vec<_>>()
    };
    let asked: Vec<_> = all.iter().filter(|(_, seen)| is_asked(seen)).collect();
    let any_unnamed = asked
        .iter()
        .any(|(endpoint, _)| names_of(endpoint).is_empty());
    let covered: Vec<_> = asked
        .iter()
        .flat_map(|(endpoint, _)| names_of(endpoint))
        .collect();
    let keep: Vec<bool> = all
        .iter()
        .map(|(endpoint, seen)| {
            let is_covered = names_of(endpoint).iter().all(|name| covered.contains(name));
            is_asked(seen) || !(any_unnamed || is_covered)
        })
        .collect();
    let kept = all.into_iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|((_, seen), _)| seen).collect()
}

/// The first run that asked the repository decides, or that the client has refused to make. Where each is for other
/// packages, one that went well does not.
fn look<'a>(tried: &'a Tried, endpoint: &Endpoint, known: &[Known], now: Timestamp) -> Seen<'a> {
    let path = path_of(endpoint);
    let good = good_for(endpoint, known);
    let mut seen = Seen {
        endpoint: endpoint.clone(),
        scopes: scopes_of(endpoint, tried),
        repository: name_of(endpoint),
        verdict: Verdict::Nothing,
        sent: None,
        is_kept: good.iter().all(|it| it.is_kept),
        run: None,
    };
    let goes_on = tried.candidate.client.tries_packages();
    let mut is_well = false;
    for run in &tried.runs {
        let observed = &run.observed;
        let expired = secrets(observed).filter(|it| has_expired(it, now));
        let verdict = judge(
            observed,
            &Expected {
                host: endpoint.host(),
                path: &path,
                tokens: &good.iter().map(|it| &it.token).collect::<Vec<_>>(),
                expired: &expired.collect::<Vec<_>>(),
            },
        );
        let ours = observed
            .requests
            .iter()
            .filter(|it| it.host == endpoint.host());
        let ours = ours.filter(|it| it.path.starts_with(&path));
        let is_elsewhere = matches!(verdict, Verdict::Elsewhere(_));
        let is_asked = !is_elsewhere && verdict != Verdict::Nothing;
        let is_final = is_asked || refuses(observed);
        let is_more = !is_well && (is_elsewhere || seen.run.is_none());
        if is_final || is_more {
            let of_files = matches!(verdict, Verdict::File(_));
            seen.sent = ours
                .filter(|it| !of_files || it.is_for_file())
                .map(|it: &SeenRequest| &it.credentials)
                .rfind(|it| it.secret().is_some());
            seen.verdict = verdict;
            seen.run = Some(run);
        }
        if is_final {
            is_well = goes_on && seen.verdict == Verdict::OurToken;
            if !is_well {
                break;
            }
        }
    }
    seen
}

/// It failed before it asked anyone: it cannot read its settings, for example.
fn refuses(observed: &Observed) -> bool {
    let mut requests = observed.requests.iter();
    let status = observed.status;
    status.is_some_and(|it| !it.success()) && !requests.any(|it| it.kind != HostKind::Aws)
}

/// Repositories of one domain may be of several connections, each with a token of its own.
fn good_for<'a>(endpoint: &Endpoint, known: &'a [Known]) -> Vec<&'a Known> {
    let of = |is_meant: &dyn Fn(&Endpoint) -> bool| {
        let good = known.iter().filter(|it| is_meant(&it.endpoint));
        good.collect::<Vec<_>>()
    };
    let exact = of(&|it| it.root() == endpoint.root());
    if exact.is_empty() {
        of(&|it| it.domain == endpoint.domain)
    } else {
        exact
    }
}

fn scopes_of(endpoint: &Endpoint, tried: &Tried) -> Vec<String> {
    let settings = tried.candidate.settings.iter();
    let names = settings
        .filter(|it| it.endpoint.root() == endpoint.root())
        .map(|it| it.name.clone().filter(|name| name.starts_with('@')));
    names.collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn name_of(endpoint: &Endpoint) -> String {
    match &endpoint.place {
        Some(place) => place.repository.clone(),
        None => endpoint.host().to_owned(),
    }
}

fn secrets(observed: &Observed) -> impl Iterator<Item = &Secret> {
    let requests = observed.requests.iter();
    requests.filter_map(|request| request.credentials.secret())
}

fn has_expired(secret: &Secret, now: Timestamp) -> bool {
    expiry(secret.expose()).is_some_and(|expires| expires.since(now) == 0)
}
