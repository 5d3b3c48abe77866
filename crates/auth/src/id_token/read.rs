//! Reads an identity token that is on this machine already: in a variable or a file.

use super::IdTokenSource;
use crate::aws_files;
use crate::environment::{CIRCLE_OIDC_TOKEN, CIRCLE_OIDC_TOKEN_V2, Environment};
use crate::token::Secret;
use crate::user_file::read_token;

/// The token, or why it is not there; `None` where it has to be asked for.
pub(crate) fn read(
    source: &IdTokenSource,
    environment: &Environment,
) -> Option<Result<Secret, String>> {
    match source {
        IdTokenSource::GithubActions | IdTokenSource::Buildkite => None,
        IdTokenSource::Gitlab(name) | IdTokenSource::Variable(name) => {
            Some(of_variables(&[name], environment))
        }
        IdTokenSource::Circleci => {
            let names = [CIRCLE_OIDC_TOKEN_V2, CIRCLE_OIDC_TOKEN];
            Some(of_variables(&names, environment))
        }
        IdTokenSource::File(path) => Some(of_file(path, environment)),
    }
}

fn of_variables(names: &[&str], environment: &Environment) -> Result<Secret, String> {
    let found = names.iter().find_map(|name| environment.text(name));
    let found = found.map(|token| Secret::new(token.trim().to_owned()));
    found.ok_or_else(|| format!("{} is not set", names[0]))
}

fn of_file(path: &str, environment: &Environment) -> Result<Secret, String> {
    let file = aws_files::home(environment, path);
    let text = read_token(&file);
    let text = text.map_err(|error| format!("{}: {error}", file.display()))?;
    match text.trim() {
        "" => Err(format!("{} is empty", file.display())),
        token => Ok(Secret::new(token.to_owned())),
    }
}
