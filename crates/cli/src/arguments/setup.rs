//! The arguments of `setup`: a command for each client that we know, with the options that its room asks for.
//! Nothing is decided here.

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Subcommand};
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

/// What every client's setup takes.
#[derive(Debug, Args)]
struct Common {
    /// The connection whose repository to use [default: the only one that has one of this format]
    name: Option<String>,
    /// The repository's URL, when no connection has it
    #[arg(long, conflicts_with = "name")]
    url: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Take it back: our part goes, the rest stays
    #[arg(long)]
    undo: bool,
    /// Do not try the client at the end, as in an image that is built without credentials
    #[arg(long)]
    no_test: bool,
}

/// For one whose projects have a configuration of their own.
#[derive(Debug, Default, Args)]
struct Project {
    /// The project's configuration in this directory (for pip, the active virtual environment's), not yours
    #[arg(long)]
    project: bool,
}

#[derive(Debug, Default, Args)]
struct Scopes {
    /// Read packages of this scope from the repository; may be repeated
    #[arg(long = "scope", value_name = "@SCOPE")]
    scopes: Vec<String>,
    /// Read packages of no scope from it too: it becomes the default registry
    #[arg(long)]
    default: bool,
}

#[derive(Debug, Default, Args)]
struct Private {
    /// Pattern of private modules, as GONOSUMDB has them; may be repeated
    #[arg(long, value_name = "PATTERN")]
    private: Vec<String>,
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

fn command_of(client: &'static dyn Client) -> Command {
    let help = client.help();
    let command = Command::new(client.name()).about(help.about);
    let command = Common::augment_args(command);
    let command = help
        .options
        .iter()
        .fold(command, |command, option| match option {
            SetupOption::Project => Project::augment_args(command),
            SetupOption::Scopes => Scopes::augment_args(command),
            SetupOption::Private => Private::augment_args(command),
        });
    match help.notes {
        "" => command,
        notes => command.after_help(notes),
    }
}

impl FromArgMatches for SetupArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let missing = || Error::new(ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let client = ALL.iter().find(|client| client.name() == name);
        let client = *client.ok_or_else(missing)?;
        let common = Common::from_arg_matches(matches)?;
        let Project { project } = taken(client, SetupOption::Project, matches)?;
        let Scopes { scopes, default } = taken(client, SetupOption::Scopes, matches)?;
        let Private { private } = taken(client, SetupOption::Private, matches)?;
        Ok(Self {
            client,
            options: SetupOptions {
                name: common.name,
                url: common.url,
                level: if project { Level::Project } else { Level::User },
                scopes,
                default,
                private,
            },
            dry_run: common.dry_run,
            undo: common.undo,
            no_test: common.no_test,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Options that the client's setup has, or what they are when it has not.
fn taken<T: FromArgMatches + Default>(
    client: &dyn Client,
    option: SetupOption,
    matches: &ArgMatches,
) -> Result<T, Error> {
    if client.help().options.contains(&option) {
        T::from_arg_matches(matches)
    } else {
        Ok(T::default())
    }
}

impl std::fmt::Debug for SetupArguments {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "setup {} {:?}", self.client.name(), self.options)
    }
}
