//! `codeartifact-aws`: every command of `codeartifact`, and what asks AWS. It is in the library of this package.

use std::process::ExitCode;

fn main() -> ExitCode {
    codeartifact_cli::main()
}
