//! What `codeartifact` answers by itself: `token URL`, which scripts ask for all the time, and its version. With any option
//! the command is `codeartifact-aws`'s, which has it in full.

use std::ffi::{OsStr, OsString};

use codeartifact_auth::Error;
use codeartifact_auth::token::Secret;
use codeartifact_helper::{End, Helper, Io};

/// The tool for a person at a terminal, and for scripts, as far as it needs neither AWS nor a choice.
#[derive(Debug)]
pub(crate) struct Tool;

impl Tool {
    /// Returns true for a call that is answered here.
    pub(crate) fn answers(arguments: &[OsString]) -> bool {
        match arguments {
            [only] => only == "--version" || only == "-V",
            [command, url] => command == "token" && is_no_option(url),
            _ => false,
        }
    }
}

fn is_no_option(argument: &OsStr) -> bool {
    argument.to_str().is_some_and(|text| !text.starts_with('-'))
}

impl Helper for Tool {
    const NAME: &'static str = super::NAME;

    /// Never shown: the help is about every command, and `codeartifact-aws` has it.
    const HELP: &'static str = "";

    fn run(&self, io: &mut Io<'_>) -> End {
        let url = io.texts().pop().unwrap_or_default();
        match token(io, &url) {
            Ok(secret) => io.finish(Secret::new(format!("{}\n", secret.expose())).expose()),
            Err(error) => io.fail(&url, None, &error).into(),
        }
    }
}

fn token(io: &mut Io<'_>, url: &str) -> Result<Secret, Error> {
    let authenticator = io.authenticator()?.named();
    let endpoint = authenticator.endpoint(url)?;
    let answer = authenticator.token(&endpoint, None)?;
    io.warn(&answer.warnings);
    Ok(answer.token.secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_with_an_option_or_another_command_is_not_answered_here() {
        let rows: [(&[&str], bool); 9] = [
            (&["token", "https://example.com/"], true),
            (&["--version"], true),
            (&["-V"], true),
            (&["token"], false),
            (&["token", "--help"], false),
            (&["token", "https://example.com/", "--refresh"], false),
            (&["status", "https://example.com/"], false),
            (&["--help"], false),
            (&[], false),
        ];
        for (arguments, expected) in rows {
            let words: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            assert_eq!(Tool::answers(&words), expected, "{arguments:?}");
        }
    }
}
