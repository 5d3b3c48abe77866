//! The messages about a refresh. It decides nothing but the wording, and shows no secret.

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_clients::node::NPM_LIFECYCLE_EVENT;
use codeartifact_helper::{Helper, Io};

use crate::Npm;
use crate::arguments::{Invocation, Task};
use crate::refresh::Refresh;
use crate::tokens::{Gathered, TokenLine, Wanted};

/// The number of characters of a token that are shown.
const SHOWN: usize = 4;

/// Shows the remarks about what was found. A shim is silent about it: it is called all the time.
pub(crate) fn found(io: &mut Io<'_>, refresh: &Refresh<'_>, invocation: &Invocation) {
    let is_shim = matches!(invocation.task, Task::Shim { .. });
    for remark in refresh.remarks.iter().filter(|_| !is_shim) {
        io.say(remark);
    }
    if invocation.verbose {
        origins(io, refresh);
    }
    if refresh.wanted.is_empty() && matches!(invocation.task, Task::Write | Task::Print) {
        io.say("neither this project nor your own configuration names a CodeArtifact registry");
    }
}

fn origins(io: &mut Io<'_>, refresh: &Refresh<'_>) {
    for wanted in &refresh.wanted {
        let origins: Vec<_> = wanted.origins.iter().map(ToString::to_string).collect();
        let origins = origins.join(", ");
        io.say(&format!("{} is named in {origins}", wanted.endpoint));
    }
    let file = refresh.file.path.display();
    io.say(&format!("tokens are written to {file}"));
}

/// Shows and records the failures. The exit code is that of the first.
pub(crate) fn gathered(io: &mut Io<'_>, gathered: &Gathered) -> Exit {
    io.warn(&gathered.warnings);
    let mut exits = Vec::new();
    for (endpoint, error) in &gathered.failures {
        exits.push(io.fail(&endpoint.root(), None, error));
    }
    exits.first().copied().unwrap_or(Exit::Done)
}

/// Says that the file has new lines.
pub(crate) fn written(io: &mut Io<'_>, refresh: &Refresh<'_>, invocation: &Invocation) {
    let asked_for = invocation.task == Task::Write;
    if asked_for || invocation.verbose {
        io.say(&format!("fresh tokens are in {}", refresh.file.shown()));
    }
    if asked_for && comes_too_late(io.environment()) {
        io.say(&format!(
            "the package manager had read its configuration before this script ran: should it fail with 401, \
             run it once more, and use `{} exec -- …` from now on",
            Npm::NAME
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
pub(crate) fn due(io: &mut Io<'_>, due: &[&Wanted]) {
    for wanted in due {
        io.say(&format!("a token is due for {}", wanted.endpoint));
    }
}

/// Token lines, with no more of a token than tells two of them apart.
pub(crate) fn preview(lines: &[&TokenLine]) -> String {
    lines.iter().map(|line| shortened(line)).collect()
}

/// Says that our lines are removed.
pub(crate) fn logged_out(io: &mut Io<'_>, refresh: &Refresh<'_>, any: bool) {
    let file = refresh.file.path.display();
    io.say(&if any {
        format!("the CodeArtifact tokens are gone from {file}")
    } else {
        format!("there is no CodeArtifact token in {file}")
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
