//! The arguments of `go`, as clap reads them and as `--help` shows them. Nothing is decided here.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const PUBLISH_EXAMPLES: &str = "\
Examples:
  codeartifact go publish v1.2.0                        the module in this directory
  codeartifact go publish ./greeting v1.2.0 --connection acme
  codeartifact exec --proxy --connection acme -- go get example.com/private/greeting@v1.2.0

AWS has no format for Go: the module is stored as a generic package, which `codeartifact exec --proxy` serves to go.
A run that broke off is finished by another one.";

#[derive(Debug, Subcommand)]
pub(crate) enum GoCommand {
    /// Publish a version of a module, which go then gets through the proxy
    #[command(after_help = PUBLISH_EXAMPLES, override_usage = "codeartifact go publish [OPTIONS] [DIR] VERSION")]
    Publish(GoPublishArguments),
}

#[derive(Debug, Args)]
pub(crate) struct GoPublishArguments {
    /// The module's directory [default: this one], and the version: `v1.2.0`
    #[arg(value_names = ["DIR", "VERSION"], num_args = 1..=2, required = true)]
    pub(crate) words: Vec<String>,
    /// The connection whose `go` repository takes it [default: the only one that has one]
    #[arg(long, value_name = "NAME")]
    pub(crate) connection: Option<String>,
}

impl GoPublishArguments {
    pub(crate) fn directory(&self) -> PathBuf {
        match &self.words[..] {
            [directory, _] => PathBuf::from(directory),
            _ => PathBuf::from("."),
        }
    }

    pub(crate) fn version(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }
}
