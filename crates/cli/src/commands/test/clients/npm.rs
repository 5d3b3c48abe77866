//! npm, pnpm, Yarn 1 and Bun: whether the user's `.npmrc` has a token for each registry in use, and what would win over
//! it. Which registries those are, and how the file is read, is `codeartifact-npm`'s knowledge.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Timestamp;
use codeartifact_npm::npmrc::Document;
use codeartifact_npm::registries::{self, CommandLine, Origin, Places};

use super::super::Finding;
use super::desk::Desk;
use super::leftover::expiry;
use crate::words::{ago, span};

const CHECK: &str = "client_npm";
const CLIENT: &str = "npm";

pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let Some(current) = desk.directories.first() else {
        return Vec::new();
    };
    let Ok(places) = Places::of(current, &CommandLine::default(), desk.environment) else {
        return Vec::new();
    };
    let search = registries::find(
        &places,
        &CommandLine::default(),
        desk.hosts,
        desk.environment,
    );
    let read = search
        .found
        .iter()
        .filter(|found| reads_npmrc(&found.origin));
    let registries: BTreeSet<_> = read.map(|found| found.endpoint.root()).collect();
    let mut findings = misplaced_helpers(desk, &places.user_npmrc);
    if !registries.is_empty() {
        let file = places.user_npmrc.display().to_string();
        let users = Settings::read(&places.user_npmrc);
        let now = desk.environment.now();
        let judged = registries
            .iter()
            .map(|registry| judge(registry, &users, &file, now));
        findings.extend(judged);
    }
    findings.extend(search.remarks.into_iter().map(|remark| {
        Finding::warning(CHECK, CLIENT, remark)
            .hint("mend that, so that the token in the user's .npmrc counts")
    }));
    findings
}

/// Yarn from 2 on has its own file, and takes no token from any other.
fn reads_npmrc(origin: &Origin) -> bool {
    match origin {
        Origin::File(file, _) => !file.ends_with(".yarnrc.yml"),
        Origin::Variable(_) | Origin::Option(_) => true,
    }
}

/// The keys of one `.npmrc`, with their values and lines.
struct Settings(Vec<(usize, String, String)>);

impl Settings {
    fn read(file: &Path) -> Self {
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

fn judge(registry: &str, users: &Settings, file: &str, now: Timestamp) -> Finding {
    let refresh = "run `codeartifact-npm`, or put a link to it that is named npm first on PATH";
    let failed =
        |text: String| Finding::failed(CHECK, CLIENT, text, Exit::Configuration).hint(refresh);
    if let Some((line, helper)) = users.of(registry, "tokenHelper") {
        let text = format!("{registry} asks {helper} ({file}:{line}), which pnpm alone does");
        return Finding::ok(CHECK, CLIENT, text);
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
                CLIENT,
                format!("{registry} has a token in {file}, {left} left"),
            )
        }
        None => Finding::ok(
            CHECK,
            CLIENT,
            format!("{registry} has a token in {file}:{line}"),
        ),
    }
}

/// pnpm 10 passes over a helper in a project's file, and pnpm 12 refuses to run.
fn misplaced_helpers(desk: &Desk<'_>, users: &Path) -> Vec<Finding> {
    let files = desk
        .directories
        .iter()
        .map(|directory| directory.join(".npmrc"));
    let files = files.filter(|file| file != users);
    let helpers = files.flat_map(|file| {
        let settings = Settings::read(&file);
        let helpers = settings
            .0
            .into_iter()
            .filter(|(_, key, _)| key.ends_with("tokenHelper"));
        helpers.map(move |(line, ..)| {
            let text = format!(
                "{}:{line} has a tokenHelper, which pnpm takes from the user's .npmrc alone",
                file.display()
            );
            Finding::failed(CHECK, "pnpm", text, Exit::Configuration)
                .hint("move that line to ~/.npmrc")
        })
    });
    helpers.collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::finding::State;
    use super::*;

    const REGISTRY: &str = "https://h/npm/my-repo/";
    const NOW: Timestamp = Timestamp(1_800_000_000);

    #[test]
    fn a_token_is_there_and_lasts_or_it_is_said() {
        let fresh = super::super::leftover::for_tests::token(NOW.0 + 7200);
        let old = super::super::leftover::for_tests::token(NOW.0 - 7200);
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
            let found = judge(REGISTRY, &Settings::parse(text.as_bytes()), ".npmrc", NOW);
            assert_eq!(found.state, state, "{found:?}");
            assert!(found.text.contains(says), "{found:?}");
            assert!(!found.text.contains(&fresh) && !found.text.contains("opaque"));
        }
    }
}
