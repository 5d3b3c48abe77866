//! Repository hosts as package managers see them: who may read or publish here, and which of a domain's
//! repositories has the package. The packages themselves are for `packages`.

mod access;
mod action;
mod path;

use bytes::Bytes;
use http::{Method, Response, StatusCode};

use crate::call::{Call, RequestOrigin};
use crate::emulator::Emulator;
use crate::journal::Entry;
use crate::packages::Base;
use crate::reply::{self, Refusal};
use crate::route::{self, EmulatedHost};
use crate::scenario;
use crate::service::Service;

use path::RepositoryPath;

/// One domain's host, or an interface endpoint of all of them.
pub(crate) struct RepositoryHost {
    pub(crate) host: EmulatedHost,
}

impl Service for RepositoryHost {
    fn action(&self, call: &Call) -> String {
        RepositoryPath::find(&self.host, &call.path).map_or_else(
            || "repository:unknown".to_owned(),
            |path| {
                let name = action::name(path.format, call.request.method(), &path.rest);
                format!("{}:{name}", path.format)
            },
        )
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let path = RepositoryPath::find(&self.host, &call.path);
        let path = path
            .ok_or_else(|| Refusal::new(404, "NotFound", "a path here is /FORMAT/REPOSITORY/…"))?;
        access::check(emulator, call, &path, entry)?;
        let domain = emulator.domain(&path.domain);
        let known = domain.filter(|domain| domain.repositories.contains_key(path.repository));
        let missing = || {
            let text = format!("repository {} not found", path.repository);
            Refusal::new(404, "NotFound", text)
        };
        Ok(ask(emulator, call, &path, known.ok_or_else(missing)?))
    }
}

/// The repository's answer, or that of the first upstream that has what it has not.
fn ask(
    emulator: &Emulator,
    call: &Call,
    path: &RepositoryPath<'_>,
    domain: &scenario::ScenarioDomain,
) -> Response<Bytes> {
    if path.format == "go" && !emulator.scenario.go_endpoint {
        return reply::text(StatusCode::NOT_FOUND, "not found\n");
    }
    if let Some(answer) = pass_on_checksums(emulator, call, path, domain) {
        return answer;
    }
    let root = root(emulator, call, path);
    let request = path.request(&call.request);
    let mut answer = reply::text(StatusCode::NOT_FOUND, "not found\n");
    for name in order(domain, path.repository) {
        let Some(repository) = domain.repositories.get(name) else {
            continue;
        };
        let prefix = format!("/{}/{}/{name}/", path.domain.owner, path.domain.name);
        let assets = call.url_of(&route::asset_host(&path.domain.region), &prefix);
        let base = Base {
            repository: &root,
            assets: &assets,
            redirect: emulator.scenario.redirect(path.format),
        };
        answer = repository.packages.answer(path.format, &request, &base);
        let reads = matches!(*call.request.method(), Method::GET | Method::HEAD);
        if answer.status() != StatusCode::NOT_FOUND || !reads {
            break;
        }
    }
    answer
}

/// The repository's root, as absolute URLs in answers begin. npm's have the port 443, as those of CodeArtifact do;
/// lock files keep it.
fn root(emulator: &Emulator, call: &Call, path: &RepositoryPath<'_>) -> String {
    let scenario = &emulator.scenario;
    let names_port = path.format == "npm" && scenario.npm_port;
    let own = call.origin == RequestOrigin::Own { scheme: "https" };
    let port = if names_port && own && !scenario.hosts.contains_key(&call.host) {
        ":443"
    } else {
        ""
    };
    let root = call.url_without(&path.rest, port);
    format!("{}/", root.trim_end_matches('/'))
}

/// The checksum database's answer, where the repository passes it on.
fn pass_on_checksums(
    emulator: &Emulator,
    call: &Call,
    path: &RepositoryPath<'_>,
    domain: &scenario::ScenarioDomain,
) -> Option<Response<Bytes>> {
    let repository = domain.repositories.get(path.repository)?;
    let database = emulator.scenario.checksum_database.as_ref();
    let database = database.filter(|_| repository.checksum_database && path.format == "go")?;
    let path = database.path_below(&path.rest)?;
    Some(database.answer(call.request.method(), path))
}

/// A repository and its upstreams in the order in which they are asked, each once.
fn order<'a>(domain: &'a scenario::ScenarioDomain, first: &'a str) -> Vec<&'a str> {
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
