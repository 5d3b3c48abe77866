//! A line of a settings file that gives a registry its token. Which of them may get a token is decided where tokens are.

use std::path::PathBuf;

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::token::Secret;

use super::command_line::{CommandLine, Kind};
use super::files::read_text;
use super::naming::{hidden, is_name, naming};
use crate::node::without_scheme;
use crate::setting::Origin;
use crate::written_token::expiry;

/// Yarn's settings, from 2 on.
pub(super) const YARNRC: &str = ".yarnrc.yml";
/// Yarn loads the files that this setting lists.
const MORE_ENVIRONMENT_FILES: &str = "injectEnvironmentFiles";
/// The stand-in of `actions/setup-node` for its variable, so that a line that names it can be read.
const PLACEHOLDER: &str = "XXXXX-XXXXX-XXXXX-XXXXX";

/// A line that gives a registry of ours its token.
pub struct Credential {
    /// The registry.
    pub endpoint: Endpoint,
    /// File and line.
    pub origin: Origin,
    /// The value.
    pub value: CredentialValue,
    /// In a file of the project, where it wins over the user's.
    pub is_projects: bool,
    /// The only client that reads the file; none where several do.
    pub client: Option<Kind>,
}

/// The value that a line gives a registry.
pub enum CredentialValue {
    /// A token that is written there.
    Literal(Secret),
    /// Nothing, which wins over a token elsewhere.
    Empty,
    /// The value of a variable.
    Variable(String),
}

impl CredentialValue {
    /// Reads a value that is either a variable alone or no variable at all: `${NAME}`, `$NAME`, `${NAME-…}`.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Empty);
        }
        if !text.contains('$') {
            return Some(Self::Literal(Secret::new(text.to_owned())));
        }
        let inside = text.strip_prefix('$')?;
        let inside = match inside.strip_prefix('{') {
            Some(braced) => braced.strip_suffix('}')?,
            None => inside,
        };
        let end = inside.find(['?', ':', '-']).unwrap_or(inside.len());
        let (name, provision) = inside.split_at(end);
        let is_alone = is_name(name) && !provision.contains(['$', '}']);
        is_alone.then(|| Self::Variable(name.to_owned()))
    }
}

impl Credential {
    /// The variable that it takes its value from.
    pub fn variable(&self) -> Option<&str> {
        match &self.value {
            CredentialValue::Variable(name) => Some(name),
            CredentialValue::Literal(_) | CredentialValue::Empty => None,
        }
    }

    /// Returns what keeps a token elsewhere from being sent, and what to do about it.
    pub fn remark(&self, environment: &Environment) -> Option<String> {
        let (origin, registry) = (&self.origin, without_scheme(&self.endpoint.root()));
        let is_never_renewed = self.is_projects || self.is_buns();
        let wins = is_never_renewed && self.endpoint.place.is_some() && !self.is_yarns();
        match &self.value {
            _ if !wins => None,
            CredentialValue::Literal(_) => Some(format!(
                "{origin} has a token of its own for {registry}, which wins over the fresh one and may get committed; \
                 delete that line"
            )),
            CredentialValue::Empty => Some(format!(
                "{origin} gives {registry} an empty token, which wins over the fresh one; delete that line"
            )),
            CredentialValue::Variable(name) if is_free(name, environment) => Some(format!(
                "{origin} takes the token for {registry} from a variable that is not set, {name}, and wins over the \
                 fresh one; `codeartifact-npm exec -- …` and the links of `codeartifact setup npm` set it"
            )),
            CredentialValue::Variable(_) => None,
        }
    }

    /// Tells if a client in this command reads the line.
    pub fn is_read_by(&self, command: &CommandLine) -> bool {
        !self.is_buns() || command.may_be(Kind::Bun)
    }

    fn is_buns(&self) -> bool {
        self.client == Some(Kind::Bun)
    }

    /// Yarn asks our plugin first.
    fn is_yarns(&self) -> bool {
        self.client == Some(Kind::Yarn)
    }

    /// Tells if what it gives cannot be good: nothing, or a token that has run out or is none of CodeArtifact's.
    pub fn is_useless(&self, environment: &Environment) -> bool {
        match &self.value {
            CredentialValue::Literal(token) => has_run_out(token.expose(), environment),
            CredentialValue::Empty => true,
            CredentialValue::Variable(name) => is_free(name, environment),
        }
    }
}

/// Tells if a variable holds nothing that could be meant: it is not set, a stand-in, or a token that has run out.
pub fn is_free(name: &str, environment: &Environment) -> bool {
    environment.text(name).is_none_or(|value| {
        value == PLACEHOLDER || expiry(&value).is_some_and(|_| has_run_out(&value, environment))
    })
}

fn has_run_out(token: &str, environment: &Environment) -> bool {
    expiry(token).is_none_or(|at| at.since(environment.now()) == 0)
}

/// A file by which the project passes a variable on under another name: one of `environment_files`, or Yarn's settings in
/// one of `directories`.
pub(super) fn passed_on(
    environment_files: &[PathBuf],
    directories: &[PathBuf],
    variable: &str,
) -> Option<Origin> {
    let of_environment = |file: &PathBuf| {
        let text = read_text(file)?;
        let mut lines = naming(&text, false, variable).map(|(line, _)| line);
        lines.next().or_else(|| hidden(&text, variable))
    };
    let of_yarn = |file: &PathBuf| {
        let text = read_text(file)?;
        let mut lines = text.lines();
        let at = lines.position(|it| it.contains(MORE_ENVIRONMENT_FILES))?;
        Some(at + 1)
    };
    let settings = directories.iter().map(|it| it.join(YARNRC));
    let environment_files = environment_files.iter().cloned();
    let mut found = environment_files
        .filter_map(|file| Some((of_environment(&file)?, file)))
        .chain(settings.filter_map(|file| Some((of_yarn(&file)?, file))));
    found
        .next()
        .map(|(line, file)| Origin::File(file, Some(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_variable_alone_or_no_variable() {
        let rows = [
            ("", Some("empty")),
            ("eyJ", Some("literal")),
            ("${A_1}", Some("A_1")),
            ("$A", Some("A")),
            ("${A?}", Some("A")),
            ("${A:-}", Some("A")),
            ("${A-x}", Some("A")),
            ("x${A}", None),
            ("${A}${B}", None),
            ("${A:-${B}}", None),
            ("${}", None),
            ("a$", None),
        ];
        for (text, expected) in rows {
            let found = CredentialValue::read(text).map(|value| match value {
                CredentialValue::Literal(_) => "literal".to_owned(),
                CredentialValue::Empty => "empty".to_owned(),
                CredentialValue::Variable(name) => name,
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
