//! The arguments of `setup`: a command for each client that we know, with the options that its room asks for.
//! Nothing is decided here.

use std::fmt;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches, Subcommand};
use codeartifact_clients::setup::{Level, SetupOptions};
use codeartifact_clients::{ALL, Client, SetupOption};

/// A client, and what to set up for it.
pub(crate) struct SetupArguments {
    pub(crate) client: &'static dyn Client,
    pub(crate) options: SetupOptions,
    pub(crate) dry_run: bool,
    pub(crate) undo: bool,
    pub(crate) no_test: bool,
}

impl Subcommand for SetupArguments {
    fn augment_subcommands(command: Command) -> Command {
        let command = command
            .subcommand_required(true)
            .arg_required_else_help(true);
        command.subcommands(ALL.iter().map(|client| command_of(*client)))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        ALL.iter().any(|client| client.name() == name)
    }
}

fn command_of(client: &dyn Client) -> Command {
    let help = client.help();
    let command = Command::new(client.name()).about(help.about).args(common());
    let command = command.args(help.options.iter().flat_map(of_some));
    match help.notes {
        "" => command,
        notes => command.after_help(notes),
    }
}

/// Returns the options of every client's setup.
fn common() -> [Arg; 5] {
    [
        Arg::new("name").value_name("NAME").help(
            "The connection whose repository to use [default: the only one that has one of this format]",
        ),
        Arg::new("url")
            .long("url")
            .value_name("URL")
            .conflicts_with("name")
            .help("The repository's URL, when no connection has it"),
        flag("dry-run", "Show what would change, and change nothing"),
        flag("undo", "Take it back: our part goes, the rest stays"),
        flag(
            "no-test",
            "Do not try the client at the end, as in an image that is built without credentials",
        ),
    ]
}

/// Returns the arguments of an option that some clients have.
fn of_some(option: &SetupOption) -> Vec<Arg> {
    match option {
        SetupOption::Project => vec![flag(
            "project",
            "The project's configuration in this directory (for pip, the active virtual environment's), not yours",
        )],
        SetupOption::Scopes => vec![
            list(
                "scope",
                "@SCOPE",
                "Read packages of this scope from the repository; may be repeated",
            ),
            flag(
                "default",
                "Read packages of no scope from it too: it becomes the default registry",
            ),
        ],
        SetupOption::Private => vec![list(
            "private",
            "PATTERN",
            "Pattern of private modules, as GONOSUMDB has them; may be repeated",
        )],
        SetupOption::Global => vec![flag(
            "global",
            "Answer for every CodeArtifact repository, beside the helpers that you have",
        )],
        SetupOption::Fallback => vec![flag(
            "fallback",
            "Keep the proxies that GOPROXY has: they are asked for private modules that the repository does not have",
        )],
    }
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(help)
}

fn list(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    let list = Arg::new(name).long(name).action(ArgAction::Append);
    list.value_name(value).help(help)
}

impl FromArgMatches for SetupArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let missing = || Error::new(ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let client = ALL.iter().find(|client| client.name() == name);
        // An option that this client's setup has not is one that is not given.
        let is_set = |name| matches!(matches.try_get_one::<bool>(name), Ok(Some(true)));
        let all = |name| {
            let values = matches.try_get_many::<String>(name).ok().flatten();
            values.into_iter().flatten().cloned().collect()
        };
        Ok(Self {
            client: *client.ok_or_else(missing)?,
            options: SetupOptions {
                name: matches.get_one("name").cloned(),
                url: matches.get_one("url").cloned(),
                level: if is_set("project") {
                    Level::Project
                } else {
                    Level::User
                },
                scopes: all("scope"),
                default: is_set("default"),
                private: all("private"),
                global: is_set("global"),
                fallback: is_set("fallback"),
            },
            dry_run: is_set("dry-run"),
            undo: is_set("undo"),
            no_test: is_set("no-test"),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl fmt::Debug for SetupArguments {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "setup {} {:?}", self.client.name(), self.options)
    }
}
