//! The program `codeartifact-proxy`, which only `codeartifact` starts: for one build, or for many hosts. Which of the two is in its
//! first argument; nothing in that is secret.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::process::keep_memory_private;
use serde::{Deserialize, Serialize};

use crate::broker;
use crate::forward::{self, Settings};

/// The name of the program.
pub const PROGRAM: &str = "codeartifact-proxy";

const USAGE: &str = "codeartifact-proxy: `codeartifact exec --proxy` and `codeartifact proxy` start this program\n  \
    hint: `codeartifact proxy --help`\n";

/// What the program is started for: JSON in its first argument, before the words of a command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// One build, or whoever has its variables.
    Forward(Settings),
    /// Many hosts, as this file says.
    Broker(PathBuf),
}

/// The program itself.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    keep_memory_private();
    let mut arguments = arguments.into_iter().skip(1);
    let first = arguments
        .next()
        .and_then(|first| first.into_string().ok())
        .unwrap_or_default();
    let words: Vec<OsString> = arguments.collect();
    if first == "--version" {
        forward::announce(&format!("{PROGRAM} {}\n", codeartifact_auth::VERSION));
        return ExitCode::SUCCESS;
    }
    #[cfg(target_os = "linux")]
    if let Some(code) = forward::stage(&first, &words) {
        return code.into();
    }
    let Ok(task) = serde_json::from_str::<Task>(&first) else {
        forward::say(USAGE);
        return Exit::Usage.into();
    };
    let environment = Environment::of_process();
    let (connection, ended) = match &task {
        Task::Forward(settings) => {
            let ended = forward::run(settings, &words, &environment);
            (Some(settings.connection.as_str()), ended)
        }
        Task::Broker(config) => (None, broker::run(config, &environment)),
    };
    ended
        .unwrap_or_else(|stop| forward::stopped(&environment, connection, stop))
        .into()
}
