//! `codeartifact status`: what is kept, where and for how long, and what failed last. Never a secret.

use codeartifact_auth::cache::{self, Inventory, Kept};
use codeartifact_auth::connection::Connections;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Error;
use codeartifact_auth::report::{self, RecordedFailure};
use codeartifact_auth::token::Timestamp;
use codeartifact_clients::words::{ago, span};
use serde_json::{Value, json};

use crate::arguments::{Format, StatusArguments};
use crate::output::Output;
use crate::words::table;

/// Enough to see what a build met; the record keeps more.
const FAILURES_SHOWN: usize = 5;

pub(crate) fn run(
    arguments: &StatusArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let connections = Connections::load(environment).map_err(Error::from)?;
    let status = Status {
        place: cache::describe(connections.cache().map_err(Error::from)?, environment),
        inventory: cache::kept(environment),
        failures: report::latest(environment),
        now: environment.now(),
    };
    let stdout = match arguments.format {
        Format::Text => status.text(),
        Format::Json => format!("{:#}\n", status.json()),
    };
    Ok(Output::done(stdout, status.complaints()))
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
        let failures: Vec<_> = self.failures.iter().take(FAILURES_SHOWN).collect();
        if failures.is_empty() {
            return String::new();
        }
        let lines = failures.into_iter().map(|failure| self.shown(failure));
        format!("\nlatest failures\n{}", lines.collect::<String>())
    }

    fn shown(&self, failure: &RecordedFailure) -> String {
        let RecordedFailure {
            program,
            what,
            cause,
            ..
        } = failure;
        let when = ago(self.now.since(failure.time));
        let hint = failure.hint.as_ref().map(|hint| format!("hint: {hint}"));
        let more = failure.aws.iter().chain(&hint);
        let more: String = more.map(|line| format!("    {line}\n")).collect();
        format!("  {when}, {program} had no token for {what}\n    {cause}\n{more}")
    }

    fn json(&self) -> Value {
        json!({
            "store": self.place.store,
            "why": self.place.why,
            "tokens": self.inventory.kept.iter().map(token).collect::<Vec<_>>(),
            "failures": self.failures.iter().map(failure).collect::<Vec<_>>(),
        })
    }

    /// Stores that could not be read.
    fn complaints(&self) -> String {
        let unreadable = self.inventory.unreadable.iter();
        unreadable
            .map(|error| format!("codeartifact: {error}\n"))
            .collect()
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
