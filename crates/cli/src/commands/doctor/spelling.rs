//! Spells the path of a package's page in a repository, as the format's clients do. Names only.

use codeartifact_auth::endpoint::Format;

/// The path below the repository's root.
pub(super) fn page_of(format: Format, name: &str) -> String {
    match format {
        Format::Pypi => format!("simple/{}/", normalised(name)),
        Format::Go => format!("{}/@v/list", escaped(name)),
        _ => name.replace('/', "%2f"),
    }
}

/// PEP 503: lower case, each run of `-`, `_` and `.` one `-`.
pub(super) fn normalised(name: &str) -> String {
    let pieces = name
        .split(['-', '_', '.'])
        .filter(|piece| !piece.is_empty());
    pieces.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// Capitals become `!` and the small letter, for file systems that do not tell them apart. Source: `go help goproxy`.
fn escaped(module: &str) -> String {
    let mut escaped = String::new();
    for letter in module.chars() {
        if letter.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(letter.to_ascii_lowercase());
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_where_clients_look_for_them() {
        let rows = [
            (
                Format::Npm,
                "@my-scope/my-package",
                "@my-scope%2fmy-package",
            ),
            (
                Format::Pypi,
                "My_Other..Package",
                "simple/my-other-package/",
            ),
            (
                Format::Go,
                "example.com/Private/a",
                "example.com/!private/a/@v/list",
            ),
        ];
        for (format, name, expected) in rows {
            assert_eq!(page_of(format, name), expected);
        }
    }
}
