//! One request to a repository, from the client's head to the answer's: judged, given the token, sent, and its redirect
//! followed. The client never sees the token, nor the URL that the redirect led to.

mod kept;
mod way;

use bytes::Bytes;
use codeartifact_auth::endpoint::Format;
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;

use super::body::{self, Body};
use super::journal::Line;
use super::keep::File;
use super::policy::{self, Asked, Use};
use super::proxy::Proxy;
use super::reach::Room;
use super::refusal::Refusal;
use super::{golang, package};
use way::unreachable;
pub(crate) use way::{Reading, Relay};

/// cargo's own configuration of a registry is about 200 bytes.
const LARGEST_CONFIG: usize = 64 << 10;

/// Answers a request that came for `host` through a tunnel.
pub(crate) async fn answer(
    proxy: &Proxy,
    host: &str,
    request: Request<Incoming>,
) -> Response<Body> {
    let method = request.method().clone();
    let mut line = proxy
        .journal
        .line(host, method.as_str(), request.uri().path());
    let asked = Asked {
        host,
        method: &method,
        target: request.uri(),
        headers: request.headers(),
    };
    let forwarded = match policy::judge(&proxy.reach, asked) {
        Ok((room, _)) if room.is_of_modules => {
            let path = request.uri().path();
            note(&mut line, room, path);
            let rest = path.strip_prefix(&room.root).unwrap_or_default();
            let modules = &proxy.modules;
            let (api, keep) = (proxy.api(golang::PATIENCE), proxy.keep.as_ref());
            modules.answer(api, keep, room, &method, rest).await
        }
        Ok((room, purpose)) => {
            note(&mut line, room, request.uri().path());
            forward(proxy, host, room, purpose, request, &mut line).await
        }
        Err(refusal) => {
            // The path is canonical; what the build would have written is worth a name.
            if let (Refusal::Method { .. }, Some(room)) =
                (&refusal, proxy.reach.room(host, request.uri().path()))
            {
                note(&mut line, room, request.uri().path());
            }
            Err(refusal)
        }
    };
    match forwarded {
        Ok(response) => {
            line.status = response.status().as_u16();
            response.map(|body| body::download(body, line))
        }
        Err(refusal) => refuse(&refusal, Some(line)),
    }
}

fn note(line: &mut Line, room: &Room, path: &str) {
    line.format = Some(room.format.name());
    line.repository = Some(room.repository.clone());
    let rest = path.strip_prefix(&room.root).unwrap_or_default();
    line.package = package::of_path(room.format, rest);
}

/// The answer to a request that is not forwarded.
pub(crate) fn refuse(refusal: &Refusal, line: Option<Line>) -> Response<Body> {
    if let Some(mut line) = line {
        line.status = refusal.status().as_u16();
        line.decision = refusal.name();
    }
    let mut response = Response::new(body::text(refusal.to_string()));
    *response.status_mut() = refusal.status();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    match refusal {
        Refusal::Stranger | Refusal::Unproved(_) => {
            let challenge = HeaderValue::from_static("Basic realm=\"codeartifact proxy\"");
            headers.insert(header::PROXY_AUTHENTICATE, challenge);
        }
        // What follows on the connection may be part of it.
        Refusal::Unclear(_) => {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        _ => {}
    }
    response
}

async fn forward(
    proxy: &Proxy,
    host: &str,
    room: &Room,
    purpose: Use,
    request: Request<Incoming>,
    line: &mut Line,
) -> Result<Response<Body>, Refusal> {
    let (head, sent) = request.into_parts();
    let relay = Relay { proxy, host, room };
    if purpose != Use::Read {
        return relay.upload(&head, sent).await;
    }
    let rest = head.uri.path().strip_prefix(&room.root);
    if let Some((keep, file)) = proxy
        .keep
        .as_ref()
        .zip(File::of_path(room, rest.unwrap_or_default()))
        && kept::is_whole(&head)
    {
        let (response, is_kept) = kept::answer(keep, &relay, &file, Reading::of(&head)).await?;
        if is_kept {
            line.decision = "kept";
        }
        return Ok(response);
    }
    let response = relay.read(&Reading::of(&head)).await?;
    if is_cargos_configuration(room, head.uri.path()) && response.status() == StatusCode::OK {
        let changed = without_login(response).await;
        return changed.map_err(|error| unreachable(host, &*error));
    }
    Ok(response)
}

fn is_cargos_configuration(room: &Room, path: &str) -> bool {
    room.format == Format::Cargo && path.strip_prefix(&room.root) == Some("config.json")
}

/// cargo asks for a credential provider where a registry says that it wants a login: here it needs none.
async fn without_login(response: Response<Body>) -> Result<Response<Body>, body::Error> {
    let (mut head, body) = response.into_parts();
    let body = body::whole(body, LARGEST_CONFIG).await?;
    let body = match serde_json::from_slice::<serde_json::Value>(&body) {
        Ok(serde_json::Value::Object(mut config)) => {
            config.remove("auth-required");
            Bytes::from(serde_json::to_vec(&config)?)
        }
        _ => body,
    };
    for name in [header::CONTENT_LENGTH, header::ETAG, header::LAST_MODIFIED] {
        head.headers.remove(name);
    }
    Ok(Response::from_parts(head, body::text(body)))
}
