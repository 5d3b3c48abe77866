//! `codeartifact-npm`: reads its arguments and gets a fresh token for each registry that is used. npm's files are read
//! and written by `codeartifact_clients::node`. It is no npm: nothing is installed here.

mod arguments;
mod conversation;
mod exec;
mod handover;
mod messages;
mod refresh;
mod tokens;
mod variables;

use std::ffi::OsStr;

use codeartifact_helper::{End, Helper, Io};

/// Answers npm, pnpm, Yarn and Bun.
#[derive(Debug)]
pub struct Npm;

impl Helper for Npm {
    const NAME: &'static str = "codeartifact-npm";

    const HELP: &'static str = arguments::HELP;

    fn stands_in(&self, program: &OsStr) -> bool {
        arguments::by_name(program, &[]).is_some()
    }

    fn run(&self, io: &mut Io<'_>) -> End {
        conversation::run(io)
    }
}
