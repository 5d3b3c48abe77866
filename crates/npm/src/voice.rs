//! What the program says, and on which stream: results on stdout, everything else on stderr, no secret on either.
//! It decides nothing but the wording.

use std::io::Write;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::report::Reporter;
use codeartifact_auth::{Answer, Error};
use codeartifact_clients::node::NPM_LIFECYCLE_EVENT;

use crate::arguments::{Invocation, Task};
use crate::refresh::Refresh;
use crate::tokens::{Gathered, TokenLine, Wanted};

/// The name before every message.
pub(crate) const NAME: &str = "codeartifact-npm";

/// How many characters of a token may be seen.
const SHOWN: usize = 4;

/// The two streams of a run.
pub struct Voice<'a> {
    /// Where failures are recorded, and what says who calls.
    pub environment: &'a Environment,
    /// For results.
    pub output: &'a mut dyn Write,
    /// For everything else.
    pub errors: &'a mut dyn Write,
}

impl Voice<'_> {
    /// A result. Nobody listening is no failure.
    pub(crate) fn print(&mut self, text: &str) {
        let _ = self.output.write_all(text.as_bytes());
    }

    /// A message.
    pub(crate) fn say(&mut self, text: &str) {
        self.report(&format!("{NAME}: {text}"));
    }

    /// A message that has our name in it already.
    fn report(&mut self, text: &str) {
        let text = text.trim_end_matches('\n');
        if !text.is_empty() {
            let _ = self.errors.write_all(format!("{text}\n").as_bytes());
        }
    }

    /// There is nothing for `what`.
    pub(crate) fn refused(&mut self, what: &str, connection: Option<&str>, error: &Error) -> Exit {
        let reporter = Reporter::new(NAME, self.environment);
        self.report(&reporter.failure(what, connection, error));
        error.exit()
    }

    /// The value of an `Authorization` header, for a client that sends it as it stands.
    pub(crate) fn header(&mut self, answer: &Answer) -> Exit {
        let reporter = Reporter::new(NAME, self.environment);
        self.report(&reporter.notices(&answer.notices));
        let _ = writeln!(self.output, "Bearer {}", answer.token.secret.expose());
        Exit::Done
    }

    /// What a look round brought. A shim is silent about it: it is called all the time.
    pub(crate) fn found(&mut self, refresh: &Refresh<'_>, invocation: &Invocation) {
        let is_shim = matches!(invocation.task, Task::Shim { .. });
        for remark in refresh.remarks.iter().filter(|_| !is_shim) {
            self.say(remark);
        }
        if invocation.verbose {
            self.origins(refresh);
        }
        if refresh.wanted.is_empty() && matches!(invocation.task, Task::Write | Task::Print) {
            self.say(
                "neither this project nor your own configuration names a CodeArtifact registry",
            );
        }
    }

    fn origins(&mut self, refresh: &Refresh<'_>) {
        for wanted in &refresh.wanted {
            let origins: Vec<_> = wanted.origins.iter().map(ToString::to_string).collect();
            self.say(&format!(
                "{} is named in {}",
                wanted.endpoint,
                origins.join(", ")
            ));
        }
        self.say(&format!(
            "tokens are written to {}",
            refresh.file.path.display()
        ));
    }

    /// What went wrong while asking; the exit code is that of the first failure.
    pub(crate) fn gathered(&mut self, gathered: &Gathered) -> Exit {
        let reporter = Reporter::new(NAME, self.environment);
        self.report(&reporter.notices(&gathered.notices));
        for (endpoint, error) in &gathered.failures {
            self.report(&reporter.failure(&endpoint.root(), None, error));
        }
        let first = gathered.failures.first();
        first.map_or(Exit::Done, |(_, error)| error.exit())
    }

    /// The file has new lines.
    pub(crate) fn written(&mut self, refresh: &Refresh<'_>, invocation: &Invocation) {
        let asked_for = invocation.task == Task::Write;
        if asked_for || invocation.verbose {
            self.say(&format!(
                "fresh tokens are in {}",
                refresh.file.path.display()
            ));
        }
        if asked_for && self.comes_too_late() {
            self.say(&format!(
                "the package manager had read its configuration before this script ran: should it fail with 401, \
                 run it once more, and use `{NAME} exec -- …` from now on"
            ));
        }
    }

    /// As a script of a package, even as its `preinstall`, we run after every client has read its tokens (tried with
    /// npm 6, 10 and 11, pnpm 10 and 12, Yarn 1 and 4, Bun). npx sets the variable too, and waits for no token of ours.
    fn comes_too_late(&self) -> bool {
        let event = self.environment.text(NPM_LIFECYCLE_EVENT);
        event.is_some_and(|event| event != "npx")
    }

    /// Registries whose lines are missing or old.
    pub(crate) fn due(&mut self, due: &[&Wanted]) {
        for wanted in due {
            self.say(&format!("a token is due for {}", wanted.endpoint));
        }
    }

    /// Token lines, with no more of a token than tells two of them apart.
    pub(crate) fn preview(&mut self, lines: &[&TokenLine]) {
        let lines: String = lines.iter().map(|line| shortened(line)).collect();
        self.print(&lines);
    }

    /// Our lines are gone.
    pub(crate) fn logged_out(&mut self, refresh: &Refresh<'_>, any: bool) {
        let file = refresh.file.path.display();
        match any {
            true => self.say(&format!("the CodeArtifact tokens are gone from {file}")),
            false => self.say(&format!("there is no CodeArtifact token in {file}")),
        }
    }
}

fn shortened(line: &TokenLine) -> String {
    let token = line.token.expose();
    let hidden = token.len().saturating_sub(SHOWN);
    // Of a token hardly longer than that, nothing is shown.
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
