//! One call: it writes, shows or removes token lines, prints a header, or becomes a command. [`messages`] has the
//! words; the process round it is `codeartifact_helper`'s.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use codeartifact_auth::Authenticator;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path;
use codeartifact_auth::token::Secret;
use codeartifact_clients::node::registries::{COREPACK_REGISTRY, CommandLine, Kind};
use codeartifact_clients::node::{old_npm, unslashed, yarn_plugin};
use codeartifact_helper::{End, Helper, Io};

use crate::arguments::{Invocation, Task};
use crate::handover::Handover;
use crate::refresh::Refresh;
use crate::tokens::{Effort, Gathered};
use crate::{Npm, exec, messages};

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
        Task::Exec { command, .. } | Task::Shim { command } => exec(io, command, invocation),
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
    let mut handover = Handover::default();
    let line = CommandLine::read(command);
    let effort = effort(invocation, command, io.environment());
    // Yarn needs each variable that its settings name, whatever it is to do.
    if effort != Effort::Cache || line.kind == Some(Kind::Yarn) {
        let mut is_diverted = false;
        refresh(io, invocation, |io, refresh| {
            if let Some(reason) = refresh.diversion(&line) {
                is_diverted = true;
                io.say(&reason);
                return Ok(Exit::Usage);
            }
            let gathered = refresh.gather(effort);
            let exit = messages::gathered(io, &gathered);
            if effort == Effort::Cache {
                handover.tokens = refresh.assign(&gathered).set;
                return Ok(exit);
            }
            hand_over(io, refresh, &gathered, &line, invocation, &mut handover)?;
            Ok(exit)
        });
        // It would find the tokens that are in the user's files already.
        if is_diverted {
            return Exit::Usage.into();
        }
    }
    let mut end = become_command(io, command);
    if let End::Become(program) = &end
        && effort != Effort::Cache
        && line.kind == Some(Kind::Npm)
    {
        let npm = Path::new(program.command.get_program());
        let variable = old_npm::variable(npm, io.environment());
        let variable = variable.map(|(name, value)| (name.to_owned(), value));
        handover.variables.extend(variable);
    }
    if let End::Become(command) = &mut end
        && let Err(error) = handover.give_to(command, io.environment())
    {
        io.say(&format!("{error:#}"));
        return Exit::Usage.into();
    }
    end
}

fn effort(invocation: &Invocation, command: &[OsString], environment: &Environment) -> Effort {
    // Corepack may have to fetch the client itself, whatever that is to do.
    let is_fetched = || environment.variable(COREPACK_REGISTRY).is_some();
    match &invocation.task {
        Task::Shim { .. } if exec::needs_registry(command) || is_fetched() => Effort::Quick,
        Task::Shim { .. } => Effort::Cache,
        _ => Effort::Full,
    }
}

/// Puts the tokens where the command will find them: into the user's files, or into memory where those are to stay, or
/// cannot be written, or are no place for the token because pnpm has a helper.
fn hand_over(
    io: &mut Io<'_>,
    refresh: &Refresh<'_>,
    gathered: &Gathered,
    line: &CommandLine,
    invocation: &Invocation,
    handover: &mut Handover,
) -> Result<()> {
    let asked = matches!(&invocation.task, Task::Exec { no_file: true, .. });
    let in_memory = asked || line.is_left_to_npm;
    let written = if in_memory {
        refresh.renew_logins(&gathered.lines)
    } else {
        refresh.write(&gathered.lines)
    };
    messages::written(io, &written, invocation);
    let falls_back = !written.errors.is_empty();
    messages::not_written(io, &written);
    // Without a token the command had better keep the user's own file, which it may want to write.
    if !gathered.lines.is_empty() && (in_memory || falls_back) {
        let mut texts = refresh.texts(&gathered.lines)?.into_iter();
        handover.npmrc = texts.next();
        handover.pnpm = texts.next();
    }
    let assigned = refresh.assign(gathered);
    assigned.refused.iter().for_each(|reason| io.say(reason));
    handover.tokens = assigned.set;
    if line.may_be(Kind::Yarn) {
        let environment = io.environment();
        let program = next_on_path::beside_us(Npm::NAME, environment);
        let set = program.map(|it| yarn_plugin::variables(line, &refresh.search, &it, environment));
        let set = set.transpose()?.unwrap_or_default().into_iter();
        let set = set.map(|(name, value)| (name.to_owned(), value));
        handover.variables.extend(set);
    }
    if !gathered.lines.is_empty() {
        let set = unslashed::variables(line, &refresh.search);
        handover.variables.extend(set);
    }
    Ok(())
}

fn become_command(io: &mut Io<'_>, words: &[OsString]) -> End {
    if let Some(command) = codeartifact_helper::next_program(words, io.environment()) {
        return End::becoming(command);
    }
    let name = words.first().map(|name| name.to_string_lossy());
    let name = name.unwrap_or_default();
    io.say(&format!("no other `{name}` is on PATH"));
    Exit::NoCommand.into()
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
