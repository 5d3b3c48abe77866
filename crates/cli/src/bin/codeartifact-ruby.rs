//! `codeartifact-ruby`: gives Bundler and gem their tokens. What it does is in the crate `ruby`.

use std::process::ExitCode;

use codeartifact_ruby::Ruby;

fn main() -> ExitCode {
    codeartifact_helper::main(Ruby)
}
