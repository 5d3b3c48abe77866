//! `codeartifact-keyring`: answers pip, uv, pdm and twine as the `keyring` command does. The protocol is in the crate `keyring`.

use std::process::ExitCode;

use codeartifact_keyring::Keyring;

fn main() -> ExitCode {
    codeartifact_helper::main(Keyring)
}
