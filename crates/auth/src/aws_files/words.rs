//! Splits text into words as a POSIX shell does, but without comments, variables or patterns: Python's `shlex.split`,
//! by which the AWS CLI reads a section's name and a `credential_process`.

/// The words of `text`; `None` if a quote or an escape is not closed.
pub(crate) fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text.chars();
    let mut word: Option<String> = None;
    while let Some(next) = rest.next() {
        match next {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => quoted(&mut rest, word.get_or_insert_default())?,
            '"' => double_quoted(&mut rest, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(rest.next()?),
            _ => word.get_or_insert_default().push(next),
        }
    }
    words.extend(word);
    Some(words)
}

fn quoted(rest: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        match rest.next()? {
            '\'' => return Some(()),
            other => word.push(other),
        }
    }
}

/// Only the quote and the backslash itself can be escaped here; before anything else the backslash stays.
fn double_quoted(rest: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        match rest.next()? {
            '"' => return Some(()),
            '\\' => match rest.next()? {
                escaped @ ('"' | '\\') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            other => word.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row was compared with Python 3.11's `shlex.split`.
    #[test]
    fn words_are_those_of_python() {
        let rows: [(&str, Option<&[&str]>); 14] = [
            ("", Some(&[])),
            ("profile a", Some(&["profile", "a"])),
            (" profile \t a ", Some(&["profile", "a"])),
            ("profile \"my team\"", Some(&["profile", "my team"])),
            ("profile 'my team'", Some(&["profile", "my team"])),
            ("profile my\\ team", Some(&["profile", "my team"])),
            ("a'b'\"c\"d", Some(&["abcd"])),
            ("a ''", Some(&["a", ""])),
            (r#""a\"b\\c\d""#, Some(&[r#"a"b\c\d"#])),
            ("'a\\b'", Some(&["a\\b"])),
            (
                "sh -c 'true ; give # now'",
                Some(&["sh", "-c", "true ; give # now"]),
            ),
            ("give # now", Some(&["give", "#", "now"])),
            ("\"open", None),
            ("open\\", None),
        ];
        for (text, expected) in rows {
            let found = split(text);
            let expected =
                expected.map(|words| words.iter().map(|&word| word.to_owned()).collect());
            assert_eq!(found, expected, "{text}");
        }
    }
}
