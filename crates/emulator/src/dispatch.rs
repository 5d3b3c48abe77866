//! One request from arrival to journal: which service it is for, what faults befall it, what that service
//! answers and in which words. How the request came here is for `server`.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};

use crate::assets::AssetHost;
use crate::call::{Call, RequestOrigin};
use crate::checksum_host::ChecksumHost;
use crate::codeartifact::CodeArtifact;
use crate::emulator::Emulator;
use crate::faults::{Effects, FaultKind};
use crate::github::GithubActions;
use crate::instance::{ContainerCredentials, InstanceMetadata};
use crate::journal::Entry;
use crate::large;
use crate::reply::{self, Refusal};
use crate::repository_host::RepositoryHost;
use crate::route::{self, EmulatedHost};
use crate::service::Service;
use crate::signin::SignIn;
use crate::sso::{SsoDevice, SsoOidc, SsoPortal};
use crate::sts::Sts;
use crate::{clock, random};

/// The host that a request is for, and how the client addressed it.
pub(crate) struct Arrival {
    pub(crate) connection: u64,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) origin: RequestOrigin,
}

/// The body that a client gets instead of an answer.
const GARBAGE: &[u8] = b"\x00\x01<<<{ this is not the answer you are looking for";

/// The answer; nothing when the connection is to be reset.
pub(crate) async fn answer(
    emulator: &Emulator,
    arrival: Arrival,
    request: Request<Bytes>,
) -> Option<Response<Bytes>> {
    let mut entry = begin(&arrival, &request);
    let Some((service, path)) = resolve(emulator, &arrival.host, arrival.path) else {
        return Some(refuse_host(emulator, entry));
    };
    let Arrival { host, origin, .. } = arrival;
    let mut call = Call {
        request,
        host,
        path,
        origin,
        now: 0,
        effects: Effects::default(),
    };
    entry.action = service.action(&call);
    call.effects = emulator.faults.take(&entry.action, &call.host);
    entry.faults.clone_from(&call.effects.kinds);
    if !befall(emulator, &call.effects, &mut entry).await {
        return None;
    }
    call.now = emulator.clock.now() + call.effects.skew;

    let request_id = random::uuid();
    entry.request_id = Some(request_id.clone());
    let mut response = match serve(emulator, service.as_ref(), &call, &mut entry) {
        Ok(response) => response,
        Err(refusal) => {
            entry.note_refusal(&refusal);
            service.render(refusal, &request_id)
        }
    };
    if call.effects.has(FaultKind::Garbage) {
        *response.status_mut() = StatusCode::OK;
        *response.body_mut() = Bytes::from_static(GARBAGE);
    }
    if let Some(size) = call.effects.large
        && response.status() == StatusCode::OK
    {
        response = large::answer(size, call.header("range"));
    }
    reply::set(&mut response, "x-amzn-requestid", &request_id);
    reply::set(&mut response, "date", &clock::http_date(call.now));
    finish(emulator, entry, response.status());
    Some(response)
}

/// A journal entry with what is known of every request.
pub(crate) fn begin(arrival: &Arrival, request: &Request<Bytes>) -> Entry {
    let agent = request
        .headers()
        .get(header::USER_AGENT)
        .map(HeaderValue::as_bytes);
    Entry {
        connection: arrival.connection,
        host: arrival.host.clone(),
        method: request.method().to_string(),
        path: arrival.path.clone(),
        query: request.uri().query().map(str::to_owned),
        user_agent: agent.map(|agent| String::from_utf8_lossy(agent).into_owned()),
        ..Entry::default()
    }
}

/// A host that is none of AWS's nor of the scenario: whatever asks for it would have left this machine.
pub(crate) fn refuse_host(emulator: &Emulator, mut entry: Entry) -> Response<Bytes> {
    let text = format!("{} is not a host of this emulator", entry.host);
    let refusal = Refusal::new(403, "RefusedHost", text);
    "refused".clone_into(&mut entry.action);
    entry.note_refusal(&refusal);
    finish(emulator, entry, refusal.status);
    refusal.into_text()
}

/// Lets delay, hang and reset happen; false means that the connection is to be reset.
pub(crate) async fn befall(emulator: &Emulator, effects: &Effects, entry: &mut Entry) -> bool {
    tokio::time::sleep(effects.delay).await;
    if effects.has(FaultKind::Hang) || effects.has(FaultKind::Reset) {
        emulator
            .journal
            .write(std::mem::take(entry), emulator.clock.now_millis());
    }
    if effects.has(FaultKind::Hang) {
        std::future::pending::<()>().await;
    }
    !effects.has(FaultKind::Reset)
}

pub(crate) fn finish(emulator: &Emulator, mut entry: Entry, status: StatusCode) {
    entry.status = Some(status.as_u16());
    emulator.journal.write(entry, emulator.clock.now_millis());
}

/// Tells if a host of that name exists here.
pub(crate) fn knows(emulator: &Emulator, host: &str) -> bool {
    let scenario = &emulator.scenario;
    scenario.hosts.contains_key(host)
        || scenario.checksums_at(host).is_some()
        || named(emulator, host).is_some()
}

/// Returns the host of that name. GitHub's exist only if the scenario has a job.
fn named(emulator: &Emulator, name: &str) -> Option<EmulatedHost> {
    let has_job = emulator.scenario.github.is_some();
    route::host(name).filter(|host| has_job || *host != EmulatedHost::GithubActions)
}

/// The service of a host and the path there; a host of the scenario's own means a URL of a domain.
fn resolve(emulator: &Emulator, host: &str, path: String) -> Option<(Box<dyn Service>, String)> {
    if emulator.scenario.checksums_at(host).is_some() {
        return Some((Box::new(ChecksumHost), path));
    }
    let Some(url) = emulator.scenario.hosts.get(host) else {
        return Some((service(named(emulator, host)?), path));
    };
    let target = url.strip_prefix("https://")?;
    let (target, prefix) = target.split_once('/').unwrap_or((target, ""));
    let prefix = prefix.trim_matches('/');
    let path = if prefix.is_empty() {
        path
    } else {
        format!("/{prefix}{path}")
    };
    Some((service(route::host(target)?), path))
}

fn service(host: EmulatedHost) -> Box<dyn Service> {
    match host {
        EmulatedHost::Sts { region } => Box::new(Sts { region }),
        EmulatedHost::CodeArtifact { region } => Box::new(CodeArtifact { region }),
        EmulatedHost::Repository(_) | EmulatedHost::VpcRepository { .. } => {
            Box::new(RepositoryHost { host })
        }
        EmulatedHost::Assets => Box::new(AssetHost),
        EmulatedHost::SsoPortal { .. } => Box::new(SsoPortal),
        EmulatedHost::SsoOidc { region } => Box::new(SsoOidc { region }),
        EmulatedHost::SsoDevice => Box::new(SsoDevice),
        EmulatedHost::SignIn => Box::new(SignIn),
        EmulatedHost::GithubActions => Box::new(GithubActions),
        EmulatedHost::Instance => Box::new(InstanceMetadata),
        EmulatedHost::Container => Box::new(ContainerCredentials),
    }
}

/// The service's answer, unless a fault takes its place.
fn serve(
    emulator: &Emulator,
    service: &dyn Service,
    call: &Call,
    entry: &mut Entry,
) -> Result<Response<Bytes>, Refusal> {
    const REASON: &str = "a fault of the scenario or the control endpoint";
    let effects = &call.effects;
    if effects.has(FaultKind::Throttle) {
        let refusal = service.fault(FaultKind::Throttle, None).reason(REASON);
        return Err(refusal.header("retry-after", effects.retry_after.to_string()));
    }
    if effects.has(FaultKind::Status) {
        let refusal = service.fault(FaultKind::Status, effects.status);
        return Err(refusal.reason(REASON));
    }
    if let Some((status, code, message)) = &effects.refusal {
        return Err(Refusal::new(*status, code.clone(), message).reason(REASON));
    }
    service.answer(emulator, call, entry)
}
