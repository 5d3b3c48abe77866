//! `codeartifact logout`: forgets kept tokens in every store, also those of connections no longer configured, and
//! those that `codeartifact-npm` has written into the user's `.npmrc`.

use std::path::PathBuf;

use codeartifact_auth::cache::{self, CacheError, Inventory};
use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_clients::ALL;
use codeartifact_clients::here::Here;
use serde_json::json;

use crate::arguments::{Format, LogoutArguments};
use crate::output::Output;
use crate::words;

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
    let npmrc = clean_files(arguments.name.as_deref(), environment)?;
    let stdout = match arguments.format {
        Format::Text => summary(forgotten, arguments.name.as_deref(), &npmrc),
        Format::Json => words::json(json!({ "forgotten": forgotten, "npmrc": npmrc.first() })),
    };
    Ok(if errors.is_empty() {
        Output::done(stdout, String::new())
    } else {
        let remaining = errors
            .iter()
            .map(|error| format!("some tokens remain: {error}"));
        Output::failed(words::messages(remaining), Exit::Bug)
    })
}

/// Forgets every token.
pub(super) fn everything(environment: &Environment) -> anyhow::Result<Output> {
    let arguments = LogoutArguments {
        name: None,
        format: Format::Text,
    };
    run(&arguments, environment)
}

fn forget_connection(name: &str, kept: &Inventory, environment: &Environment) -> Vec<CacheError> {
    let of_that_name = kept.kept.iter().filter(|kept| {
        let label = kept.label.as_ref();
        label.and_then(|label| label.connection.as_deref()) == Some(name)
    });
    // A session of a first role is for every connection behind it: the next mint gets another one.
    of_that_name
        .chain(&kept.sessions)
        .filter_map(|kept| cache::forget(&kept.key, environment).err())
        .flatten()
        .collect()
}

/// Removes the tokens that we wrote into clients' files, of any connection or of one; returns the files that had some.
fn clean_files(name: Option<&str>, environment: &Environment) -> anyhow::Result<Vec<PathBuf>> {
    let here = Here::at(PathBuf::from("."), environment);
    // A broken configuration is no reason not to log out.
    let connections = here.connections().ok();
    let is_meant = |endpoint: &Endpoint| {
        let found = connections.and_then(|connections| connections.find(endpoint, None).ok());
        name.is_none() || found.and_then(|connection| connection.name).as_deref() == name
    };
    let mut cleaned = Vec::new();
    for client in ALL {
        cleaned.extend(client.log_out(&here, &is_meant)?);
    }
    Ok(cleaned)
}

fn summary(forgotten: usize, name: Option<&str>, files: &[PathBuf]) -> String {
    let of_whom = name
        .map(|name| format!(" of connection {name}"))
        .unwrap_or_default();
    let kept = match forgotten {
        0 => format!("no token{of_whom} was kept\n"),
        1 => format!("forgot 1 token{of_whom}\n"),
        many => format!("forgot {many} tokens{of_whom}\n"),
    };
    let removed = files
        .iter()
        .map(|file| format!("removed the tokens{of_whom} from {}\n", file.display()));
    kept + &removed.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_has_numbers() {
        let rows = [
            (0, None, None, "no token was kept\n"),
            (
                0,
                Some("acme"),
                None,
                "no token of connection acme was kept\n",
            ),
            (1, Some("acme"), None, "forgot 1 token of connection acme\n"),
            (3, None, None, "forgot 3 tokens\n"),
            (
                1,
                None,
                Some("/a"),
                "forgot 1 token\nremoved the tokens from /a\n",
            ),
        ];
        for (forgotten, name, npmrc, expected) in rows {
            assert_eq!(
                summary(
                    forgotten,
                    name,
                    &npmrc.map(PathBuf::from).into_iter().collect::<Vec<_>>()
                ),
                expected
            );
        }
    }
}
