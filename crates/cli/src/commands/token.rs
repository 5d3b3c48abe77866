//! `codeartifact token`: which endpoint is meant, and how its token is written.

use codeartifact_auth::Authenticator;
use codeartifact_auth::endpoint::{Domain, Endpoint};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::report::Reporter;
use codeartifact_auth::token::Token;
use codeartifact_clients::error::{UsageError, UserError};
use serde_json::json;

use crate::arguments::{TokenArguments, TokenFormat};
use crate::commands::authenticator;
use crate::output::Output;

pub(crate) fn run(
    arguments: &TokenArguments,
    environment: &Environment,
    reporter: &Reporter,
) -> anyhow::Result<Output> {
    let authenticator = authenticator(environment)?.named();
    let endpoint = choose(arguments, &authenticator, environment)?;
    let connection = arguments.connection.as_deref();
    let answer = if arguments.refresh {
        authenticator.replace(&endpoint, connection)?
    } else {
        authenticator.token(&endpoint, connection)?
    };
    Ok(Output::done(
        write(&endpoint, &answer.token, arguments)?,
        reporter.warnings(&answer.warnings),
    ))
}

/// Takes the URL, or the domain in pieces, or the only domain that is configured.
fn choose(
    arguments: &TokenArguments,
    authenticator: &Authenticator,
    environment: &Environment,
) -> anyhow::Result<Endpoint> {
    match (&arguments.url, &arguments.domain) {
        (Some(url), _) => Ok(authenticator.endpoint(url)?),
        (None, Some(name)) => of_domain(name, arguments, environment),
        (None, None) => of_connection(arguments.connection.as_deref(), authenticator),
    }
}

fn of_domain(
    name: &str,
    arguments: &TokenArguments,
    environment: &Environment,
) -> anyhow::Result<Endpoint> {
    let region = arguments.region.clone().or_else(|| environment.region());
    let (Some(owner), Some(region)) = (arguments.owner.clone(), region) else {
        return Err(UsageError::new("--domain also needs --owner and --region").into());
    };
    let domain = Domain {
        name: name.to_owned(),
        owner,
        region,
    };
    Ok(Endpoint::of_domain(&domain)?)
}

fn of_connection(named: Option<&str>, authenticator: &Authenticator) -> anyhow::Result<Endpoint> {
    let configuration = authenticator.connections().configuration()?;
    let mut domains: Vec<_> = configuration
        .connections()
        .filter(|connection| named.is_none_or(|name| connection.name.as_deref() == Some(name)))
        .flat_map(|connection| connection.endpoints.values())
        .map(|endpoint| &endpoint.domain)
        .collect();
    domains.sort();
    domains.dedup();
    match domains.as_slice() {
        [domain] => Ok(Endpoint::of_domain(domain)?),
        [] => Err(UsageError::new(
            "which repository? give its URL, or --domain, --owner and --region",
        )
        .into()),
        _ => Err(UsageError::new(
            "the configuration has several domains; give the URL of the one you mean",
        )
        .into()),
    }
}

fn write(
    endpoint: &Endpoint,
    token: &Token,
    arguments: &TokenArguments,
) -> Result<String, UserError> {
    let secret = token.secret.expose();
    Ok(match arguments.format {
        TokenFormat::Text => format!("{secret}\n"),
        TokenFormat::Json => format!("{:#}\n", as_json(endpoint, token)),
        TokenFormat::Env if !is_plain(secret) => {
            return Err(UserError::new(
                "the token has characters that a shell may run\n  hint: use --format json",
            ));
        }
        TokenFormat::Env => format!("export CODEARTIFACT_AUTH_TOKEN='{secret}'\n"),
        TokenFormat::Header => format!("Authorization: Bearer {secret}\n"),
        TokenFormat::Netrc => {
            let (host, user) = (endpoint.host(), &arguments.user);
            format!("machine {host} login {user} password {secret}\n")
        }
    })
}

/// The characters of a bearer token (RFC 6750). A shell evaluates the text, so nothing else may be in it.
fn is_plain(token: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    token.bytes().all(is_plain)
}

fn as_json(endpoint: &Endpoint, token: &Token) -> serde_json::Value {
    json!({
        "token": token.secret.expose(),
        "issued_at": token.issued_at.to_string(),
        "expires_at": token.expires_at.to_string(),
        "domain": endpoint.domain.name,
        "owner": endpoint.domain.owner,
        "region": endpoint.domain.region,
    })
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::{Secret, Timestamp};

    use super::*;

    const URL: &str =
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";

    fn arguments(format: TokenFormat, user: &str) -> TokenArguments {
        TokenArguments {
            url: None,
            connection: None,
            domain: None,
            owner: None,
            region: None,
            format,
            user: user.to_owned(),
            refresh: false,
        }
    }

    fn written(format: TokenFormat) -> String {
        written_of("eyJ2.a.b.c.d", &arguments(format, "aws")).unwrap()
    }

    fn written_of(secret: &str, arguments: &TokenArguments) -> Result<String, UserError> {
        let endpoint = Endpoint::parse(URL, &Default::default()).unwrap();
        let token = Token {
            secret: Secret::new(secret.into()),
            issued_at: Timestamp(1_800_000_000),
            expires_at: Timestamp(1_800_043_200),
        };
        write(&endpoint, &token, arguments)
    }

    #[test]
    fn every_format_to_the_byte() {
        let host = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        let rows = [
            (TokenFormat::Text, "eyJ2.a.b.c.d\n".to_owned()),
            (
                TokenFormat::Env,
                "export CODEARTIFACT_AUTH_TOKEN='eyJ2.a.b.c.d'\n".to_owned(),
            ),
            (
                TokenFormat::Header,
                "Authorization: Bearer eyJ2.a.b.c.d\n".to_owned(),
            ),
            (
                TokenFormat::Netrc,
                format!("machine {host} login aws password eyJ2.a.b.c.d\n"),
            ),
        ];
        for (format, expected) in rows {
            assert_eq!(written(format), expected);
        }
    }

    /// Source: Swift's documentation of package registries; it takes a login `token` for a bearer token.
    #[test]
    fn a_netrc_may_name_another_user() {
        let host = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        let text = written_of("eyJ2", &arguments(TokenFormat::Netrc, "token")).unwrap();
        assert_eq!(text, format!("machine {host} login token password eyJ2\n"));
    }

    #[test]
    fn a_token_that_a_shell_would_run_is_refused() {
        for secret in ["a'b", "a$(b)", "a`b`", "a;b", "a\nb"] {
            let error = written_of(secret, &arguments(TokenFormat::Env, "aws")).unwrap_err();
            assert!(!error.to_string().contains(secret), "{error}");
            assert!(written_of(secret, &arguments(TokenFormat::Json, "aws")).is_ok());
        }
    }

    #[test]
    fn json_has_stable_keys() {
        let value: serde_json::Value = serde_json::from_str(&written(TokenFormat::Json)).unwrap();
        assert_eq!(
            value,
            json!({
                "token": "eyJ2.a.b.c.d",
                "issued_at": "2027-01-15T08:00:00Z",
                "expires_at": "2027-01-15T20:00:00Z",
                "domain": "my-domain",
                "owner": "111122223333",
                "region": "us-east-1",
            })
        );
    }
}
