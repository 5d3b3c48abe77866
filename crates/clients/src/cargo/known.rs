//! A registry that cargo's settings have for a repository already, by whatever name. cargo takes no second one with the same
//! index, so it keeps its name, and only lacks our provider.

use std::path::Path;

use codeartifact_auth::endpoint::Endpoint;

use super::COMMAND;
use super::config::{Config, Registry};
use crate::error::UserError;
use crate::here::Here;
use crate::setting::Origin;
use crate::setup::Level;

/// The registry that a variable or another file than `file` names.
pub(super) fn elsewhere(here: &Here<'_>, endpoint: &Endpoint, file: &Path) -> Option<Registry> {
    let mut ours = ours(here).into_iter();
    let found = ours
        .find(|(it, known)| known == endpoint && !it.is_replacement && !is_in(&it.origin, file));
    found.map(|(registry, _)| registry)
}

/// The registries of CodeArtifact, with their repositories.
pub(super) fn ours(here: &Here<'_>) -> Vec<(Registry, Endpoint)> {
    let registries = Config::of(here).registries.into_iter();
    let ours = registries.filter_map(|it| {
        let endpoint = here.endpoint(&it.index)?;
        Some((it, endpoint))
    });
    ours.collect()
}

/// Refuses to write a provider that another one would win over.
///
/// # Errors
/// There is one: says where, and what replaces it.
pub(super) fn require_ours(
    registry: &Registry,
    level: Level,
    file: &Path,
) -> Result<(), UserError> {
    let Some(other) = &registry.provider else {
        return Ok(());
    };
    let wins = match (level, &other.origin) {
        (_, Origin::Variable(_)) => true,
        (Level::User, origin) => !is_in(origin, file),
        (Level::Project, _) => false,
    };
    if other.is_ours() || !wins {
        return Ok(());
    }
    let (name, program, origin) = (&registry.name, &other.words.join(" "), &other.origin);
    let way = match &other.origin {
        Origin::Variable(variable) => format!("unset {variable}, or let it be {COMMAND}"),
        _ => "the same command with --project writes into this project's settings, and `codeartifact exec` needs none".to_owned(),
    };
    Err(UserError::new(format!(
        "cargo would go on asking another credential provider for {name} ({origin}): {program}\n  hint: {way}"
    )))
}

fn is_in(origin: &Origin, file: &Path) -> bool {
    matches!(origin, Origin::File(path, _) if path == file)
}
