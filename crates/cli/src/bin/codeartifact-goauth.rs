//! `codeartifact-goauth`: gives go its tokens. The protocol is in the crate `goauth`.

use std::process::ExitCode;

use codeartifact_goauth::Goauth;

fn main() -> ExitCode {
    codeartifact_helper::main(Goauth)
}
