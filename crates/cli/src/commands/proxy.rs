//! `codeartifact proxy` and `codeartifact exec --proxy`: says what is wanted, and becomes the program `codeartifact-proxy`.
//! The proxy itself is in the crate `proxy`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::minter::folder_of_programs;
use codeartifact_clients::error::{UsageError, UserError};
use codeartifact_clients::go::{self, GOPROXY};
use codeartifact_proxy::forward::{Note, Others, Purpose, Settings};
use codeartifact_proxy::{PROGRAM, Task};

use super::authenticator;
use super::chosen::connection;
use crate::arguments::{EnvFormat, ExecArguments, ProxyAction, ProxyArguments, ProxyOptions};
use crate::output::Output;

/// Serves until it is ended, one connection or, as a broker, many; or prints the variables of one that does.
pub(crate) fn run(arguments: &ProxyArguments, environment: &Environment) -> anyhow::Result<Output> {
    if let Some(ProxyAction::Env { directory, format }) = &arguments.action {
        return variables(directory, *format);
    }
    if let Some(config) = &arguments.config {
        return becomes(&Task::Broker(config.clone()), &[]);
    }
    let directory = arguments.directory.clone().unwrap_or_default();
    let purpose = Purpose::Serve {
        directory,
        listen: arguments.listen,
    };
    let named = arguments.connection.as_deref();
    let publish = arguments.publish.clone();
    let settings = settings(
        named,
        publish,
        &arguments.options,
        purpose,
        Others::Refuse,
        environment,
    )?;
    becomes(&Task::Forward(settings), &[])
}

/// Runs a command behind a proxy of its own.
pub(crate) fn exec(arguments: &ExecArguments, environment: &Environment) -> anyhow::Result<Output> {
    let publish = match &arguments.publish {
        Some(None) => return Err(UsageError::new("--proxy needs to know which repository may be written to\n  hint: give --publish REPOSITORY").into()),
        Some(Some(repository)) => vec![repository.clone()],
        None => Vec::new(),
    };
    let purpose = Purpose::Command {
        isolate: arguments.isolate,
    };
    let named = arguments.connection.as_deref();
    let settings = settings(
        named,
        publish,
        &arguments.options,
        purpose,
        Others::Tunnel,
        environment,
    )?;
    becomes(&Task::Forward(settings), &arguments.command)
}

fn settings(
    named: Option<&str>,
    publish: Vec<String>,
    options: &ProxyOptions,
    purpose: Purpose,
    others: Others,
    environment: &Environment,
) -> anyhow::Result<Settings> {
    let found = connection(named, &authenticator(environment)?, environment)?;
    let name = found.and_then(|connection| connection.name).ok_or_else(|| {
        UsageError::new(
            "which repositories may be read? no connection is named\n  \
             hint: give --connection NAME; `codeartifact connections` lists them, `codeartifact connect NAME` makes one",
        )
    })?;
    Ok(Settings {
        connection: name,
        others: options.others.clone().unwrap_or(others),
        publish,
        journal: options.journal.clone(),
        java: options.java,
        go: options
            .go
            .then(|| go::setting(GOPROXY, environment).unwrap_or_default()),
        purpose,
    })
}

fn becomes(task: &Task, words: &[OsString]) -> anyhow::Result<Output> {
    let mut command = Command::new(program()?);
    command.arg(serde_json::to_string(task)?).args(words);
    Ok(Output::becomes(command.into(), String::new()))
}

fn program() -> anyhow::Result<PathBuf> {
    let folder = folder_of_programs()?;
    let path = folder.join(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX));
    if path.is_file() {
        return Ok(path);
    }
    let text = format!(
        "the program `{PROGRAM}` is not in {}\n  hint: install all programs of one release into one folder",
        folder.display()
    );
    Err(UserError::new(text).into())
}

fn variables(directory: &Path, format: EnvFormat) -> anyhow::Result<Output> {
    let note = Note::read(directory).map_err(|error| {
        UserError::new(format!(
            "no proxy runs in {}: {error}\n  hint: start one with `codeartifact proxy --directory {}`",
            directory.display(),
            directory.display()
        ))
    })?;
    let text = match format {
        EnvFormat::Shell => note.to_shell(),
        EnvFormat::Json => note.to_object(),
    };
    Ok(Output::done(text, String::new()))
}
