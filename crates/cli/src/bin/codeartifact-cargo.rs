//! `codeartifact-cargo`: gives cargo its tokens. The protocol is in the crate `cargo`.

use std::process::ExitCode;

use codeartifact_cargo::Cargo;

fn main() -> ExitCode {
    codeartifact_helper::main(Cargo)
}
