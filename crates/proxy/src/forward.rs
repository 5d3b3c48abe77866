//! The product: a forward proxy that adds a connection's token to requests for its repositories, so that the build
//! behind it never has one. `codeartifact exec --proxy` and `codeartifact proxy` start it, as the program
//! `codeartifact-proxy`, which has no AWS code: on the first request it starts the `codeartifact` beside it to mint.
//!
//! A request's way: [`server`] (who asks, for which host) → [`relay`] → [`policy`] (may it, and for which repository)
//! → [`tokens`] → [`origin`] → [`asset`] (redirects) → the client, while [`journal`] notes it.

mod address;
mod asset;
mod body;
mod child;
mod command;
mod files;
mod golang;
mod headers;
mod idle;
#[cfg(target_os = "linux")]
mod isolate;
mod journal;
mod keep;
mod memory;
mod note;
mod origin;
mod others;
mod package;
mod path;
mod peer;
mod policy;
mod reach;
mod refusal;
mod relay;
mod report;
mod run;
mod server;
mod settings;
mod signals;
mod tokens;

use std::ffi::OsString;
use std::process::ExitCode;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::process::keep_memory_private;

pub use child::is_identity;
pub use golang::package as go_package;
pub use note::Note;
pub use others::Others;
pub use settings::{Purpose, Settings};

/// The name of the program.
pub const PROGRAM: &str = "codeartifact-proxy";

const USAGE: &str = "codeartifact-proxy: `codeartifact exec --proxy` and `codeartifact proxy` start this program\n  \
    hint: `codeartifact proxy --help`\n";

/// The program `codeartifact-proxy`: settings in its first argument, then a command.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    keep_memory_private();
    let mut arguments = arguments.into_iter().skip(1);
    let first = arguments
        .next()
        .and_then(|first| first.into_string().ok())
        .unwrap_or_default();
    let words: Vec<OsString> = arguments.collect();
    if first == "--version" {
        report::announce(&format!("{PROGRAM} {}\n", codeartifact_auth::VERSION));
        return ExitCode::SUCCESS;
    }
    #[cfg(target_os = "linux")]
    if let Some(code) = isolate::stage(&first, &words) {
        return code.into();
    }
    let Ok(settings) = serde_json::from_str::<Settings>(&first) else {
        report::say(USAGE);
        return codeartifact_auth::error::Exit::Usage.into();
    };
    let environment = Environment::of_process();
    let ended = run::run(&settings, &words, &environment);
    ended
        .unwrap_or_else(|stop| report::stopped(&environment, &settings.connection, stop))
        .into()
}
