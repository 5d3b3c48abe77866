//! Answers the questions of the trait for all clients of the npm family.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::{Endpoint, Format};
use codeartifact_auth::error::Exit;

use super::registries::{self, RUSH_NPMRC, Search};
use super::said::Said;
use super::user::UserNpmrc;
use super::{CHECK, LOGINS, NPMRC, elsewhere, shims};
use crate::finding::Finding;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::plan::Plan;
use crate::setting::{Origin, Setting};
use crate::setup::Setup;
use crate::trial::{self, Scratch, Trial};
use crate::{Client, Help, SetupOption};

/// A client of the npm family: what differs are these fields.
pub(crate) struct Node {
    pub(crate) name: &'static str,
    /// A line for `setup --help`.
    pub(crate) about: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) write: fn(&mut Plan, &Setup<'_>) -> anyhow::Result<()>,
    pub(crate) undo: fn(&mut Plan, &Setup<'_>) -> anyhow::Result<()>,
    pub(crate) leftovers: Leftovers,
    pub(crate) findings: fn(&Here<'_>, &Search) -> Vec<Finding>,
    /// Finds what fails although an install works.
    pub(crate) risks: fn(&Here<'_>, &Search) -> Vec<Finding>,
    /// The commands that its setup makes shims for, where it cannot do without.
    pub(crate) shims: fn(&Here<'_>) -> &'static [&'static str],
    /// Asks the client itself; none where it cannot be asked.
    pub(crate) said: fn(&Here<'_>) -> Option<Said>,
    /// Files and beginnings of variables from which it takes registries.
    pub(crate) reads: fn(&Here<'_>) -> &'static [&'static str],
    /// One registry may be sent a token for a scope's packages and none for others.
    pub(crate) has_scoped_logins: bool,
    /// Asks for a package.
    pub(crate) trial: fn(&str, &Here<'_>, &Scratch<'_>) -> Option<Trial>,
}

impl Client for Node {
    fn name(&self) -> &'static str {
        self.name
    }

    fn check(&self) -> &'static str {
        CHECK
    }

    fn format(&self) -> Format {
        Format::Npm
    }

    fn help(&self) -> Help {
        Help {
            about: self.about,
            notes: self.notes,
            options: &[SetupOption::Scopes],
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        let read = settings_in((self.reads)(here), here)?;
        let said = (self.said)(here);
        Ok(said.map_or_else(|| read.clone(), |said| said.settings(&read, here)))
    }

    /// Returns what its files name although it would ask another host.
    fn intended(&self, here: &Here<'_>) -> Vec<Setting> {
        settings_in((self.reads)(here), here).unwrap_or_default()
    }

    fn trials(&self, here: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
        let packages = packages(settings).into_iter();
        packages
            .filter_map(|package| (self.trial)(&package, here, scratch))
            .collect()
    }

    fn tries_packages(&self) -> bool {
        self.has_scoped_logins
    }

    fn unreached(&self, here: &Here<'_>) -> Option<Finding> {
        let shims::Unreached { why, hint } =
            shims::unreached((self.shims)(here), here.environment)?;
        let failed = Finding::failed(CHECK, self.name, why, Exit::Configuration);
        Some(failed.hint(hint))
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        (self.write)(plan, setup)
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        (self.undo)(plan, setup)
    }

    fn leftovers(&self) -> &Leftovers {
        &self.leftovers
    }

    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        let searched = here.registries().ok();
        searched.map_or_else(Vec::new, |(_, search)| (self.findings)(here, search))
    }

    fn reason(&self, here: &Here<'_>, _: Option<&str>) -> Option<Finding> {
        let (why, hint) = without_corepack_token(here).or_else(|| {
            let winner = shims::winner(&[self.name], here.environment)?;
            Some((winner.why, winner.hint))
        })?;
        let failed = Finding::failed(CHECK, self.name, why, Exit::Configuration);
        Some(failed.hint(hint))
    }

    fn caveat(&self, here: &Here<'_>) -> Option<Finding> {
        let reads_npmrc = (self.reads)(here).contains(&NPMRC);
        let text = if reads_npmrc {
            elsewhere::of_npmrc(here)?
        } else {
            elsewhere::of_yarn(here)?
        };
        Some(Finding::ok(CHECK, self.name, text))
    }

    fn risks(&self, here: &Here<'_>) -> Vec<Finding> {
        let winner = shims::winner(&[self.name], here.environment);
        let warn = |it: shims::Unreached| Finding::warning(CHECK, self.name, it.why).hint(it.hint);
        let searched = here.registries().ok();
        let own = searched.map(|(_, search)| (self.risks)(here, search));
        let own = own.into_iter().flatten();
        winner.map(warn).into_iter().chain(own).collect()
    }

    /// The same files for all of them: whichever comes first finds their tokens.
    fn log_out(
        &self,
        here: &Here<'_>,
        is_meant: &dyn Fn(&Endpoint) -> bool,
    ) -> anyhow::Result<Vec<PathBuf>> {
        let Ok((_, search)) = here.registries() else {
            return Ok(Vec::new());
        };
        let mut cleaned = Vec::new();
        for file in search.token_files.all() {
            let npmrc = UserNpmrc::at(file.to_owned(), here.environment);
            if npmrc.log_out(here.hosts(), is_meant)? {
                cleaned.push(npmrc.path);
            }
        }
        Ok(cleaned)
    }
}

/// corepack fetches the client itself from the registry, and reads no file for its token. Returns why, and what to do.
fn without_corepack_token(here: &Here<'_>) -> Option<(String, String)> {
    let registry = here.environment.text(registries::COREPACK_REGISTRY)?;
    let has_token = here.environment.text(registries::COREPACK_TOKEN).is_some();
    (here.is_ours(&registry) && !has_token).then(|| {
        let text = format!(
            "corepack fetches it from {}, and {} is not set",
            registries::COREPACK_REGISTRY,
            registries::COREPACK_TOKEN
        );
        let hint = "start it by `codeartifact-npm exec -- …`, which sets the token";
        (text, hint.to_owned())
    })
}

/// The registries that a client takes from these files and variables.
fn settings_in(reads: &[&str], here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    let (_, search) = here.registries()?;
    let files = &search.token_files;
    let is_users = |file: &Path| {
        let is_pnpms = reads.contains(&LOGINS) && files.pnpm.as_deref() == Some(file);
        reads.contains(&NPMRC) && file == files.npmrc || is_pnpms
    };
    let is_read = |setting: &Setting| match &setting.origin {
        Origin::File(file, _) => is_users(file) || reads.iter().any(|name| file.ends_with(name)),
        Origin::Variable(variable) => {
            let begins = |name: &&str| {
                let start = variable.get(..name.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(name))
            };
            reads.iter().any(begins)
        }
        Origin::Option(_) => false,
    };
    let is_passed_over = |setting: &Setting| match &setting.origin {
        // Rush starts its clients elsewhere.
        Origin::File(file, _) if file.ends_with(RUSH_NPMRC) => true,
        Origin::File(file, _) => *file != files.npmrc && is_of_another_project(file, here),
        _ => false,
    };
    let mut found = search.found.clone();
    found.retain(|setting| is_read(setting) && !is_passed_over(setting));
    Ok(found)
}

/// Tells if an `.npmrc` is in a directory above, to which this one does not belong as a workspace.
fn is_of_another_project(file: &Path, here: &Here<'_>) -> bool {
    let Some(directory) = file.parent().filter(|_| file.ends_with(".npmrc")) else {
        return false;
    };
    let is_above = directory != here.directory && here.directory.starts_with(directory);
    let has_package = here.directories().iter().any(|between| {
        between.starts_with(directory)
            && between != directory
            && between.join("package.json").exists()
    });
    let package = here::read(&directory.join("package.json"));
    let is_root = package.is_some_and(|file| file.text.contains("\"workspaces\""))
        || directory.join("pnpm-workspace.yaml").exists();
    is_above && has_package && !is_root
}

/// Packages to ask for, so that each registry is asked: those of a scope only hear of its packages.
fn packages(settings: &[Setting]) -> BTreeSet<String> {
    let named = settings.iter().map(|setting| match &setting.name {
        Some(scope) if scope.starts_with('@') => format!("{scope}/{}", trial::PACKAGE),
        _ => trial::PACKAGE.to_owned(),
    });
    let mut packages: BTreeSet<_> = named.collect();
    if packages.is_empty() {
        packages.insert(trial::PACKAGE.to_owned());
    }
    packages
}
