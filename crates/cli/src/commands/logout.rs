//! `codeartifact logout`: forgets kept tokens in every store, also those of connections no longer configured.

use codeartifact_auth::cache::{self, CacheError, Inventory};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use serde_json::json;

use crate::arguments::{Format, LogoutArguments};
use crate::output::Output;

pub(crate) fn run(
    arguments: &LogoutArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let before = cache::kept(environment);
    let errors = match &arguments.name {
        None => cache::forget_all(environment).err().unwrap_or_default(),
        Some(name) => forget_connection(name, &before, environment),
    };
    let forgotten = before.kept.len() - cache::kept(environment).kept.len();
    let stdout = match arguments.format {
        Format::Text => format!("{}\n", told(forgotten, arguments.name.as_deref())),
        Format::Json => format!("{:#}\n", json!({ "forgotten": forgotten })),
    };
    Ok(match errors.is_empty() {
        true => Output::done(stdout, String::new()),
        false => Output::failed(complaints(&errors), Exit::Bug),
    })
}

fn forget_connection(name: &str, kept: &Inventory, environment: &Environment) -> Vec<CacheError> {
    let of_that_name = kept.kept.iter().filter(|kept| {
        let label = kept.label.as_ref();
        label.and_then(|label| label.connection.as_deref()) == Some(name)
    });
    of_that_name
        .filter_map(|kept| cache::forget(&kept.key, environment).err())
        .flatten()
        .collect()
}

fn told(forgotten: usize, name: Option<&str>) -> String {
    let of_whom = name
        .map(|name| format!(" of connection {name}"))
        .unwrap_or_default();
    match forgotten {
        0 => format!("no token{of_whom} was kept"),
        1 => format!("forgot 1 token{of_whom}"),
        many => format!("forgot {many} tokens{of_whom}"),
    }
}

fn complaints(errors: &[CacheError]) -> String {
    let lines = errors
        .iter()
        .map(|error| format!("codeartifact: some tokens remain: {error}\n"));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_told_in_numbers() {
        let rows = [
            (0, None, "no token was kept"),
            (0, Some("acme"), "no token of connection acme was kept"),
            (1, Some("acme"), "forgot 1 token of connection acme"),
            (3, None, "forgot 3 tokens"),
        ];
        for (forgotten, name, expected) in rows {
            assert_eq!(told(forgotten, name), expected);
        }
    }
}
