//! Finds the variables in which a command gets a token: exactly those that a line of a settings file names for its registry, and
//! only where no line of any file read here would carry it to another place. The project chooses the names, so a
//! name that programs read of their own accord is never set.

use codeartifact_auth::Authenticator;
use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::{Domain, Endpoint};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::token::Secret;
use codeartifact_clients::node::registries::{COREPACK_TOKEN, Credential, Search, is_free};

/// Words in a name that is meant for a token.
const WORDS: [&str; 4] = ["TOKEN", "AUTH", "PASSWORD", "SECRET"];

/// Names that begin so are read by programs, which send what they find there to hosts of the project's choosing.
const READ_BY_PROGRAMS: [&str; 30] = [
    "ALL_PROXY",
    "AWS_",
    "BUN_",
    "CARGO_",
    "COREPACK_",
    "DENO_",
    "DOCKER_",
    "GEM_",
    "GH_",
    "GIT",
    "GITHUB_",
    "GO",
    "HATCH_",
    "HTTP",
    "JAVA_",
    "LD_",
    "NODE_OPTIONS",
    "NPM_CONFIG_",
    "NUGET_",
    "PDM_",
    "PIP_",
    "PNPM_",
    "POETRY_",
    "PYTHON",
    "RUBY",
    "SSH_",
    "SSL_",
    "TWINE_",
    "UV_",
    "YARN_",
];

/// Of ours, whose other names say where a log goes or which role is assumed.
const OURS: &str = "CODEARTIFACT_";

/// Whose token it is.
pub(crate) type Owner = (Domain, Connection);

/// The tokens that a run has got, by domain and connection.
pub(crate) type Answers = Vec<(Owner, Option<Secret>)>;

/// The variables, and what keeps others from being set.
#[derive(Default)]
pub(crate) struct Assignments {
    pub set: Vec<(String, Secret)>,
    pub refused: Vec<String>,
}

/// Returns the owner of the token for a registry; none where no single connection fits.
pub(crate) fn owner(authenticator: &Authenticator, endpoint: &Endpoint) -> Option<Owner> {
    let connection = authenticator.connections().find(endpoint, None).ok()?;
    Some((endpoint.domain.clone(), connection))
}

/// Decides about every variable that a line names and that is free.
pub(crate) fn assign(
    search: &Search,
    answers: &Answers,
    authenticator: &Authenticator,
    environment: &Environment,
) -> Assignments {
    let mut assignments = Assignments::default();
    let named = search
        .credentials
        .iter()
        .filter_map(|it| it.variable().map(|name| (name, it)));
    let mut known: Vec<&str> = Vec::new();
    for (name, credential) in named {
        if known.contains(&name) || !is_free(name, environment) {
            continue;
        }
        known.push(name);
        let Some(owner) = owner(authenticator, &credential.endpoint) else {
            continue;
        };
        let Some((_, token)) = answers.iter().find(|(it, _)| *it == owner) else {
            continue;
        };
        match refusal(name, credential, &owner, search, authenticator) {
            Some(reason) => assignments.refused.push(reason),
            None => assignments
                .set
                .push((name.to_owned(), or_empty(token.as_ref()))),
        }
    }
    assignments
        .set
        .extend(corepack(search, answers, authenticator, environment));
    assignments
}

/// Without a token the client is to ask anonymously and to say so: while a variable is not set, Yarn and pnpm 10 fail in
/// worse ways.
fn or_empty(token: Option<&Secret>) -> Secret {
    token.cloned().unwrap_or_else(|| Secret::new(String::new()))
}

fn refusal(
    name: &str,
    credential: &Credential,
    owner: &Owner,
    search: &Search,
    authenticator: &Authenticator,
) -> Option<String> {
    if !may_be_set(name) {
        let origin = &credential.origin;
        return Some(format!(
            "{origin} names the variable {name}, which other programs read, too: it is not set"
        ));
    }
    let is_meant =
        |it: &Credential| self::owner(authenticator, &it.endpoint).as_ref() == Some(owner);
    let stray = search.stray(name, is_meant)?;
    Some(format!(
        "{name} is not set to the token: {stray} would carry it to another place"
    ))
}

fn may_be_set(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let has_word = WORDS.iter().any(|word| name.contains(word));
    let is_read = READ_BY_PROGRAMS.iter().any(|start| name.starts_with(start));
    let is_for_us = name.contains("CODEARTIFACT") && name.ends_with("TOKEN");
    has_word && (is_for_us || !is_read && !name.starts_with(OURS))
}

/// Corepack sends its token to its registry, which a variable of the user's names; it has no other way to get one.
fn corepack(
    search: &Search,
    answers: &Answers,
    authenticator: &Authenticator,
    environment: &Environment,
) -> Option<(String, Secret)> {
    let owner = owner(authenticator, search.of_corepack()?)?;
    let (_, token) = answers.iter().find(|(it, _)| *it == owner)?;
    let is_meant =
        is_free(COREPACK_TOKEN, environment) && search.stray(COREPACK_TOKEN, |_| false).is_none();
    let token = token.clone().filter(|_| is_meant)?;
    Some((COREPACK_TOKEN.to_owned(), token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_programs_read_is_never_set() {
        let rows = [
            ("CODEARTIFACT_AUTH_TOKEN", true),
            ("AWS_CODEARTIFACT_TOKEN", true),
            ("NPM_TOKEN", true),
            ("NODE_AUTH_TOKEN", true),
            ("my_npm_auth", true),
            ("NPM_CONFIG_TOKEN", false),
            ("npm_config__auth", false),
            ("BUN_AUTH_TOKEN", false),
            ("YARN_NPM_AUTH_TOKEN", false),
            ("GITHUB_TOKEN", false),
            ("AWS_SESSION_TOKEN", false),
            ("CODEARTIFACT_LOG", false),
            ("CODEARTIFACT_ROLE_ARN", false),
            ("LD_PRELOAD", false),
            ("PATH", false),
        ];
        for (name, expected) in rows {
            assert_eq!(may_be_set(name), expected, "{name}");
        }
    }
}
