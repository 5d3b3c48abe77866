//! The links by which pnpm asks for the token of a registry: made before the lines that name them, removed after those.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use codeartifact_auth::environment::Environment;

use crate::here;
use crate::link;
use crate::node::npmrc::{self, HELPER, Meaning};
use crate::node::settings;
use crate::plan::Plan;
use crate::text::Text;

/// The links that the lines of a file name.
pub(super) struct Links {
    before: BTreeSet<PathBuf>,
    after: BTreeSet<PathBuf>,
}

impl Links {
    pub(super) fn new(file: &Path, directory: &Path, after: BTreeSet<PathBuf>) -> Self {
        let read = here::read(file).map(|it| it.text).unwrap_or_default();
        let before = links_in(&Text::parse(&read), directory);
        Self { before, after }
    }

    /// Links come before the lines that name them, and go after those: pnpm 10 refuses every command while one is missing.
    pub(super) fn frame(
        self,
        plan: &mut Plan,
        lines: Plan,
        environment: &Environment,
    ) -> anyhow::Result<()> {
        for link in &self.after {
            plan.lead(link.clone(), link::program(link::NPM, environment)?);
        }
        plan.append(lines);
        let gone = self.before.difference(&self.after);
        for link in gone.filter(|link| link.symlink_metadata().is_ok()) {
            plan.unlink(link.clone());
        }
        Ok(())
    }
}

/// Those of a text.
pub(super) fn links_in(text: &Text, directory: &Path) -> BTreeSet<PathBuf> {
    let lines = settings::lines_with(text, |key| key.ends_with(HELPER));
    let all = text.lines();
    let values = lines
        .into_iter()
        .filter_map(|at| match npmrc::read(all[at].as_bytes()) {
            Meaning::Entry(entry) => Some(PathBuf::from(entry.value?.text)),
            Meaning::Nothing | Meaning::Section => None,
        });
    values
        .filter(|path| path.parent() == Some(directory))
        .collect()
}

/// Returns their folder.
pub(super) fn directory(environment: &Environment) -> anyhow::Result<PathBuf> {
    let data = environment.data_directory();
    let data = data.context("there is no home directory to put the links into")?;
    Ok(data.join("token-helpers"))
}
