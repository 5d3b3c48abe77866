//! What a row of the table of failures has, and how a failure finds its row: by its key, or by what AWS said.
//! The rows themselves are in `row.rs`.

use std::fmt;

use super::row::{BUG, ROWS};
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
    /// The row with this key. There is none for a key of a newer version's.
    pub(super) fn find(key: &str) -> Option<&'static Row> {
        let mut rows = ROWS.iter().copied().chain([&BUG]);
        rows.find(|row| row.key == key)
    }

    /// The row that AWS's words mean at this call. Words that are more than a code decide before those that are not.
    pub fn meant(call: Call, said: &AwsSaid) -> Option<&'static Row> {
        let with = |saying: bool| {
            let means = |when: &When| saying != when.saying.is_empty() && when.fits(call, said);
            ROWS.iter().find(|row| row.when.iter().any(means))
        };
        with(true).or_else(|| with(false)).copied()
    }

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
    fn fits(&self, call: Call, said: &AwsSaid) -> bool {
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
