//! The calls on versions and assets of generic packages: listed, read and published by the API alone.
//! Shapes are those of the service model; a package of another format is not found here.

use std::sync::PoisonError;

use bytes::Bytes;
use http::{HeaderValue, Response, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::describe;
use super::page::page_of;
use super::query::{Query, check, invalid, not_found};
use crate::domain::DomainId;
use crate::packages::{Generic, GenericVersion, PackageName};
use crate::reply::{self, Refusal};

pub(super) const FORMAT: &str = "generic";

const STATUSES: [&str; 6] = [
    "Published",
    "Unfinished",
    "Unlisted",
    "Archived",
    "Disposed",
    "Deleted",
];

/// The package that is asked about.
struct Asked {
    domain: DomainId,
    repository: String,
    name: PackageName,
}

/// Newest last, as they were published; here by name.
pub(super) fn versions(query: &Query<'_>) -> Result<Value, Refusal> {
    let asked = asked(query)?;
    let status = query.call.parameter("status");
    check(
        status
            .as_deref()
            .is_none_or(|name| STATUSES.contains(&name)),
        "status",
    )?;
    with(query, &asked, |generic| {
        let known = generic
            .versions(&asked.name)
            .ok_or_else(|| missing(&asked))?;
        let wanted = known.iter().filter(|(_, version)| {
            let is_it = |name: &str| name == version.status.name();
            status.as_deref().is_none_or(is_it)
        });
        let items = wanted.map(|(number, version)| {
            json!({
                "version": number, "revision": version.revision, "status": version.status.name(),
                "origin": { "originType": "INTERNAL" },
            })
        });
        let mut body = page_of(query, items.collect(), "versions")?;
        describe_package(&mut body, &asked);
        Ok(body)
    })
}

pub(super) fn assets(query: &Query<'_>) -> Result<Value, Refusal> {
    let asked = asked(query)?;
    let number = query.required("version")?;
    with(query, &asked, |generic| {
        let version = version(generic, &asked, &number)?;
        let items = version
            .assets
            .iter()
            .map(|(name, bytes)| summary(name, bytes));
        let mut body = page_of(query, items.collect(), "assets")?;
        describe_package(&mut body, &asked);
        body["version"] = json!(number);
        body["versionRevision"] = json!(version.revision);
        Ok(body)
    })
}

pub(super) fn asset(query: &Query<'_>) -> Result<Response<Bytes>, Refusal> {
    let asked = asked(query)?;
    let (number, name) = (query.required("version")?, query.required("asset")?);
    with(query, &asked, |generic| {
        let version = version(generic, &asked, &number)?;
        let bytes = version.assets.get(&name);
        let bytes = bytes.ok_or_else(|| not_found("Asset not found", "asset", &name))?;
        let mut response = Response::new(bytes.clone());
        let media_type = HeaderValue::from_static("application/octet-stream");
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
        reply::set(&mut response, "x-assetname", &name);
        reply::set(&mut response, "x-packageversion", &number);
        reply::set(&mut response, "x-packageversionrevision", &version.revision);
        Ok(response)
    })
}

pub(super) fn publish(query: &Query<'_>) -> Result<Value, Refusal> {
    let asked = asked(query)?;
    let (number, name) = (query.required("version")?, query.required("asset")?);
    let bytes = query.call.request.body().clone();
    let hash = hex::encode(Sha256::digest(&bytes));
    if query.call.header("x-amz-content-sha256") != Some(&hash) {
        return Err(invalid("'assetSHA256' is not that of the asset".to_owned()));
    }
    let unfinished = query
        .call
        .parameter("unfinished")
        .is_some_and(|value| value == "true");
    query.require_package(&asked.domain, &asked.repository, &path(&asked.name))?;
    let repository = describe::existing_repository(query, &asked.domain, &asked.repository)?;
    let generic = repository.packages.generic();
    let mut generic = generic.write().unwrap_or_else(PoisonError::into_inner);
    let summary = summary(&name, &bytes);
    let version = generic
        .publish(asked.name.clone(), &number, &name, bytes, unfinished)
        .map_err(|error| {
            Refusal::new(409, "ConflictException", error.to_string())
                .member("resourceId", &number)
                .member("resourceType", "package-version")
        })?;
    let mut body = json!({
        "version": number, "versionRevision": version.revision, "status": version.status.name(), "asset": summary,
    });
    describe_package(&mut body, &asked);
    Ok(body)
}

fn asked(query: &Query<'_>) -> Result<Asked, Refusal> {
    let format = query.required("format")?;
    check(format == FORMAT, "format")?;
    Ok(Asked {
        domain: query.domain()?,
        repository: query.repository()?,
        name: PackageName {
            namespace: query.required("namespace")?,
            package: query.required("package")?,
        },
    })
}

/// Answers from the packages of a repository that the caller may read.
fn with<T>(
    query: &Query<'_>,
    asked: &Asked,
    answer: impl FnOnce(&Generic) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    query.require_package(&asked.domain, &asked.repository, &path(&asked.name))?;
    let repository = describe::existing_repository(query, &asked.domain, &asked.repository)?;
    let generic = repository.packages.generic();
    answer(&generic.read().unwrap_or_else(PoisonError::into_inner))
}

fn version<'a>(
    generic: &'a Generic,
    asked: &Asked,
    number: &str,
) -> Result<&'a GenericVersion, Refusal> {
    let known = generic
        .versions(&asked.name)
        .ok_or_else(|| missing(asked))?;
    let missing = || not_found("Package version not found", "package-version", number);
    known.get(number).ok_or_else(missing)
}

fn missing(asked: &Asked) -> Refusal {
    not_found("Package not found", "package", &asked.name.package)
}

/// As a package's ARN has it.
fn path(name: &PackageName) -> String {
    format!("{FORMAT}/{}/{}", name.namespace, name.package)
}

fn describe_package(body: &mut Value, asked: &Asked) {
    body["format"] = json!(FORMAT);
    body["namespace"] = json!(asked.name.namespace);
    body["package"] = json!(asked.name.package);
}

pub(super) fn summary(name: &str, bytes: &Bytes) -> Value {
    json!({ "name": name, "size": bytes.len(), "hashes": { "SHA-256": hex::encode(Sha256::digest(bytes)) } })
}
