//! The result of one check, about a client or about a connection: data. Checks make findings; others show them.

use codeartifact_auth::Error;
use codeartifact_auth::error::{Exit, Failure};
use serde_json::{Value, json};

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// For programs, and never changed: `source_credentials`, `hop`, `client_pip`.
    pub check: &'static str,
    /// For people, on the left: `source credentials`, `hop 2`.
    pub label: String,
    /// The outcome.
    pub state: State,
    /// The state of things or, where something is wrong, the reason. Lines after the first are AWS's or a client's own words.
    pub text: String,
    /// The variable, or file and line, that it comes from.
    pub source: Option<String>,
    /// The one thing to do next.
    pub hint: Option<String>,
    /// Its row in the troubleshooting table.
    pub fault: Option<String>,
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// All is well.
    Ok,
    /// Works, and yet should be fixed.
    Warning,
    /// Does not work. If nothing fails before, `codeartifact test` exits so.
    Failed(Exit),
    /// Not looked at, because of something before it.
    Skipped,
}

impl Finding {
    /// All is well.
    pub fn ok(check: &'static str, label: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            check,
            label: label.into(),
            state: State::Ok,
            text: text.into(),
            source: None,
            hint: None,
            fault: None,
        }
    }

    /// An error kept a step from being done.
    pub fn of(check: &'static str, label: impl Into<String>, failure: &Failure) -> Self {
        Self {
            fault: Some(failure.key().to_owned()),
            hint: failure.hint().map(str::to_owned),
            ..Self::failed(check, label, failure.to_string(), failure.exit())
        }
    }

    /// An error kept everything from being done.
    pub fn of_error(check: &'static str, label: impl Into<String>, error: &Error) -> Self {
        Self::of(check, label, &error.failure())
    }

    /// It works, and yet should be fixed, as a row says.
    pub fn warned(check: &'static str, label: impl Into<String>, failure: &Failure) -> Self {
        Self {
            state: State::Warning,
            ..Self::of(check, label, failure)
        }
    }

    /// It works, and yet should be fixed.
    pub fn warning(check: &'static str, label: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            state: State::Warning,
            ..Self::ok(check, label, text)
        }
    }

    /// It does not work.
    pub fn failed(
        check: &'static str,
        label: impl Into<String>,
        text: impl Into<String>,
        exit: Exit,
    ) -> Self {
        Self {
            state: State::Failed(exit),
            ..Self::ok(check, label, text)
        }
    }

    /// It was not looked at.
    pub fn skipped(check: &'static str, label: impl Into<String>) -> Self {
        Self {
            state: State::Skipped,
            ..Self::ok(check, label, "not tried")
        }
    }

    /// With the one thing to do next.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// For programs.
    pub fn json(&self) -> Value {
        json!({
            "check": self.check,
            "label": self.label,
            "state": self.state.name(),
            "text": self.text,
            "source": self.source,
            "hint": self.hint,
            "fault": self.fault,
        })
    }
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Failed(_) => "failed",
            State::Skipped => "skipped",
        }
    }
}
