//! The arguments of `repositories`, as clap reads them and as `--help` shows them. Nothing is decided here.

use clap::Args;
use codeartifact_auth::endpoint::Format as PackageFormat;

use super::Format;

pub(super) const REPOSITORIES_EXAMPLES: &str = "\
Examples:
  codeartifact repositories acme                        what the connection's role sees
  codeartifact repositories --region us-east-1          what your own account has
  codeartifact repositories --domain my-domain --owner 111122223333 --region us-east-1 --only npm

Listing needs more rights than reading packages does. Where it is denied, the connection's own repositories are shown.";

#[derive(Debug, Args)]
pub(crate) struct RepositoriesArguments {
    /// The connection through which to look [default: the only one; without any, your own credentials]
    pub(crate) name: Option<String>,
    /// Just this domain
    #[arg(long, requires = "owner", conflicts_with = "name")]
    pub(crate) domain: Option<String>,
    /// The 12-digit account that owns the domain
    #[arg(long, requires = "domain", value_name = "ACCOUNT")]
    pub(crate) owner: Option<String>,
    /// The Region to look in [default: those of the connection's URLs, or AWS_REGION, AWS_DEFAULT_REGION]
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Show this format's URLs alone: npm, pypi, go, …; may be repeated
    #[arg(long, value_name = "FORMAT", value_parser = package_format)]
    pub(crate) only: Vec<PackageFormat>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

fn package_format(name: &str) -> Result<PackageFormat, String> {
    PackageFormat::from_name(name).ok_or_else(|| {
        let names = PackageFormat::ALL.map(PackageFormat::name);
        format!("the formats are {}", names.join(", "))
    })
}
