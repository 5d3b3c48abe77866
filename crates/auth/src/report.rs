//! The messages about a run, the same for all programs: text for stderr, a line in the file that
//! `CODEARTIFACT_LOG` names, and a line in the record of failures that `status` and `test` show, because several
//! clients swallow the messages of a helper. It prints nothing, says no secret, and never fails a run.

mod record;

use std::io::Write;
use std::path::Path;

pub use record::RecordedFailure;

use crate::endpoint;
use crate::environment::{self, Environment};
use crate::private_file;
use crate::visible::one_line;
use crate::{Error, Warning};

/// The messages of one program about its run.
#[derive(Debug, Clone, Copy)]
pub struct Reporter<'a> {
    program: &'static str,
    environment: &'a Environment,
}

impl<'a> Reporter<'a> {
    /// For `program`, by the name that people type.
    pub fn new(program: &'static str, environment: &'a Environment) -> Self {
        Self {
            program,
            environment,
        }
    }

    /// Notes that there was no token for `what` (a URL or host), and returns the text for stderr.
    #[must_use = "it is for stderr, and nothing else writes it there"]
    pub fn failure(&self, what: &str, connection: Option<&str>, error: &Error) -> String {
        let failure = error.failure();
        let recorded = RecordedFailure {
            time: self.environment.now(),
            program: self.program.to_owned(),
            what: without_userinfo(what),
            connection: connection.map(str::to_owned),
            cause: one_line(failure.words()),
            aws: failure.aws().map(|said| one_line(&said.to_string())),
            hint: failure.hint().map(one_line),
        };
        record::append(&recorded, self.environment);
        self.log(&format!(
            "no token for {}: {}",
            recorded.what,
            one_line(&error.report())
        ));
        self.text_of(error)
    }

    /// The text of a failure for stderr. It is not noted, so this is for one that cost nobody a token.
    pub fn text_of(&self, error: &Error) -> String {
        let failure = error.failure();
        self.text(&failure.to_string(), failure.hint().map(str::to_owned))
    }

    /// Notes what went wrong without stopping the run, and returns the text for stderr: empty if nothing did.
    #[must_use = "it is for stderr, and nothing else writes it there"]
    pub fn warnings(&self, warnings: &[Warning]) -> String {
        let mut texts: Vec<String> = Vec::new();
        for notice in warnings {
            let text = self.text(&notice.to_string(), notice.hint());
            if !texts.contains(&text) {
                self.log(&one_line(&notice.to_string()));
                texts.push(text);
            }
        }
        texts.concat()
    }

    fn text(&self, message: &str, hint: Option<String>) -> String {
        let hint = hint
            .map(|hint| format!("  hint: {hint}\n"))
            .unwrap_or_default();
        format!("{}: {message}\n{hint}", self.program)
    }

    /// A single write of a whole line, so that processes do not mix theirs.
    fn log(&self, line: &str) {
        let Some(path) = self.environment.variable(environment::LOG) else {
            return;
        };
        let line = format!("{} {}: {line}\n", self.environment.now(), self.program);
        if let Ok(mut file) = private_file::open_to_append(Path::new(&path)) {
            drop(file.write_all(line.as_bytes()));
        }
    }
}

/// The failures noted last, the latest first.
pub fn latest(environment: &Environment) -> Vec<RecordedFailure> {
    record::read(environment)
}

/// Callers pass what a client or a person gave them, who may have put a password there.
pub fn without_userinfo(what: &str) -> String {
    one_line(&endpoint::without_userinfo(what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::CacheError;
    use crate::error::{AwsSaid, EndpointError, row};
    use crate::token::Timestamp;

    const HINT: &str =
        "if it is your own proxy in front of CodeArtifact, add your proxy's host to [hosts]";

    fn at(home: &Path, variables: &[(&str, &str)]) -> Environment {
        Environment::fixed(variables, home.to_owned(), Timestamp(1_800_000_000))
    }

    fn error() -> Error {
        EndpointError::NotCodeArtifact("https://example.com/".into()).into()
    }

    fn locked() -> Warning {
        let hint = Some("unlock it");
        Warning::Cache(CacheError {
            store: "keyring",
            reason: "is locked".into(),
            hint,
        })
    }

    #[test]
    fn a_failure_is_said_logged_and_recorded() {
        let home = tempfile::tempdir().unwrap();
        let log = home.path().join("log");
        let environment = at(home.path(), &[(environment::LOG, log.to_str().unwrap())]);
        let reporter = Reporter::new("codeartifact-keyring", &environment);
        let said = reporter.failure(
            "https://aws:s3cret@example.com/simple/",
            Some("acme"),
            &error(),
        );
        assert_eq!(
            said,
            format!(
                "codeartifact-keyring: `https://example.com/` is not a CodeArtifact URL\n  hint: {HINT}\n"
            )
        );
        assert_eq!(
            std::fs::read_to_string(log).unwrap(),
            format!(
                "2027-01-15T08:00:00Z codeartifact-keyring: no token for https://example.com/simple/: \
                 `https://example.com/` is not a CodeArtifact URL hint: {HINT}\n"
            )
        );
        let expected = RecordedFailure {
            time: Timestamp(1_800_000_000),
            program: "codeartifact-keyring".into(),
            what: "https://example.com/simple/".into(),
            connection: Some("acme".into()),
            cause: "`https://example.com/` is not a CodeArtifact URL".into(),
            aws: None,
            hint: Some(HINT.into()),
        };
        assert_eq!(latest(&environment), [expected]);
    }

    #[test]
    fn awss_own_words_are_recorded_apart() {
        let home = tempfile::tempdir().unwrap();
        let environment = at(home.path(), &[]);
        let said = AwsSaid {
            code: "AccessDenied".into(),
            message: "not authorized".into(),
            request_id: None,
        };
        let failure = row::CALLER_NOT_ALLOWED.with("step", "cannot assume R");
        let error = Error::from(failure.said(said));
        let text = Reporter::new("codeartifact", &environment).failure("x", None, &error);
        assert!(text.contains("not allow it\n  AWS: AccessDenied"), "{text}");
        let recorded = &latest(&environment)[0];
        let cause = "cannot assume R: the caller's own policies do not allow it";
        assert_eq!(recorded.cause, cause);
        assert_eq!(
            recorded.aws.as_deref(),
            Some("AWS: AccessDenied: not authorized")
        );
    }

    #[test]
    fn notices_are_said_once_each() {
        let home = tempfile::tempdir().unwrap();
        let environment = at(home.path(), &[]);
        let reporter = Reporter::new("codeartifact-goauth", &environment);
        assert_eq!(reporter.warnings(&[]), "");
        assert_eq!(
            reporter.warnings(&[locked(), locked()]),
            "codeartifact-goauth: tokens may not be kept: keyring: is locked\n  hint: unlock it\n"
        );
        assert_eq!(latest(&environment), [], "a notice is no failure");
    }

    #[test]
    fn nothing_that_cannot_be_written_stops_a_run() {
        let variables = [(environment::LOG, "/nonexistent/log")];
        let environment = at(Path::new("/dev/null"), &variables);
        let said =
            Reporter::new("codeartifact", &environment).failure("example.com", None, &error());
        assert!(said.starts_with("codeartifact: "), "{said}");
        assert_eq!(latest(&environment), []);
    }

    #[test]
    fn userinfo_and_line_breaks_are_dropped() {
        let rows = [
            (
                "https://aws:s3cret@example.com/a@b",
                "https://example.com/a@b",
            ),
            ("https://aws@example.com", "https://example.com"),
            ("aws:s3@cret@example.com:443", "example.com:443"),
            ("example.com", "example.com"),
            (
                "sparse+https://x:y@example.com/?q=@",
                "sparse+https://example.com/?q=@",
            ),
            ("https://example.com/a\nb", "https://example.com/a b"),
            ("", ""),
        ];
        for (what, expected) in rows {
            assert_eq!(without_userinfo(what), expected, "{what:?}");
        }
    }
}
