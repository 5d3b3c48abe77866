//! The calls that only tell something: endpoints, domains, repositories. They need permissions of their own,
//! which a reader role does without.

use serde_json::{Value, json};

use super::page::{page, page_of};
use super::query::{Query, invalid, not_found};
use crate::domain::DomainId;
use crate::reply::Refusal;
use crate::scenario;

/// Formats that GetRepositoryEndpoint knows; AWS has no `go`.
const FORMATS: [&str; 8] = [
    "npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo",
];

/// Everything here was created at the same moment, long ago.
const CREATED: f64 = 1_704_067_200.0;

pub(super) fn repository_endpoint(query: &Query<'_>) -> Result<Value, Refusal> {
    let (domain, repository) = (query.domain()?, query.repository()?);
    let format = query.required("format")?;
    if !FORMATS.contains(&format.as_str()) {
        return Err(invalid(format!(
            "'format' must be one of {}",
            FORMATS.join(", ")
        )));
    }
    query.require_repository(&domain, &repository)?;
    existing_repository(query, &domain, &repository)?;
    let DomainId {
        name,
        owner,
        region,
    } = &domain;
    let host = match query.call.parameter("endpointType").as_deref() {
        None | Some("ipv4") => format!("{name}-{owner}.d.codeartifact.{region}.amazonaws.com"),
        Some("dualstack") => format!("{name}-{owner}.codeartifact.{region}.on.aws"),
        Some(_) => {
            return Err(invalid(
                "'endpointType' must be one of ipv4, dualstack".to_owned(),
            ));
        }
    };
    Ok(json!({ "repositoryEndpoint": format!("https://{host}/{format}/{repository}/") }))
}

pub(super) fn domain(query: &Query<'_>) -> Result<Value, Refusal> {
    let domain = query.domain()?;
    query.require_domain(&domain)?;
    let known = query.existing(&domain)?;
    let mut description = domain_summary(&domain);
    description["repositoryCount"] = json!(known.repositories.len());
    description["assetSizeBytes"] = json!(0);
    description["s3BucketArn"] = json!(format!(
        "arn:aws:s3:::assets-193858265520-{}",
        domain.region
    ));
    Ok(json!({ "domain": description }))
}

pub(super) fn repository(query: &Query<'_>) -> Result<Value, Refusal> {
    let (domain, name) = (query.domain()?, query.repository()?);
    query.require_repository(&domain, &name)?;
    let known = existing_repository(query, &domain, &name)?;
    let upstreams: Vec<Value> = known
        .upstreams
        .iter()
        .map(|name| json!({ "repositoryName": name }))
        .collect();
    let mut description = repository_summary(&domain, &name, known);
    description["upstreams"] = Value::Array(upstreams);
    description["externalConnections"] = json!([]);
    Ok(json!({ "repository": description }))
}

/// Only domains of the caller's own account are listed.
pub(super) fn domains(query: &Query<'_>) -> Result<Value, Refusal> {
    let owner = &query.signer.principal.account;
    query.require(&query.action, "*", owner, None, &query.context())?;
    let account = query.emulator.scenario.accounts.get(owner);
    let domains = account.iter().flat_map(|account| &account.domains);
    let here =
        domains.filter(|(_, domain)| domain.regions.iter().any(|region| region == query.region));
    let items = here.map(|(name, _)| {
        domain_summary(&DomainId {
            name: name.clone(),
            owner: owner.clone(),
            region: query.region.to_owned(),
        })
    });
    let body: Value = serde_json::from_slice(query.call.request.body()).unwrap_or_default();
    let max = body["maxResults"].as_i64().map(|max| max.to_string());
    let items = items.collect();
    page(items, "domains", max.as_deref(), body["nextToken"].as_str())
}

pub(super) fn repositories(query: &Query<'_>) -> Result<Value, Refusal> {
    let domain = query.domain()?;
    query.require_domain(&domain)?;
    let known = query.existing(&domain)?;
    let prefix = query
        .call
        .parameter("repository-prefix")
        .unwrap_or_default();
    // All repositories of a domain here are administered by its owner.
    let administrator = query.call.parameter("administrator-account");
    let owned = administrator.is_none_or(|account| account == domain.owner);
    let repositories = known.repositories.iter();
    let matching = repositories.filter(|(name, _)| owned && name.starts_with(&prefix));
    let items = matching
        .map(|(name, known)| repository_summary(&domain, name, known))
        .collect();
    page_of(query, items, "repositories")
}

pub(super) fn existing_repository<'a>(
    query: &Query<'a>,
    domain: &DomainId,
    name: &str,
) -> Result<&'a scenario::ScenarioRepository, Refusal> {
    let missing = || {
        not_found(
            &format!("Repository not found. Repository name: {name}"),
            "repository",
            name,
        )
    };
    query
        .existing(domain)?
        .repositories
        .get(name)
        .ok_or_else(missing)
}

fn domain_summary(domain: &DomainId) -> Value {
    json!({
        "name": domain.name,
        "owner": domain.owner,
        "arn": domain.arn(),
        "status": "Active",
        "createdTime": CREATED,
        "encryptionKey": format!("arn:aws:kms:{}:{}:key/00000000-0000-4000-8000-000000000000", domain.region, domain.owner),
    })
}

fn repository_summary(
    domain: &DomainId,
    name: &str,
    known: &scenario::ScenarioRepository,
) -> Value {
    json!({
        "name": name,
        "administratorAccount": domain.owner,
        "domainName": domain.name,
        "domainOwner": domain.owner,
        "arn": domain.repository_arn(name),
        "description": known.description.clone().unwrap_or_default(),
        "createdTime": CREATED,
    })
}
