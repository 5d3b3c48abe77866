//! `codeartifact-ruby`: linked as `bundle` or `gem`, it sets the variables by which that program logs in, for that program
//! alone, and becomes it. Neither asks a helper, and neither will: Bundler's maintainers have declined it
//! (github.com/ruby/rubygems/issues/9776). Which servers are asked is `codeartifact_clients::ruby`'s to know.

mod conversation;
mod offline;

use std::ffi::OsStr;
use std::path::Path;

use codeartifact_helper::{End, Helper, Io};

/// Stands in for Bundler and gem.
#[derive(Debug)]
pub struct Ruby;

impl Helper for Ruby {
    const NAME: &'static str = "codeartifact-ruby";

    const HELP: &'static str = "\
usage: codeartifact-ruby bundle|gem ARGUMENT...

Becomes Bundler or gem, with a login for each CodeArtifact server that the
Gemfile or their settings name. Linked as `bundle` or `gem`, first on PATH, it
does the same for every call: `codeartifact setup ruby` makes the links.
";

    fn stands_in(&self, program: &OsStr) -> bool {
        played(program).is_some()
    }

    fn run(&self, io: &mut Io<'_>) -> End {
        conversation::run(io)
    }
}

/// The program that a name stands for.
fn played(program: &OsStr) -> Option<&'static str> {
    let stem = Path::new(program).file_stem()?;
    let known = codeartifact_clients::ruby::COMMANDS.iter();
    known.copied().find(|name| stem == *name)
}
