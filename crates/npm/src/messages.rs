//! The messages about a refresh. It decides nothing but the wording, and shows no secret.

use std::path::{Path, PathBuf};

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_clients::node::NPM_LIFECYCLE_EVENT;
use codeartifact_clients::node::registries::{CommandLine, Kind};
use codeartifact_helper::{Helper, Io};

use crate::arguments::{Invocation, Task};
use crate::refresh::{Refresh, Written};
use crate::tokens::{Gathered, TokenLine, WantedRegistry};
use crate::{Npm, exec};

/// The number of characters of a token that are shown.
const SHOWN: usize = 4;

/// Shows the remarks about what was found. A shim is called all the time: it shows only what will make it fail.
pub(crate) fn found(io: &mut Io<'_>, refresh: &Refresh<'_>, invocation: &Invocation) {
    let is_shim = matches!(invocation.task, Task::Shim { .. });
    let search = &refresh.search;
    for remark in search.remarks.iter().filter(|_| !is_shim) {
        io.say(remark);
    }
    let environment = io.environment();
    let line = CommandLine::read(invocation.task.command());
    let asks = exec::needs_registry(invocation.task.command());
    if is_shim && asks {
        search.foreign.iter().for_each(|remark| io.say(remark));
    }
    if let Some(entry) = search
        .silent
        .as_ref()
        .filter(|_| asks && line.kind == Some(Kind::Yarn))
    {
        io.say(&format!(
            "the entry of npmRegistries at {entry} lacks npmAlwaysAuth: true, so Yarn asks anonymously for packages without a scope"
        ));
    }
    refresh.unmet.iter().for_each(|it| {
        io.say(&format!(
            "{} says that it is published to {}, and no connection of yours is for that domain: no token is asked for it",
            it.origin, it.endpoint
        ));
    });
    // A variable is about to be set, or it is said why not.
    let becomes_command = !invocation.task.command().is_empty();
    let shown = search.credentials.iter().filter(|it| {
        let is_said_later = becomes_command && it.variable().is_some();
        let is_quiet = is_shim && (!asks || !it.is_useless(environment));
        !is_said_later && !is_quiet && it.is_read_by(&line)
    });
    let shown: Vec<_> = shown.filter_map(|it| it.remark(environment)).collect();
    shown.iter().for_each(|remark| io.say(remark));
    if invocation.verbose {
        origins(io, refresh);
    }
    about_files(io, refresh, &invocation.task);
}

fn about_files(io: &mut Io<'_>, refresh: &Refresh<'_>, task: &Task) {
    if !matches!(task, Task::Write | Task::Print | Task::Check) {
        return;
    }
    if refresh.wanted.is_empty() {
        io.say("neither this project nor your own configuration names a CodeArtifact registry");
    }
    if refresh.search.yarn().is_some_and(|yarn| !yarn.has_plugin) {
        io.say(
            "Yarn from 2 on reads no .npmrc: run `codeartifact setup yarn` once, or `codeartifact-npm exec -- yarn …`",
        );
    }
}

fn origins(io: &mut Io<'_>, refresh: &Refresh<'_>) {
    for wanted in &refresh.wanted {
        let origins: Vec<_> = wanted.origins.iter().map(ToString::to_string).collect();
        let origins = origins.join(", ");
        io.say(&format!("{} is named in {origins}", wanted.endpoint));
    }
    let files = refresh.files.iter().map(|it| it.path.as_path());
    io.say(&format!("tokens are written to {}", listed(files)));
}

fn listed<'a>(files: impl Iterator<Item = &'a Path>) -> String {
    let files: Vec<_> = files.map(|it| it.display().to_string()).collect();
    files.join(" and ")
}

/// Shows and records the failures. The exit code is that of the first.
pub(crate) fn gathered(io: &mut Io<'_>, gathered: &Gathered) -> Exit {
    io.warn(&gathered.warnings);
    if let Some(ago) = gathered.failed_before {
        io.say(&format!(
            "AWS gave no token {ago} s ago, and is not asked again for a minute; `codeartifact status` shows why"
        ));
    }
    let mut exits = Vec::new();
    for (endpoint, error) in &gathered.failures {
        exits.push(io.fail(&endpoint.root(), None, error));
    }
    exits.first().copied().unwrap_or(Exit::Done)
}

/// Says which files have new lines.
pub(crate) fn written(io: &mut Io<'_>, written: &Written, invocation: &Invocation) {
    let asked_for = invocation.task == Task::Write;
    if written.files.is_empty() {
        return;
    }
    if asked_for || invocation.verbose {
        let files = listed(written.files.iter().map(PathBuf::as_path));
        io.say(&format!("fresh tokens are in {files}"));
    }
    if asked_for && comes_too_late(io.environment()) {
        io.say(&format!(
            "the package manager had read its configuration before this script ran: should it fail with 401, \
             run it once more, and use `{} exec -- …` from now on",
            Npm::NAME
        ));
    }
}

/// Says that a file could not be written, and what is done instead for a command.
pub(crate) fn not_written(io: &mut Io<'_>, written: &Written) {
    if let Some(error) = written.errors.first() {
        let instead = "the tokens are handed over in memory, for this command alone";
        io.say(&format!("{error:#}; {instead}"));
    }
    old_logins(io, written);
}

/// Says that a file could not be written, and what to do. Returns true if all could.
pub(crate) fn failed(io: &mut Io<'_>, written: &Written) -> bool {
    match written.errors.first() {
        Some(error) => io.say(&format!(
            "{error:#}\n  hint: use `codeartifact-npm exec -- …`, which hands the tokens over in memory"
        )),
        None => old_logins(io, written),
    }
    written.errors.is_empty() && written.old_logins.is_none()
}

fn old_logins(io: &mut Io<'_>, written: &Written) {
    if let Some(error) = &written.old_logins {
        io.say(&format!(
            "{error:#}; pnpm takes an old token from it\n  hint: `codeartifact setup pnpm`: its helper wins over that token"
        ));
    }
}

/// A script of a package, even its `preinstall`, runs after every client has read its tokens (tried with
/// npm 6, 10 and 11, pnpm 10 and 12, Yarn 1 and 4, Bun). npx sets the variable too, and waits for no token of ours.
fn comes_too_late(environment: &Environment) -> bool {
    let event = environment.text(NPM_LIFECYCLE_EVENT);
    event.is_some_and(|event| event != "npx")
}

/// Names the registries whose lines are missing or old.
pub(crate) fn due(io: &mut Io<'_>, due: &[&WantedRegistry]) {
    for wanted in due {
        io.say(&format!("a token is due for {}", wanted.endpoint));
    }
}

/// Token lines, with no more of a token than tells two of them apart.
pub(crate) fn preview(lines: &[&TokenLine]) -> String {
    lines.iter().map(|line| shortened(line)).collect()
}

/// Says that our lines are removed.
pub(crate) fn logged_out(io: &mut Io<'_>, refresh: &Refresh<'_>, cleaned: &[&Path]) {
    let npmrc = refresh.files.iter().map(|it| it.path.as_path()).take(1);
    io.say(&if cleaned.is_empty() {
        format!("there is no CodeArtifact token in {}", listed(npmrc))
    } else {
        let cleaned = listed(cleaned.iter().copied());
        format!("the CodeArtifact tokens are gone from {cleaned}")
    });
}

fn shortened(line: &TokenLine) -> String {
    let token = line.token.expose();
    let hidden = token.len().saturating_sub(SHOWN);
    // A token hardly longer than that is not shown at all.
    let shown = token
        .get(hidden..)
        .filter(|_| hidden > SHOWN)
        .unwrap_or_default();
    format!("{}:_authToken=…{shown}\n", line.registry)
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Secret;

    use super::*;

    #[test]
    fn a_token_is_shown_by_its_last_four_characters_at_most() {
        for (token, shown) in [
            ("eyJ2ZXIiOjF9abcd", "abcd"),
            ("123456789", "6789"),
            ("12345678", ""),
            ("", ""),
        ] {
            let token = Secret::new(token.to_owned());
            let line = TokenLine {
                registry: "//host/".to_owned(),
                token,
            };
            assert_eq!(shortened(&line), format!("//host/:_authToken=…{shown}\n"));
        }
    }
}
