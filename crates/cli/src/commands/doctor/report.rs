//! Shows findings: each as it comes, or one line for a whole connection, or all of them as JSON at the end;
//! and the exit code that follows from them. It finds out nothing.

use codeartifact_auth::error::Exit;
use serde_json::{Value, json};

use crate::console::{Colour, Console};
use codeartifact_clients::finding::{Finding, State};

/// The column of the text, after the sign and a space.
const LABEL_WIDTH: usize = 24;

/// The column of its source, after the text.
const TEXT_WIDTH: usize = 36;

/// The detail of the report, and its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Every finding, as it comes.
    Whole,
    /// A line for each connection, and what is wrong with it.
    Brief,
    /// One object at the end.
    Json,
}

/// Takes findings, and shows them.
pub(crate) struct Report<'a> {
    console: &'a mut Console,
    style: Style,
    subjects: Vec<Section>,
    /// About the package managers of this machine, and no connection.
    clients: Vec<Finding>,
}

/// The subject of the findings that follow.
struct Section {
    name: Option<String>,
    findings: Vec<Finding>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(style: Style, console: &'a mut Console) -> Self {
        Self {
            console,
            style,
            subjects: Vec::new(),
            clients: Vec::new(),
        }
    }

    /// Findings from now on are about this connection; `None` is ambient credentials.
    pub(crate) fn begin(&mut self, connection: Option<&str>) {
        self.end();
        self.subjects.push(Section {
            name: connection.map(str::to_owned),
            findings: Vec::new(),
        });
    }

    /// Does what a check needs, and shows that it is at it.
    pub(crate) fn during<T>(&self, what: &str, work: impl FnOnce() -> T) -> T {
        match self.style {
            Style::Json => work(),
            Style::Whole | Style::Brief => self.console.during(what, work),
        }
    }

    /// Shows a finding, or keeps it for the end.
    pub(crate) fn add(&mut self, finding: Finding) {
        if self.style == Style::Whole {
            let text = self.shown(&finding);
            self.console.say(&text);
        }
        if self.subjects.is_empty() {
            self.begin(None);
        }
        self.subjects
            .last_mut()
            .into_iter()
            .for_each(|subject| subject.findings.push(finding.clone()));
    }

    /// The same about a client.
    pub(crate) fn add_client(&mut self, finding: Finding) {
        if self.style != Style::Json {
            let text = self.shown(&finding);
            self.console.say(&text);
        }
        self.clients.push(finding);
    }

    /// Runs the checks of one subject, and returns only what is wrong first. Nothing is shown.
    pub(crate) fn summary_of(&mut self, checks: impl FnOnce(&mut Report<'_>)) -> Option<Finding> {
        let mut inner = Report::new(Style::Json, self.console);
        checks(&mut inner);
        inner.subjects.last().map(Section::summary)
    }

    /// Shows what is left to show; what is wrong first decides the exit code.
    pub(crate) fn finish(mut self) -> Exit {
        self.end();
        let exit = self.exit();
        if self.style == Style::Json {
            let text = format!("{:#}\n", self.json(exit));
            self.console.say(&text);
        }
        exit
    }

    fn exit(&self) -> Exit {
        let findings = self.subjects.iter().flat_map(|subject| &subject.findings);
        let mut findings = findings.chain(&self.clients);
        let failed = findings.find_map(|finding| match finding.state {
            State::Failed(exit) => Some(exit),
            _ => None,
        });
        failed.unwrap_or(Exit::Done)
    }

    /// The last subject has all its findings.
    fn end(&mut self) {
        if let (Style::Brief, Some(subject)) = (self.style, self.subjects.last()) {
            let text = self.shown(&subject.summary());
            self.console.say(&text);
        }
    }

    fn shown(&self, finding: &Finding) -> String {
        let (sign, colour) = match finding.state {
            State::Ok => ("✓", Colour::Good),
            State::Warning => ("!", Colour::Doubtful),
            State::Failed(_) => ("✗", Colour::Bad),
            State::Skipped => ("–", Colour::Aside),
        };
        let sign = self.console.paint(colour, sign);
        let line = match &finding.source {
            None => format!("{:LABEL_WIDTH$} {}", finding.label, finding.text),
            Some(source) => format!(
                "{:LABEL_WIDTH$} {:TEXT_WIDTH$} {source}",
                finding.label, finding.text
            ),
        };
        let hint = finding
            .hint
            .as_ref()
            .map(|hint| format!("  hint: {hint}\n"));
        format!("{sign} {line}\n{}", hint.unwrap_or_default())
    }

    fn json(&self, exit: Exit) -> Value {
        json!({
            "ok": exit == Exit::Done,
            "exit_code": exit as u8,
            "connections": self.subjects.iter().map(Section::json).collect::<Vec<_>>(),
            "clients": self.clients.iter().map(Finding::json).collect::<Vec<_>>(),
        })
    }
}

impl Section {
    fn json(&self) -> Value {
        json!({
            "connection": self.name,
            "findings": self.findings.iter().map(Finding::json).collect::<Vec<_>>(),
        })
    }

    /// Sums up under the connection's name: the first failure, else the first warning, else that all is well.
    fn summary(&self) -> Finding {
        let label = self.name.clone().unwrap_or_default();
        let rank = |finding: &&Finding| match finding.state {
            State::Failed(_) => 0,
            State::Warning => 1,
            State::Ok | State::Skipped => 2,
        };
        let worst = self.findings.iter().min_by_key(rank);
        let wrong = worst.filter(|finding| rank(finding) < 2);
        match wrong {
            Some(finding) => Finding {
                label,
                text: format!("{}: {}", finding.label, finding.text),
                ..finding.clone()
            },
            None => Finding::ok("connection", label, "all is well"),
        }
    }
}

#[cfg(test)]
mod tests;
