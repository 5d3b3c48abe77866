//! npm, and Bun, which has no hook to ask us by and reads the token from `.npmrc` as npm does: shims that refresh the
//! tokens before the client reads that file, and, for the packages that are named, the registry to read them from.
//! Findings tell if the user's `.npmrc` has a token for each registry in use, and what would win over it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::{Endpoint, Format};
use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Timestamp;

use crate::error::UsageError;
use crate::finding::Finding;
use crate::here::Here;
use crate::leftover::{Leftovers, expiry};
use crate::node::npmrc::Document;
use crate::node::registries::{self, CLIENTS, CommandLine, Places, Search};
use crate::node::user::UserNpmrc;
use crate::node::{settings, shims};
use crate::plan::Plan;
use crate::setting::{Origin, Setting};
use crate::setup::Setup;
use crate::trial::{self, Scratch, Trial};
use crate::words::{ago, span};
use crate::{Client, Help};

/// A client that shims alone serve.
pub(crate) struct Shimmed {
    name: &'static str,
    about: &'static str,
    notes: &'static str,
    commands: &'static [&'static str],
    leftovers: Leftovers,
    /// Files and beginnings of variables from which it takes registries.
    reads: &'static [&'static str],
    trial: fn(&str, &Scratch<'_>) -> Trial,
}

/// npm's room. Its shims stand for every client: a project's scripts may start any of them.
pub(crate) const NPM: Shimmed = Shimmed {
    name: "npm",
    about: "npm and every client that reads .npmrc: shims on PATH that refresh the tokens first",
    notes: EXAMPLE,
    commands: CLIENTS,
    leftovers: Leftovers {
        published: &["package.json", "package-lock.json", "npm-shrinkwrap.json"],
        ..Leftovers::NONE
    },
    reads: &[".npmrc", "npm_config_"],
    trial: |package, scratch| {
        let cache = format!("--cache={}", scratch.path("cache"));
        let options = ["--update-notifier=false", "--fetch-retries=0"];
        Trial::of(&[&["view", package, &cache], &options[..]].concat())
    },
};

/// Bun's room.
pub(crate) const BUN: Shimmed = Shimmed {
    name: "bun",
    about: "Bun: shims on PATH that refresh the tokens first",
    notes: "",
    commands: &["bun", "bunx"],
    leftovers: Leftovers {
        sends: "Bun sends it instead of a fresh one",
        project: &["bunfig.toml"],
        published: &["bun.lock"],
        ..Leftovers::NONE
    },
    reads: &[".npmrc", "bunfig.toml", "npm_config_", "BUN_CONFIG_"],
    trial: |package, scratch| {
        let authorities = format!("--cafile={}", scratch.authorities.display());
        let trial = Trial::of(&["info", &authorities, package]);
        trial.with("BUN_INSTALL_CACHE_DIR", scratch.path("cache"))
    },
};

pub(crate) const CHECK: &str = "client_npm";

const EXAMPLE: &str = "\
Examples:
  codeartifact setup npm                            registries stay as you have configured them
  codeartifact setup npm acme --scope @my-scope     and packages of that scope come from acme's repository

The shims lie in a directory of their own, which has to stand first on PATH. --undo with a connection or URL takes the
registry lines for it away; without one, everything.";

impl Client for Shimmed {
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
            options: settings::OPTIONS,
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        settings_in(self.reads, here)
    }

    fn trials(&self, _: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
        let packages = packages(settings).into_iter();
        packages
            .map(|package| (self.trial)(&package, scratch))
            .collect()
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let environment = setup.here.environment;
        let repository = settings::named(setup)?;
        let npmrc = UserNpmrc::of(&setup.here.directory, environment)?.path;
        shims::plan(plan, self.commands, environment)?;
        if let Some(repository) = &repository {
            let settings = settings::registry_settings(setup.options, repository);
            if settings.is_empty() {
                return Err(which_packages().into());
            }
            let mark = settings::mark(self.name, Some(repository));
            settings::plan_settings(plan, &npmrc, &mark, &settings)?;
        }
        shims::remark(plan, self.commands, environment)
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let environment = setup.here.environment;
        let repository = settings::named(setup)?;
        let npmrc = UserNpmrc::of(&setup.here.directory, environment)?.path;
        if repository.is_none() {
            shims::plan_removal(plan, self.commands, environment)?;
        }
        let mark = settings::mark(self.name, repository.as_ref());
        settings::plan_removal(plan, &npmrc, &mark)
    }

    fn leftovers(&self) -> &Leftovers {
        &self.leftovers
    }

    /// Those of npm count for all that read `.npmrc`.
    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        let searched = if self.name == NPM.name {
            search(here).ok()
        } else {
            None
        };
        searched.map_or_else(Vec::new, |(places, search)| {
            judge_all(&places, search, here)
        })
    }

    fn log_out(
        &self,
        here: &Here<'_>,
        is_meant: &dyn Fn(&Endpoint) -> bool,
    ) -> anyhow::Result<Option<PathBuf>> {
        let Ok(npmrc) = UserNpmrc::of(&here.directory, here.environment) else {
            return Ok(None);
        };
        let any = self.name == NPM.name && npmrc.log_out(here.hosts(), is_meant)?;
        Ok(any.then_some(npmrc.path))
    }
}

/// The registries that a client of the family would use here, and where it would look for them.
///
/// # Errors
/// There is no place for the user's `.npmrc`.
pub(crate) fn search<'a>(here: &'a Here<'_>) -> anyhow::Result<(Places, Search<'a>)> {
    let command = CommandLine::default();
    let places = Places::of(&here.directory, &command, here.environment)?;
    let search = registries::find(&places, &command, here.hosts(), here.environment);
    Ok((places, search))
}

/// The registries that a client takes from these files and variables.
///
/// # Errors
/// There is no place for the user's `.npmrc`.
pub(crate) fn settings_in(reads: &[&str], here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    let is_read = |setting: &Setting| match &setting.origin {
        Origin::File(file, _) => reads.iter().any(|name| file.ends_with(name)),
        Origin::Variable(variable) => {
            let begins = |name: &&str| {
                let start = variable.get(..name.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(name))
            };
            reads.iter().any(begins)
        }
        Origin::Option(_) => false,
    };
    let mut found = search(here)?.1.found;
    found.retain(is_read);
    Ok(found)
}

/// What to ask for, so that each of the registries is asked: those of a scope only hear of its packages.
pub(crate) fn packages(settings: &[Setting]) -> BTreeSet<String> {
    let scopes: BTreeSet<_> = settings.iter().map(|setting| &setting.name).collect();
    let named = scopes.into_iter().map(|scope| match scope {
        Some(scope) => format!("{scope}/{}", trial::PACKAGE),
        None => trial::PACKAGE.to_owned(),
    });
    let mut packages: BTreeSet<_> = named.collect();
    if packages.is_empty() {
        packages.insert(trial::PACKAGE.to_owned());
    }
    packages
}

/// A default registry decides where every package of every project comes from: it is set for nobody unasked.
fn which_packages() -> UsageError {
    UsageError::new(
        "say which packages come from there: --scope @my-scope, or --default for all that have no scope of their own",
    )
}

fn judge_all(places: &Places, search: Search<'_>, here: &Here<'_>) -> Vec<Finding> {
    let read = search
        .found
        .iter()
        .filter(|found| reads_npmrc(&found.origin));
    let registries: BTreeSet<_> = read.map(|found| found.endpoint.root()).collect();
    let file = places.user_npmrc.display().to_string();
    let users = Entries::read(&places.user_npmrc);
    let now = here.environment.now();
    let judged = registries
        .iter()
        .map(|registry| judge(registry, &users, &file, now));
    let remarks = search.remarks.iter().map(|remark| {
        Finding::warning(CHECK, NPM.name, remark)
            .hint("mend that, so that the token in the user's .npmrc counts")
    });
    judged.chain(remarks).collect()
}

/// Yarn from 2 on has its own file, and takes no token from any other.
fn reads_npmrc(origin: &Origin) -> bool {
    match origin {
        Origin::File(file, _) => !file.ends_with(".yarnrc.yml"),
        Origin::Variable(_) | Origin::Option(_) => true,
    }
}

/// The keys of one `.npmrc`, with their values and lines.
pub(crate) struct Entries(pub(crate) Vec<(usize, String, String)>);

impl Entries {
    pub(crate) fn read(file: &Path) -> Self {
        Self::parse(&fs::read(file).unwrap_or_default())
    }

    fn parse(bytes: &[u8]) -> Self {
        let document = Document::parse(bytes).ok();
        let entries = document.iter().flat_map(Document::entries);
        let entries =
            entries.filter_map(|(line, entry)| Some((line, entry.key, entry.value?.text)));
        Self(entries.collect())
    }

    /// The value of the longest key `//HOST/PATH/:NAME` that covers the registry, and its line.
    fn of(&self, registry: &str, name: &str) -> Option<(usize, &str)> {
        let path = registry.split_once(':').map_or(registry, |(_, path)| path);
        let covers = |key: &str| {
            let key = key.strip_suffix(name)?.strip_suffix(':')?;
            (path.starts_with(key) && (key.ends_with('/') || path[key.len()..].starts_with('/')))
                .then_some(key.len())
        };
        let covering = self
            .0
            .iter()
            .filter_map(|(line, key, value)| Some((covers(key)?, *line, value)));
        let (_, line, value) = covering.max_by_key(|(length, line, _)| (*length, *line))?;
        Some((line, value))
    }
}

fn judge(registry: &str, users: &Entries, file: &str, now: Timestamp) -> Finding {
    let refresh = "run `codeartifact-npm`, or put a link to it that is named npm first on PATH";
    let failed =
        |text: String| Finding::failed(CHECK, NPM.name, text, Exit::Configuration).hint(refresh);
    if let Some((line, helper)) = users.of(registry, "tokenHelper") {
        let text = format!("{registry} asks {helper} ({file}:{line}), which pnpm alone does");
        return Finding::ok(CHECK, NPM.name, text);
    }
    let Some((line, token)) = users.of(registry, "_authToken") else {
        return failed(format!("{file} has no token for {registry}"));
    };
    match expiry(token) {
        Some(expires) if expires.since(now) == 0 => failed(format!(
            "the token for {registry} in {file}:{line} ran out {}",
            ago(now.since(expires))
        )),
        Some(expires) => {
            let left = span(expires.since(now));
            Finding::ok(
                CHECK,
                NPM.name,
                format!("{registry} has a token in {file}, {left} left"),
            )
        }
        None => Finding::ok(
            CHECK,
            NPM.name,
            format!("{registry} has a token in {file}:{line}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::State;

    const REGISTRY: &str = "https://h/npm/my-repo/";
    const NOW: Timestamp = Timestamp(1_800_000_000);

    #[test]
    fn a_token_is_there_and_lasts_or_it_is_said() {
        let fresh = crate::leftover::for_tests::token(NOW.0 + 7200);
        let old = crate::leftover::for_tests::token(NOW.0 - 7200);
        let failed = State::Failed(Exit::Configuration);
        let rows = [
            (
                String::new(),
                failed,
                "has no token for https://h/npm/my-repo/",
            ),
            (
                format!("//other/:_authToken={fresh}"),
                failed,
                "has no token",
            ),
            (
                format!("//h/npm/my:_authToken={fresh}"),
                failed,
                "has no token",
            ),
            (
                format!("//h/npm/my-repo/:_authToken={fresh}"),
                State::Ok,
                "2 h left",
            ),
            (format!("//h/:_authToken={fresh}"), State::Ok, "2 h left"),
            (
                format!("//h/:_authToken={fresh}\n//h/npm/my-repo/:_authToken={old}"),
                failed,
                "in .npmrc:2 ran out 2 h ago",
            ),
            (
                "//h/npm/:_authToken=opaque".to_owned(),
                State::Ok,
                "has a token in .npmrc:1",
            ),
            (
                "//h/:tokenHelper=/bin/helper".to_owned(),
                State::Ok,
                "asks /bin/helper",
            ),
        ];
        for (text, state, says) in rows {
            let found = judge(REGISTRY, &Entries::parse(text.as_bytes()), ".npmrc", NOW);
            assert_eq!(found.state, state, "{found:?}");
            assert!(found.text.contains(says), "{found:?}");
            assert!(!found.text.contains(&fresh) && !found.text.contains("opaque"));
        }
    }
}
