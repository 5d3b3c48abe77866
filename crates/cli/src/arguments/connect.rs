//! The arguments of `connect`, `connections` and `disconnect`, as clap reads them and as `--help` shows them.
//! Nothing is decided here.

use std::path::PathBuf;

use clap::Args;
use codeartifact_auth::connection::Key;
use codeartifact_auth::endpoint::Format as PackageFormat;

use super::Format;

pub(super) const CONNECT_EXAMPLES: &str = "\
Examples:
  codeartifact connect acme                    asks for everything, at a terminal
  codeartifact connect acme --pypi URL         adds or changes one repository
  codeartifact connect own --from my-domain/my-repo --region us-east-1
  codeartifact connect acme --role-arn arn:aws:iam::111122223333:role/CodeArtifactReader --npm URL
  aws cloudformation describe-stacks --stack-name codeartifact-reader | codeartifact connect acme --outputs -

An empty value removes a key: --profile ''.";

#[derive(Debug, Args)]
pub(crate) struct ConnectArguments {
    /// A name of your choice; an existing connection is updated
    pub(crate) name: String,
    /// The account that owns the domains [default: the owner in the URLs]
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account_id: Option<String>,
    /// The role to assume there
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// The external id that the role asks for [default: 32 random characters for a new role]
    #[arg(long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
    /// A role to assume before that one; may be repeated
    #[arg(long, value_name = "ARN")]
    pub(crate) via: Vec<String>,
    /// The AWS profile of the first credentials
    #[arg(long)]
    pub(crate) profile: Option<String>,
    /// A CI system's identity token in place of first credentials: github-actions, gitlab:VARIABLE, buildkite, circleci,
    /// env:VARIABLE, file:PATH
    #[arg(long, conflicts_with = "profile")]
    pub(crate) source: Option<String>,
    /// Whom that token is for [default: sts.amazonaws.com]
    #[arg(long)]
    pub(crate) audience: Option<String>,
    /// The life of tokens: 15m to 12h, or session
    #[arg(long)]
    pub(crate) duration: Option<String>,
    /// Let tokens read the whole domain, or just the repositories given here
    #[arg(long, value_name = "domain|repositories")]
    pub(crate) scope: Option<String>,
    /// The stack's outputs: a file with what `aws cloudformation describe-stacks` printed, or - for stdin
    #[arg(long, value_name = "FILE", conflicts_with_all = ["role_arn", "external_id"])]
    pub(crate) outputs: Option<PathBuf>,
    /// Take the URLs of this repository, for every format that has clients here
    #[arg(long, value_name = "DOMAIN/REPOSITORY")]
    pub(crate) from: Option<String>,
    /// The Region of --from [default: that of the URLs, then AWS_REGION, AWS_DEFAULT_REGION]
    #[arg(long, requires = "from")]
    pub(crate) region: Option<String>,
    /// Do not offer to test it
    #[arg(long)]
    pub(crate) no_test: bool,
    #[command(flatten)]
    pub(crate) repositories: RepositoryArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Repositories")]
pub(crate) struct RepositoryArguments {
    /// npm, pnpm, yarn, bun
    #[arg(long, value_name = "URL")]
    npm: Option<String>,
    /// pip, uv, poetry, twine
    #[arg(long, value_name = "URL")]
    pypi: Option<String>,
    /// go
    #[arg(long, value_name = "URL")]
    go: Option<String>,
    /// cargo
    #[arg(long, value_name = "URL")]
    cargo: Option<String>,
    /// nuget, dotnet
    #[arg(long, value_name = "URL")]
    nuget: Option<String>,
    /// Maven, Gradle
    #[arg(long, value_name = "URL")]
    maven: Option<String>,
    /// Bundler, gem
    #[arg(long, value_name = "URL")]
    ruby: Option<String>,
    /// Swift
    #[arg(long, value_name = "URL")]
    swift: Option<String>,
    /// Assets without a package manager
    #[arg(long, value_name = "URL")]
    generic: Option<String>,
}

impl ConnectArguments {
    /// The single values that were given, by their keys.
    pub(crate) fn values(&self) -> Vec<(Key, &str)> {
        let urls = &self.repositories;
        let values = [
            (Key::AccountId, &self.account_id),
            (Key::Profile, &self.profile),
            (Key::Source, &self.source),
            (Key::Audience, &self.audience),
            (Key::RoleArn, &self.role_arn),
            (Key::ExternalId, &self.external_id),
            (Key::Duration, &self.duration),
            (Key::Scope, &self.scope),
            (Key::Url(PackageFormat::Npm), &urls.npm),
            (Key::Url(PackageFormat::Pypi), &urls.pypi),
            (Key::Url(PackageFormat::Go), &urls.go),
            (Key::Url(PackageFormat::Cargo), &urls.cargo),
            (Key::Url(PackageFormat::Nuget), &urls.nuget),
            (Key::Url(PackageFormat::Maven), &urls.maven),
            (Key::Url(PackageFormat::Ruby), &urls.ruby),
            (Key::Url(PackageFormat::Swift), &urls.swift),
            (Key::Url(PackageFormat::Generic), &urls.generic),
        ];
        let given = values.into_iter();
        given
            .filter_map(|(key, value)| Some((key, value.as_deref()?)))
            .collect()
    }

    /// Tells whether only the name was given.
    pub(crate) fn is_bare(&self) -> bool {
        self.values().is_empty()
            && self.via.is_empty()
            && self.outputs.is_none()
            && self.from.is_none()
    }
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionsArguments {
    /// Show this one alone, with all its values
    pub(crate) name: Option<String>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct DisconnectArguments {
    /// The connection to remove, with the tokens that are kept for it
    pub(crate) name: String,
}
