//! Identity tokens (OpenID Connect), which a CI system or a cluster gives its jobs in place of AWS credentials: where a
//! job finds its own ([`IdTokenSource`]), and what one says about itself ([`Claims`]). Nothing here verifies a token or
//! asks the network; `mint/id_token.rs` does.

mod claims;
mod read;
mod source;
mod trust;

pub use claims::Claims;
#[cfg(test)]
pub(crate) use claims::for_tests;
#[cfg(feature = "aws")]
pub(crate) use read::read as read_kept;
pub use source::{IdTokenSource, SOURCES};
pub use trust::{IdTokenTrust, TRUSTS};

use crate::environment::Environment;

/// AWS's documentation has identity providers that accept this one.
pub const DEFAULT_AUDIENCE: &str = "sts.amazonaws.com";

/// Takes a field's name and value.
type Field<'a> = dyn FnMut(&str, Option<&str>) + 'a;

/// Gives the fields that decide as whom AWS sees the job, for the name under which its tokens are kept. A new token with
/// the same claims is the same identity. Where the token has to be asked for, the system's variables tell the jobs apart.
pub(crate) fn describe(
    source: &IdTokenSource,
    audience: &str,
    environment: &Environment,
    field: &mut Field<'_>,
) {
    field("source", Some(&source.to_string()));
    field("audience", Some(audience));
    match read::read(source, environment) {
        Some(Ok(token)) => describe_token(token.expose(), field),
        Some(Err(reason)) => field("no id token", Some(&reason)),
        None => describe_job(source, environment, field),
    }
}

/// The same of a token's text; one that cannot be read stands for itself.
pub(crate) fn describe_token(token: &str, field: &mut Field<'_>) {
    let Some(claims) = Claims::of(token) else {
        return field("opaque", Some(token));
    };
    field("issuer", Some(&claims.issuer));
    field("subject", Some(&claims.subject));
    for audience in &claims.audiences {
        field("for", Some(audience));
    }
}

/// A job without these variables is known by the address that it asks, which no two jobs share.
fn describe_job(source: &IdTokenSource, environment: &Environment, field: &mut Field<'_>) {
    let (names, address) = source.job_variables();
    let values = names.iter().map(|name| (*name, environment.text(name)));
    let mut is_known = false;
    for (name, value) in values {
        is_known |= value.is_some();
        field(name, value.as_deref());
    }
    if !is_known {
        field(address, environment.text(address).as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Timestamp;

    fn fields(source: &str, variables: &[(&str, &str)]) -> Vec<String> {
        let environment = Environment::fixed(variables, "/home/me".into(), Timestamp(0));
        let mut fields = Vec::new();
        let source = source.parse().unwrap();
        describe(
            &source,
            DEFAULT_AUDIENCE,
            &environment,
            &mut |name, value| fields.push(format!("{name}={}", value.unwrap_or("-"))),
        );
        fields
    }

    #[test]
    fn a_new_token_of_the_same_subject_is_the_same_identity() {
        let token =
            |subject, id| claims::for_tests::token("https://gitlab.com", subject, "aws", id);
        let main = token("ref:main", "1");
        let of = |token: &str| fields("gitlab:ID_TOKEN", &[("ID_TOKEN", token)]);
        assert_eq!(of(&main), of(&token("ref:main", "2")));
        assert_ne!(of(&main), of(&token("ref:dev", "1")));
        assert_ne!(of("opaque"), of("another"));
        assert_ne!(of(&main), of(""));
    }

    #[test]
    fn jobs_of_github_are_told_apart() {
        let rows = [
            ("GITHUB_REPOSITORY", "my-org/my-app", "my-org/other"),
            ("GITHUB_REF", "refs/heads/main", "refs/pull/1/merge"),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://x/1", "https://x/2"),
        ];
        for (name, one, other) in rows {
            let of = |value| fields("github-actions", &[(name, value)]);
            assert_ne!(of(one), of(other), "{name}");
        }
        let of = |url| {
            let job = [
                ("GITHUB_REPOSITORY", "my-org/my-app"),
                ("ACTIONS_ID_TOKEN_REQUEST_URL", url),
            ];
            fields("github-actions", &job)
        };
        assert_eq!(of("https://x/1"), of("https://x/2"), "two runs of one job");
    }
}
