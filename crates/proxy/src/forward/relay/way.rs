//! The way to one repository: a request with the token, sent again with another one where that is refused, and the redirect
//! to S3 behind it. What may be asked for is the policy's to say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::token::{Secret, Token};
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header};
use hyper::body::Incoming;

use crate::forward::body::{self, Body};
use crate::forward::proxy::Proxy;
use crate::forward::reach::Room;
use crate::forward::refusal::Refusal;
use crate::forward::{asset, headers};

/// From CodeArtifact to S3, and from one bucket's host to another's.
const REDIRECTS: usize = 2;

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
    pub(super) fn of(head: &http::request::Parts) -> Self {
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
    pub(crate) proxy: &'a Proxy,
    pub(super) host: &'a str,
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
    pub(super) async fn upload(
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

fn unauthorized(host: &str) -> Refusal {
    Refusal::Failed(format!(
        "codeartifact proxy: {host} refuses a token that AWS has just issued\n  \
         hint: run `codeartifact test` outside of the build"
    ))
}

/// Errors of hyper say what happened only in their sources.
pub(super) fn unreachable(host: &str, error: &(dyn std::error::Error + 'static)) -> Refusal {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    Refusal::Failed(format!(
        "codeartifact proxy: {host} cannot be reached: {last}\n  hint: run `codeartifact test` outside of the build"
    ))
}
