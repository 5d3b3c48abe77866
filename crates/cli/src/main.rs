//! `codeartifact`, and every helper under its own name. What it does is in the crate `front`.

use std::process::ExitCode;

fn main() -> ExitCode {
    codeartifact_front::main()
}
