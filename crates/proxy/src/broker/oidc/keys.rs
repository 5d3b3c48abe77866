//! An issuer's keys: from its discovery document, a URL or a file. They are kept, and read again when a token names another
//! one, but not more often than once a minute: tokens are strangers' text.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use codeartifact_auth::environment::{AWS_CA_BUNDLE, Environment};
use codeartifact_auth::user_file::{read_regular, read_token};
use http::{HeaderValue, Request, Uri, header};
use http_body_util::{BodyExt as _, Limited};
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::super::config::IssuerConfig;
use crate::authority::system_roots;
use crate::forward::{Origin, Stop, body};

/// Between two looks.
const PAUSE: Duration = Duration::from_mins(1);

/// The same after a look that found nothing.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Keys are looked at again after this, because an issuer may withdraw one.
const AGED: Duration = Duration::from_mins(15);

/// Keys older than this are not believed, though their issuer cannot be asked.
const EXPIRED: Duration = Duration::from_hours(24);

const ANSWER: Duration = Duration::from_secs(10);

const LONGEST_ANSWER: usize = 1024 * 1024;

pub(super) struct Keys {
    place: Place,
    state: Mutex<State>,
}

enum Place {
    File(PathBuf),
    Web(Box<Web>),
}

struct Web {
    issuer: String,
    jwks_url: Option<String>,
    token_file: Option<PathBuf>,
    origin: Origin,
}

#[derive(Default)]
struct State {
    read: Option<(Instant, Arc<JwkSet>)>,
    /// The last look, and why it found nothing.
    tried: Option<(Instant, Option<String>)>,
}

/// What is needed of a discovery document.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Keys {
    pub(super) fn new(config: IssuerConfig, environment: &Environment) -> Result<Self, Stop> {
        let place = match config.jwks_file {
            Some(file) => Place::File(file),
            None => Place::Web(Box::new(Web::new(config, environment)?)),
        };
        Ok(Self {
            place,
            state: Mutex::default(),
        })
    }

    /// The key of that name; without a name, the only one.
    ///
    /// # Errors
    /// There are no keys at all, in words.
    pub(super) async fn find(&self, name: Option<&str>) -> Result<Option<Jwk>, String> {
        let mut state = self.state.lock().await;
        let is_young = |state: &State| matches!(&state.read, Some((at, _)) if at.elapsed() < AGED);
        let known = state.find(name);
        if known.is_some() && is_young(&state) {
            return Ok(known);
        }
        if state.may_look() {
            self.look(&mut state).await;
        }
        match (&state.read, &state.tried) {
            (Some((at, _)), _) if at.elapsed() < EXPIRED => Ok(state.find(name)),
            (_, Some((_, Some(reason)))) => Err(reason.clone()),
            _ => Err("its issuer's keys are not known yet".to_owned()),
        }
    }

    #[cfg(test)]
    pub(super) fn forget_the_last_look(&self) {
        self.state.blocking_lock().tried = None;
    }

    async fn look(&self, state: &mut State) {
        let looked = match &self.place {
            Place::File(path) => of_file(path),
            Place::Web(web) => match timeout(ANSWER, web.look()).await {
                Ok(looked) => looked,
                Err(_) => Err(format!("{} did not answer in time", web.issuer)),
            },
        };
        let now = Instant::now();
        state.tried = Some((now, looked.as_ref().err().cloned()));
        if let Ok(set) = looked {
            state.read = Some((now, Arc::new(set)));
        }
    }
}

impl State {
    fn find(&self, name: Option<&str>) -> Option<Jwk> {
        let (_, set) = self.read.as_ref()?;
        let found = match (name, &set.keys[..]) {
            (Some(name), _) => set.find(name),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        let is_for_signatures = |key: &&Jwk| {
            let purpose = &key.common.public_key_use;
            matches!(purpose, None | Some(PublicKeyUse::Signature))
        };
        found.filter(is_for_signatures).cloned()
    }

    fn may_look(&self) -> bool {
        match &self.tried {
            None => true,
            Some((at, None)) => at.elapsed() >= PAUSE,
            Some((at, Some(_))) => at.elapsed() >= PAUSE_AFTER_FAILURE,
        }
    }
}

fn of_file(path: &Path) -> Result<JwkSet, String> {
    let wrong = |reason: String| format!("{}: {reason}", path.display());
    let text = read_regular(path).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|error| wrong(format!("is no key set: {error}")))
}

impl Web {
    fn new(config: IssuerConfig, environment: &Environment) -> Result<Self, Stop> {
        let own = config.authorities.clone();
        let aws = environment.variable(AWS_CA_BUNDLE).map(PathBuf::from);
        let files = [own, aws];
        let roots = system_roots(environment, files.iter().flatten().map(PathBuf::as_path))
            .map_err(|error| Stop::Io("read the certificate authorities", error))?;
        let origin = Origin::new(environment, &roots)
            .map_err(|error| Stop::Words(format!("TLS cannot be set up: {error}\n")))?;
        Ok(Self {
            issuer: config.issuer,
            jwks_url: config.jwks_url,
            token_file: config.token_file,
            origin,
        })
    }

    async fn look(&self) -> Result<JwkSet, String> {
        if let Some(url) = &self.jwks_url {
            return self.get(url, true).await;
        }
        let issuer = self.issuer.trim_end_matches('/');
        let url = format!("{issuer}/.well-known/openid-configuration");
        let found: Discovery = self.get(&url, true).await?;
        if found.issuer != self.issuer {
            return Err(format!("{url} is the document of another issuer"));
        }
        if !found.jwks_uri.starts_with("https://") {
            return Err(format!("{url} names keys that are not behind https"));
        }
        // Our own token is for the issuer alone.
        let is_same = host(&found.jwks_uri) == host(issuer);
        self.get(&found.jwks_uri, is_same).await
    }

    async fn get<T: DeserializeOwned>(&self, url: &str, shows_token: bool) -> Result<T, String> {
        let failed = |reason: &str| format!("{url}: {reason}");
        let mut request = Request::new(body::empty());
        *request.uri_mut() = url.parse().map_err(|_| failed("is no URL"))?;
        if let Some(file) = self.token_file.as_ref().filter(|_| shows_token) {
            let token = read_token(file).map_err(|error| failed(&error.to_string()))?;
            let value = HeaderValue::from_str(&format!("Bearer {}", token.trim()));
            let mut value = value.map_err(|_| failed("its token_file has no token"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        let answer = self.origin.send(request).await;
        let answer = answer.map_err(|error| failed(&error.to_string()))?;
        if !answer.status().is_success() {
            return Err(failed(&format!("HTTP {}", answer.status())));
        }
        let body = Limited::new(answer.into_body(), LONGEST_ANSWER);
        let body = body.collect().await;
        let body = body.map_err(|error| failed(&error.to_string()))?.to_bytes();
        serde_json::from_slice(&body)
            .map_err(|error| failed(&format!("is not as expected: {error}")))
    }
}

fn host(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    uri.authority().map(|it| it.as_str().to_ascii_lowercase())
}
