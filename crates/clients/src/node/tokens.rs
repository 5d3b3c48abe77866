//! Tells if the user's `.npmrc` has a token for each registry in use, and what would win over it. No client is asked.

use std::collections::BTreeSet;
use std::path::Path;

use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Timestamp;
use codeartifact_auth::user_file::read_regular;

use super::CHECK;
use super::npmrc::Document;
use super::registries::Search;
use crate::finding::{Finding, State};
use crate::here::Here;
use crate::setting::Origin;
use crate::words::{ago, span};
use crate::written_token::expiry;

/// The same for every client that reads it; `hint` is what gives that client a token.
pub(crate) fn findings(client: &str, hint: &str, here: &Here<'_>, search: &Search) -> Vec<Finding> {
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
        .map(|registry| judge(registry, &users, &file, now).named(client, hint));
    let tokens = search.credentials.iter();
    let tokens = tokens.filter_map(|it| it.remark(here.environment));
    let remarks = search.remarks.iter().cloned().chain(tokens).map(|remark| {
        Finding::warning(CHECK, client, remark)
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

/// The facts about one registry.
#[derive(Debug)]
struct Judged {
    state: State,
    text: String,
}

impl Judged {
    fn ok(text: String) -> Self {
        Self {
            state: State::Ok,
            text,
        }
    }

    fn failed(text: String) -> Self {
        Self {
            state: State::Failed(Exit::Configuration),
            text,
        }
    }

    fn named(self, client: &str, hint: &str) -> Finding {
        let finding = Finding {
            state: self.state,
            ..Finding::ok(CHECK, client, self.text)
        };
        match finding.state {
            State::Ok => finding,
            _ => finding.hint(hint),
        }
    }
}

fn judge(registry: &str, users: &Entries, file: &str, now: Timestamp) -> Judged {
    if let Some((line, helper)) = users.of(registry, "tokenHelper") {
        let text = format!("{registry} asks {helper} ({file}:{line}), which pnpm alone does");
        return Judged::ok(text);
    }
    let Some((line, token)) = users.of(registry, "_authToken") else {
        return Judged::failed(format!("{file} has no token for {registry}"));
    };
    match expiry(token) {
        Some(expires) if expires.since(now) == 0 => Judged::failed(format!(
            "the token for {registry} in {file}:{line} ran out {}",
            ago(now.since(expires))
        )),
        Some(expires) => {
            let left = span(expires.since(now));
            Judged::ok(format!("{registry} has a token in {file}, {left} left"))
        }
        None => Judged::ok(format!("{registry} has a token in {file}:{line}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
