//! pnpm: a `tokenHelper` for each registry, so that no token is in any file.
//!
//! pnpm reads that key in the user's own `.npmrc` only, lets it have no arguments, and does not say which registry it
//! asks for: each registry has a link of its own, whose name tells.

mod judged;
mod links;

use std::collections::BTreeSet;
use std::path::Path;

use codeartifact_auth::endpoint::Format;

use crate::Client;
use crate::leftover::Leftovers;
use crate::node::helper::Helper;
use crate::node::npmrc::{HELPER, TOKEN};
use crate::node::said::Said;
use crate::node::settings::{self, KeyValue};
use crate::node::{LOGINS, MACHINES_NPMRC, NPMRC, Node, without_scheme};
use crate::plan::Plan;
use crate::setup::{Repository, Setup};
use crate::trial::Trial;
use links::{Links, directory, links_in};

const NAME: &str = "pnpm";

const EXAMPLE: &str = "\
Examples:
  codeartifact setup pnpm                           for every CodeArtifact registry that you and this project use
  codeartifact setup pnpm acme --scope @my-scope    for acme's repository, always through that connection

The lines go to your own .npmrc, the only place where pnpm takes them. CodeArtifact tokens for the same registries are
removed from it: they would win, or lie there for nothing. npm 11 warns that it does not know the key.";

/// pnpm's room.
pub(crate) const PNPM: Node = Node {
    name: NAME,
    about: "pnpm: a tokenHelper for each registry, so that no token is in any file",
    notes: EXAMPLE,
    write,
    undo,
    leftovers: Leftovers {
        published: &["pnpm-lock.yaml"],
        ..Leftovers::NONE
    },
    findings: judged::findings,
    risks: judged::risks,
    shims: |_| &[],
    said: |here| Said::of_settings(NAME, &["config", "list", "--json"], here),
    reads: |_| {
        &[
            NPMRC,
            LOGINS,
            MACHINES_NPMRC,
            "pnpm/rc",
            "pnpm/config.yaml",
            "pnpm-workspace.yaml",
            "npm_config_",
            "pnpm_config_",
        ]
    },
    // Not `pnpm view`, which pnpm 9 and 10 leave to npm and its settings.
    has_scoped_logins: false,
    trial: |package, _, scratch| {
        let trial = Trial::of(&["dlx", package]);
        let trial = trial.with("XDG_CACHE_HOME", scratch.path("cache"));
        Some(trial.with("XDG_DATA_HOME", scratch.path("data")))
    },
};

fn write(plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
    let environment = setup.here.environment;
    let repository = settings::named(setup)?;
    let directory = directory(environment)?;
    let (_, search) = setup.here.registries()?;
    // pnpm itself is asked, and its files for commands elsewhere in the project.
    let said = PNPM.settings(setup.here)?;
    let found = search
        .found
        .iter()
        .chain(&said)
        .map(|found| &found.endpoint);
    let mut helpers: Vec<_> = match &repository {
        Some(it) => vec![Helper::new(&it.endpoint, setup.options.name.as_deref())],
        None => found.map(|endpoint| Helper::new(endpoint, None)).collect(),
    };
    if helpers.is_empty() {
        // Neither the arguments nor the project name a registry: that of the only connection there is.
        helpers.push(Helper::new(&setup.repository(Format::Npm)?.endpoint, None));
    }
    let settings = lines(setup, repository.as_ref(), &helpers, &directory)?;
    let npmrc = search.token_files.of_pnpm();
    let marks = settings::marks(NAME, repository.as_ref());
    let mut after = BTreeSet::new();
    let mut lines = Plan::default();
    lines.set_up(npmrc, environment, &marks, |text| {
        settings::put(text, &marks.own_mark(), &settings, is_token_below);
        after = links_in(text, &directory);
        Ok(())
    })?;
    let links = Links::new(npmrc, &directory, after);
    links.frame(plan, lines, environment)?;
    let remarks = search.remarks.iter().cloned();
    let remarks = remarks
        .chain(shell_remark(&directory))
        .chain(judged::remark(setup.here));
    remarks.for_each(|remark| plan.remark(&remark));
    Ok(())
}

fn undo(plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
    let environment = setup.here.environment;
    let repository = settings::named(setup)?;
    let marks = settings::marks_of_undo(NAME, repository.as_ref());
    let registry = repository
        .as_ref()
        .map(|it| without_scheme(&it.endpoint.root()));
    let (_, search) = setup.here.registries()?;
    let directory = directory(environment)?;
    let mut is_lost = false;
    for file in search.token_files.all() {
        let mut after = BTreeSet::new();
        let mut lines = Plan::default();
        is_lost |= lines.give_back_and(file, environment, &marks, |text| {
            settings::take_helpers_away(text, registry.as_deref());
            after = links_in(text, &directory);
        })?;
        let links = Links::new(file, &directory, after);
        links.frame(plan, lines, environment)?;
    }
    if is_lost || plan.is_empty() {
        let npmrc = &search.token_files.npmrc;
        settings::remark_unmarked(plan, NAME, npmrc, setup.here)?;
    }
    Ok(())
}

fn lines(
    setup: &Setup<'_>,
    repository: Option<&Repository>,
    helpers: &[Helper],
    directory: &Path,
) -> anyhow::Result<Vec<KeyValue>> {
    let mut lines: Vec<KeyValue> = Vec::new();
    for helper in helpers {
        let link = directory.join(helper.link_name()?).display().to_string();
        let line = (format!("{}{HELPER}", helper.registry), link);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let registries = repository.map(|it| settings::registry_settings(setup.options, it));
    lines.extend(registries.unwrap_or_default());
    Ok(lines)
}

/// A token for the registry is not needed any more; one for a longer path would win over the helper.
fn is_token_below(key: &str, helper: &str) -> bool {
    let (Some(token), Some(registry)) = (key.strip_suffix(TOKEN), helper.strip_suffix(HELPER))
    else {
        return false;
    };
    format!("{}/", token.trim_end_matches('/')).starts_with(registry)
}

/// pnpm 9 and 10 hand the path to a shell as it stands (`getAuthHeadersFromConfig.js`: `spawnSync(…, { shell: true })`).
fn shell_remark(directory: &Path) -> Option<String> {
    let path = directory.to_str().unwrap_or(" ");
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./+@:\\~".contains(it);
    (!path.chars().all(is_plain)).then(|| {
        format!("pnpm 9 and 10 cannot start a program below {path}: they do not quote it for the shell; pnpm 12 can")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_that_would_be_left_or_win_make_room() {
        let rows = [
            ("//H/npm/my-repo/:_authToken", true),
            ("//H/npm/my-repo:_authToken", true),
            ("//H/npm/my-repo/@a/:_authToken", true),
            ("//H/npm/my-repo-2/:_authToken", false),
            ("//H/:_authToken", false),
            ("//H/npm/my-repo/:tokenHelper", false),
            ("registry", false),
        ];
        for (key, expected) in rows {
            let found = is_token_below(key, "//H/npm/my-repo/:tokenHelper");
            assert_eq!(found, expected, "{key}");
            assert!(!is_token_below(key, "@a:registry"), "{key}");
        }
    }
}
