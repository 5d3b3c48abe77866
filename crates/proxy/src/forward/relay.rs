//! One request to a repository, from the client's head to the answer's: judged, given the token, sent, and its redirect
//! followed. The client never sees the token, nor the URL that the redirect led to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::token::{Secret, Token};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use hyper::body::Incoming;

use super::body::{self, Body};
use super::journal::Line;
use super::keep::{self, File};
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
            modules.answer(proxy, room, &method, rest).await
        }
        Ok((room, purpose)) => {
            note(&mut line, room, request.uri().path());
            forward(proxy, host, room, purpose, request, &mut line).await
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
        && keep::is_whole(&head)
    {
        let (response, is_kept) = keep::answer(keep, &relay, &file, Reading::of(&head)).await?;
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

/// What is read: as a client asks for it, or as the proxy does itself.
pub(crate) struct Reading {
    method: Method,
    path: String,
    /// For the repository.
    headers: HeaderMap,
    /// For the host that a redirect leads to.
    file: HeaderMap,
}

impl Reading {
    fn of(head: &http::request::Parts) -> Self {
        Self {
            method: head.method.clone(),
            path: path_of(&head.uri).to_owned(),
            headers: headers::for_repository(&head.headers, false),
            file: headers::for_file(&head.headers),
        }
    }

    /// A plain read of a path, without anything of a client's.
    pub(crate) fn plain(path: String) -> Self {
        Self {
            method: Method::GET,
            path,
            headers: HeaderMap::new(),
            file: HeaderMap::new(),
        }
    }
}

/// The way to one repository.
pub(crate) struct Relay<'a> {
    proxy: &'a Proxy,
    host: &'a str,
    pub(crate) room: &'a Room,
}

impl Relay<'_> {
    /// A token for the repository's domain.
    ///
    /// # Errors
    /// There is none.
    pub(crate) async fn token(&self) -> Result<Token, Refusal> {
        let token = self.proxy.tokens.get(&self.room.domain).await;
        token.map_err(Refusal::Failed)
    }

    /// Reads with a token, and follows redirects to S3. A token that is refused is replaced once.
    ///
    /// # Errors
    /// The repository cannot be asked, or refuses a new token too.
    pub(crate) async fn read(&self, reading: &Reading) -> Result<Response<Body>, Refusal> {
        let outgoing = self.outgoing(&reading.method, &reading.path, &reading.headers)?;
        let token = self.token().await?;
        let mut response = self.send(&outgoing, &token).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            let other = self.replace(&token).await?;
            response = self.send(&outgoing, &other).await?;
        }
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(unauthorized(self.host));
        }
        let response = self.follow(reading, response).await?;
        Ok(for_client(response))
    }

    /// Passes a body on. It cannot be sent again: after a refusal the client's next try has a new token.
    async fn upload(
        &self,
        head: &http::request::Parts,
        sent: Incoming,
    ) -> Result<Response<Body>, Refusal> {
        let kept = headers::for_repository(&head.headers, true);
        let outgoing = self.outgoing(&head.method, path_of(&head.uri), &kept)?;
        let token = self.token().await?;
        let request = outgoing.with(&token.secret, body::upload(sent))?;
        let response = self.proxy.origin.upload(request).await;
        let response = response.map_err(|error| unreachable(self.host, &*error))?;
        if response.status() == StatusCode::UNAUTHORIZED {
            self.replace(&token).await?;
            return Err(unauthorized(self.host));
        }
        Ok(for_client(response))
    }

    fn outgoing(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<Outgoing, Refusal> {
        Ok(Outgoing {
            method: method.clone(),
            target: target(self.host, path)?,
            headers: headers.clone(),
            format: self.room.format,
        })
    }

    async fn send(
        &self,
        outgoing: &Outgoing,
        token: &Token,
    ) -> Result<Response<Incoming>, Refusal> {
        let request = outgoing.with(&token.secret, body::empty())?;
        let answer = self.proxy.origin.send(request).await;
        answer.map_err(|error| unreachable(self.host, &*error))
    }

    async fn replace(&self, refused: &Token) -> Result<Token, Refusal> {
        let other = self.proxy.tokens.replace(&self.room.domain, refused).await;
        other.map_err(Refusal::Failed)
    }

    /// Follows a redirect to S3, without credentials and without what the client says about itself.
    async fn follow(
        &self,
        reading: &Reading,
        mut response: Response<Incoming>,
    ) -> Result<Response<Incoming>, Refusal> {
        for _ in 0..REDIRECTS {
            let Some(target) = asset::location(response.status(), response.headers()) else {
                break;
            };
            let host = target.host().unwrap_or_default().to_owned();
            let mut request = Request::new(body::empty());
            *request.method_mut() = reading.method.clone();
            *request.uri_mut() = target;
            *request.headers_mut() = reading.file.clone();
            let answer = self.proxy.origin.send(request).await;
            response = answer.map_err(|error| unreachable(&host, &*error))?;
        }
        Ok(response)
    }
}

fn for_client(response: Response<Incoming>) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    head.headers = headers::for_client(&head.headers);
    Response::from_parts(head, body::upload(body))
}

fn path_of(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |path| path.as_str())
}

/// The URL that the repository is asked for.
fn target(host: &str, path: &str) -> Result<Uri, Refusal> {
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
