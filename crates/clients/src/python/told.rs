//! Collects what a setup says besides what it changes: the variables that win over it, and lines that an undo leaves.

use std::path::Path;

use codeartifact_auth::environment::Environment;

use super::{Python, project};
use crate::here::Here;
use crate::variables::USER;

/// Returns the variables that win over what a setup writes. A name with `*` stands for any such.
pub(super) fn overruled(room: &Python, here: &Here<'_>) -> Vec<String> {
    let name = room.name;
    let over_file = room
        .winning
        .iter()
        .map(|it| (*it, format!("{name}'s file")));
    let over_keyring = room.passwords.iter().chain(room.leftovers.passwords);
    let over_keyring = over_keyring.map(|it| (*it, "a keyring".to_owned()));
    let set = over_file.chain(over_keyring).flat_map(|(pattern, what)| {
        let names = set_like(pattern, here.environment).into_iter();
        names.map(move |name| (name, what.clone()))
    });
    let told = set.map(|(name, what)| {
        format!("{name} is set in the environment, which wins over {what}; unset it")
    });
    told.collect()
}

/// The variables of this name that are set. The user name that CodeArtifact wants is no harm.
fn set_like(pattern: &str, environment: &Environment) -> Vec<String> {
    let (start, end) = pattern.split_once('*').unwrap_or((pattern, ""));
    let is_meant = |name: &str| name == pattern || pattern.contains('*') && name.ends_with(end);
    let set = environment.starting_with(start).into_iter();
    let set = set.filter(|(name, value)| is_meant(name) && value != USER);
    set.map(|(name, _)| name).collect()
}

/// Where a file is not as a setup left it, a line that names CodeArtifact may be ours or the user's own. So it is only told.
/// Where no setup of the file is known, it is the user's.
pub(super) fn left_behind(file: &Path, here: &Here<'_>, is_lost: bool) -> Vec<String> {
    let why = if is_lost {
        "it is not as a setup wrote it; delete it if you do not want it"
    } else {
        "no setup known here wrote it"
    };
    // Not the line itself: `aws codeartifact login` puts a token into it.
    let left = project::named_in(here, Some(file.to_owned())).into_iter();
    left.map(|setting| {
        format!(
            "{} names {} and stays: {why}",
            setting.origin,
            setting.endpoint.root()
        )
    })
    .collect()
}
