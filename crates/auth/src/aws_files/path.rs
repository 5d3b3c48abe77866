//! Paths as the AWS CLI expands them: `$NAME`, `${NAME}` and a `~` in front.

use std::path::PathBuf;

use crate::environment::Environment;

/// The path that `text` spells. A variable that is not set stays as it is written.
pub(crate) fn expand(environment: &Environment, text: &str) -> PathBuf {
    home(environment, &variables(environment, text))
}

/// `~` and `~/…` alone; another user's `~name` stays as it is written.
pub(crate) fn home(environment: &Environment, text: &str) -> PathBuf {
    let below = text
        .strip_prefix('~')
        .filter(|rest| rest.is_empty() || rest.starts_with(is_separator));
    match (below, environment.home()) {
        (Some(below), Some(home)) => home.join(below.trim_start_matches(is_separator)),
        _ => PathBuf::from(text),
    }
}

fn is_separator(character: char) -> bool {
    std::path::is_separator(character)
}

fn variables(environment: &Environment, text: &str) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        let (name, spelled) = variable(after);
        match environment.text(name) {
            Some(value) => expanded.push_str(&value),
            None => expanded.extend(["$", &after[..spelled]]),
        }
        rest = &after[spelled..];
    }
    expanded + rest
}

/// The name behind a `$`, and how many bytes spell it.
fn variable(after: &str) -> (&str, usize) {
    if let Some((name, _)) = after
        .strip_prefix('{')
        .and_then(|inner| inner.split_once('}'))
    {
        return (name, name.len() + 2);
    }
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let end = after
        .find(|character| !is_part(character))
        .unwrap_or(after.len());
    (&after[..end], end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Timestamp;

    #[test]
    fn paths_are_expanded_as_the_aws_cli_does() {
        let environment =
            Environment::fixed(&[("PLACE", "/place")], "/home/me".into(), Timestamp(0));
        let rows = [
            ("/a/b", "/a/b"),
            ("~/b", "/home/me/b"),
            ("~", "/home/me"),
            ("~b", "~b"),
            ("a~/b", "a~/b"),
            ("$PLACE/b", "/place/b"),
            ("${PLACE}b", "/placeb"),
            ("$PLACES/b", "$PLACES/b"),
            ("${PLACE", "${PLACE"),
            ("a$", "a$"),
            ("$$PLACE", "$/place"),
        ];
        for (text, expected) in rows {
            assert_eq!(
                expand(&environment, text),
                PathBuf::from(expected),
                "{text}"
            );
        }
    }
}
