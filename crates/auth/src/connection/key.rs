//! The keys that a program may set in a connection: their names, and the check of a value that a person gives.
//! The checks are those of the file; beyond them a URL is written the way its client wants it.

use super::check;
use crate::endpoint::{Format, MappedHosts};
use crate::error::Failure;

/// A key of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the keys' own")]
pub enum Key {
    AccountId,
    RoleArn,
    ExternalId,
    Via,
    Profile,
    Source,
    Audience,
    Duration,
    Scope,
    Url(Format),
}

impl Key {
    /// As it is in the file.
    pub fn name(self) -> &'static str {
        match self {
            Key::AccountId => "account_id",
            Key::RoleArn => "role_arn",
            Key::ExternalId => "external_id",
            Key::Via => "via",
            Key::Profile => "profile",
            Key::Source => "source",
            Key::Audience => "audience",
            Key::Duration => "duration",
            Key::Scope => "scope",
            Key::Url(format) => format.name(),
        }
    }

    /// Returns the value as the file should have it. A URL is that of the repository itself, for pip with `/simple/`, and
    /// has lost its userinfo, where people leave tokens.
    ///
    /// # Errors
    /// The value is wrong.
    pub fn check(
        self,
        text: &str,
        account_id: &str,
        hosts: &MappedHosts,
    ) -> Result<String, Box<Failure>> {
        let text = text.trim();
        match self {
            Key::AccountId => check::account_id(text),
            Key::RoleArn | Key::Via => check::role_arn(text),
            Key::ExternalId => check::external_id(text),
            Key::Profile => check::profile(text),
            Key::Source => check::source(text).map(|source| source.to_string()),
            Key::Audience => check::audience(text),
            Key::Duration => check::duration(text).map(|duration| duration.to_string()),
            Key::Scope => check::scope(text).map(|scope| scope.name().to_owned()),
            Key::Url(format) => check::any_repository(text, format, account_id, hosts)
                .map(|endpoint| endpoint.client_url()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

    fn checked(key: Key, text: &str) -> Result<String, String> {
        let text = text.replace("HOST", HOST);
        key.check(&text, "111122223333", &MappedHosts::new())
            .map(|text| text.replace(HOST, "HOST"))
            .map_err(|problem| problem.to_string().replace(HOST, "HOST"))
    }

    #[test]
    fn what_is_given_and_what_is_written() {
        let npm = Key::Url(Format::Npm);
        let pypi = Key::Url(Format::Pypi);
        let rows = [
            (Key::AccountId, " 111122223333 ", "111122223333"),
            (Key::Profile, "integration", "integration"),
            (Key::Source, "gitlab:ID_TOKEN", "gitlab:ID_TOKEN"),
            (Key::Audience, "sts.amazonaws.com", "sts.amazonaws.com"),
            (Key::Duration, "3600s", "1h"),
            (Key::Scope, "repositories", "repositories"),
            (npm, "https://HOST/npm/my-repo", "https://HOST/npm/my-repo/"),
            (
                npm,
                "https://HOST/npm/my-repo/lodash",
                "https://HOST/npm/my-repo/",
            ),
            (
                pypi,
                "https://HOST/pypi/my-repo/",
                "https://HOST/pypi/my-repo/simple/",
            ),
            (
                pypi,
                "https://HOST/pypi/my-repo/simple",
                "https://HOST/pypi/my-repo/simple/",
            ),
            (
                pypi,
                "https://HOST/pypi/my-repo/simple/",
                "https://HOST/pypi/my-repo/simple/",
            ),
            (
                pypi,
                "https://aws:s3cret@HOST/pypi/my-repo/simple/",
                "https://HOST/pypi/my-repo/simple/",
            ),
            (
                Key::Url(Format::Cargo),
                "https://HOST/cargo/my-repo",
                "sparse+https://HOST/cargo/my-repo/",
            ),
        ];
        for (key, given, written) in rows {
            assert_eq!(checked(key, given).as_deref(), Ok(written), "{given}");
        }
    }

    #[test]
    fn what_is_refused_and_why() {
        let npm = Key::Url(Format::Npm);
        let rows = [
            (
                Key::AccountId,
                "1111-2222-3333",
                "`1111-2222-3333` is not an account of 12 digits",
            ),
            (
                Key::RoleArn,
                "Reader",
                "`Reader` is not the ARN of an IAM role",
            ),
            (
                Key::ExternalId,
                "1",
                "has 1 characters, and AWS takes an external id of 2 to 1224",
            ),
            (
                npm,
                "https://HOST/pypi/my-repo/simple/",
                "https://HOST/pypi/my-repo/ is of format pypi, not npm",
            ),
            (
                npm,
                "https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/",
                "https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/ belongs to account \
                 444455556666, and account_id is 111122223333",
            ),
            (
                npm,
                "https://example.com/npm/",
                "`https://example.com/npm/` is not a CodeArtifact URL",
            ),
            (npm, "https://HOST/", "https://HOST/ names no repository"),
        ];
        for (key, given, reason) in rows {
            assert_eq!(checked(key, given), Err(reason.to_owned()), "{given}");
        }
    }
}
