//! How findings are shown: each as it comes, or one line for a whole connection, or all of them as JSON at the end;
//! and the exit code that follows from them. It finds out nothing.

use codeartifact_auth::error::Exit;
use serde_json::{Value, json};

use crate::console::{Colour, Console};
use codeartifact_clients::finding::{Finding, State};

/// Where the text begins, after the sign and a space.
const LABEL_WIDTH: usize = 24;

/// Where its source begins, after the text.
const TEXT_WIDTH: usize = 36;

/// How much is shown, and to whom.
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
    subjects: Vec<Subject>,
    /// About the package managers of this machine, and no connection.
    clients: Vec<Finding>,
}

/// The subject of the findings that follow.
struct Subject {
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
        self.subjects.push(Subject {
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
        inner.subjects.last().map(Subject::summary)
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
            "connections": self.subjects.iter().map(Subject::json).collect::<Vec<_>>(),
            "clients": self.clients.iter().map(Finding::json).collect::<Vec<_>>(),
        })
    }
}

impl Subject {
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
mod tests {
    use super::*;
    use crate::console::for_tests::Said;

    const REFUSED: &str =
        "cannot assume arn:aws:iam::111122223333:role/R (hop 2 of 2)\n  AWS: AccessDenied";

    fn findings() -> [Finding; 4] {
        [
            Finding::ok(
                "configuration",
                "configuration",
                "3 URLs, 1 domain, us-east-1",
            ),
            Finding::warning("clock", "clock", "20 min behind").hint("set it"),
            Finding::failed("hop", "hop 2", REFUSED, Exit::Authentication).hint("compare"),
            Finding::skipped("repository", "npm   /npm/my-repo/"),
        ]
    }

    fn reported(style: Style, has_colour: bool) -> (String, Exit) {
        let said = Said::default();
        let mut console = said.console(has_colour);
        let mut report = Report::new(style, &mut console);
        report.begin(Some("acme"));
        findings()
            .into_iter()
            .for_each(|finding| report.add(finding));
        report.begin(Some("globex"));
        report.add(findings()[0].clone());
        let exit = report.finish();
        (said.text(), exit)
    }

    #[test]
    fn people_see_aligned_lines_as_they_come() {
        let (text, exit) = reported(Style::Whole, false);
        let acme = format!(
            "✓ configuration            3 URLs, 1 domain, us-east-1\n\
             ! clock                    20 min behind\n  hint: set it\n\
             ✗ hop 2                    {REFUSED}\n  hint: compare\n\
             – npm   /npm/my-repo/      not tried\n"
        );
        assert!(text.starts_with(&acme), "{text}");
        assert_eq!(exit, Exit::Authentication);
    }

    #[test]
    fn the_sign_alone_is_coloured() {
        let (text, _) = reported(Style::Whole, true);
        assert!(
            text.starts_with("\u{1b}[32m✓\u{1b}[0m configuration  "),
            "{text:?}"
        );
        assert!(text.contains("\u{1b}[31m✗\u{1b}[0m hop 2"), "{text:?}");
    }

    #[test]
    fn many_connections_take_a_line_each() {
        let (text, exit) = reported(Style::Brief, false);
        let expected = format!(
            "✗ acme                     hop 2: {REFUSED}\n  hint: compare\n\
             ✓ globex                   all is well\n"
        );
        assert_eq!((text, exit), (expected, Exit::Authentication));
    }

    #[test]
    fn programs_get_one_object_with_stable_keys() {
        let (text, _) = reported(Style::Json, true);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["ok"], false);
        assert_eq!(value["exit_code"], 4);
        assert_eq!(value["connections"][1]["connection"], "globex");
        assert_eq!(
            value["connections"][0]["findings"][2],
            json!({
                "check": "hop",
                "label": "hop 2",
                "state": "failed",
                "text": REFUSED,
                "source": null,
                "hint": "compare",
                "fault": null,
            })
        );
    }
}
