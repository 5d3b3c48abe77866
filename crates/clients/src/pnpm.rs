//! pnpm: a `tokenHelper` for each registry, so that no token is in any file.
//!
//! pnpm reads that key in the user's own `.npmrc` only, lets it have no arguments, and does not say which registry it
//! asks for: each registry has a link of its own, whose name tells.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path;

use crate::Client;
use crate::error::UserError;
use crate::finding::Finding;
use crate::here::Here;
use crate::leftover::Leftovers;
use crate::link;
use crate::node::helper::Helper;
use crate::node::npmrc::{self, HELPER, Meaning, TOKEN};
use crate::node::registries::Search;
use crate::node::said::Said;
use crate::node::settings::{self, KeyValue};
use crate::node::{CHECK, LOGINS, MACHINES_NPMRC, NPMRC, Node, shims, without_scheme};
use crate::npm::Entries;
use crate::plan::{Plan, output_of};
use crate::setup::{Repository, Setup};
use crate::text::Text;
use crate::trial::Trial;

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
    about: "pnpm: a tokenHelper for each registry, so that no token lies in any file",
    notes: EXAMPLE,
    write,
    undo,
    leftovers: Leftovers {
        published: &["pnpm-lock.yaml"],
        ..Leftovers::NONE
    },
    findings,
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
    trial: |package, _, scratch| {
        let trial = Trial::of(&["dlx", package]);
        let trial = trial.with("XDG_CACHE_HOME", scratch.path("cache"));
        Some(trial.with("XDG_DATA_HOME", scratch.path("data")))
    },
};

fn write(plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
    let environment = setup.here.environment;
    let repository = settings::named(setup)?;
    let mark = settings::mark(NAME, repository.as_ref());
    let directory = directory(environment)?;
    let (_, search) = setup.here.registries()?;
    // What pnpm itself says, and what its files say of commands elsewhere in the project.
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
    change(plan, npmrc, &directory, environment, |text| {
        settings::put(text, &mark, &settings)?;
        remove_tokens(text, &helpers, &mark);
        Ok(())
    })?;
    let remarks = search.remarks.iter().cloned();
    let remarks = remarks
        .chain(shell_remark(&directory))
        .chain(npm_remark(setup.here));
    remarks.for_each(|remark| plan.remark(&remark));
    Ok(())
}

fn undo(plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
    let environment = setup.here.environment;
    let repository = settings::named(setup)?;
    let mark = settings::mark(NAME, repository.as_ref());
    let registry = repository.map(|it| without_scheme(&it.endpoint.root()));
    let (_, search) = setup.here.registries()?;
    let directory = directory(environment)?;
    for file in search.token_files.all() {
        change(plan, file, &directory, environment, |text| {
            settings::take_away(text, &mark)?;
            settings::take_helpers_away(text, registry.as_deref());
            Ok(())
        })?;
    }
    let npmrc = &search.token_files.npmrc;
    settings::remark_unmarked(plan, NAME, npmrc, setup.here)
}

/// pnpm 10 passes over a helper in a project's file, and pnpm 12 refuses to run.
fn findings(here: &Here<'_>, search: &Search) -> Vec<Finding> {
    let files = here.directories().into_iter().map(|it| it.join(".npmrc"));
    let files = files.filter(|file| *file != search.token_files.npmrc);
    files.flat_map(|file| misplaced_helpers(&file)).collect()
}

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

/// Links come before the lines that name them, and go after those: pnpm 10 refuses every command while one is missing.
fn change(
    plan: &mut Plan,
    npmrc: &Path,
    directory: &Path,
    environment: &Environment,
    edit: impl FnOnce(&mut Text) -> Result<(), UserError>,
) -> anyhow::Result<()> {
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    let mut lines = Plan::default();
    lines.edit(npmrc, |text| {
        before = links_in(text, directory);
        edit(text)?;
        after = links_in(text, directory);
        Ok(())
    })?;
    for link in &after {
        plan.lead(link.clone(), link::program(link::NPM, environment)?);
    }
    plan.append(lines);
    let gone = before.difference(&after);
    for link in gone.filter(|link| link.symlink_metadata().is_ok()) {
        plan.unlink(link.clone());
    }
    Ok(())
}

fn links_in(text: &Text, directory: &Path) -> BTreeSet<PathBuf> {
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

/// A token for the registry is not needed any more; one for a longer path would win over the helper. A line that
/// takes it from a variable is the user's, and only set aside.
fn remove_tokens(text: &mut Text, helpers: &[Helper], mark: &str) {
    let is_meant = |key: &str| {
        let registry = key.strip_suffix(TOKEN);
        registry.is_some_and(|registry| {
            let below = format!("{}/", registry.trim_end_matches('/'));
            helpers
                .iter()
                .any(|helper| below.starts_with(&helper.registry))
        })
    };
    for at in settings::lines_with(text, is_meant).into_iter().rev() {
        if text.lines()[at].contains("${") {
            text.set_aside(at, mark);
        } else {
            text.drop_line(at);
        }
    }
}

fn directory(environment: &Environment) -> anyhow::Result<PathBuf> {
    let data = environment.data_directory();
    let data = data.context("there is no home directory to put the links into")?;
    Ok(data.join("token-helpers"))
}

/// pnpm before 11 leaves `view` and the like to npm, which knows no tokenHelper.
fn npm_remark(here: &Here<'_>) -> Option<String> {
    if shims::are_found(&[NAME], here.environment) {
        return None;
    }
    let program = next_on_path::find(NAME.as_ref(), here.environment)?;
    let version = output_of(Command::new(program).arg("--version")).ok()?;
    let version = String::from_utf8_lossy(&version);
    let major: u32 = version.trim().split('.').next()?.parse().ok()?;
    (major < 11).then(|| {
        format!(
            "pnpm {major} leaves `view`, `ping`, `search` and `dist-tag` to npm, which knows no tokenHelper: \
             run `codeartifact setup npm`, too, or `codeartifact-npm exec -- pnpm view …`"
        )
    })
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

    const REGISTRY: &str = "//H/npm/my-repo/";

    #[test]
    fn tokens_that_would_be_left_or_win_are_removed() {
        let helper = Helper {
            connection: None,
            registry: REGISTRY.to_owned(),
        };
        let rows = [
            ("R/:_authToken=t", ""),
            ("R:_authToken=t", ""),
            ("R/@a/:_authToken = t ; x", ""),
            (
                "R/:_authToken=${T}",
                "# set aside by codeartifact setup pnpm: R/:_authToken=${T}",
            ),
            (
                "//H/npm/my-repo-2/:_authToken=t",
                "//H/npm/my-repo-2/:_authToken=t",
            ),
            ("//H/:_authToken=t", "//H/:_authToken=t"),
            ("R/:tokenHelper=/x", "R/:tokenHelper=/x"),
            ("[s]\nR/:_authToken=t", "[s]\nR/:_authToken=t"),
        ];
        for (before, after) in rows.map(|(before, after)| {
            let spell = |text: &str| text.replace('R', REGISTRY.trim_end_matches('/'));
            (spell(before), spell(after))
        }) {
            let mut text = Text::parse(&before);
            remove_tokens(&mut text, std::slice::from_ref(&helper), "pnpm");
            assert_eq!(text.to_string(), after, "{before}");
        }
    }
}
