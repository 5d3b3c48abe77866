//! One call: it writes, shows or removes token lines, prints a header, or becomes a command. [`messages`] has the
//! words; the process round it is `codeartifact_helper`'s.

mod exec;

use std::time::Duration;

use anyhow::{Context, Result};
use codeartifact_auth::Authenticator;
use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Secret;
use codeartifact_clients::node::registries::CommandLine;
use codeartifact_helper::{End, Helper, Io};

use crate::arguments::{Invocation, Task};
use crate::refresh::Refresh;
use crate::tokens::Effort;
use crate::{Npm, messages};

/// The time that a command which is called by its own name may wait for AWS.
const QUICK_DEADLINE: Duration = Duration::from_secs(5);

/// Reads the arguments and does what they say.
pub(crate) fn run(io: &mut Io<'_>) -> End {
    match Invocation::read(io.program(), io.arguments()) {
        Ok(invocation) => perform(io, &invocation),
        Err(error) => {
            io.say(&format!("{error}\n  hint: {} --help", Npm::NAME));
            Exit::Usage.into()
        }
    }
}

fn perform(io: &mut Io<'_>, invocation: &Invocation) -> End {
    match &invocation.task {
        Task::Exec { command, .. } | Task::Shim { command } => exec::run(io, command, invocation),
        Task::Header { url } => header(io, url, None).into(),
        // pnpm 10 refuses every command, `pnpm run` included, after any other exit code.
        Task::Helper(helper) => {
            header(io, &helper.url(), helper.connection.as_deref());
            Exit::Done.into()
        }
        Task::Check => refresh(io, invocation, check).into(),
        Task::Print => refresh(io, invocation, preview).into(),
        Task::Logout => refresh(io, invocation, logout).into(),
        Task::Write => refresh(io, invocation, |io, refresh| write(io, refresh, invocation)).into(),
    }
}

/// Prints the header for a request to `url`, or nothing if `url` is not CodeArtifact's.
fn header(io: &mut Io<'_>, url: &str, connection: Option<&str>) -> Exit {
    let ask = |authenticator: Authenticator| {
        let endpoint = codeartifact_helper::endpoint(&authenticator, url)?;
        let answer = endpoint.map(|endpoint| authenticator.token(&endpoint, connection));
        answer.transpose()
    };
    match io.authenticator().and_then(ask) {
        Ok(Some(answer)) => {
            io.warn(&answer.warnings);
            let header = format!("Bearer {}\n", answer.token.secret.expose());
            io.print(Secret::new(header).expose());
            Exit::Done
        }
        Ok(None) => Exit::Nothing,
        Err(error) => io.fail(url, connection, &error),
    }
}

/// Finds the registries, shows what should be fixed, and does `task`. A failure is shown, too.
fn refresh(
    io: &mut Io<'_>,
    invocation: &Invocation,
    task: impl FnOnce(&mut Io<'_>, &Refresh<'_>) -> Result<Exit>,
) -> Exit {
    let authenticator = match io.authenticator() {
        Ok(authenticator) => authenticator,
        Err(error) => return io.fail("the configuration", None, &error),
    };
    // A client that is called all the time must not hang for long where AWS cannot be reached.
    let authenticator = match &invocation.task {
        Task::Shim { .. } => authenticator.within(QUICK_DEADLINE),
        _ => authenticator,
    };
    let done = prepare(io, &authenticator, invocation).and_then(|refresh| {
        messages::found(io, &refresh, invocation);
        task(io, &refresh)
    });
    done.unwrap_or_else(|error| {
        io.say(&format!("{error:#}"));
        Exit::Configuration
    })
}

fn prepare<'a>(
    io: &Io<'a>,
    authenticator: &'a Authenticator,
    invocation: &Invocation,
) -> Result<Refresh<'a>> {
    let directory = io.directory().context("the working directory is gone")?;
    let command = CommandLine::read(invocation.task.command());
    Refresh::prepare(authenticator, io.environment(), directory, &command)
}

/// Nothing to check is no success: a job would go on, and fail where the reason cannot be seen.
fn check(io: &mut Io<'_>, refresh: &Refresh<'_>) -> Result<Exit> {
    if refresh.wanted.is_empty() {
        return Ok(Exit::Configuration);
    }
    let due = refresh.due()?;
    messages::due(io, &due);
    let environment = io.environment();
    let mut credentials = refresh.search.credentials.iter();
    let is_useless =
        credentials.any(|it| it.is_useless(environment) && it.remark(environment).is_some());
    Ok(if due.is_empty() && !is_useless {
        Exit::Done
    } else {
        Exit::Nothing
    })
}

fn preview(io: &mut Io<'_>, refresh: &Refresh<'_>) -> Result<Exit> {
    let gathered = refresh.gather(Effort::Full);
    io.print(&messages::preview(&refresh.preview(&gathered.lines)?));
    Ok(messages::gathered(io, &gathered))
}

fn logout(io: &mut Io<'_>, refresh: &Refresh<'_>) -> Result<Exit> {
    let cleaned = refresh.logout()?;
    messages::logged_out(io, refresh, &cleaned);
    Ok(Exit::Done)
}

/// Writes the tokens that can be had, even if not all can.
fn write(io: &mut Io<'_>, refresh: &Refresh<'_>, invocation: &Invocation) -> Result<Exit> {
    if let Some(reason) = refresh.diversion(&CommandLine::default()) {
        io.say(&reason);
        return Ok(Exit::Usage);
    }
    let gathered = refresh.gather(Effort::Full);
    let exit = messages::gathered(io, &gathered);
    let written = refresh.write(&gathered.lines);
    messages::written(io, &written, invocation);
    let is_complete = messages::failed(io, &written);
    Ok(if is_complete {
        exit
    } else {
        Exit::Configuration
    })
}
