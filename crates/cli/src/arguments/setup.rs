//! The arguments of `setup`, as clap reads them and as `--help` shows them. Nothing is decided here.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum SetupClient {
    /// pip: keyring-provider and index-url of pip.conf, and the `keyring` command it asks
    #[command(after_help = PYTHON_NOTE)]
    Pip(SetupProjectArguments),
    /// uv: an index that is always authenticated, and the `keyring` command it asks
    #[command(after_help = PYTHON_NOTE)]
    Uv(SetupProjectArguments),
    /// poetry: a repository to publish to; with --project, a source to install from
    #[command(after_help = PYTHON_NOTE)]
    Poetry(SetupProjectArguments),
    /// pdm: its index, and a repository to publish to
    #[command(after_help = PYTHON_NOTE)]
    Pdm(SetupProjectArguments),
    /// hatch: a repository to publish to; it installs by pip or uv
    #[command(after_help = PYTHON_NOTE)]
    Hatch(SetupPythonArguments),
    /// twine: a section of .pypirc to publish to
    #[command(after_help = PYTHON_NOTE)]
    Twine(SetupPythonArguments),
    /// npm and every client that reads .npmrc: shims on PATH that refresh the tokens first
    #[command(after_help = NPM_EXAMPLE)]
    Npm(SetupNodeArguments),
    /// pnpm: a tokenHelper for each registry, so that no token lies in any file
    #[command(after_help = PNPM_EXAMPLE)]
    Pnpm(SetupNodeArguments),
    /// Yarn, for this project: a plugin for Yarn 2 and later, a shim for Yarn 1
    #[command(after_help = YARN_EXAMPLE)]
    Yarn(SetupNodeArguments),
    /// Bun: shims on PATH that refresh the tokens first
    Bun(SetupNodeArguments),
    /// Go: GOAUTH, GOPROXY and GONOSUMDB, through `go env -w`
    #[command(after_help = GO_EXAMPLE)]
    Go(SetupGoArguments),
}

const PYTHON_NOTE: &str = "\
What is written stands between two marks, without any token; what was set before is kept as a comment. --undo gives
back the file as it was. poetry, hatch and twine ask Python's keyring library, so the package codeartifact-keyring has
to be in their environment: `pipx inject poetry codeartifact-keyring`.";

const NPM_EXAMPLE: &str = "\
Examples:
  codeartifact setup npm                            registries stay as you have configured them
  codeartifact setup npm acme --scope @my-scope     and packages of that scope come from acme's repository

The shims lie in a directory of their own, which has to stand first on PATH. --undo with a connection or URL takes the
registry lines for it away; without one, everything.";

const PNPM_EXAMPLE: &str = "\
Examples:
  codeartifact setup pnpm                           for every CodeArtifact registry that you and this project use
  codeartifact setup pnpm acme --scope @my-scope    for acme's repository, always through that connection

The lines go to your own .npmrc, the only place where pnpm takes them. CodeArtifact tokens for the same registries are
removed from it: they would win, or lie there for nothing. npm 11 warns that it does not know the key.";

const YARN_EXAMPLE: &str = "\
Examples:
  codeartifact setup yarn                           registries stay as the project has configured them
  codeartifact setup yarn acme --scope @my-scope    and packages of that scope come from acme's repository

The plugin and .yarnrc.yml are made to be committed: who has codeartifact-npm on PATH needs nothing else.";

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

/// For a client that asks a keyring, which is tried at the end.
#[derive(Debug, Args)]
pub(crate) struct SetupPythonArguments {
    #[command(flatten)]
    pub(crate) common: SetupArguments,
    /// Do not ask for a token at the end, as in an image that is built without credentials
    #[arg(long)]
    pub(crate) no_test: bool,
}

/// For one whose projects have a configuration of their own.
#[derive(Debug, Args)]
pub(crate) struct SetupProjectArguments {
    #[command(flatten)]
    pub(crate) python: SetupPythonArguments,
    /// The project's configuration in this directory (for pip, the active virtual environment's), not yours
    #[arg(long)]
    pub(crate) project: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SetupNodeArguments {
    #[command(flatten)]
    pub(crate) common: SetupArguments,
    /// Read packages of this scope from the repository; may be repeated
    #[arg(long = "scope", value_name = "@SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// Read packages of no scope from it too: it becomes the default registry
    #[arg(long)]
    pub(crate) default: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SetupGoArguments {
    #[command(flatten)]
    pub(crate) common: SetupArguments,
    /// Pattern of private modules, as GONOSUMDB has them; may be repeated
    #[arg(long, value_name = "PATTERN")]
    pub(crate) private: Vec<String>,
}
