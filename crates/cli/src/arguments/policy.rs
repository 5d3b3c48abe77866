//! The arguments of `policy`, as clap reads them and as `--help` shows them. Nothing is decided here.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum PolicyDocument {
    /// The trust policy of the connection's role: who may assume it, with which external id
    Trust(TrustArguments),
    /// The permissions that the role needs: tokens of these domains, reading these repositories, nothing else
    Permissions(PermissionsArguments),
    /// The role with both as a CloudFormation stack (or Terraform), to be deployed by the account's owner
    #[command(after_help = STACK_EXAMPLE)]
    Cloudformation(StackArguments),
}

impl PolicyDocument {
    /// The connection that was named.
    pub(crate) fn connection(&self) -> Option<&str> {
        let name = match self {
            PolicyDocument::Trust(arguments) => &arguments.name,
            PolicyDocument::Permissions(arguments) => &arguments.name,
            PolicyDocument::Cloudformation(arguments) => &arguments.name,
        };
        name.as_deref()
    }
}

impl PolicyDocument {
    /// Whose identity tokens the first role of the chain trusts.
    pub(crate) fn oidc(&self) -> Option<&str> {
        match self {
            PolicyDocument::Trust(arguments) => arguments.oidc.oidc.as_deref(),
            PolicyDocument::Permissions(_) => None,
            PolicyDocument::Cloudformation(arguments) => arguments.oidc.oidc.as_deref(),
        }
    }

    /// Returns the reach of its permissions.
    pub(crate) fn reach(&self) -> &ReachArgument {
        match self {
            PolicyDocument::Trust(_) => &ReachArgument { wide: false },
            PolicyDocument::Permissions(arguments) => &arguments.reach,
            PolicyDocument::Cloudformation(arguments) => &arguments.reach,
        }
    }
}

const STACK_EXAMPLE: &str = "\
Examples:
  codeartifact policy cloudformation acme --oidc github:my-org/my-app:ref:refs/heads/main > pipeline.yaml
  codeartifact policy cloudformation acme > reader.yaml
  aws cloudformation deploy --template-file reader.yaml --stack-name codeartifact-reader --capabilities CAPABILITY_NAMED_IAM
  aws cloudformation describe-stacks --stack-name codeartifact-reader | codeartifact connect acme --outputs -";

#[derive(Debug, Args)]
pub(crate) struct TrustArguments {
    /// The connection [default: the only one]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) principal: PrincipalArgument,
    #[command(flatten)]
    pub(crate) oidc: OidcArgument,
}

#[derive(Debug, Args)]
pub(crate) struct OidcArgument {
    /// Write the first role of the chain instead, for jobs with identity tokens of this subject: github:ORG/REPO:ref:REF,
    /// gitlab:GROUP/PROJECT:BRANCH, buildkite:ORG/PIPELINE:BRANCH, circleci:ORG-ID/PROJECT-ID, https://ISSUER#SUBJECT
    #[arg(long, value_name = "WHO", conflicts_with = "principal")]
    pub(crate) oidc: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PermissionsArguments {
    /// The connection [default: the only one]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) reach: ReachArgument,
}

#[derive(Debug, Args)]
pub(crate) struct StackArguments {
    /// The connection [default: the only one]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) principal: PrincipalArgument,
    #[command(flatten)]
    pub(crate) oidc: OidcArgument,
    #[command(flatten)]
    pub(crate) reach: ReachArgument,
    /// Write Terraform (HCL) instead
    #[arg(long)]
    pub(crate) terraform: bool,
    /// The URL of the published template (S3): print the console's link that deploys it from there
    #[arg(long, value_name = "URL", conflicts_with_all = ["terraform", "oidc"])]
    pub(crate) template_url: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PrincipalArgument {
    /// Role or user that assumes the role [default: the last role before it in the connection's chain]
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReachArgument {
    /// Allow every domain and repository of the account, in the configured Regions
    #[arg(long)]
    pub(crate) wide: bool,
}
