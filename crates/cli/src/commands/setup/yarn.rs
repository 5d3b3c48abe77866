//! `codeartifact setup yarn`, for the project of the current directory. Yarn 2+ gets a plugin that asks us for the
//! header of each registry; Yarn 1, which has no such hook and reads `.npmrc`, gets a shim.
//! The lines of `.yarnrc.yml` are `yarnrc`'s to place.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::successor;
use codeartifact_auth::{Authenticator, Error};
use codeartifact_npm::YARN_PLUGIN;
use codeartifact_npm::registries::{self, CommandLine, Places};

use super::node::{self, Setting};
use super::plan::Plan;
use super::repository::Repository;
use super::step::output_of;
use super::{carry_out, link, shims, yarnrc};
use crate::arguments::SetupNodeArguments;
use crate::commands::authenticator;
use crate::output::{Output, Usage};

const CLIENT: &str = "yarn";
const NOT_ON_PATH: &str =
    "codeartifact: the plugin will not find `codeartifact-npm`: put its directory on PATH\n";
const COMMANDS: &[&str] = &["yarn", "yarnpkg"];

pub(super) fn run(
    arguments: &SetupNodeArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let authenticator = authenticator(environment)?;
    let yarn = Yarn {
        root: project(&std::env::current_dir()?),
        repository: node::named(arguments, &authenticator)?,
        arguments,
        authenticator: &authenticator,
        environment,
    };
    if arguments.common.undo {
        return yarn.undo();
    }
    match is_classic(&yarn.root)? {
        true => yarn.set_up_classic(),
        false => yarn.set_up(),
    }
}

/// What a set-up goes by.
struct Yarn<'a> {
    /// The project's directory.
    root: PathBuf,
    repository: Option<Repository>,
    arguments: &'a SetupNodeArguments,
    authenticator: &'a Authenticator,
    environment: &'a Environment,
}

impl Yarn<'_> {
    fn set_up(&self) -> anyhow::Result<Output> {
        let is_ours = |url: &str| self.authenticator.endpoint(url).is_ok();
        let repository = self.repository.as_ref();
        let additions = yarnrc::Additions {
            url: repository.map(|repository| repository.endpoint.root()),
            scopes: &self.arguments.scopes,
            default: self.arguments.default,
            is_ours: &is_ours,
        };
        let mut plan = Plan::default();
        plan.put(&self.plugin(), Some(YARN_PLUGIN))?;
        let mut remarks = String::new();
        plan.edit(&self.root.join(yarnrc::FILE), |text| {
            yarnrc::put(text, &self.mark(), &additions)?;
            remarks = yarnrc::remarks(text, &is_ours);
            Ok(())
        })?;
        if successor::find(OsStr::new(link::NPM), self.environment).is_none() {
            remarks += NOT_ON_PATH;
        }
        carry_out(plan, &self.arguments.common, CLIENT, remarks)
    }

    fn set_up_classic(&self) -> anyhow::Result<Output> {
        let mut plan = Plan::default();
        shims::plan(&mut plan, COMMANDS, self.environment)?;
        let settings = self.classic_settings()?;
        node::plan_settings(
            &mut plan,
            &self.root.join(".npmrc"),
            &self.mark(),
            &settings,
        )?;
        let remark = shims::remark(COMMANDS, self.environment)?;
        carry_out(plan, &self.arguments.common, CLIENT, remark)
    }

    /// Yarn 1 sends a token with packages that have no scope only under `always-auth`, and finds that in an `.npmrc`
    /// only (tried with 1.22.22). npm 11 warns about the key: it stands in this project alone.
    fn classic_settings(&self) -> anyhow::Result<Vec<Setting>> {
        let places = Places::of(&self.root, &CommandLine::default(), self.environment)?;
        let hosts = self.authenticator.connections().hosts();
        let hosts = hosts.map_err(Error::from)?;
        let search = registries::find(&places, &CommandLine::default(), hosts, self.environment);
        let found = search.found.into_iter().map(|found| found.endpoint.root());
        let named = self.repository.iter();
        let named = named.map(|repository| repository.endpoint.root());
        let mut urls: Vec<_> = found.chain(named).collect();
        urls.sort();
        urls.dedup();
        if urls.is_empty() {
            return Err(Usage::new(
                "this project names no CodeArtifact registry; name one, with --scope @my-scope or --default",
            )
            .into());
        }
        let registries = urls.iter().filter_map(|url| url.split_once(':'));
        let always = registries.map(|(_, rest)| (format!("{rest}:always-auth"), "true".to_owned()));
        let repository = self.repository.as_ref();
        let settings = repository.map(|it| node::registry_settings(self.arguments, it));
        Ok(settings.into_iter().flatten().chain(always).collect())
    }

    /// Of both kinds: the project may have moved from one to the other meanwhile.
    fn undo(&self) -> anyhow::Result<Output> {
        let mut plan = Plan::default();
        let mut is_left = false;
        plan.edit(&self.root.join(yarnrc::FILE), |text| {
            node::take_away(text, &self.mark())?;
            is_left = text
                .lines()
                .iter()
                .any(|line| line.contains(yarnrc::PLUGIN));
            Ok(())
        })?;
        node::plan_removal(&mut plan, &self.root.join(".npmrc"), &self.mark())?;
        if !is_left {
            plan.put(&self.plugin(), None)?;
        }
        if self.repository.is_none() {
            shims::plan_removal(&mut plan, COMMANDS, self.environment)?;
        }
        carry_out(plan, &self.arguments.common, CLIENT, String::new())
    }

    fn mark(&self) -> String {
        node::mark(CLIENT, self.repository.as_ref())
    }

    fn plugin(&self) -> PathBuf {
        self.root.join(yarnrc::PLUGIN)
    }
}

/// The directory whose `.yarnrc.yml` and lock file Yarn takes: the nearest that has one, else the nearest package.
fn project(start: &Path) -> PathBuf {
    let nearest = |names: &[&str]| {
        let mut directories = start.ancestors();
        directories.find(|directory| names.iter().any(|name| directory.join(name).exists()))
    };
    nearest(&[yarnrc::FILE, "yarn.lock"])
        .or_else(|| nearest(&["package.json"]))
        .unwrap_or(start)
        .to_owned()
}

/// Whether the project is one of Yarn 1. Where no file tells, yarn itself is asked.
fn is_classic(root: &Path) -> anyhow::Result<bool> {
    let lock = fs::read_to_string(root.join("yarn.lock")).unwrap_or_default();
    let package = fs::read_to_string(root.join("package.json")).unwrap_or_default();
    if root.join(yarnrc::FILE).exists() || lock.contains("__metadata:") {
        return Ok(false);
    }
    if lock.contains("# yarn lockfile v1") || package.contains("\"yarn@1.") {
        return Ok(true);
    }
    let version = output_of(Command::new("yarn").arg("--version").current_dir(root))?;
    Ok(version.starts_with(b"1."))
}

#[cfg(test)]
mod tests {
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
            assert_eq!(is_classic(root.path()).unwrap(), *expected, "{files:?}");
        }
    }

    #[test]
    fn the_project_is_the_nearest_directory_with_a_lock_file() {
        let root = tempfile::tempdir().unwrap();
        let package = root.path().join("packages/a");
        fs::create_dir_all(&package).unwrap();
        assert_eq!(project(&package), package);
        fs::write(package.join("package.json"), "{}").unwrap();
        assert_eq!(project(&package.join("src")), package);
        fs::write(root.path().join("yarn.lock"), "").unwrap();
        assert_eq!(project(&package), root.path());
    }
}
