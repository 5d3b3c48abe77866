//! The places where a settings file names a variable, in plain text or so that only the client's own parser sees it.

/// The lines of a text that name a variable, and how often each does; where `has_comments`, one of those does not count.
pub(super) fn naming<'a>(
    text: &'a str,
    has_comments: bool,
    variable: &'a str,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut number = 0;
    let pieces = text.split_inclusive(['\n', '\r']);
    let mut after_return = false;
    pieces.filter_map(move |piece| {
        // `\r\n` ends one line: what is between its halves is none.
        let is_none = after_return && piece == "\n";
        after_return = piece.ends_with('\r');
        number += usize::from(!is_none);
        let times = times(piece, variable);
        let is_comment = has_comments && piece.trim_start().starts_with(['#', ';']);
        (times > 0 && !is_comment).then_some((number, times))
    })
}

/// The line by which a variable goes where only the client's own parser sees it: by escapes, which JSON in an `.npmrc`,
/// TOML and YAML have, or by an alias of YAML, which repeats what is written elsewhere.
pub(super) fn hidden(text: &str, variable: &str) -> Option<usize> {
    let named = times(text, variable);
    let escaped = text
        .find('\\')
        .filter(|_| times(&unescaped(text), variable) != named);
    let line = escaped.map(|at| text[..at].lines().count().max(1));
    line.or_else(|| (named > 0).then(|| alias(text))?)
}

/// The first line with a `*name` in the place of a value.
fn alias(text: &str) -> Option<usize> {
    let is_one = |line: &str| {
        line.match_indices('*').any(|(at, _)| {
            let before = &line[..at];
            let starts_value = before.trim_end().ends_with([':', '-', '[', ',', '{']);
            let is_named = line[at + 1..].starts_with(|it: char| it.is_alphanumeric());
            starts_value && is_named
        })
    };
    let mut lines = text.lines();
    let at = lines.position(|line| !line.trim_start().starts_with('#') && is_one(line));
    at.map(|at| at + 1)
}

/// `\u0024`, `\U00000024` and `\x24` are a dollar; a backslash at the end of a line joins it with the next one.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\\') {
        plain.push_str(before);
        let joined = behind.trim_start_matches([' ', '\t']);
        rest = match escape(behind) {
            Some((letter, behind)) => {
                plain.push(letter);
                behind
            }
            None if joined.starts_with(['\n', '\r']) => joined.trim_start(),
            None => {
                plain.push('\\');
                behind
            }
        };
    }
    plain + rest
}

fn escape(behind: &str) -> Option<(char, &str)> {
    let digits = match behind.chars().next()? {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return None,
    };
    let number = behind.get(1..=digits)?;
    let letter = char::from_u32(u32::from_str_radix(number, 16).ok()?)?;
    Some((letter, &behind[digits + 1..]))
}

fn times(line: &str, variable: &str) -> usize {
    let found = line.match_indices(variable).filter(|(at, _)| {
        let before = line[..*at].trim_end_matches([' ', '{']);
        let after = line[at + variable.len()..].chars().next();
        before.ends_with('$') && !after.is_some_and(is_name_part)
    });
    found.count()
}

pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_name_part)
}

fn is_name_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_found_behind_escapes() {
        let rows = [
            ("a=\"\\u0024{T}\"", Some(1)),
            ("\n\na: \"\\x24{T}\"", Some(3)),
            ("a = \"\\U00000024T\"", Some(1)),
            ("a: \"${\\x54}\"", Some(1)),
            ("a: \"$\\\n  {T}\"", Some(1)),
            ("a: \"$\\ \r\n {T}\"", Some(1)),
            ("a=\\${T}", None),
            ("a=\"\\u0024{OTHER}\"", None),
            ("a=\\u00, \\x, \\uD800, \\é, \\", None),
            ("${T}", None),
            ("a: &t ${T}\nb: *t", Some(2)),
            ("a: &t ${T}\nb: {c: *t}", Some(2)),
            ("a: &t ${T}\n# b: *t\nc:\n  - 'd/*'\n  - *t", Some(5)),
            ("a: &t x\nb: *t", None),
            ("a: ${T}\nb: 2 * 3 # **c**\nc: x/*d", None),
        ];
        for (text, expected) in rows {
            assert_eq!(hidden(text, "T"), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_that_name_a_variable_are_counted_as_editors_count_them() {
        let rows: [(&str, &[(usize, usize)]); 8] = [
            ("a\n${T}\n", &[(2, 1)]),
            ("a\r\nb\r\n${T}", &[(3, 1)]),
            ("a\r${T}", &[(2, 1)]),
            ("# ${T}\n ; ${T}\n", &[]),
            ("x = $T ${T:-} ${ T }", &[(1, 3)]),
            ("$TOKEN ${T_} T", &[]),
            ("//h/${T}/:_authToken=${T}", &[(1, 2)]),
            ("\\${T}", &[(1, 1)]),
        ];
        for (text, expected) in rows {
            assert_eq!(
                naming(text, true, "T").collect::<Vec<_>>(),
                expected,
                "{text:?}"
            );
        }
    }
}
