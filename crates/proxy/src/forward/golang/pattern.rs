//! Patterns of module paths as GOPRIVATE has them: each is matched, element by element, with as many elements of the path
//! as it has itself. Source: golang.org/x/mod/module, `MatchPrefixPatterns`; Go's `path.Match`, without its classes.

/// Tells whether one of the patterns fits the path.
pub(super) fn fits_any(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| fits(pattern, path))
}

fn fits(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_end_matches('/');
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    wanted.all(|wanted| {
        given
            .next()
            .is_some_and(|given| element(wanted.as_bytes(), given.as_bytes()))
    })
}

/// `*` for any letters, `?` for one.
fn element(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skip| element(rest, &text[skip..])),
        Some((b'?', rest)) => text
            .split_first()
            .is_some_and(|(_, text)| element(rest, text)),
        Some((letter, rest)) => text
            .split_first()
            .is_some_and(|(first, text)| first == letter && element(rest, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_by_element() {
        let rows = [
            ("example.com/private", "example.com/private/a/v2", true),
            ("example.com/private", "example.com/private", true),
            ("example.com/private/", "example.com/private/a", true),
            ("example.com/private", "example.com/privateer", false),
            ("example.com/private", "example.com", false),
            ("*.example.com", "git.example.com/a", true),
            ("*.example.com", "example.com/a", false),
            ("example.com/*/x", "example.com/a/x/y", true),
            ("example.com/?", "example.com/a", true),
            ("example.com/?", "example.com/ab", false),
            ("*", "anything/at/all", true),
        ];
        for (pattern, path, expected) in rows {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }
}
