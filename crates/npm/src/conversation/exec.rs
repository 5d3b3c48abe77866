//! Becoming a command that gets the tokens on the way: in the user's files, in memory, in variables.

use std::ffi::OsString;
use std::path::Path;

use anyhow::Result;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path;
use codeartifact_clients::node::registries::{COREPACK_REGISTRY, CommandLine, Kind};
use codeartifact_clients::node::{old_npm, unslashed, yarn_plugin};
use codeartifact_helper::{End, Helper, Io};

use super::refresh;
use crate::arguments::{Invocation, Task};
use crate::handover::Handover;
use crate::refresh::Refresh;
use crate::tokens::{Effort, Gathered};
use crate::{Npm, exec, messages};

/// A failed refresh was reported, and is no reason to keep the command from running: it may need no token.
pub(super) fn run(io: &mut Io<'_>, command: &[OsString], invocation: &Invocation) -> End {
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
