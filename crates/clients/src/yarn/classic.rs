//! A project of Yarn 1: how it is told, and what a setup writes for it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;

use super::{COMMANDS, NAME, yarnrc};
use crate::error::UsageError;
use crate::here::{self, Here};
use crate::link;
use crate::node::settings::{self, KeyValue};
use crate::node::{NPMRC, shims, without_scheme};
use crate::plan::{Plan, output_of};
use crate::setup::{Repository, Setup};

pub(super) fn write(
    plan: &mut Plan,
    setup: &Setup<'_>,
    root: &Path,
    repository: Option<&Repository>,
) -> anyhow::Result<()> {
    shims::plan(plan, link::NPM, COMMANDS, setup.here.environment)?;
    let settings = wanted(setup, root, repository)?;
    let marks = settings::marks(NAME, repository);
    let file = root.join(NPMRC);
    settings::plan_settings(plan, &file, setup.here.environment, &marks, &settings)
}

/// Yarn 1 sends a token with packages that have no scope only under `always-auth`, and finds that in an `.npmrc`
/// only (tried with 1.22.22). npm 11 warns about the key: it is in this project alone.
fn wanted(
    setup: &Setup<'_>,
    root: &Path,
    repository: Option<&Repository>,
) -> anyhow::Result<Vec<KeyValue>> {
    let there = Here::at(root.to_owned(), setup.here.environment);
    let found = there.registries()?.1.found.iter();
    let found = found.map(|found| found.endpoint.root());
    let named = repository.map(|repository| repository.endpoint.root());
    let mut urls: Vec<_> = found.chain(named).collect();
    urls.sort();
    urls.dedup();
    if urls.is_empty() {
        return Err(UsageError::new(
            "this project names no CodeArtifact registry; name one, with --scope @my-scope or --default",
        )
        .into());
    }
    let always = urls.iter().map(|url| without_scheme(url));
    let always = always.map(|registry| (format!("{registry}:always-auth"), "true".to_owned()));
    let settings = repository.map(|it| settings::registry_settings(setup.options, it));
    Ok(settings.into_iter().flatten().chain(always).collect())
}

/// Tells if the project is one of Yarn 1. Where no file tells, yarn itself is asked.
pub(super) fn is_meant(root: &Path, environment: &Environment) -> anyhow::Result<bool> {
    let [lock, package] = ["yarn.lock", "package.json"].map(|name| {
        let file = here::read(&root.join(name));
        file.map(|file| file.text).unwrap_or_default()
    });
    if root.join(yarnrc::FILE).exists() || lock.contains("__metadata:") {
        return Ok(false);
    }
    if lock.contains("# yarn lockfile v1") || package.contains("\"yarn@1.") {
        return Ok(true);
    }
    let yarn = next_on_path::find(OsStr::new(NAME), environment).context("yarn is not on PATH")?;
    let version = output_of(Command::new(yarn).arg("--version").current_dir(root))?;
    Ok(version.starts_with(b"1."))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn a_project_s_files_tell_which_yarn_it_is_of() {
        let rows: &[(&[(&str, &str)], bool)] = &[
            (
                &[(".yarnrc.yml", ""), ("yarn.lock", "# yarn lockfile v1\n")],
                false,
            ),
            (&[("yarn.lock", "__metadata:\n  version: 10\n")], false),
            (&[("yarn.lock", "# THIS IS\n# yarn lockfile v1\n")], true),
            (
                &[("package.json", r#"{"packageManager": "yarn@1.22.22"}"#)],
                true,
            ),
        ];
        for (files, expected) in rows {
            let root = tempfile::tempdir().unwrap();
            for (name, text) in *files {
                fs::write(root.path().join(name), text).unwrap();
            }
            let environment = Environment::fixed(&[], root.path().to_owned(), Timestamp(0));
            let found = is_meant(root.path(), &environment);
            assert_eq!(found.unwrap(), *expected, "{files:?}");
        }
    }
}
