//! Repository hosts as package managers see them: who may read or publish here, and which of a domain's
//! repositories has the package. The packages themselves are the business of `repositories`.

mod access;
mod action;
mod place;

use bytes::Bytes;
use http::{Method, Response, StatusCode};

use crate::call::Call;
use crate::emulator::Emulator;
use crate::faults::Kind;
use crate::journal::Entry;
use crate::reply::{self, Refusal};
use crate::repositories::Base;
use crate::route::{self, Service};
use crate::scenario;

use place::Place;

/// What a request asks for, such as `npm:packument`.
pub(crate) fn action(service: &Service, call: &Call) -> String {
    match Place::find(service, &call.path) {
        Some(place) => format!(
            "{}:{}",
            place.format,
            action::name(place.format, call.request.method(), &place.rest)
        ),
        None => "repository:unknown".to_owned(),
    }
}

pub(crate) fn answer(
    emulator: &Emulator,
    service: &Service,
    call: &Call,
    entry: &mut Entry,
) -> Result<Response<Bytes>, Refusal> {
    let place = Place::find(service, &call.path);
    let place = place
        .ok_or_else(|| Refusal::new(404, "NotFound", "a path here is /FORMAT/REPOSITORY/…"))?;
    access::check(emulator, call, &place, entry)?;
    let domain = emulator.domain(&place.domain);
    let known = domain.filter(|domain| domain.repositories.contains_key(place.repository));
    let missing = || {
        Refusal::new(
            404,
            "NotFound",
            format!("repository {} not found", place.repository),
        )
    };
    let domain = known.ok_or_else(missing)?;
    Ok(ask(emulator, call, &place, domain))
}

/// How a repository says that there were too many requests, or that it failed.
pub(crate) fn fault(kind: Kind, status: Option<u16>) -> Refusal {
    match kind {
        Kind::Throttle => Refusal::new(429, "TooManyRequests", "Rate exceeded"),
        _ => Refusal::new(
            status.unwrap_or(500),
            "InternalServerError",
            "internal error",
        ),
    }
}

/// The repository's answer, or that of the first upstream that has what it has not.
fn ask(
    emulator: &Emulator,
    call: &Call,
    place: &Place<'_>,
    domain: &scenario::Domain,
) -> Response<Bytes> {
    if let Some(answer) = pass_on_checksums(emulator, call, place, domain) {
        return answer;
    }
    let root = format!("{}/", call.url_without(&place.rest).trim_end_matches('/'));
    let request = place.request(&call.request);
    let mut answer = reply::text(StatusCode::NOT_FOUND, "not found\n");
    for name in order(domain, place.repository) {
        let Some(repository) = domain.repositories.get(name) else {
            continue;
        };
        let path = format!("/{}/{}/{name}/", place.domain.owner, place.domain.name);
        let assets = call.url_of(&route::asset_host(&place.domain.region), &path);
        let base = Base {
            repository: &root,
            assets: &assets,
            redirect: emulator.scenario.redirect,
        };
        answer = repository.packages.answer(place.format, &request, &base);
        let reads = matches!(*call.request.method(), Method::GET | Method::HEAD);
        if answer.status() != StatusCode::NOT_FOUND || !reads {
            break;
        }
    }
    answer
}

/// The checksum database's answer, where the repository passes it on.
fn pass_on_checksums(
    emulator: &Emulator,
    call: &Call,
    place: &Place<'_>,
    domain: &scenario::Domain,
) -> Option<Response<Bytes>> {
    let repository = domain.repositories.get(place.repository)?;
    let database = emulator.scenario.checksum_database.as_ref();
    let database = database.filter(|_| repository.checksum_database && place.format == "go")?;
    let path = database.path_below(&place.rest)?;
    Some(database.answer(call.request.method(), path))
}

/// A repository and its upstreams in the order in which they are asked, each once.
fn order<'a>(domain: &'a scenario::Domain, first: &'a str) -> Vec<&'a str> {
    let mut order = Vec::new();
    let mut next = vec![first];
    while let Some(name) = next.pop() {
        if order.contains(&name) {
            continue;
        }
        order.push(name);
        let upstreams = domain
            .repositories
            .get(name)
            .map(|repository| &repository.upstreams);
        next.extend(upstreams.into_iter().flatten().rev().map(String::as_str));
    }
    order
}

/// The asset host, which is S3 behind presigned URLs: no token may come here, and a URL presigned for GET
/// answers 403 to HEAD.
pub(crate) fn asset(emulator: &Emulator, call: &Call) -> Result<Response<Bytes>, Refusal> {
    if call.header("authorization").is_some() {
        let text = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query \
                    string parameter or the Authorization header should be specified";
        return Err(Refusal::new(400, "InvalidArgument", text));
    }
    if call.request.method() == Method::HEAD {
        return Err(Refusal::new(
            403,
            "SignatureDoesNotMatch",
            "the URL is presigned for GET",
        ));
    }
    let missing = || Refusal::new(404, "NoSuchKey", "The specified key does not exist.");
    let mut parts = call.path.trim_start_matches('/').splitn(4, '/');
    let mut next = || parts.next().ok_or_else(missing);
    let (owner, domain, repository, rest) = (next()?, next()?, next()?, next()?);
    let account = emulator.scenario.accounts.get(owner);
    let domain = account.and_then(|account| account.domains.get(domain));
    let repository = domain
        .and_then(|domain| domain.repositories.get(repository))
        .ok_or_else(missing)?;
    Ok(repository.packages.asset(rest, call.request.method()))
}

/// S3's error document.
pub(crate) fn refuse_asset(refusal: &Refusal) -> Response<Bytes> {
    let (code, message) = (
        reply::escape(&refusal.code),
        reply::escape(&refusal.message),
    );
    reply::xml(
        refusal.status,
        format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>\n"),
    )
}
