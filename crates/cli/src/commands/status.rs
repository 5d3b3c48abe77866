//! `codeartifact status` lists the kept tokens, where they are and for how long, and the latest failures. Never a
//! secret.

use codeartifact_auth::cache::{self, Inventory, Kept};
use codeartifact_auth::connection::Connections;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::report::{self, RecordedFailure};
use codeartifact_auth::token::Timestamp;
use codeartifact_clients::words::{ago, span};
use serde_json::{Value, json};

use crate::arguments::{Format, StatusArguments};
use crate::output::Output;
use crate::programs;
use crate::words::{self, table};

/// Enough for one build; the record keeps more.
const FAILURES_SHOWN: usize = 5;

pub(crate) fn run(
    arguments: &StatusArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let connections = Connections::load(environment)?;
    let status = Status {
        place: cache::describe(connections.cache()?, environment),
        inventory: cache::kept(environment),
        failures: report::latest(environment),
        now: environment.now(),
    };
    let stdout = match arguments.format {
        Format::Text => status.text(),
        Format::Json => words::json(status.json()),
    };
    let unreadable = words::messages(&status.inventory.unreadable);
    let mixed = words::messages(programs::mixed());
    Ok(Output::done(stdout, unreadable + &mixed))
}

struct Status {
    place: cache::StoreLocation,
    inventory: Inventory,
    failures: Vec<RecordedFailure>,
    now: Timestamp,
}

impl Status {
    fn text(&self) -> String {
        format!(
            "{}\n\n{}{}",
            self.place.why,
            self.tokens(),
            self.latest_failures()
        )
    }

    fn tokens(&self) -> String {
        if self.inventory.kept.is_empty() {
            return "no tokens are kept\n".to_owned();
        }
        let head = [
            "CONNECTION",
            "DOMAIN",
            "STORE",
            "ISSUED",
            "EXPIRES IN",
            "SIZE",
        ];
        let mut rows = vec![head.map(str::to_owned)];
        rows.extend(self.inventory.kept.iter().map(|kept| self.row(kept)));
        table(&rows)
    }

    fn row(&self, kept: &Kept) -> [String; 6] {
        let (connection, domain) = match &kept.label {
            None => (None, "unknown".to_owned()),
            Some(label) => (
                label.connection.clone(),
                format!("{} ({}, {})", label.domain, label.owner, label.region),
            ),
        };
        let left = match kept.expires_at.since(self.now) {
            0 => "expired".to_owned(),
            seconds => span(seconds),
        };
        [
            connection.unwrap_or_else(|| "-".to_owned()),
            domain,
            kept.store.to_owned(),
            ago(self.now.since(kept.issued_at)),
            left,
            format!("{} bytes", kept.size),
        ]
    }

    fn latest_failures(&self) -> String {
        if self.failures.is_empty() {
            return String::new();
        }
        let failures = self.failures.iter().take(FAILURES_SHOWN);
        let lines: String = failures.map(|failure| self.shown(failure)).collect();
        format!("\nlatest failures\n{lines}")
    }

    fn shown(&self, failure: &RecordedFailure) -> String {
        let when = ago(self.now.since(failure.time));
        let hint = failure.hint.as_ref().map(|hint| format!("hint: {hint}"));
        let more = failure.aws.iter().chain(&hint);
        let more: String = more.map(|line| format!("    {line}\n")).collect();
        format!(
            "  {when}, {} had no token for {}\n    {}\n{more}",
            failure.program, failure.what, failure.cause
        )
    }

    fn json(&self) -> Value {
        json!({
            "store": self.place.store,
            "why": self.place.why,
            "tokens": self.inventory.kept.iter().map(token).collect::<Vec<_>>(),
            "failures": self.failures.iter().map(failure).collect::<Vec<_>>(),
        })
    }
}

fn token(kept: &Kept) -> Value {
    let label = kept.label.as_ref();
    json!({
        "connection": label.and_then(|label| label.connection.as_deref()),
        "domain": label.map(|label| &label.domain),
        "owner": label.map(|label| &label.owner),
        "region": label.map(|label| &label.region),
        "store": kept.store,
        "issued_at": kept.issued_at.to_string(),
        "expires_at": kept.expires_at.to_string(),
        "size": kept.size,
    })
}

fn failure(failure: &RecordedFailure) -> Value {
    json!({
        "time": failure.time.to_string(),
        "program": failure.program,
        "url": failure.what,
        "connection": failure.connection,
        "cause": failure.cause,
        "aws": failure.aws,
        "hint": failure.hint,
    })
}
