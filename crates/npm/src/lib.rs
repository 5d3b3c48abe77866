//! `codeartifact-npm`: keeps the CodeArtifact tokens in the user's `.npmrc` fresh before a package manager reads them.
//! It finds the registries of a project, their tokens and the user's `.npmrc`, which `codeartifact setup` and `logout`
//! change too. It is no npm: nothing is installed here.

mod arguments;
mod conversation;
mod exec;
mod expand;
pub mod helper;
mod lock;
mod messages;
mod no_file;
pub mod npmrc;
mod refresh;
pub mod registries;
mod tokens;
pub mod user;
mod write;

use std::ffi::OsStr;

use codeartifact_helper::{End, Helper, Io};

/// The plugin by which Yarn 2 and later ask for headers.
pub const YARN_PLUGIN: &str = include_str!("yarn_plugin.cjs");

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
