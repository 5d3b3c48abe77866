//! A failure as plain data: a row, and what fills its holes. It goes from one program to another as JSON with its text
//! filled in, so that a program can show even those whose row it does not have.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::template::{Values, fill};
use super::{Exit, Row, Step, row};
use crate::visible::{short_line, shown};

/// Something that failed, and everything there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    key: String,
    words: String,
    aws: Option<AwsSaid>,
    hint: Option<String>,
    exit: Exit,
    #[serde(default)]
    values: Values,
}

/// A code or a number of AWS's is not longer.
const LONGEST_CODE: usize = 100;

/// Enough for the longest sentence; encoded authorization messages of many kilobytes are cut.
const LONGEST_MESSAGE: usize = 1000;

/// AWS's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwsSaid {
    /// `AccessDenied`, …
    pub code: String,
    /// One line, without anything that must not be seen.
    pub message: String,
    /// The number that AWS's support asks for.
    pub request_id: Option<String>,
}

impl AwsSaid {
    /// All of it as a terminal may show it: the answer may not be AWS's.
    pub fn new(code: &str, message: &str, request_id: Option<&str>) -> Self {
        Self {
            code: short_line(code, LONGEST_CODE),
            message: short_line(message, LONGEST_MESSAGE),
            request_id: request_id.map(|id| short_line(id, LONGEST_CODE)),
        }
    }
}

impl Row {
    /// A failure of this kind, whose holes are not filled yet.
    pub fn failure(&'static self) -> Box<Failure> {
        let failure = Failure {
            key: String::new(),
            words: String::new(),
            aws: None,
            hint: None,
            exit: self.exit,
            values: Values::new(),
        };
        Box::new(failure).turned(self)
    }

    /// The same with one hole filled.
    pub fn with(&'static self, hole: &str, value: impl fmt::Display) -> Box<Failure> {
        self.failure().with(hole, value)
    }

    /// The same, if there is something to fill it with.
    pub fn with_any(&'static self, hole: &str, value: Option<impl fmt::Display>) -> Box<Failure> {
        self.failure().with_any(hole, value)
    }
}

impl Failure {
    /// Fills a hole. What fills it may be a stranger's text.
    #[must_use]
    pub fn with(mut self: Box<Self>, hole: &str, value: impl fmt::Display) -> Box<Self> {
        self.values
            .insert(hole.to_owned(), shown(&value.to_string()));
        self.filled()
    }

    /// Fills a hole if there is something to fill it with.
    #[must_use]
    pub fn with_any(self: Box<Self>, hole: &str, value: Option<impl fmt::Display>) -> Box<Self> {
        match value {
            Some(value) => self.with(hole, value),
            None => self,
        }
    }

    /// Says at which step it failed, and for which connection.
    #[must_use]
    pub fn at(mut self: Box<Self>, step: &Step, connection: Option<&str>) -> Box<Self> {
        self.values.extend(step.values(connection));
        self.filled()
    }

    /// Says that the place so far is in this file.
    #[must_use]
    pub fn in_file(self: Box<Self>, file: &Path) -> Box<Self> {
        let file = file.display();
        let place = match self.values.get("step") {
            Some(place) => format!("{file}, {place}"),
            None => file.to_string(),
        };
        self.with("step", place)
    }

    /// Adds AWS's own words.
    #[must_use]
    pub fn said(mut self: Box<Self>, aws: AwsSaid) -> Box<Self> {
        self.aws = Some(aws);
        self
    }

    /// The same failure, better understood: of another row, with the same values.
    #[must_use]
    pub fn turned(mut self: Box<Self>, row: &'static Row) -> Box<Self> {
        row.key.clone_into(&mut self.key);
        self.exit = row.exit;
        self.filled()
    }

    /// Tells whether it is one of these rows.
    pub fn is(&self, rows: &[&Row]) -> bool {
        rows.iter().any(|row| row.key == self.key)
    }

    /// Tells whether it says no more than `other` does: hundreds of domains may have one failure.
    pub fn repeats(&self, other: &Failure) -> bool {
        let is_known = |failure: &Failure| failure.is(&[&row::DOMAINS_FAILED]);
        self == other || is_known(self) && is_known(other)
    }

    /// Tells whether it happened at a certain domain, and not on the way there.
    pub(crate) fn is_about_domain(&self) -> bool {
        self.values.contains_key("domain")
    }

    fn filled(mut self: Box<Self>) -> Box<Self> {
        if let Some(row) = Row::find(&self.key) {
            let words = fill(row.words, &self.values);
            self.words = match self.values.get("step") {
                Some(step) => format!("{step}: {words}"),
                None => words,
            };
            self.hint = Some(fill(row.hint, &self.values)).filter(|hint| !hint.is_empty());
        }
        self
    }

    /// Its name for programs.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Says what failed and why, on one line, without AWS's own words.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// AWS's own words, if AWS was reached.
    pub fn aws(&self) -> Option<&AwsSaid> {
        self.aws.as_ref()
    }

    /// The one thing to do next, if there is one.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The exit code that follows.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// The connection that it happened on, if it is known and has a name.
    pub fn connection(&self) -> Option<&str> {
        self.values.get("connection").map(String::as_str)
    }
}

impl std::error::Error for Failure {}

/// Says what failed and why; AWS's own words are on a line of their own.
impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words)?;
        match &self.aws {
            Some(said) => write!(formatter, "\n  {said}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for AwsSaid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AWS: {}", self.code)?;
        if !self.message.is_empty() {
            write!(formatter, ": {}", self.message)?;
        }
        match &self.request_id {
            Some(id) => write!(formatter, " (request {id})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
