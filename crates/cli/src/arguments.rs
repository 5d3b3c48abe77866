//! The command line, as clap reads it and as `--help` shows it. Nothing is decided here.

mod connect;
mod exec;
mod go;
mod login;
mod package;
mod policy;
mod proxy;
mod repositories;
mod setup;
mod test;
mod uninstall;

use clap::{Args, Parser, Subcommand, ValueEnum};

use connect::CONNECT_EXAMPLES;
pub(crate) use connect::{ConnectArguments, ConnectionsArguments, DisconnectArguments};
use exec::EXEC_EXAMPLES;
pub(crate) use exec::{CompletionsArguments, ExecArguments};
pub(crate) use go::{GoCommand, GoPublishArguments};
use login::LOGIN_EXAMPLES;
pub(crate) use login::LoginArguments;
pub(crate) use package::Package;
pub(crate) use policy::{PolicyDocument, PrincipalArgument, ReachArgument, StackArguments};
use proxy::PROXY_EXAMPLES;
pub(crate) use proxy::{EnvFormat, ProxyAction, ProxyArguments, ProxyOptions};
use repositories::REPOSITORIES_EXAMPLES;
pub(crate) use repositories::RepositoriesArguments;
pub(crate) use setup::SetupArguments;
use test::{DOCTOR_EXAMPLES, TEST_EXAMPLES};
pub(crate) use test::{DoctorArguments, TestArguments};
use uninstall::UNINSTALL_EXAMPLES;
pub(crate) use uninstall::UninstallArguments;

/// Read private packages from AWS CodeArtifact without logging in.
///
/// Tokens are got through the connection that fits the URL (its profile, its role chain) and kept until they age.
/// Package managers ask by themselves, through codeartifact-keyring (pip, uv), codeartifact-npm, codeartifact-goauth and
/// codeartifact-cargo; this program is for people and scripts.
#[derive(Debug, Parser)]
#[command(
    verbatim_doc_comment,
    name = "codeartifact",
    // Users type this name, and it becomes a program of another one.
    bin_name = "codeartifact",
    version = codeartifact_auth::VERSION,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Print an authorization token for a repository or domain
    #[command(after_help = TOKEN_EXAMPLES)]
    Token(TokenArguments),
    /// Make a connection, or change one
    #[command(after_help = CONNECT_EXAMPLES)]
    Connect(Box<ConnectArguments>),
    /// Sign in once, for every connection that needs an MFA code or an SSO session
    #[command(after_help = LOGIN_EXAMPLES)]
    Login(LoginArguments),
    /// List the connections
    Connections(ConnectionsArguments),
    /// Remove a connection
    Disconnect(DisconnectArguments),
    /// List domains, repositories and their URLs, ready to paste
    #[command(after_help = REPOSITORIES_EXAMPLES)]
    Repositories(RepositoriesArguments),
    /// Print the IAM documents that the other side needs
    #[command(subcommand)]
    Policy(PolicyDocument),
    /// Find out whether a connection works, and if not, why: every step from the configuration to the repositories
    #[command(after_help = TEST_EXAMPLES)]
    Test(TestArguments),
    /// Find out what the package managers here really send, and why it is not a good token
    #[command(after_help = DOCTOR_EXAMPLES)]
    Doctor(DoctorArguments),
    /// List the tokens that are kept, where and for how long, and the latest failures
    Status(StatusArguments),
    /// Forget kept tokens: one connection's, or all
    Logout(LogoutArguments),
    /// Write a package manager's own configuration, so that it finds us
    #[command(subcommand)]
    Setup(SetupArguments),
    /// Run a command with every package manager's variables set
    #[command(after_help = EXEC_EXAMPLES)]
    Exec(ExecArguments),
    /// Run a proxy that adds the token, for commands that must not have it
    #[command(after_help = PROXY_EXAMPLES)]
    Proxy(ProxyArguments),
    /// Publish Go modules, for which AWS has no format
    #[command(subcommand)]
    Go(GoCommand),
    /// Undo every setup, forget every token, and remove what these programs have left
    #[command(after_help = UNINSTALL_EXAMPLES)]
    Uninstall(UninstallArguments),
    /// Print the script by which your shell completes these commands
    Completions(CompletionsArguments),
}

impl Command {
    /// The URL or domain that the command is about, for the record of failures.
    pub(crate) fn subject(&self) -> &str {
        match self {
            Command::Token(arguments) => arguments
                .url
                .as_deref()
                .or(arguments.domain.as_deref())
                .unwrap_or_default(),
            _ => "",
        }
    }

    /// Tells whether it is about a token, so that a failure is one to get a token.
    pub(crate) fn gets_a_token(&self) -> bool {
        matches!(
            self,
            Command::Token(_) | Command::Exec(_) | Command::Login(_)
        )
    }

    /// The connection that was named.
    pub(crate) fn connection(&self) -> Option<&str> {
        match self {
            Command::Token(arguments) => arguments.connection.as_deref(),
            Command::Exec(arguments) => arguments.connection.as_deref(),
            Command::Proxy(arguments) => arguments.connection.as_deref(),
            Command::Logout(arguments) => arguments.name.as_deref(),
            Command::Connect(arguments) => Some(&arguments.name),
            Command::Connections(arguments) => arguments.name.as_deref(),
            Command::Disconnect(arguments) => Some(&arguments.name),
            Command::Repositories(arguments) => arguments.name.as_deref(),
            Command::Go(GoCommand::Publish(arguments)) => arguments.connection.as_deref(),
            Command::Login(_)
            | Command::Test(_)
            | Command::Doctor(_)
            | Command::Status(_)
            | Command::Setup(_)
            | Command::Policy(_)
            | Command::Uninstall(_)
            | Command::Completions(_) => None,
        }
    }
}

const TOKEN_EXAMPLES: &str = "\
Examples:
  codeartifact token https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/
  codeartifact token --domain my-domain --owner 111122223333 --region us-east-1 --format json
  curl --header @<(codeartifact token URL --format header) URL

Exit codes: 0 done, 2 usage, 3 configuration, 4 authentication, 5 permission, 6 no such domain, 7 network.";

#[derive(Debug, Args)]
pub(crate) struct TokenArguments {
    /// A repository's URL, or just its host
    #[arg(conflicts_with = "domain")]
    pub(crate) url: Option<String>,
    /// Use this connection of the configuration, whatever the URL would choose
    #[arg(long, value_name = "NAME")]
    pub(crate) connection: Option<String>,
    /// The domain, when there is no URL
    #[arg(long)]
    pub(crate) domain: Option<String>,
    /// The 12-digit account that owns the domain
    #[arg(long, requires = "domain", value_name = "ACCOUNT")]
    pub(crate) owner: Option<String>,
    /// The domain's Region [default: AWS_REGION, then AWS_DEFAULT_REGION]
    #[arg(long, requires = "domain")]
    pub(crate) region: Option<String>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = TokenFormat::Text)]
    pub(crate) format: TokenFormat,
    /// The user name in a netrc; Swift wants `token`
    #[arg(long, value_name = "USER", default_value = "aws", value_parser = user_name)]
    pub(crate) user: String,
    /// Get a new token even if a good one is kept
    #[arg(long)]
    pub(crate) refresh: bool,
}

/// A word of a netrc.
fn user_name(text: &str) -> Result<String, String> {
    let is_plain = |it: char| it.is_ascii_graphic() && !"\"'#\\".contains(it);
    if !text.is_empty() && text.chars().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err("a user name in a netrc is one word without quotes".to_owned())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TokenFormat {
    /// The token and a newline
    Text,
    /// Token, times, domain, as an object with stable keys
    Json,
    /// `export CODEARTIFACT_AUTH_TOKEN='…'`, for eval
    Env,
    /// `Authorization: Bearer …`, for curl --header @FILE
    Header,
    /// `machine HOST login USER password …`, for curl --netrc-file FILE
    Netrc,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArguments {
    /// The format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct LogoutArguments {
    /// The connection whose tokens to forget [default: every token]
    pub(crate) name: Option<String>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs: stable keys
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every user of a machine can read the arguments of every process.
    #[test]
    fn no_example_has_a_token_in_an_argument() {
        let texts = [
            TOKEN_EXAMPLES,
            CONNECT_EXAMPLES,
            EXEC_EXAMPLES,
            include_str!("../../../README.md"),
            include_str!("../TROUBLESHOOTING.md"),
        ];
        for line in texts.iter().flat_map(|text| text.lines()) {
            assert!(!line.contains("$(codeartifact token"), "{line}");
        }
    }
}
