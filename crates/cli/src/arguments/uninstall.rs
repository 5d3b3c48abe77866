//! The arguments of `uninstall`, as clap reads them and as `--help` shows them. Nothing is decided here.

use clap::Args;

pub(crate) const UNINSTALL_EXAMPLES: &str = "\
Examples:
  codeartifact uninstall --dry-run
  codeartifact uninstall --programs

What `setup --project` wrote belongs to its project: `codeartifact setup CLIENT --project --undo` there takes it back.";

#[derive(Debug, Args)]
pub(crate) struct UninstallArguments {
    /// Remove the programs of this folder too
    #[arg(long)]
    pub(crate) programs: bool,
    /// Remove the configuration file with your connections too
    #[arg(long)]
    pub(crate) connections: bool,
    /// Show what would be removed, and remove nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
