//! The arguments of `proxy`, and those that `exec --proxy` shares with it, as clap reads them and as `--help` shows them.
//! Nothing is decided here.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use codeartifact_proxy::forward::Others;

pub(crate) const PROXY_EXAMPLES: &str = "\
Examples:
  codeartifact proxy --connection acme --directory run     # in one container or step
  eval \"$(codeartifact proxy env --directory run)\"         # in another one, which sees the directory
  codeartifact exec --proxy --connection acme -- npm ci    # both at once, for one command
  codeartifact proxy --config proxy.toml                   # a broker: tokens for the jobs of many hosts

The proxy adds the token to reads of the connection's repositories, and nothing else. It ends with SIGTERM or ctrl-c.";

#[derive(Debug, Args)]
#[command(subcommand_negates_reqs = true, args_conflicts_with_subcommands = true)]
pub(crate) struct ProxyArguments {
    /// The connection whose repositories are read [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub(crate) connection: Option<String>,
    /// The folder for its certificates and the note for `proxy env`
    #[arg(long, required_unless_present = "config", value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
    /// Hand out tokens to the jobs of many hosts instead, as this file says
    #[arg(long, value_name = "FILE", conflicts_with_all = ["connection", "directory", "listen", "publish", "others", "journal", "java", "go"])]
    pub(crate) config: Option<PathBuf>,
    /// The address to listen on; a caller also needs the run's secret
    #[arg(long, default_value = "127.0.0.1:0", value_name = "IP:PORT")]
    pub(crate) listen: SocketAddr,
    /// A repository that may be written to
    #[arg(long, value_name = "REPOSITORY")]
    pub(crate) publish: Vec<String>,
    #[command(flatten)]
    pub(crate) options: ProxyOptions,
    #[command(subcommand)]
    pub(crate) action: Option<ProxyAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProxyAction {
    /// Print the variables that lead a command to the proxy that runs in a directory
    Env {
        /// The directory of the proxy
        #[arg(long, value_name = "DIR")]
        directory: PathBuf,
        /// The format of the output
        #[arg(long, value_enum, default_value_t = EnvFormat::Shell)]
        format: EnvFormat,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvFormat {
    /// Lines for eval
    Shell,
    /// An object of names and values
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ProxyOptions {
    /// Other hosts that are reached: tunnel, refuse, or a list such as index.example.com,*.example.org
    /// [default: exec tunnels, proxy refuses]
    #[arg(long, value_name = "HOSTS")]
    pub(crate) others: Option<Others>,
    /// Add a JSON line to this file for each request to a repository: the build's private packages
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// Lead Java there too, by JAVA_TOOL_OPTIONS, of which each Java program prints a line
    #[arg(long)]
    pub(crate) java: bool,
    /// Give go plain http URLs of loopback in GOPROXY: on macOS and Windows it trusts no certificate of this run
    #[arg(long)]
    pub(crate) go: bool,
}
