//! What one check of `codeartifact test` found out: data only. Checks make findings, `report` shows them.

use codeartifact_auth::Error;
use codeartifact_auth::error::{Exit, Failure};
use serde_json::{Value, json};

/// What one check found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// For programs, and never changed: `source_credentials`, `hop`, `client_pip`.
    pub(crate) check: &'static str,
    /// For people, on the left: `source credentials`, `hop 2`.
    pub(crate) label: String,
    pub(crate) state: State,
    /// What is so or, where something is wrong, why. Lines after the first are AWS's or a client's own words.
    pub(crate) text: String,
    /// The one thing to do next.
    pub(crate) hint: Option<String>,
    /// Its row in the troubleshooting table.
    pub(crate) fault: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
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
    pub(crate) fn ok(
        check: &'static str,
        label: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            check,
            label: label.into(),
            state: State::Ok,
            text: text.into(),
            hint: None,
            fault: None,
        }
    }

    /// What kept a step from being done.
    pub(crate) fn of(check: &'static str, label: impl Into<String>, failure: &Failure) -> Self {
        Self {
            fault: Some(failure.key().to_owned()),
            hint: failure.hint().map(str::to_owned),
            ..Self::failed(check, label, failure.message(), failure.exit())
        }
    }

    /// What kept everything from being done.
    pub(crate) fn of_error(check: &'static str, label: impl Into<String>, error: &Error) -> Self {
        Self::of(check, label, &error.failure())
    }

    /// It works, and yet should be fixed, as a row says.
    pub(crate) fn warned(check: &'static str, label: impl Into<String>, failure: &Failure) -> Self {
        Self {
            state: State::Warning,
            ..Self::of(check, label, failure)
        }
    }

    /// It works, and yet should be fixed.
    pub(crate) fn warning(
        check: &'static str,
        label: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            state: State::Warning,
            ..Self::ok(check, label, text)
        }
    }

    /// It does not work.
    pub(crate) fn failed(
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
    pub(crate) fn skipped(check: &'static str, label: impl Into<String>) -> Self {
        Self {
            state: State::Skipped,
            ..Self::ok(check, label, "not tried")
        }
    }

    /// With the one thing to do next.
    #[must_use]
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        json!({
            "check": self.check,
            "label": self.label,
            "state": self.state.name(),
            "text": self.text,
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
