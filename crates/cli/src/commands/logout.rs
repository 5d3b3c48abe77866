//! `codeartifact logout`: forgets kept tokens in every store, also those of connections no longer configured, and
//! those that `codeartifact-npm` has written into the user's `.npmrc`.

use std::path::{Path, PathBuf};

use codeartifact_auth::cache::{self, CacheError, Inventory};
use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_clients::ALL;
use codeartifact_clients::here::Here;
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
    let npmrc = clean_files(arguments.name.as_deref(), environment)?;
    let stdout = match arguments.format {
        Format::Text => told(forgotten, arguments.name.as_deref(), npmrc.as_deref()),
        Format::Json => format!("{:#}\n", json!({ "forgotten": forgotten, "npmrc": npmrc })),
    };
    Ok(if errors.is_empty() {
        Output::done(stdout, String::new())
    } else {
        Output::failed(complaints(&errors), Exit::Bug)
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

/// The file of a client that held tokens which we wrote, of any connection or of one.
fn clean_files(name: Option<&str>, environment: &Environment) -> anyhow::Result<Option<PathBuf>> {
    let here = Here::at(PathBuf::from("."), environment);
    // A configuration that is broken keeps nobody from logging out.
    let connections = here.connections().ok();
    let is_meant = |endpoint: &Endpoint| {
        let found = connections.and_then(|connections| connections.find(endpoint, None).ok());
        name.is_none() || found.and_then(|connection| connection.name).as_deref() == name
    };
    let mut cleaned = None;
    for client in ALL {
        cleaned = client.log_out(&here, &is_meant)?.or(cleaned);
    }
    Ok(cleaned)
}

fn told(forgotten: usize, name: Option<&str>, npmrc: Option<&Path>) -> String {
    let of_whom = name
        .map(|name| format!(" of connection {name}"))
        .unwrap_or_default();
    let kept = match forgotten {
        0 => format!("no token{of_whom} was kept\n"),
        1 => format!("forgot 1 token{of_whom}\n"),
        many => format!("forgot {many} tokens{of_whom}\n"),
    };
    let npmrc = npmrc.map(|npmrc| format!("took the tokens{of_whom} out of {}\n", npmrc.display()));
    kept + &npmrc.unwrap_or_default()
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
                "forgot 1 token\ntook the tokens out of /a\n",
            ),
        ];
        for (forgotten, name, npmrc, expected) in rows {
            assert_eq!(told(forgotten, name, npmrc.map(Path::new)), expected);
        }
    }
}
