//! `codeartifact`: the tool for a person at a terminal, and for scripts. What it does is in the library of this package.

use std::process::ExitCode;

fn main() -> ExitCode {
    codeartifact_cli::main()
}
