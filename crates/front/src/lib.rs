//! The program `codeartifact` as users start it: small, because a kept token is asked for a hundred times for each time that
//! AWS is. It answers `codeartifact token URL` itself and becomes `codeartifact-aws` for every other command. A release
//! installs it under the name of each helper too, and by that name it is the helper; the protocols are in their own crates.

mod tool;

use std::env::args_os;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};

use codeartifact_auth::minter::{EVERYTHING, program_beside};
use codeartifact_bazel::Bazel;
use codeartifact_cargo::Cargo;
use codeartifact_goauth::Goauth;
use codeartifact_helper::{Helper, own_names, turn_into};
use codeartifact_keyring::Keyring;
use codeartifact_npm::Npm;
use codeartifact_ruby::Ruby;
use nuget_plugin_codeartifact::Nuget;

use tool::Tool;

/// The name of the program, which starts its messages.
const NAME: &str = "codeartifact";

/// Runs the program as this process: the helper of its name, or the tool.
pub fn main() -> ExitCode {
    own_names()
        .iter()
        .find_map(|name| run_helper(name))
        .unwrap_or_else(run_tool)
}

/// Runs the helper of that name, if there is one.
fn run_helper(name: &OsStr) -> Option<ExitCode> {
    run_if(name, Keyring)
        .or_else(|| run_if(name, Npm))
        .or_else(|| run_if(name, Goauth))
        .or_else(|| run_if(name, Cargo))
        .or_else(|| run_if(name, Nuget))
        .or_else(|| run_if(name, Bazel))
        .or_else(|| run_if(name, Ruby))
}

fn run_if<H: Helper>(name: &OsStr, helper: H) -> Option<ExitCode> {
    is_named(name, &helper).then(|| codeartifact_helper::main(helper))
}

/// Returns true for the helper's own name, and for those of programs that it stands in for.
fn is_named<H: Helper>(name: &OsStr, helper: &H) -> bool {
    Path::new(name).file_stem() == Some(OsStr::new(H::NAME)) || helper.stands_in(name)
}

fn run_tool() -> ExitCode {
    let arguments: Vec<_> = args_os().skip(1).collect();
    if Tool::answers(&arguments) {
        codeartifact_helper::main(Tool)
    } else {
        become_everything(arguments)
    }
}

fn become_everything(arguments: Vec<OsString>) -> ExitCode {
    match program_beside(EVERYTHING) {
        Ok(program) => {
            let mut command = Command::new(program);
            command.args(arguments);
            turn_into(NAME, command.into())
        }
        Err(missing) => {
            let hint = missing.hint().unwrap_or_default();
            let text = format!("{NAME}: {missing}\n  hint: {hint}\n");
            let _ = io::stderr().write_all(text.as_bytes());
            missing.exit().into()
        }
    }
}
