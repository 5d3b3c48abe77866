//! The outcome of a program: exit code, stdout, stderr, always shown together when an expectation fails.

use std::fmt;
use std::process::Output;

/// The end of a program.
#[must_use = "a program that nobody looked at may have failed"]
pub struct Outcome {
    /// The exit code; none when a signal ended it, also ours when it ran too long.
    pub code: Option<i32>,
    /// All of its standard output.
    pub stdout: String,
    /// All of its standard error.
    pub stderr: String,
}

impl Outcome {
    /// Goes on only if it succeeded.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        self.exited(0)
    }

    /// Goes on only if it failed, in whatever way.
    #[track_caller]
    pub fn failed(self) -> Self {
        assert!(
            self.code.is_some_and(|code| code != 0),
            "it should have failed: {self:?}"
        );
        self
    }

    /// Goes on only if it ended with this code.
    #[track_caller]
    pub fn exited(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Goes on only if standard error holds each of these.
    #[track_caller]
    pub fn says(self, expected: &[&str]) -> Self {
        for text in expected {
            assert!(
                self.stderr.contains(text),
                "stderr lacks {text:?}: {self:?}"
            );
        }
        self
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self
            .code
            .map_or("none, a signal".to_owned(), |code| code.to_string());
        write!(
            f,
            "\nexit code: {code}\n--- stdout\n{}\n--- stderr\n{}\n---",
            self.stdout, self.stderr
        )
    }
}
