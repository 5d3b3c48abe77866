//! One request to a repository, from the client's head to the answer's: judged, given the token, sent, and its redirect
//! followed. The client never sees the token, nor the URL that the redirect led to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::token::Secret;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;

use super::body::{self, Body};
use super::journal::Line;
use super::policy::{self, Asked, Use};
use super::reach::Room;
use super::refusal::Refusal;
use super::server::Proxy;
use super::{asset, headers, package};

/// From CodeArtifact to S3, and from one bucket's host to another's.
const REDIRECTS: usize = 2;

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
            modules.answer(&proxy.origin, room, &method, rest).await
        }
        Ok((room, purpose)) => {
            note(&mut line, room, request.uri().path());
            forward(proxy, host, room, purpose, request).await
        }
        Err(refusal) => Err(refusal),
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
) -> Result<Response<Body>, Refusal> {
    let (head, sent) = request.into_parts();
    let target = target(host, &head.uri)?;
    let outgoing = Outgoing {
        method: head.method.clone(),
        target,
        headers: headers::for_repository(&head.headers, purpose != Use::Read),
        format: room.format,
    };
    let token = proxy
        .tokens
        .get(&room.domain)
        .await
        .map_err(Refusal::Failed)?;
    let mut response = match purpose {
        Use::Read => {
            proxy
                .origin
                .send(outgoing.with(&token.secret, body::empty())?)
                .await
        }
        _ => {
            proxy
                .origin
                .upload(outgoing.with(&token.secret, body::upload(sent))?)
                .await
        }
    }
    .map_err(|error| unreachable(host, &*error))?;
    if response.status() == StatusCode::UNAUTHORIZED {
        let other = proxy
            .tokens
            .replace(&room.domain, &token)
            .await
            .map_err(Refusal::Failed)?;
        // A body has gone and cannot be sent again: the client's next try has the new token.
        if purpose == Use::Read {
            let again = outgoing.with(&other.secret, body::empty())?;
            response = proxy
                .origin
                .send(again)
                .await
                .map_err(|error| unreachable(host, &*error))?;
        }
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(unauthorized(host));
        }
    }
    if is_cargos_configuration(room, head.uri.path()) && response.status() == StatusCode::OK {
        return without_login(response)
            .await
            .map_err(|error| unreachable(host, &*error));
    }
    let response = follow(proxy, &head, response).await?;
    let (mut answered, body) = response.into_parts();
    answered.headers = headers::for_client(&answered.headers);
    let body = body.map_err(body::Error::from).boxed_unsync();
    Ok(Response::from_parts(answered, body))
}

/// The URL that the repository is asked for.
fn target(host: &str, uri: &Uri) -> Result<Uri, Refusal> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("https://{host}{path}").parse();
    url.map_err(|_| Refusal::Path("is not part of a URL"))
}

/// A request, as often as it is sent.
struct Outgoing {
    method: Method,
    target: Uri,
    headers: HeaderMap,
    format: Format,
}

impl Outgoing {
    fn with(&self, token: &Secret, body: Body) -> Result<Request<Body>, Refusal> {
        let value = headers::secret(authorization(self.format, token).expose());
        let value =
            value.ok_or_else(|| Refusal::Failed("the token is not one of AWS's\n".into()))?;
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.target.clone();
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(header::AUTHORIZATION, value);
        Ok(request)
    }
}

/// As AWS's pages have it for each client: cargo sends the bare token, all others can send Basic.
fn authorization(format: Format, token: &Secret) -> Secret {
    match format {
        Format::Cargo => token.clone(),
        _ => {
            let pair = Secret::new(format!("aws:{}", token.expose()));
            Secret::new(format!("Basic {}", STANDARD.encode(pair.expose())))
        }
    }
}

/// Follows a redirect to S3, without credentials and without what the client says about itself.
async fn follow(
    proxy: &Proxy,
    head: &http::request::Parts,
    mut response: Response<Incoming>,
) -> Result<Response<Incoming>, Refusal> {
    for _ in 0..REDIRECTS {
        let Some(target) = asset::location(response.status(), response.headers()) else {
            break;
        };
        let host = target.host().unwrap_or_default().to_owned();
        let mut request = Request::new(body::empty());
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = target;
        *request.headers_mut() = headers::for_file(&head.headers);
        let answer = proxy.origin.send(request).await;
        response = answer.map_err(|error| unreachable(&host, &*error))?;
    }
    Ok(response)
}

fn is_cargos_configuration(room: &Room, path: &str) -> bool {
    room.format == Format::Cargo && path.strip_prefix(&room.root) == Some("config.json")
}

/// cargo asks for a credential provider where a registry says that it wants a login: here it needs none.
async fn without_login(response: Response<Incoming>) -> Result<Response<Body>, body::Error> {
    let (mut head, body) = response.into_parts();
    let body = Limited::new(body, LARGEST_CONFIG)
        .collect()
        .await?
        .to_bytes();
    let body = match serde_json::from_slice::<serde_json::Value>(&body) {
        Ok(serde_json::Value::Object(mut config)) => {
            config.remove("auth-required");
            Bytes::from(serde_json::to_vec(&config)?)
        }
        _ => body,
    };
    head.headers = headers::for_client(&head.headers);
    for name in [header::CONTENT_LENGTH, header::ETAG, header::LAST_MODIFIED] {
        head.headers.remove(name);
    }
    Ok(Response::from_parts(head, body::text(body)))
}

fn unauthorized(host: &str) -> Refusal {
    Refusal::Failed(format!(
        "codeartifact proxy: {host} refuses a token that AWS has just issued\n  \
         hint: run `codeartifact test` outside of the build"
    ))
}

/// Errors of hyper say what happened only in their sources.
fn unreachable(host: &str, error: &(dyn std::error::Error + 'static)) -> Refusal {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    Refusal::Failed(format!(
        "codeartifact proxy: {host} cannot be reached: {last}\n  hint: run `codeartifact test` outside of the build"
    ))
}
