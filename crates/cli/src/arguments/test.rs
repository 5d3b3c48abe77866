//! The arguments of `test`, as clap reads them and as `--help` shows them. Nothing is decided here.

use clap::Args;

use super::Format;
use crate::commands::Package;

pub(super) const TEST_EXAMPLES: &str = "\
Examples:
  codeartifact test                            the connection, or a line for each of several
  codeartifact test acme
  codeartifact test https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/
  codeartifact test acme --package npm:my-package@1.0.0

Exit codes, of what fails first: 0 nothing, 3 configuration, 4 authentication, 5 permission, 6 no such domain,
repository or package, 7 network.";

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// A connection, or a repository's URL [default: every connection]
    #[arg(value_name = "NAME|URL")]
    pub(crate) subject: Option<String>,
    /// Find out why this package does not resolve; FORMAT is npm, pypi or go
    #[arg(long, value_name = "FORMAT:NAME[@VERSION]")]
    pub(crate) package: Option<Package>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}
