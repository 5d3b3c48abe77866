//! The command line → what to do. It looks at nothing but the arguments.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use anyhow::{Result, bail, ensure};

use codeartifact_clients::node::helper::Helper;
use codeartifact_clients::node::registries::CLIENTS;

/// The text for `--help`.
pub(crate) const HELP: &str = "\
Keeps the CodeArtifact tokens in your .npmrc fresh, so that npm, pnpm, Yarn 1 and Bun never see a stale one.

Usage: codeartifact-npm [--check | --print | --logout] [--verbose]
       codeartifact-npm header URL
       codeartifact-npm exec [--no-file] [--verbose] -- COMMAND [ARGUMENT…]

Without a command: writes a token line for every CodeArtifact registry that this project and you use.

  --check     write nothing and ask AWS for nothing; exit with 1 if a token is due, with 3 if no registry is named
  --print     write nothing; show the lines that are due, tokens shortened
  --logout    remove every CodeArtifact token line
  --verbose   say where each registry is named

  header      print the Authorization header for a request to URL: Bearer TOKEN

  exec        refresh, then become COMMAND, with the variables set that this project's token lines name;
              a failure to refresh is only a warning
  --no-file   hand the tokens over in memory, for this command alone

Linked as npm, npx, pnpm, yarn or bun, it refreshes and then becomes the next program of that name on PATH.
Linked by `codeartifact setup pnpm`, it prints the header for the registry that the link is named after.
";

/// A task.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Write,
    Check,
    Print,
    Logout,
    /// Print the header for a request to this URL.
    Header {
        url: String,
    },
    /// The same, called by a name that stands for the URL.
    Helper(Helper),
    /// Refresh, then become this command.
    Exec {
        command: Vec<OsString>,
        no_file: bool,
    },
    /// The same, called by a client's name.
    Shim {
        command: Vec<OsString>,
    },
}

/// A task, and how much to say about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invocation {
    pub task: Task,
    pub verbose: bool,
}

impl Invocation {
    /// Reads how the program was called, and its arguments.
    pub(crate) fn read(program: &OsStr, arguments: &[OsString]) -> Result<Self> {
        match by_name(program, arguments) {
            Some(task) => Ok(Self::quiet(task)),
            None => read_own(arguments),
        }
    }

    fn quiet(task: Task) -> Self {
        Self {
            task,
            verbose: false,
        }
    }
}

/// The task that the name alone says: the program is called as a client, or by a link that is named after a registry.
pub(crate) fn by_name(program: &OsStr, arguments: &[OsString]) -> Option<Task> {
    if let Some(name) = client_name(program) {
        let command = [name].into_iter().chain(arguments.iter().cloned());
        return Some(Task::Shim {
            command: command.collect(),
        });
    }
    Helper::read(program).map(Task::Helper)
}

impl Task {
    /// The command that the refresh is for.
    pub(crate) fn command(&self) -> &[OsString] {
        match self {
            Task::Exec { command, .. } | Task::Shim { command } => command,
            _ => &[],
        }
    }
}

fn client_name(program: &OsStr) -> Option<OsString> {
    let name = codeartifact_clients::node::registries::plain_name(Path::new(program))?;
    CLIENTS
        .contains(&name.as_str())
        .then(|| OsString::from(name))
}

fn read_own(arguments: &[OsString]) -> Result<Invocation> {
    let mut invocation = Invocation::quiet(Task::Write);
    for (at, argument) in arguments.iter().enumerate() {
        let is_first = invocation.task == Task::Write;
        let task = match argument.to_str() {
            Some("--verbose" | "-v") => {
                invocation.verbose = true;
                continue;
            }
            Some("exec") if is_first => {
                return read_exec(&arguments[at + 1..], invocation.verbose);
            }
            Some("header") if is_first => {
                invocation.task = read_header(&arguments[at + 1..])?;
                return Ok(invocation);
            }
            Some("--check") => Task::Check,
            Some("--print") => Task::Print,
            Some("--logout") => Task::Logout,
            _ => bail!("unexpected argument `{}`", argument.to_string_lossy()),
        };
        ensure!(
            is_first,
            "`{}` cannot be used with the arguments before it",
            argument.to_string_lossy()
        );
        invocation.task = task;
    }
    Ok(invocation)
}

fn read_header(arguments: &[OsString]) -> Result<Task> {
    match arguments {
        [url] => Ok(Task::Header {
            url: url.to_string_lossy().into_owned(),
        }),
        _ => bail!("header needs one URL"),
    }
}

/// Ours up to `--` or the first word; the rest is the command.
fn read_exec(arguments: &[OsString], mut verbose: bool) -> Result<Invocation> {
    let mut no_file = false;
    let mut rest = arguments;
    while let Some((argument, after)) = rest.split_first() {
        match argument.to_str() {
            Some("--no-file") => no_file = true,
            Some("--verbose" | "-v") => verbose = true,
            Some("--") => {
                rest = after;
                break;
            }
            Some(option) if option.starts_with('-') => {
                bail!("unexpected argument `{option}` of exec")
            }
            _ => break,
        }
        rest = after;
    }
    ensure!(
        !rest.is_empty(),
        "exec needs a command: codeartifact-npm exec -- npm ci"
    );
    Ok(Invocation {
        task: Task::Exec {
            command: rest.to_vec(),
            no_file,
        },
        verbose,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    fn exec(command: &str, no_file: bool) -> Task {
        Task::Exec {
            command: words(command),
            no_file,
        }
    }

    #[test]
    fn every_command_line_has_one_meaning() {
        for (line, task, verbose) in meanings() {
            let words = words(line);
            let program = words.first().cloned().unwrap_or_default();
            let found = Invocation::read(&program, words.get(1..).unwrap_or_default()).unwrap();
            assert_eq!(found, Invocation { task, verbose }, "{line}");
        }
    }

    fn meanings() -> [(&'static str, Task, bool); 16] {
        let shim = |command: &str| Task::Shim {
            command: words(command),
        };
        [
            ("", Task::Write, false),
            ("codeartifact-npm", Task::Write, false),
            ("codeartifact-npm --verbose", Task::Write, true),
            ("codeartifact-npm --check", Task::Check, false),
            ("codeartifact-npm -v --print", Task::Print, true),
            ("codeartifact-npm --logout", Task::Logout, false),
            (
                "codeartifact-npm exec -- npm ci",
                exec("npm ci", false),
                false,
            ),
            (
                "codeartifact-npm exec npm ci --check",
                exec("npm ci --check", false),
                false,
            ),
            (
                "codeartifact-npm exec --no-file -- npm -v",
                exec("npm -v", true),
                false,
            ),
            (
                "codeartifact-npm -v exec -- --odd",
                exec("--odd", false),
                true,
            ),
            (
                "codeartifact-npm exec -v -- a -- b",
                exec("a -- b", false),
                true,
            ),
            (
                "/opt/shims/npm ci --verbose",
                shim("npm ci --verbose"),
                false,
            ),
            ("pnpm exec -- x", shim("pnpm exec -- x"), false),
            ("bunx", shim("bunx"), false),
            (
                "codeartifact-npm header https://example.com/",
                Task::Header {
                    url: "https://example.com/".to_owned(),
                },
                false,
            ),
            (
                "/home/ada/token-for-acme@example.com",
                Task::Helper(Helper {
                    connection: Some("acme".to_owned()),
                    registry: "//example.com/".to_owned(),
                }),
                false,
            ),
        ]
    }

    #[test]
    fn unexpected_arguments_are_refused() {
        for line in [
            "--chekc",
            "install",
            "--check --print",
            "exec",
            "exec --",
            "exec --check -- npm",
            "--print exec",
            "header",
            "header a b",
            "--check header a",
        ] {
            let program = OsStr::new("codeartifact-npm");
            assert!(Invocation::read(program, &words(line)).is_err(), "{line}");
        }
    }
}
