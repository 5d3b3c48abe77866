//! The arguments of `exec` and `completions`, as clap reads them and as `--help` shows them. Nothing is decided here.

use std::ffi::OsString;

use clap::Args;
use clap_complete::Shell;

use super::proxy::ProxyOptions;

pub(crate) const EXEC_EXAMPLES: &str = "\
Examples:
  codeartifact exec -- pip install my-package
  codeartifact exec --connection acme --publish -- make release
  codeartifact exec --token-variable CODEARTIFACT_AUTH_TOKEN -- npm ci
  codeartifact exec --proxy --connection acme -- npm ci

Set for the command: the repositories of the connection as the index of pip, uv, pdm and Go; a NETRC in memory, with yours
behind it; a user configuration for npm in memory. A token in them is bound to its host. What you have set yourself stays.";

#[derive(Debug, Args)]
pub(crate) struct ExecArguments {
    /// The connection to use, here and by everything that the command starts [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub(crate) connection: Option<String>,
    /// Also let the command publish: where to, and the password, for uv, pdm, hatch, twine and poetry. With --proxy, name
    /// the repository that it may write to
    #[arg(long, num_args = 0..=1, value_name = "REPOSITORY")]
    pub(crate) publish: Option<Option<String>>,
    /// Also set this variable to the token. Any program that the command starts can send it anywhere
    #[arg(long, value_name = "NAME", conflicts_with = "proxy")]
    pub(crate) token_variable: Option<String>,
    /// Run the command behind a proxy that adds the token on the way: the command never has it
    #[arg(long)]
    pub(crate) proxy: bool,
    /// In a network of its own, whose only way out is the proxy, without the files of your AWS identities (Linux)
    #[arg(long, requires = "proxy")]
    pub(crate) isolate: bool,
    #[command(flatten)]
    pub(crate) options: ProxyOptions,
    /// The command and its arguments
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "COMMAND"
    )]
    pub(crate) command: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// For this shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}
