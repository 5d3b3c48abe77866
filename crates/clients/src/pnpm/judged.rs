//! Explains by its files, variables and version why pnpm gets no token.

use std::path::Path;
use std::process::Command;

use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path;

use super::NAME;
use crate::finding::Finding;
use crate::here::Here;
use crate::node::npmrc::HELPER;
use crate::node::registries::Search;
use crate::node::tokens::{self, Entries};
use crate::node::{CHECK, shims};
use crate::plan::output_of;

/// The default registry, for every client but pnpm from 11 on.
const NPM_REGISTRY: &str = "npm_config_registry";
const PNPM_REGISTRY: &str = "pnpm_config_registry";
/// The first that does itself what pnpm has left to npm, and reads variables of its own name alone.
const FIRST_ALONE: u32 = 11;

const HINT: &str = "`codeartifact setup pnpm` writes a tokenHelper for each registry; `codeartifact-npm` refreshes tokens";

pub(super) fn findings(here: &Here<'_>, search: &Search) -> Vec<Finding> {
    let files = here.directories().into_iter().map(|it| it.join(".npmrc"));
    let files = files.filter(|file| *file != search.token_files.npmrc);
    let misplaced = files.flat_map(|file| misplaced_helpers(&file));
    let passed_over = passed_over(here).into_iter();
    let tokens = tokens::findings(NAME, HINT, here, search);
    passed_over.chain(misplaced).chain(tokens).collect()
}

/// pnpm 10 passes over a helper in a project's file, and pnpm 12 refuses to run.
fn misplaced_helpers(file: &Path) -> Vec<Finding> {
    let entries = Entries::read(file).0.into_iter();
    let helpers = entries.filter(|(_, key, _)| key.ends_with("tokenHelper"));
    let told = helpers.map(|(line, ..)| {
        let text = format!(
            "{}:{line} has a tokenHelper, which pnpm takes from the user's .npmrc alone",
            file.display()
        );
        Finding::failed(CHECK, NAME, text, Exit::Configuration).hint("move that line to ~/.npmrc")
    });
    told.collect()
}

/// A registry that npm and older pnpm take from a variable which this one does not read.
fn passed_over(here: &Here<'_>) -> Option<Finding> {
    let registry = here.environment.in_any_case(NPM_REGISTRY)?;
    let is_read = here.environment.in_any_case(PNPM_REGISTRY).is_some();
    let major = major(here).filter(|major| *major >= FIRST_ALONE)?;
    (here.is_ours(&registry) && !is_read).then(|| {
        let text = format!("pnpm {major} does not read {NPM_REGISTRY}");
        let failed = Finding::failed(CHECK, NAME, text, Exit::Configuration);
        failed.hint(format!("set {PNPM_REGISTRY} to that registry"))
    })
}

/// Commands that fail although an install works.
pub(super) fn risks(here: &Here<'_>, search: &Search) -> Vec<Finding> {
    let users = Entries::read(&search.token_files.npmrc);
    let mut users = users.0.iter();
    if !users.any(|(_, key, _)| key.ends_with(HELPER)) {
        return Vec::new();
    }
    let warn = |text| {
        let hint = "`codeartifact setup npm` makes a link that gives them a token";
        Finding::warning(CHECK, NAME, text).hint(hint)
    };
    let left = major(here).and_then(|major| left_to_npm(here, major));
    left.map(warn).into_iter().collect()
}

/// The same for a setup, which asks no client of what it says.
pub(super) fn remark(here: &Here<'_>) -> Option<String> {
    let program = next_on_path::find(NAME.as_ref(), here.environment)?;
    let version = output_of(Command::new(program).arg("--version")).ok()?;
    left_to_npm(here, major_of(&String::from_utf8_lossy(&version))?)
}

/// pnpm before 11 leaves `view` and the like to npm, which knows no tokenHelper.
fn left_to_npm(here: &Here<'_>, major: u32) -> Option<String> {
    let is_left = major < FIRST_ALONE && !shims::are_found(&[NAME], here.environment);
    is_left.then(|| {
        format!(
            "pnpm {major} leaves `view`, `ping`, `search` and `dist-tag` to npm, which knows no tokenHelper: \
             run `codeartifact setup npm`, too, or `codeartifact-npm exec -- pnpm view …`"
        )
    })
}

fn major(here: &Here<'_>) -> Option<u32> {
    major_of(&here.ask(NAME, &["--version"], &[])?)
}

fn major_of(version: &str) -> Option<u32> {
    version.trim().split('.').next()?.parse().ok()
}
