//! A row of the table of failures: its parts, and how it is shown on a page. The rows themselves are in `row.rs`.

use std::fmt;

use super::{AwsSaid, Exit, template};

/// A way to fail: all that there is to say about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// For programs, and never changed.
    pub key: &'static str,
    /// Its chapter in the table.
    pub area: Area,
    /// The step at which it is usually met, as a template; empty if it is met at none.
    pub step: &'static str,
    /// The reason why the step failed, as a template.
    pub words: &'static str,
    /// The one thing to do next, as a template.
    pub hint: &'static str,
    /// The exit code that follows; [`Exit::Done`] for what is only a warning.
    pub exit: Exit,
    /// The answers of AWS that mean it.
    pub when: &'static [When],
}

/// Words of AWS that mean a row.
#[derive(Debug, PartialEq, Eq)]
pub struct When {
    pub(super) call: Call,
    pub(super) codes: &'static [&'static str],
    /// A part of the message; empty if the code alone decides.
    pub(super) saying: &'static str,
}

/// The call that AWS refused: the same code means another thing at each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the calls' own")]
pub enum Call {
    Any,
    AssumeRole,
    AssumeRoleWithWebIdentity,
    GetRoleCredentials,
    SignIn,
    Renewal,
    GetAuthorizationToken,
    List,
    Publish,
}

/// A part of the table, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the steps' own")]
pub enum Area {
    Configuration,
    Machine,
    Credentials,
    Roles,
    Token,
    Repository,
    Package,
    Client,
    Network,
}

impl Row {
    /// Returns the words, with `…` for the parts that differ from case to case.
    pub fn says(&self) -> String {
        let words = template::pattern(self.words);
        if self.step.is_empty() {
            words
        } else {
            format!("{}: {words}", template::pattern(self.step))
        }
    }

    /// Returns the hint, in the same way.
    pub fn advises(&self) -> String {
        template::pattern(self.hint)
    }
}

impl When {
    pub(super) fn fits(&self, call: Call, said: &AwsSaid) -> bool {
        (self.call == Call::Any || self.call == call)
            && self.codes.contains(&said.code.as_str())
            && said.message.contains(self.saying)
    }
}

impl fmt::Display for Area {
    /// The heading in the table.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Area::Configuration => "Configuration",
            Area::Machine => "This machine's settings for AWS",
            Area::Credentials => "First credentials",
            Area::Roles => "Roles",
            Area::Token => "Authorization token",
            Area::Repository => "Repository",
            Area::Package => "Package (`codeartifact test --package`)",
            Area::Client => "The client's request",
            Area::Network => "Network and clock",
        })
    }
}

#[cfg(test)]
mod tests;
