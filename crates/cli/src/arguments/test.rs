//! The arguments of `test` and `doctor`, as clap reads them and as `--help` shows them. Nothing is decided here.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use codeartifact_clients::{ALL, Client};

use super::Format;
use super::package::Package;

pub(super) const TEST_EXAMPLES: &str = "\
Examples:
  codeartifact test                            the connection, or a line for each of several
  codeartifact test acme
  codeartifact test https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/
  codeartifact test acme --package npm:my-package@1.0.0

Exit codes, of what fails first: 0 nothing, 3 configuration, 4 authentication, 5 permission, 6 no such domain,
repository or package, 7 network.";

pub(super) const DOCTOR_EXAMPLES: &str = "\
Examples:
  codeartifact doctor                          every client on PATH
  codeartifact doctor pip uv
  codeartifact exec --proxy --isolate -- codeartifact doctor --proxy

Each client makes one request, to a stand-in of the repository on this machine. Nothing is installed.

Exit codes, of what fails first: 0 nothing, 3 configuration, and those of `codeartifact test` for a connection.";

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// A connection, or a repository's URL [default: every connection]
    #[arg(value_name = "NAME|URL")]
    pub(crate) subject: Option<String>,
    /// Find out why this package does not resolve; FORMAT is npm, pypi or go
    #[arg(long, value_name = "FORMAT:NAME[@VERSION]")]
    pub(crate) package: Option<Package>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct DoctorArguments {
    /// Clients to look at [default: every one on PATH]
    #[arg(value_name = "CLIENT", value_parser = client_parser())]
    pub(crate) clients: Vec<&'static dyn Client>,
    /// Inside of a build: find out what it can still reach although it runs behind the proxy
    #[arg(long, conflicts_with = "clients")]
    pub(crate) proxy: bool,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

fn client_parser() -> impl TypedValueParser<Value = &'static dyn Client> {
    let names = ALL.iter().map(|client| client.name());
    PossibleValuesParser::new(names).try_map(|name| {
        let mut clients = ALL.iter().copied();
        clients
            .find(|client| client.name() == name)
            .ok_or("no client has this name")
    })
}

impl std::fmt::Debug for DoctorArguments {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.clients.iter().map(|client| client.name());
        formatter.debug_list().entries(names).finish()
    }
}
