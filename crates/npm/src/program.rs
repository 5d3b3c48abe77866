//! The conversation: arguments, surroundings and two streams in; an exit code, or a program to become, out.
//! `main` is the process round it, [`Voice`] has the words.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::{EndpointError, Exit};
use codeartifact_auth::{Authenticator, Error};
use codeartifact_clients::node::registries::CommandLine;

use crate::arguments::{HELP, Invocation, Task};
use crate::refresh::Refresh;
use crate::voice::{NAME, Voice};
use crate::{exec, no_file};

/// A shell's own exit code for a command that is not there.
const NO_COMMAND: u8 = 127;

/// How the conversation ends.
#[derive(Debug)]
pub enum End {
    /// With this exit code.
    Exit(u8),
    /// By becoming this program.
    Become(Command),
}

/// What the program is given to work with.
pub struct Program<'a> {
    /// The world it runs in.
    pub environment: &'a Environment,
    /// The directory it is called in.
    pub directory: &'a Path,
    /// Its two streams.
    pub voice: Voice<'a>,
}

impl Program<'_> {
    /// Reads the arguments and does what they say.
    pub fn run(&mut self, arguments: &[OsString]) -> End {
        match Invocation::read(arguments) {
            Ok(invocation) => self.perform(&invocation),
            Err(error) => {
                self.voice.say(&format!("{error}\n  hint: {NAME} --help"));
                End::from(Exit::Usage)
            }
        }
    }

    fn perform(&mut self, invocation: &Invocation) -> End {
        match &invocation.task {
            Task::Help => self.print(HELP),
            Task::Version => self.print(&format!("{NAME} {}\n", env!("CARGO_PKG_VERSION"))),
            Task::Exec {
                command,
                no_file: true,
            } => self.exec_with_tokens_in_memory(command, invocation),
            Task::Exec { command, .. } => self.exec(command, invocation),
            Task::Shim { command } if exec::needs_registry(command) => {
                self.exec(command, invocation)
            }
            Task::Shim { command } => self.become_command(exec::command(command, self.environment)),
            Task::Header { url } => End::from(self.header(url, None)),
            // pnpm 10 refuses every command, `pnpm run` included, after any other exit code.
            Task::Helper(helper) => {
                self.header(&helper.url(), helper.connection.as_deref());
                End::from(Exit::Done)
            }
            Task::Check => End::from(self.refresh(invocation, Self::check)),
            Task::Print => End::from(self.refresh(invocation, Self::preview)),
            Task::Logout => End::from(self.refresh(invocation, Self::logout)),
            Task::Write => End::from(self.refresh(invocation, |program, refresh| {
                program.write(refresh, invocation)
            })),
        }
    }

    fn print(&mut self, text: &str) -> End {
        self.voice.print(text);
        End::from(Exit::Done)
    }

    /// A failed refresh has been told, and is no reason to keep the command from running: it may need no token.
    fn exec(&mut self, command: &[OsString], invocation: &Invocation) -> End {
        self.refresh(invocation, |program, refresh| {
            program.write(refresh, invocation)
        });
        self.become_command(exec::command(command, self.environment))
    }

    fn exec_with_tokens_in_memory(&mut self, command: &[OsString], invocation: &Invocation) -> End {
        let mut text = None;
        self.refresh(invocation, |program, refresh| {
            let gathered = refresh.gather();
            // Without a token the command had better keep the user's own file, which it may want to write.
            if !gathered.lines.is_empty() {
                text = Some(refresh.text(&gathered.lines)?);
            }
            Ok(program.voice.gathered(&gathered))
        });
        let mut command = exec::command(command, self.environment);
        if let (Ok(command), Some(text)) = (&mut command, text)
            && let Err(error) = no_file::hand_over(command, &text, self.environment)
        {
            self.voice.say(&format!("{error:#}"));
            return End::from(Exit::Usage);
        }
        self.become_command(command)
    }

    fn become_command(&mut self, command: Result<Command>) -> End {
        match command {
            Ok(command) => End::Become(command),
            Err(error) => {
                self.voice.say(&format!("{error:#}"));
                End::Exit(NO_COMMAND)
            }
        }
    }

    /// Prints what a request to `url` is to carry, or nothing if that is somebody else's.
    fn header(&mut self, url: &str, connection: Option<&str>) -> Exit {
        let ask = |authenticator: Authenticator| {
            let endpoint = authenticator.endpoint(url)?;
            authenticator.token(&endpoint, connection)
        };
        match Authenticator::new(self.environment.clone()).and_then(ask) {
            Ok(answer) => self.voice.header(&answer),
            Err(Error::Endpoint(EndpointError::NotCodeArtifact(_))) => Exit::Nothing,
            Err(error) => self.voice.refused(url, connection, &error),
        }
    }

    /// Looks round, tells what should be mended, and does `task`. Whatever goes wrong is told, too.
    fn refresh(
        &mut self,
        invocation: &Invocation,
        task: impl FnOnce(&mut Self, &Refresh<'_>) -> Result<Exit>,
    ) -> Exit {
        let authenticator = match Authenticator::new(self.environment.clone()) {
            Ok(authenticator) => authenticator,
            Err(error) => return self.voice.refused("the configuration", None, &error),
        };
        let command = CommandLine::read(invocation.task.command());
        let refresh = Refresh::prepare(&authenticator, self.environment, self.directory, &command);
        let done = refresh.and_then(|refresh| {
            self.voice.found(&refresh, invocation);
            task(self, &refresh)
        });
        done.unwrap_or_else(|error| {
            self.voice.say(&format!("{error:#}"));
            Exit::Configuration
        })
    }

    fn check(&mut self, refresh: &Refresh<'_>) -> Result<Exit> {
        let due = refresh.due()?;
        self.voice.due(&due);
        Ok(if due.is_empty() {
            Exit::Done
        } else {
            Exit::Nothing
        })
    }

    fn preview(&mut self, refresh: &Refresh<'_>) -> Result<Exit> {
        let gathered = refresh.gather();
        self.voice.preview(&refresh.preview(&gathered.lines)?);
        Ok(self.voice.gathered(&gathered))
    }

    fn logout(&mut self, refresh: &Refresh<'_>) -> Result<Exit> {
        let any = refresh.logout()?;
        self.voice.logged_out(refresh, any);
        Ok(Exit::Done)
    }

    /// What can be had is written, even if not all can.
    fn write(&mut self, refresh: &Refresh<'_>, invocation: &Invocation) -> Result<Exit> {
        let gathered = refresh.gather();
        let exit = self.voice.gathered(&gathered);
        if refresh.write(&gathered.lines)? {
            self.voice.written(refresh, invocation);
        }
        Ok(exit)
    }
}

impl From<Exit> for End {
    fn from(exit: Exit) -> Self {
        End::Exit(exit as u8)
    }
}
