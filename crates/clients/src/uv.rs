//! uv: an index with `authenticate = "always"`, without which uv would not ask for a URL that names no user, and
//! `keyring-provider`. Ours comes first: uv takes a package from the first index that has it, and from no other.
//!
//! Source: uv's documentation, "HTTP credentials" and "Alternative indexes"; tried with uv 0.13.

mod edit;
mod judged;
mod read;
mod root;

use std::path::PathBuf;

use codeartifact_auth::endpoint::UrlParts;
use toml_edit::Document;

use crate::error::UsageError;
use crate::here::Here;
use crate::leftover::Leftovers;
use crate::netrc;
use crate::python::{self, Asks, NOTE, Python};
use crate::setting::Setting;
use crate::setup::Level;
use crate::trial::{self, Scratch, Trial};
use crate::variables::{Variables, plain, shouted};
use read::Index;

/// uv's indexes, as `NAME=URL` or URL.
const UV_INDEX: &str = "UV_INDEX";
/// The index of last resort.
const UV_DEFAULT_INDEX: &str = "UV_DEFAULT_INDEX";
/// The same by an older name.
const UV_INDEX_URL: &str = "UV_INDEX_URL";
/// Further indexes by an older name.
const UV_EXTRA_INDEX_URL: &str = "UV_EXTRA_INDEX_URL";
/// uv's way to a keyring: `disabled`, `subprocess`.
const UV_KEYRING_PROVIDER: &str = "UV_KEYRING_PROVIDER";
/// One configuration file, instead of all others.
const UV_CONFIG_FILE: &str = "UV_CONFIG_FILE";
/// Switches the configuration files off.
const UV_NO_CONFIG: &str = "UV_NO_CONFIG";

/// uv's room.
pub(crate) const UV: Python = Python {
    name: "uv",
    check: CHECK,
    about: "uv: an index that is always authenticated, and the `keyring` command it asks",
    notes: NOTE,
    has_project: true,
    asks: Asks::Command,
    file: |here, level| match level {
        Level::User => user_file(here),
        Level::Project => root::file(here),
    },
    edit: edit::edit,
    reads_bom: true,
    winning: &[
        UV_CONFIG_FILE,
        UV_NO_CONFIG,
        UV_DEFAULT_INDEX,
        UV_INDEX,
        UV_INDEX_URL,
        UV_EXTRA_INDEX_URL,
        UV_KEYRING_PROVIDER,
        "UV_PUBLISH_URL",
    ],
    passwords: &[
        "UV_PUBLISH_USERNAME",
        "UV_PUBLISH_TOKEN",
        "UV_INDEX_*_USERNAME",
    ],
    settings,
    require_harmless,
    variables,
    leftovers: Leftovers {
        sends: "uv sends it and asks no keyring",
        project: &["uv.toml"],
        others: &[("pyproject.toml", "uv and poetry send it and ask nobody")],
        published: &["uv.lock"],
        passwords: &["UV_INDEX_*_PASSWORD", "UV_PUBLISH_PASSWORD"],
        variables: &[UV_INDEX, UV_DEFAULT_INDEX, UV_INDEX_URL, UV_EXTRA_INDEX_URL],
        user: |here| {
            user_file(here)
                .into_iter()
                .chain(netrc::path(here.environment))
                .collect()
        },
    },
    findings: judged::findings,
    intended: |here| python::named_in(here, user_file(here)),
    trials,
    ..Python::EMPTY
};

const CHECK: &str = "client_uv";
const PROVIDER: &str = "keyring-provider";
/// An index, and a list of further ones, as files had them before `[[index]]`.
const OLDER: [&str; 2] = ["index-url", "extra-index-url"];

fn user_file(here: &Here<'_>) -> Option<PathBuf> {
    python::below_dot_config(here.environment, "uv/uv.toml")
}

fn variables(variables: &mut Variables<'_>) {
    let has_sources = variables.sources(UV.name).next().is_some();
    if let Some(target) = variables.target() {
        if !has_sources && variables.is_free(UV_INDEX_URL) {
            let index = format!("{}={}", plain(&target.name, '-'), target.index);
            variables.offer(UV_DEFAULT_INDEX, &index);
        }
        variables.publish([
            "UV_PUBLISH_URL",
            "UV_PUBLISH_USERNAME",
            "UV_PUBLISH_PASSWORD",
        ]);
    }
    variables.name_users("UV_INDEX", UV.name);
}

/// A project's own packages first: which index each comes from may be named there, and `uv pip` does not look.
fn trials(here: &Here<'_>, _: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
    let project = root::pyproject(here).filter(|file| {
        let document = Document::parse(file.text.clone());
        document.is_ok_and(|document| document.as_table().contains_key("project"))
    });
    let target = scratch.path("target");
    let lock = Trial::of(&["lock", "--dry-run", "--upgrade", "--no-cache"]);
    let install = Trial::of(&[
        "pip",
        "install",
        "--dry-run",
        "--no-cache",
        "--python",
        "python3",
        "--target",
        &target,
        trial::PACKAGE,
    ])
    .succeeding();
    let trials = project.map(|_| lock).into_iter().chain([install]);
    trials
        .map(|trial| trial.with("UV_PYTHON_DOWNLOADS", "never"))
        .collect()
}

fn require_harmless(here: &Here<'_>) -> anyhow::Result<()> {
    require_no_proxy(here)?;
    require_distinct_names(here)
}

/// A proxy of the project's can read what it passes on: the project can also ask by `http`, or trust any certificate
/// (`allow-insecure-host`).
fn require_no_proxy(here: &Here<'_>) -> anyhow::Result<()> {
    let Some((file, key)) = read::proxy(here) else {
        return Ok(());
    };
    Err(UsageError::new(format!(
        "{} leads uv through a proxy of the project's choosing ({key}), which could read the token\n  \
         hint: name the proxy in HTTPS_PROXY, or in your own uv.toml",
        file.display()
    ))
    .into())
}

/// uv's variables are named after indexes, and several names make one variable: `x-y`, `x_y`, `X.Y`.
fn require_distinct_names(here: &Here<'_>) -> anyhow::Result<()> {
    let (indexes, _) = read::all(here);
    let named = || {
        indexes
            .iter()
            .filter_map(|it| Some((it.name.as_deref()?, it)))
    };
    for (name, ours) in named().filter(|(_, it)| here.is_ours(&it.url)) {
        let host = |index: &Index| UrlParts::cut(&index.url).host_and_port.to_ascii_lowercase();
        let mut others = named();
        let is_taken = |(other, it): &(&str, &Index)| {
            shouted(other) == shouted(name) && host(it) != host(ours)
        };
        if let Some((other, _)) = others.find(is_taken) {
            return Err(UsageError::new(format!(
                "the indexes `{other}` and `{name}` are on two hosts, and uv has the same variables for both: UV_INDEX_{}_…\n  \
                 hint: rename one of them",
                shouted(name)
            ))
            .into());
        }
    }
    Ok(())
}

fn settings(here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    let (indexes, _) = read::ours(here);
    let found = indexes.into_iter().filter_map(|index| {
        Some(Setting {
            endpoint: here.endpoint(&index.url)?,
            name: index.name,
            origin: index.origin,
        })
    });
    Ok(found.collect())
}
