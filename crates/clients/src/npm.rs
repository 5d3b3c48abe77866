//! npm: shims that refresh the tokens before it reads `.npmrc`, and, for the packages that are named, the registry to
//! read them from. Findings tell if that file has a token for each registry in use, and what would win over it; they
//! count for every client that reads it.

use std::collections::BTreeSet;
use std::path::Path;

use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Timestamp;
use codeartifact_auth::user_file::read_regular;

use crate::finding::Finding;
use crate::here::Here;
use crate::leftover::{Leftovers, expiry};
use crate::node::npmrc::Document;
use crate::node::registries::{CLIENTS, Search};
use crate::node::said::Said;
use crate::node::{CHECK, MACHINES_NPMRC, NPMRC, Node, shims};
use crate::setting::Origin;
use crate::trial::Trial;
use crate::words::{ago, span};

/// npm's room. Its shims stand for every client: a project's scripts may start any of them.
pub(crate) const NPM: Node = Node {
    name: "npm",
    about: "npm and every client that reads .npmrc: shims on PATH that refresh the tokens first",
    notes: EXAMPLE,
    write: |plan, setup| shims::write("npm", CLIENTS, plan, setup),
    undo: |plan, setup| shims::undo("npm", CLIENTS, plan, setup),
    leftovers: Leftovers {
        published: &["package.json", "package-lock.json", "npm-shrinkwrap.json"],
        ..Leftovers::NONE
    },
    findings,
    shims: |_| &["npm"],
    said: |here| Said::of_settings("npm", &["config", "ls", "--json"], here),
    reads: |_| &[NPMRC, MACHINES_NPMRC, "npm_config_"],
    trial: |package, _, scratch| {
        let cache = format!("--cache={}", scratch.path("cache"));
        let options = ["--update-notifier=false", "--fetch-retries=0"];
        let view = [&["view", package, &cache], &options[..]].concat();
        Some(Trial::of(&view).succeeding())
    },
};

const EXAMPLE: &str = "\
Examples:
  codeartifact setup npm                            registries stay as you have configured them
  codeartifact setup npm acme --scope @my-scope     and packages of that scope come from acme's repository

The shims lie in a directory of their own, which has to stand first on PATH. --undo with a connection or URL takes the
registry lines for it away; without one, everything.";

fn findings(here: &Here<'_>, search: &Search) -> Vec<Finding> {
    let read = search
        .found
        .iter()
        .filter(|found| reads_npmrc(&found.origin));
    let registries: BTreeSet<_> = read.map(|found| found.endpoint.root()).collect();
    let users = &search.token_files.npmrc;
    let file = users.display().to_string();
    let users = Entries::read(users);
    let now = here.environment.now();
    let judged = registries
        .iter()
        .map(|registry| judge(registry, &users, &file, now));
    let tokens = search.credentials.iter();
    let tokens = tokens.filter_map(|it| it.remark(here.environment));
    let remarks = search.remarks.iter().cloned().chain(tokens).map(|remark| {
        Finding::warning(CHECK, NPM.name, remark)
            .hint("fix that, so that the token in the user's .npmrc counts")
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
        Self::parse(&read_regular(file).unwrap_or_default())
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
