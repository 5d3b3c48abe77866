//! The three calls of CodeArtifact's API that read packages: versions, their files with hashes, and a file. Throttled, they
//! are made again for a while: 50 assets and 200 lists a second are what an account and Region has for everybody.
//! Shapes: the service model of CodeArtifact, 2018-09-22.

mod sign;

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use codeartifact_auth::endpoint::Domain;
use http::{Method, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use serde::Deserialize;
use tokio::time::Instant;

use super::origin::Origin;
use super::tokens::Sessions;
use sign::Call;

const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// A page of a thousand versions has 200 KB.
const LARGEST_ANSWER: usize = 1 << 20;

/// A repository's package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Package {
    pub(crate) domain: Domain,
    pub(crate) repository: String,
    pub(crate) format: &'static str,
    pub(crate) namespace: Option<&'static str>,
    pub(crate) name: String,
}

/// Why a call has no answer; AWS's own words, if it said any.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The session may not make it.
    Denied(String),
    /// An account's quota is used up.
    Busy(String),
    /// There is no session, in words for a person.
    NoSession(String),
    /// The answer does not say what was asked.
    Unusable(String),
}

impl Package {
    /// Its name among all that is kept.
    pub(crate) fn key(&self) -> String {
        let domain = &self.domain;
        let place = [
            &domain.owner,
            &domain.region,
            &domain.name,
            &self.repository,
        ];
        let place = place.map(String::as_str).join("/");
        format!("{place}/{}/{}", self.format, self.name)
    }
}

/// A file of a version, as it is listed.
#[derive(Debug, Clone)]
pub(crate) struct Asset {
    pub(crate) size: u64,
    /// In hexadecimal digits.
    pub(crate) sha256: String,
}

pub(crate) struct Api<'a> {
    pub(crate) sessions: &'a Sessions,
    pub(crate) origin: &'a Origin,
    /// How long a throttled call is made again.
    pub(crate) patience: Duration,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default)]
    versions: Vec<ListedVersion>,
    #[serde(default)]
    assets: Vec<ListedAsset>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
struct ListedVersion {
    version: String,
}

#[derive(Deserialize)]
struct ListedAsset {
    name: String,
    size: u64,
    hashes: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
struct AwsError {
    #[serde(default)]
    message: String,
}

impl Api<'_> {
    /// The published versions; `None`: there is no such package.
    pub(crate) async fn versions(&self, package: &Package) -> Result<Option<Vec<String>>, Failed> {
        let call = Call {
            method: Method::POST,
            path: "/v1/package/versions",
            query: [package.query(), vec![("status", "Published")]].concat(),
        };
        let pages = self.pages(&package.domain, call).await?;
        let versions = |page: Page| page.versions.into_iter().map(|listed| listed.version);
        Ok(pages.map(|pages| pages.into_iter().flat_map(versions).collect()))
    }

    /// The files of a version by name; `None`: there is no such version.
    pub(crate) async fn assets(
        &self,
        package: &Package,
        version: &str,
    ) -> Result<Option<BTreeMap<String, Asset>>, Failed> {
        let call = Call {
            method: Method::POST,
            path: "/v1/package/version/assets",
            query: [package.query(), vec![("version", version)]].concat(),
        };
        let pages = self.pages(&package.domain, call).await?;
        let assets = |page: Page| page.assets.into_iter().filter_map(ListedAsset::into_asset);
        Ok(pages.map(|pages| pages.into_iter().flat_map(assets).collect()))
    }

    /// A file.
    pub(crate) async fn asset(
        &self,
        package: &Package,
        version: &str,
        name: &str,
    ) -> Result<Option<Response<Incoming>>, Failed> {
        let call = Call {
            method: Method::GET,
            path: "/v1/package/version/asset",
            query: [package.query(), vec![("version", version), ("asset", name)]].concat(),
        };
        self.send(&package.domain, &call).await
    }

    async fn pages(&self, domain: &Domain, call: Call<'_>) -> Result<Option<Vec<Page>>, Failed> {
        let mut pages = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let mut query = call.query.clone();
            query.extend(next.as_deref().map(|token| ("next-token", token)));
            let this = Call {
                method: call.method.clone(),
                path: call.path,
                query,
            };
            let Some(answer) = self.send(domain, &this).await? else {
                return Ok(None);
            };
            let page: Page = serde_json::from_slice(&whole(answer).await?)
                .map_err(|error| unusable(&error.to_string()))?;
            let token = page.next_token.clone();
            pages.push(page);
            // A service that turns to the same page again would never end.
            if token.is_none() || token == next {
                return Ok(Some(pages));
            }
            next = token;
        }
    }

    /// `None`: AWS does not have it.
    async fn send(
        &self,
        domain: &Domain,
        call: &Call<'_>,
    ) -> Result<Option<Response<Incoming>>, Failed> {
        let deadline = Instant::now() + self.patience;
        let mut pause = FIRST_PAUSE;
        loop {
            let now = UNIX_EPOCH + Duration::from_secs(self.sessions.now().0);
            let session = self.sessions.get(domain).await.map_err(Failed::NoSession)?;
            let request = call.sign(&session, &domain.region, now);
            let request = request.map_err(|error| unusable(&error.to_string()))?;
            let answer = self.origin.send(request).await;
            let answer = answer.map_err(|error| unusable(&format!("no answer: {error}")))?;
            match answer.status() {
                StatusCode::OK => return Ok(Some(answer)),
                StatusCode::NOT_FOUND => return Ok(None),
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
                    if Instant::now() + pause < deadline =>
                {
                    tokio::time::sleep(jittered(pause)).await;
                    pause *= 2;
                }
                status => return Err(refused(status, &whole(answer).await?)),
            }
        }
    }
}

impl Package {
    fn query(&self) -> Vec<(&'static str, &str)> {
        let mut query = vec![
            ("domain", self.domain.name.as_str()),
            ("domain-owner", &self.domain.owner),
            ("repository", &self.repository),
            ("format", self.format),
            ("package", &self.name),
        ];
        query.extend(self.namespace.map(|name| ("namespace", name)));
        query
    }
}

impl ListedAsset {
    fn into_asset(mut self) -> Option<(String, Asset)> {
        let sha256 = self.hashes.remove("SHA-256")?.to_ascii_lowercase();
        let size = self.size;
        Some((self.name, Asset { size, sha256 }))
    }
}

async fn whole(answer: Response<Incoming>) -> Result<Bytes, Failed> {
    let body = Limited::new(answer.into_body(), LARGEST_ANSWER)
        .collect()
        .await;
    Ok(body
        .map_err(|error| unusable(&error.to_string()))?
        .to_bytes())
}

/// Half of it at least, so that those who were refused together do not come back together.
fn jittered(pause: Duration) -> Duration {
    let mut byte = [0];
    let _ = getrandom::fill(&mut byte);
    pause / 2 + pause * u32::from(byte[0]) / 512
}

fn refused(status: StatusCode, body: &[u8]) -> Failed {
    let error: AwsError = serde_json::from_slice(body).unwrap_or_default();
    let words = codeartifact_auth::visible::one_line(&error.message);
    match status {
        StatusCode::FORBIDDEN => Failed::Denied(words),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Failed::Busy(words),
        _ => unusable(&format!("{status}: {words}")),
    }
}

fn unusable(reason: &str) -> Failed {
    Failed::Unusable(reason.to_owned())
}
