//! Yarn, for the project of the current directory. Yarn 2+ gets a plugin that asks us for the header of each registry;
//! Yarn 1, which has no such hook and reads `.npmrc`, gets a shim. The lines of `.yarnrc.yml` are `yarnrc`'s to place:
//! `yarn config set` would drop the file's comments, and an undo could not give it back.

mod classic;
mod yarnrc;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path;

use crate::finding::Finding;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::link;
use crate::node::registries::is_free;
use crate::node::said::Said;
use crate::node::settings;
use crate::node::{CHECK, MACHINES_NPMRC, NPMRC, Node, shims, tokens, yarn_plugin};
use crate::plan::{Marks, Plan};
use crate::setting::Origin;
use crate::setup::{Repository, Setup};
use crate::trial::{Scratch, Trial};

const NAME: &str = "yarn";
const COMMANDS: &[&str] = &["yarn", "yarnpkg"];
/// The name of what is there as long as any repository is.
const SHARED: &str = "(plugin)";

const EXAMPLE: &str = "\
Examples:
  codeartifact setup yarn                           registries stay as the project has configured them
  codeartifact setup yarn acme --scope @my-scope    and packages of that scope come from acme's repository

The plugin and .yarnrc.yml are made to be committed: who has codeartifact-npm on PATH needs nothing else.";

/// Yarn's room.
pub(crate) const YARN: Node = Node {
    name: NAME,
    about: "Yarn, for this project: a plugin for Yarn 2 and later, a shim for Yarn 1",
    notes: EXAMPLE,
    write,
    undo,
    leftovers: Leftovers {
        sends: "Yarn sends it instead of a fresh one",
        project: &[yarnrc::FILE],
        published: &["yarn.lock"],
        user: |here| {
            let home = here.environment.home().into_iter();
            home.map(|home| home.join(yarnrc::FILE)).collect()
        },
        ..Leftovers::NONE
    },
    findings: |here, search| {
        if is_one(here) {
            return tokens::findings(NAME, OF_ONE_HINT, here, search);
        }
        search.silent.iter().map(silent).collect()
    },
    risks: |_, _| Vec::new(),
    shims: |here| if is_one(here) { COMMANDS } else { &[] },
    said: |here| (!is_one(here)).then(|| Said::of_yarn(here)).flatten(),
    reads: |here| if is_one(here) { OF_ONE } else { OF_BERRY },
    has_scoped_logins: true,
    trial,
};

/// No plugin and no variable helps against such an entry.
fn silent(entry: &Origin) -> Finding {
    let text = format!("the entry of npmRegistries at {entry} lacks npmAlwaysAuth");
    let failed = Finding::failed(CHECK, NAME, text, Exit::Configuration);
    failed.hint("add `npmAlwaysAuth: true` to that entry")
}

const OF_ONE_HINT: &str =
    "run `codeartifact-npm`, or `codeartifact setup yarn`, which makes a link that does";

/// Files and beginnings of variables from which Yarn 2 and later take registries.
const OF_BERRY: &[&str] = &[yarnrc::FILE, "YARN_"];
/// The same of Yarn 1.
const OF_ONE: &[&str] = &[NPMRC, MACHINES_NPMRC, ".yarnrc", "npm_config_", "yarn_"];

/// `yarn npm info` of Yarn 2 and later needs a project.
fn trial(package: &str, here: &Here<'_>, scratch: &Scratch<'_>) -> Option<Trial> {
    if is_one(here) {
        let cache = scratch.path("cache");
        let info = ["info", package, "--cache-folder", &cache];
        return Some(Trial::of(&info).succeeding());
    }
    here.nearest("package.json")?;
    let trial = Trial::of(&["npm", "info", package]);
    let trial = trial
        .with("YARN_HTTP_RETRY", "0")
        .with("YARN_ENABLE_TELEMETRY", "0");
    let trial = trial.with("YARN_GLOBAL_FOLDER", scratch.path("yarn"));
    Some(trial.succeeding())
}

/// Tells if the Yarn that runs here is Yarn 1.
fn is_one(here: &Here<'_>) -> bool {
    let version = here.ask(NAME, &["--version"], &[]);
    version.is_some_and(|version| version.starts_with("1."))
}

fn write(plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
    let repository = settings::named(setup)?;
    let root = project(&setup.here.directory);
    for file in [yarnrc::FILE, yarn_plugin::IN_PROJECT, NPMRC] {
        here::require_inside(&root, &root.join(file))?;
    }
    if classic::is_meant(&root, setup.here.environment)? {
        classic::write(plan, setup, &root, repository.as_ref())
    } else {
        write_plugin(plan, setup, &root, repository.as_ref())
    }
}

/// Of both kinds: the project may have moved from one to the other meanwhile.
fn undo(plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
    let repository = settings::named(setup)?;
    let root = project(&setup.here.directory);
    let environment = setup.here.environment;
    let marks = Marks {
        shared: Some(SHARED),
        ..settings::marks_of_undo(NAME, repository.as_ref())
    };
    let mut is_left = false;
    let mut may_be_ours = None;
    plan.give_back_and(&root.join(yarnrc::FILE), environment, &marks, |text| {
        if repository.is_none() {
            may_be_ours = yarnrc::take_plugin_away(text);
        }
        is_left = text
            .lines()
            .iter()
            .any(|line| line.contains(yarn_plugin::IN_PROJECT));
    })?;
    plan.give_back(&root.join(NPMRC), environment, &marks)?;
    if !is_left {
        plan.put(&root.join(yarn_plugin::IN_PROJECT), None)?;
    }
    if let Some(line) = may_be_ours {
        let file = root.join(yarnrc::FILE);
        plan.remark(&format!(
            "{}:{line} has npmAlwaysAuth and stays, since Yarn has taken our marks away; take it out if only `setup yarn` needs it",
            file.display()
        ));
    }
    if repository.is_none() {
        shims::plan_removal(plan, COMMANDS, environment)?;
    }
    Ok(())
}

/// The mark of the plugin: that of a setup for every registry, or one that goes with the last repository's.
fn shared(repository: Option<&Repository>) -> String {
    let marks = settings::marks(NAME, None);
    repository.map_or_else(|| marks.own_mark(), |_| marks.mark(SHARED))
}

fn write_plugin(
    plan: &mut Plan,
    setup: &Setup<'_>,
    root: &Path,
    repository: Option<&Repository>,
) -> anyhow::Result<()> {
    let is_ours = |url: &str| setup.here.is_ours(url);
    let additions = yarnrc::Additions {
        url: repository.map(|repository| repository.endpoint.root()),
        scopes: &setup.options.scopes,
        default: setup.options.default,
        is_ours: &is_ours,
    };
    plan.put(&root.join(yarn_plugin::IN_PROJECT), Some(yarn_plugin::TEXT))?;
    let mut remarks = Vec::new();
    let marks = settings::marks(NAME, repository);
    let (file, environment) = (root.join(yarnrc::FILE), setup.here.environment);
    plan.set_up(&file, environment, &marks, |text| {
        yarnrc::put(text, &marks.own_mark(), &shared(repository), &additions)?;
        remarks = yarnrc::remarks(text, &is_ours);
        Ok(())
    })?;
    remarks.extend(token_remarks(setup.here)?);
    if next_on_path::find(OsStr::new(link::NPM), setup.here.environment).is_none() {
        let text = "the plugin will not find `codeartifact-npm`: put its directory on PATH";
        remarks.push(text.to_owned());
    }
    remarks.iter().for_each(|remark| plan.remark(remark));
    Ok(())
}

/// Tells of tokens that the plugin has made useless, and of variables without which Yarn refuses every command.
fn token_remarks(here: &Here<'_>) -> anyhow::Result<Vec<String>> {
    let (_, search) = here.registries()?;
    let told = search.credentials.iter().filter_map(|it| {
        let Origin::File(file, Some(line)) = &it.origin else {
            return None;
        };
        let place = format!("{}:{line}", file.display());
        match it.variable() {
            _ if !file.ends_with(yarnrc::FILE) => None,
            None => Some(format!(
                "{place} has a token, which may get committed; Yarn does not need it any more"
            )),
            Some(_) if has_default(file, *line) => None,
            Some(name) => is_free(name, here.environment).then(|| {
                format!(
                    "{place} names {name}, and Yarn refuses every command while that is not set: write ${{{name}:-}}, \
                     or run Yarn through `codeartifact setup npm` or `codeartifact-npm exec`"
                )
            }),
        }
    });
    Ok(told.collect())
}

/// Tells if a line says what counts while its variable is not set: `${NAME:-}`.
fn has_default(file: &Path, line: usize) -> bool {
    let found = here::read(file);
    found.is_some_and(|it| {
        it.text
            .lines()
            .nth(line - 1)
            .is_some_and(|it| it.contains(":-"))
    })
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

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
