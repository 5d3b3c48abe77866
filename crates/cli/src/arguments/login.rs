//! The arguments of `login`, as clap reads them and as `--help` shows them. Nothing is decided here.

use clap::Args;

pub(super) const LOGIN_EXAMPLES: &str = "\
Examples:
  codeartifact login               for every connection whose profile needs a person
  codeartifact login acme          for this one
  codeartifact login URL           for a repository that is read with your own credentials

The tokens that it gets are kept for as long as `duration` says, 12 hours unless set. A sign-in to IAM Identity Center is
kept where the AWS CLI keeps it, so that both share it. MFA codes are asked for here, or read from a pipe, one a line.";

#[derive(Debug, Args)]
pub(crate) struct LoginArguments {
    /// A connection, or a repository's URL [default: every connection that needs a person]
    pub(crate) subject: Option<String>,
    /// Show the sign-in page's address, but do not open it
    #[arg(long)]
    pub(crate) no_browser: bool,
}
