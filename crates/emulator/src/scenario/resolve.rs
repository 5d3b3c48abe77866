//! Makes the scenario of the file's tables: parses documents, makes packages, and names the place of every error.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use http::StatusCode;

use super::{
    Account, KeyPair, OidcProvider, Role, Scenario, ScenarioDomain, ScenarioRepository, User, file,
};
use crate::checksums::Checksums;
use crate::iam::{Policy, PolicyKind};
use crate::id_token::KeySet;
use crate::packages;

pub(super) fn scenario(file: file::ScenarioFile, folder: &Path) -> anyhow::Result<Scenario> {
    Ok(Scenario {
        accounts: named("accounts", file.accounts, |raw| account(raw, folder))?,
        hosts: file
            .hosts
            .into_iter()
            .map(|(host, url)| (host.to_ascii_lowercase(), url))
            .collect(),
        web_identities: file.web_identities,
        github: file.github,
        sso: file.sso,
        instance: file.instance,
        container: file.container,
        checksum_database: checksums(file.checksum_database, folder)?,
        faults: file.faults,
        token_size: file.token_size,
        npm_port: file.npm_port,
        go_endpoint: file.go_endpoint,
        redirect: file.redirect.map(redirect).transpose()?,
    })
}

fn redirect(status: u16) -> anyhow::Result<StatusCode> {
    let found = StatusCode::from_u16(status).ok();
    let found = found.filter(StatusCode::is_redirection);
    found.with_context(|| format!("redirect: {status} is no redirect"))
}

/// Resolves every entry of a table; an error names the entry.
fn named<T, U>(
    table: &str,
    entries: BTreeMap<String, T>,
    resolve: impl Fn(T) -> anyhow::Result<U>,
) -> anyhow::Result<BTreeMap<String, U>> {
    let resolved = entries.into_iter().map(|(name, raw)| {
        let value = resolve(raw).with_context(|| format!("{table}.{name}"))?;
        Ok((name, value))
    });
    resolved.collect()
}

fn account(raw: file::AccountTable, folder: &Path) -> anyhow::Result<Account> {
    Ok(Account {
        organization: raw.organization,
        root: raw.root,
        users: named("users", raw.users, |raw| user(raw, folder))?,
        roles: named("roles", raw.roles, |raw| role(raw, folder))?,
        domains: named("domains", raw.domains, |raw| domain(raw, folder))?,
        oidc_providers: named("oidc_providers", raw.oidc_providers, |raw| {
            provider(raw, folder)
        })?,
    })
}

/// This program signs for a provider that has no keys of its own.
fn provider(raw: file::ProviderTable, folder: &Path) -> anyhow::Result<OidcProvider> {
    let keys = match raw.jwks_file {
        Some(path) => KeySet::parse(&read(&folder.join(path))?).context("jwks_file")?,
        None => KeySet::own(),
    };
    Ok(OidcProvider {
        client_ids: raw.client_ids,
        keys,
    })
}

fn user(raw: file::UserTable, folder: &Path) -> anyhow::Result<User> {
    Ok(User {
        keys: KeyPair {
            access_key_id: raw.access_key_id,
            secret_access_key: raw.secret_access_key,
        },
        policies: permissions(&raw.policies, &raw.policy_files, folder)?,
        mfa: raw.mfa,
    })
}

fn role(raw: file::RoleTable, folder: &Path) -> anyhow::Result<Role> {
    let trust = document(
        "trust",
        raw.trust,
        raw.trust_file,
        PolicyKind::Trust,
        folder,
    )?;
    Ok(Role {
        trust: trust.context("trust is missing: a role needs a trust policy")?,
        policies: permissions(&raw.policies, &raw.policy_files, folder)?,
        max_session_duration: raw.max_session_duration,
    })
}

fn domain(raw: file::DomainTable, folder: &Path) -> anyhow::Result<ScenarioDomain> {
    let policy = document(
        "policy",
        raw.policy,
        raw.policy_file,
        PolicyKind::Resource,
        folder,
    )?;
    let repositories = named("repositories", raw.repositories, |raw| {
        repository(raw, folder)
    })?;
    Ok(ScenarioDomain {
        regions: raw.region.into_iter().chain(raw.regions).collect(),
        policy,
        repositories,
    })
}

fn repository(raw: file::RepositoryTable, folder: &Path) -> anyhow::Result<ScenarioRepository> {
    let packages = match raw.packages {
        Some(path) => packages::load(&folder.join(&path)).context("packages")?,
        None => packages::Packages::default(),
    };
    let policy = document(
        "policy",
        raw.policy,
        raw.policy_file,
        PolicyKind::Resource,
        folder,
    )?;
    Ok(ScenarioRepository {
        packages,
        description: raw.description,
        policy,
        upstreams: raw.upstreams,
        public: raw.public,
        checksum_database: raw.checksum_database,
    })
}

fn checksums(
    raw: Option<file::ChecksumDatabase>,
    folder: &Path,
) -> anyhow::Result<Option<Checksums>> {
    let load = |raw: file::ChecksumDatabase| {
        let host = raw.host.to_ascii_lowercase();
        Checksums::load(host, &folder.join(raw.packages)).context("checksum_database")
    };
    raw.map(load).transpose()
}

fn permissions(texts: &[String], files: &[PathBuf], folder: &Path) -> anyhow::Result<Vec<Policy>> {
    let inline = texts.iter().map(|text| Ok(Cow::Borrowed(text.as_str())));
    let read = files
        .iter()
        .map(|path| read(&folder.join(path)).map(Cow::Owned));
    let parsed = inline.chain(read).enumerate().map(|(index, text)| {
        Policy::parse(&text?, PolicyKind::Identity).with_context(|| format!("policy {}", index + 1))
    });
    parsed.collect()
}

fn document(
    name: &str,
    text: Option<String>,
    file: Option<PathBuf>,
    kind: PolicyKind,
    folder: &Path,
) -> anyhow::Result<Option<Policy>> {
    let text = match (text, file) {
        (Some(_), Some(_)) => bail!("{name} and {name}_file cannot both be given"),
        (Some(text), None) => text,
        (None, Some(path)) => read(&folder.join(path))?,
        (None, None) => return Ok(None),
    };
    Policy::parse(&text, kind)
        .map(Some)
        .with_context(|| name.to_owned())
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
