//! `codeartifact completions`: the script by which a shell completes our command line.

use clap::CommandFactory;

use crate::arguments::{Arguments, CompletionsArguments};
use crate::output::Output;

pub(crate) fn run(arguments: &CompletionsArguments) -> anyhow::Result<Output> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "codeartifact", &mut script);
    Ok(Output::done(String::from_utf8(script)?, String::new()))
}

#[cfg(test)]
mod tests {
    use clap_complete::Shell;

    use super::*;

    #[test]
    fn every_shell_completes_every_command() {
        for shell in [
            Shell::Bash,
            Shell::Zsh,
            Shell::Fish,
            Shell::PowerShell,
            Shell::Elvish,
        ] {
            let script = run(&CompletionsArguments { shell }).unwrap().stdout;
            for word in ["token", "setup", "poetry", "dry-run"] {
                assert!(script.expose().contains(word), "{shell}: {word}");
            }
        }
    }
}
