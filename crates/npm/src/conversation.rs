//! One call: it writes, shows or removes token lines, prints a header, or becomes a command. [`messages`] has the
//! words; the process round it is `codeartifact_helper`'s.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result};
use codeartifact_auth::Authenticator;
use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Secret;
use codeartifact_clients::node::registries::CommandLine;
use codeartifact_helper::{End, Helper, Io};

use crate::arguments::{Invocation, Task};
use crate::refresh::Refresh;
use crate::{Npm, exec, messages, no_file};

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
        Task::Exec {
            command,
            no_file: true,
        } => exec_with_tokens_in_memory(io, command, invocation),
        Task::Exec { command, .. } => exec(io, command, invocation),
        Task::Shim { command } if exec::needs_registry(command) => exec(io, command, invocation),
        Task::Shim { command } => become_command(io, exec::command(command, io.environment())),
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

/// A failed refresh was reported, and is no reason to keep the command from running: it may need no token.
fn exec(io: &mut Io<'_>, command: &[OsString], invocation: &Invocation) -> End {
    refresh(io, invocation, |io, refresh| write(io, refresh, invocation));
    become_command(io, exec::command(command, io.environment()))
}

fn exec_with_tokens_in_memory(
    io: &mut Io<'_>,
    command: &[OsString],
    invocation: &Invocation,
) -> End {
    let mut text = None;
    refresh(io, invocation, |io, refresh| {
        let gathered = refresh.gather();
        // Without a token the command had better keep the user's own file, which it may want to write.
        if !gathered.lines.is_empty() {
            text = Some(refresh.text(&gathered.lines)?);
        }
        Ok(messages::gathered(io, &gathered))
    });
    let mut command = exec::command(command, io.environment());
    if let (Ok(command), Some(text)) = (&mut command, text)
        && let Err(error) = no_file::hand_over(command, &text, io.environment())
    {
        io.say(&format!("{error:#}"));
        return Exit::Usage.into();
    }
    become_command(io, command)
}

fn become_command(io: &mut Io<'_>, command: Result<Command>) -> End {
    match command {
        Ok(command) => End::Become(command),
        Err(error) => {
            io.say(&format!("{error:#}"));
            Exit::NoCommand.into()
        }
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

fn check(io: &mut Io<'_>, refresh: &Refresh<'_>) -> Result<Exit> {
    let due = refresh.due()?;
    messages::due(io, &due);
    Ok(if due.is_empty() {
        Exit::Done
    } else {
        Exit::Nothing
    })
}

fn preview(io: &mut Io<'_>, refresh: &Refresh<'_>) -> Result<Exit> {
    let gathered = refresh.gather();
    io.print(&messages::preview(&refresh.preview(&gathered.lines)?));
    Ok(messages::gathered(io, &gathered))
}

fn logout(io: &mut Io<'_>, refresh: &Refresh<'_>) -> Result<Exit> {
    let any = refresh.logout()?;
    messages::logged_out(io, refresh, any);
    Ok(Exit::Done)
}

/// Writes the tokens that can be had, even if not all can.
fn write(io: &mut Io<'_>, refresh: &Refresh<'_>, invocation: &Invocation) -> Result<Exit> {
    let gathered = refresh.gather();
    let exit = messages::gathered(io, &gathered);
    if refresh.write(&gathered.lines)? {
        messages::written(io, refresh, invocation);
    }
    Ok(exit)
}
