//! `codeartifact-npm`: keeps the tokens for npm, pnpm, Yarn and Bun fresh. The protocol is in the crate `npm`.

use std::process::ExitCode;

use codeartifact_npm::Npm;

fn main() -> ExitCode {
    codeartifact_helper::main(Npm)
}
