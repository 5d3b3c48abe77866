//! The arguments of `setup`, as clap reads them and as `--help` shows them. Nothing is decided here.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum SetupClient {
    /// Go: GOAUTH, GOPROXY and GONOSUMDB, through `go env -w`
    #[command(after_help = GO_EXAMPLE)]
    Go(SetupGoArguments),
}

const GO_EXAMPLE: &str = "\
Example:
  codeartifact setup go acme --private example.com/private

The repository comes first in GOPROXY and falls through to the rest only for modules it does not have.
--private says which modules the public checksum database must not be asked about.";

/// What every client's setup takes.
#[derive(Debug, Args)]
pub(crate) struct SetupArguments {
    /// The connection whose repository to use [default: the only one that has one of this format]
    pub(crate) name: Option<String>,
    /// The repository's URL, when no connection has it
    #[arg(long, conflicts_with = "name")]
    pub(crate) url: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Take it back: our part goes, the rest stays
    #[arg(long)]
    pub(crate) undo: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SetupGoArguments {
    #[command(flatten)]
    pub(crate) common: SetupArguments,
    /// Pattern of private modules, as GONOSUMDB has them; may be repeated
    #[arg(long, value_name = "PATTERN")]
    pub(crate) private: Vec<String>,
}
