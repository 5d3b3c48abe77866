//! Go modules out of generic packages. AWS has no format for Go: below `/go/REPOSITORY/`, where nothing else would answer,
//! this answers as a Go proxy does (`go help goproxy`), from what CodeArtifact's API has of generic packages. Where a host
//! of the user's own stands in front of the domain, a real Go proxy is behind it, and nothing is done here.
//!
//! A module is a package of namespace `goxm`; its versions have the assets `VERSION.info`, `VERSION.mod` and `VERSION.zip`
//! (goxm's layout). go takes a 404 for "ask the next proxy", so a module that is the connection's own gets a 403 instead:
//! its name goes nowhere else.

mod hashed;
mod module;
mod pattern;
pub(crate) mod plain;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use codeartifact_auth::connection::GO_NAMESPACE;
use http::{HeaderValue, Method, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};

use self::hashed::Hashed;
pub use self::module::package;
use self::module::{Asked, Part, Wanted};
use super::api::{Api, Asset, Failed, Package};
use super::body::{self, Body};
use super::keep::{self, Keep};
use super::memory::Memory;
use super::reach::Room;
use super::refusal::Refusal;

/// go waits for a proxy without a limit, people do not.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A list may miss a version that was published a moment ago.
const LIST_LIFE: Duration = Duration::from_secs(60);

/// What is published does not change; what is disposed of is missed for no longer than this.
const VERSION_LIFE: Duration = Duration::from_secs(60 * 60);

/// The largest `.info` or `.mod`: as go has it (golang.org/x/mod/zip, `MaxGoMod`).
const LARGEST_TEXT: usize = 16 << 20;

/// The files of a version by name.
type Assets = BTreeMap<String, Asset>;

/// Serves the modules of a connection.
pub(crate) struct Modules {
    /// Patterns as in GOPRIVATE.
    private: Vec<String>,
    lists: Memory<Package, Option<Arc<Vec<String>>>>,
    versions: Memory<(Package, String), Option<Arc<Assets>>>,
    texts: Memory<(Package, String), Bytes>,
}

/// One request's answer, and what it takes.
struct Answering<'a> {
    modules: &'a Modules,
    api: Api<'a>,
    keep: Option<&'a Keep>,
    package: Package,
    asked: &'a Asked,
}

impl Modules {
    pub(crate) fn new(private: Vec<String>) -> Self {
        Self {
            private,
            lists: Memory::new(LIST_LIFE),
            versions: Memory::new(VERSION_LIFE),
            texts: Memory::new(VERSION_LIFE),
        }
    }

    /// Answers a request for a path below `/go/REPOSITORY/`.
    ///
    /// # Errors
    /// It writes, the module is the connection's own and not there, or AWS cannot be asked.
    pub(crate) async fn answer(
        &self,
        api: Api<'_>,
        keep: Option<&Keep>,
        room: &Room,
        method: &Method,
        rest: &str,
    ) -> Result<Response<Body>, Refusal> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Err(Refusal::Module(format!(
                "{method} is not a way to publish a module\n  hint: run `codeartifact go publish`"
            )));
        }
        let Some(asked) = Asked::parse(rest) else {
            return Ok(not_found(&format!("{rest} is no path of a Go proxy\n")));
        };
        let answering = Answering {
            modules: self,
            api,
            keep,
            package: Package {
                domain: room.domain.clone(),
                repository: room.repository.clone(),
                format: "generic",
                namespace: Some(GO_NAMESPACE),
                name: asked.package(),
            },
            asked: &asked,
        };
        match answering.answer(*method == Method::HEAD).await? {
            Some(response) => Ok(response),
            None => self.missing(room, &asked.module),
        }
    }

    fn missing(&self, room: &Room, module: &str) -> Result<Response<Body>, Refusal> {
        let what = format!("{module} is not in repository {}", room.repository);
        if !pattern::fits_any(&self.private, module) {
            return Ok(not_found(&format!("{what}\n")));
        }
        Err(Refusal::Module(format!(
            "{what}, and no other proxy is asked for it: it is one of go_private\n  \
             hint: publish it with `codeartifact go publish`, or check the module's path and version"
        )))
    }
}

impl Answering<'_> {
    async fn answer(&self, head_only: bool) -> Result<Option<Response<Body>>, Refusal> {
        match &self.asked.wanted {
            Wanted::List => {
                let versions = self.versions().await?;
                Ok(versions.map(|versions| text(module::list(&versions))))
            }
            Wanted::Latest => {
                let versions = self.versions().await?;
                match versions.as_deref().and_then(|known| module::newest(known)) {
                    Some(version) => self.file(version, Part::Info, head_only).await,
                    None => Ok(None),
                }
            }
            Wanted::File(version, part) => self.file(version, *part, head_only).await,
        }
    }

    async fn versions(&self) -> Result<Option<Arc<Vec<String>>>, Refusal> {
        let fetch = async {
            let versions = self.api.versions(&self.package).await.map_err(refusal)?;
            Ok(versions.map(Arc::new))
        };
        self.modules.lists.get(self.package.clone(), fetch).await
    }

    async fn file(
        &self,
        version: &str,
        part: Part,
        head_only: bool,
    ) -> Result<Option<Response<Body>>, Refusal> {
        let key = (self.package.clone(), version.to_owned());
        let fetch = async {
            let assets = self.api.assets(&self.package, version).await;
            let assets = assets.map_err(refusal)?;
            Ok(assets.map(Arc::new))
        };
        let Some(assets) = self.modules.versions.get(key, fetch).await? else {
            return Ok(None);
        };
        // The archive is published last: without it the rest is not finished.
        let is_whole = assets.contains_key(&Part::Zip.name(version));
        let name = part.name(version);
        let Some(asset) = assets.get(&name).filter(|_| is_whole) else {
            return Ok(None);
        };
        if head_only {
            return Ok(Some(with_length(body::empty(), part, asset.size)));
        }
        if part == Part::Zip {
            return self.archive(version, &name, asset).await;
        }
        let text = self.text(version, &name, asset).await?;
        Ok(Some(with_length(body::text(text), part, asset.size)))
    }

    /// Passes through in pieces: it may be 500 MB.
    async fn archive(
        &self,
        version: &str,
        name: &str,
        asset: &Asset,
    ) -> Result<Option<Response<Body>>, Refusal> {
        let whole = |body| Some(with_length(body, Part::Zip, asset.size));
        let key = format!("{}/{version}/{name}", self.package.key());
        let kept = self.keep.zip(keep::sha256(&asset.sha256));
        if let Some((keep, sha256)) = &kept
            && let Some((body, _)) = keep.read_known(&key, sha256).await
        {
            return Ok(whole(body));
        }
        let found = self.api.asset(&self.package, version, name).await;
        let Some(found) = found.map_err(refusal)? else {
            return Ok(None);
        };
        let body = Hashed::new(found.into_body(), asset.sha256.clone());
        Ok(whole(match kept {
            Some((keep, sha256)) => keep.pass(&key, sha256, None, body.boxed_unsync()).await,
            None => body.boxed_unsync(),
        }))
    }

    async fn text(&self, version: &str, name: &str, asset: &Asset) -> Result<Bytes, Refusal> {
        let key = (self.package.clone(), name.to_owned());
        let fetch = async {
            let found = self.api.asset(&self.package, version, name).await;
            let found = found.map_err(refusal)?;
            let found = found.ok_or_else(|| unusable("an asset that it lists is not there"))?;
            let body = Hashed::new(found.into_body(), asset.sha256.clone());
            let read = Limited::new(body, LARGEST_TEXT).collect().await;
            Ok(read
                .map_err(|error| unusable(&error.to_string()))?
                .to_bytes())
        };
        self.modules.texts.get(key, fetch).await
    }
}

fn refusal(failed: Failed) -> Refusal {
    match failed {
        Failed::Denied(words) => Refusal::Module(format!(
            "CodeArtifact refuses to read the module\n  AWS: {words}\n  \
             hint: `codeartifact policy` writes the permissions that modules for Go need"
        )),
        Failed::Busy(words) => Refusal::Busy(format!(
            "CodeArtifact gets more calls for generic packages than the account's quota allows\n  AWS: {words}\n  \
             hint: try again later, or have the quota raised"
        )),
        Failed::NoSession(words) => Refusal::Failed(words),
        Failed::Unusable(reason) => unusable(&reason),
    }
}

/// CodeArtifact's answer does not say what was asked.
fn unusable(reason: &str) -> Refusal {
    Refusal::Failed(format!(
        "codeartifact proxy: CodeArtifact's API: {reason}\n  hint: run `codeartifact test` outside of the build"
    ))
}

fn with_length(body: Body, part: Part, length: u64) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, length.into());
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(part.media_type()),
    );
    response
}

fn text(text: String) -> Response<Body> {
    let length = u64::try_from(text.len()).unwrap_or_default();
    with_length(body::text(text), Part::Mod, length)
}

fn not_found(words: &str) -> Response<Body> {
    let mut response = text(format!("not found: {words}"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
