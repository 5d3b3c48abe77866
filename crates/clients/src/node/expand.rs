//! `${NAME}` in a client's configuration, as npm, pnpm, Bun and Yarn 2+ expand it between them.

use codeartifact_auth::environment::Environment;

/// Words in the name of a variable whose value must get into no URL: it would be shown, and written into keys.
const SECRETS: [&str; 6] = ["SECRET", "PASSWORD", "TOKEN", "_KEY", "CREDENTIAL", "_AUTH"];

/// `text` with its variables replaced, but for secrets: `${NAME}`; `${NAME?}` (npm: empty if unset); `${NAME-other}` and
/// `${NAME:-other}` (pnpm, Yarn). Without such a provision, an unset variable stays as it is written.
pub(super) fn expand(text: &str, environment: &Environment) -> String {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside, after)) = next_variable(rest) {
        expanded.push_str(before);
        match value(inside, environment) {
            Some(value) => expanded.push_str(&value),
            None => expanded.push_str(&rest[before.len()..rest.len() - after.len()]),
        }
        rest = after;
    }
    expanded + rest
}

fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (inside, after) = rest.split_once('}')?;
    Some((before, inside, after))
}

fn value(inside: &str, environment: &Environment) -> Option<String> {
    let end = inside.find(['?', ':', '-']).unwrap_or(inside.len());
    let (name, provision) = inside.split_at(end);
    let loud = name.to_ascii_uppercase();
    if SECRETS.iter().any(|word| loud.contains(word)) {
        return None;
    }
    environment.text(name).or_else(|| match provision {
        "?" => Some(String::new()),
        _ => provision
            .trim_start_matches(':')
            .strip_prefix('-')
            .map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn variables_are_replaced_as_clients_do() {
        let variables = [("A", "1"), ("B_C", "2"), ("A_TOKEN", "3")];
        let environment = Environment::fixed(&variables, PathBuf::from("/home"), Timestamp(0));
        let rows = [
            ("plain", "plain"),
            ("${A}", "1"),
            ("x${A}y${B_C}z", "x1y2z"),
            ("${NO}", "${NO}"),
            ("${NO?}", ""),
            ("${A?}", "1"),
            ("${NO-other}", "other"),
            ("${NO:-other}", "other"),
            ("${A:-other}", "1"),
            ("${A", "${A"),
            ("$A", "$A"),
            ("${A_TOKEN}", "${A_TOKEN}"),
        ];
        for (text, expected) in rows {
            assert_eq!(expand(text, &environment), expected, "{text}");
        }
    }
}
