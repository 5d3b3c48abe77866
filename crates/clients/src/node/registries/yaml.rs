//! YAML as far as settings files are written in it: mappings in block style, and those in braces on one line. A file in
//! which anything reaches from one line to the next is not understood, and that can be told: a hostile project could
//! otherwise make a comment of what its client reads.

/// `key: value`, with the keys above it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mapping<'a> {
    pub line: usize,
    pub path: Vec<&'a str>,
    pub value: &'a str,
}

/// The signs that put a value on the lines below.
const BLOCKS: [char; 2] = ['|', '>'];

/// Tells if every string, collection and comment ends on its line.
pub(super) fn is_simple(text: &str) -> bool {
    // js-yaml takes a lone `\r` for the end of a line.
    !text.replace("\r\n", "\n").contains('\r') && text.lines().all(|it| content(it).is_some())
}

/// All mappings of a text that is simple.
pub(super) fn mappings(text: &str) -> Vec<Mapping<'_>> {
    let mut above: Vec<(usize, &str)> = Vec::new();
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let content = content(line).unwrap_or_default().trim_end();
        let indent = content.len() - content.trim_start().len();
        if content.is_empty() {
            continue;
        }
        above.retain(|(other, _)| *other < indent);
        if let Some((key, value)) = split(content.trim()) {
            above.push((indent, key));
            let path = above.iter().map(|(_, key)| *key).collect();
            take(at + 1, path, value, &mut found);
        }
    }
    found
}

/// Keeps a value, or the mappings that are in it.
fn take<'a>(line: usize, path: Vec<&'a str>, value: &'a str, found: &mut Vec<Mapping<'a>>) {
    let inside = value
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let Some(inside) = inside else {
        if let Some(value) = bare(value) {
            found.push(Mapping { line, path, value });
        }
        return;
    };
    for (key, value) in entries(inside).into_iter().filter_map(split) {
        let path = path.iter().copied().chain([key]).collect();
        take(line, path, value, found);
    }
}

/// The line without its comment; `None` where something may go on below it.
fn content(line: &str) -> Option<&str> {
    let mut quote = None;
    let mut depth = 0_usize;
    let mut end = line.len();
    for (at, letter) in line.char_indices() {
        let before = &line[..at];
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), '"' | '\'' | '\\') => return None,
            (Some(_), _) => {}
            (None, '#') if before.is_empty() || before.ends_with([' ', '\t']) => {
                end = at;
                break;
            }
            // Behind a bracket or a comma js-yaml takes it for a comment, too.
            (None, '#')
                if !before.ends_with(|it: char| it.is_ascii_alphanumeric() || it == '/') =>
            {
                return None;
            }
            (None, '"' | '\'') if starts_token(before) => quote = Some(letter),
            (None, '"' | '\'') => return None,
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => depth = depth.checked_sub(1)?,
            (None, _) => {}
        }
    }
    let content = &line[..end];
    let last = content.split_whitespace().next_back().unwrap_or_default();
    let ends = quote.is_none() && depth == 0 && !last.starts_with(BLOCKS);
    ends.then_some(content)
}

/// Tells if what comes behind it is a string and not the middle of a plain one, in which quotes are characters.
fn starts_token(before: &str) -> bool {
    let text = before.trim_end();
    let is_value = text.ends_with(':') && text.len() < before.len();
    let is_item = text.chars().all(|it| matches!(it, ' ' | '\t' | '-'));
    is_value || is_item || text.ends_with(['{', '[', ','])
}

/// Parts between commas that are in no quotes or brackets.
fn entries(inside: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_usize, None);
    for (at, letter) in inside.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                found.push(inside[start..at].trim());
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    found.push(inside[start..].trim());
    found
}

/// Key and value; the key is without quotes, and may have a colon in it, as that of a registry has.
fn split(content: &str) -> Option<(&str, &str)> {
    let (key, value) = match content.strip_suffix(':') {
        Some(key) => (key, ""),
        None => content.split_once(": ")?,
    };
    Some((bare(key)?, value.trim()))
}

/// Text without its quotes; `None` where it is anything but a plain or quoted text.
fn bare(text: &str) -> Option<&str> {
    let text = text.trim();
    let quoted = ['"', '\''].iter().find_map(|quote| {
        let rest = text.strip_prefix(*quote)?;
        rest.strip_suffix(*quote)
    });
    let indicators = [
        '"', '\'', '{', '[', '&', '*', '!', '|', '>', '?', '-', '%', '@', '`', ',', ']', '}',
    ];
    quoted.or((!text.starts_with(indicators)).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_with_the_keys_above_it() {
        let text = "npmScopes:\n  a: # it's\n    npmAuthToken: \"${T}\"\n  b:\n    npmAuthToken: x # y\nplugins:\n  - path: z\nnpmRegistries:\n  \"https://h/\":\n    npmAuthToken: '1'\n  //h/r:\n    npmAuthToken: 2\nflow: {a: {u: \"x, y\", t: '${T}'}, \"b\": 3, c: [4]}\n";
        assert!(is_simple(text));
        let found: Vec<_> = mappings(text)
            .into_iter()
            .filter(|it| !it.value.is_empty())
            .map(|it| format!("{} {} {}", it.line, it.path.join("."), it.value))
            .collect();
        assert_eq!(
            found,
            [
                "3 npmScopes.a.npmAuthToken ${T}",
                "5 npmScopes.b.npmAuthToken x",
                "10 npmRegistries.https://h/.npmAuthToken 1",
                "12 npmRegistries.//h/r.npmAuthToken 2",
                "13 flow.a.u x, y",
                "13 flow.a.t ${T}",
                "13 flow.b 3",
            ]
        );
    }

    #[test]
    fn other_forms_are_no_mapping() {
        for content in ["- a: b", "? a", "a: &x b", "a: *x", "a: !!str b", "a"] {
            assert_eq!(mappings(content), [], "{content}");
        }
    }

    /// Each makes js-yaml read on where a line seems to have ended.
    #[test]
    fn what_may_go_on_below_its_line_is_not_simple() {
        let rows = [
            ("", true),
            ("a: b # it's\n# ${T}", true),
            ("a: 'b'\n# it's ${T}", true),
            ("- \"a\"\n- 'b'\r\n", true),
            ("\"a\": [\"b\", 'c'] # d\n", true),
            ("a: https://h/#b\n", true),
            ("a: \"\n  #${T}\"", false),
            ("a: \"\\\"\n  #${T}\"", false),
            ("a: |\n  #${T}", false),
            ("a: |2\n  #${T}", false),
            ("a: >- # x\n  #${T}", false),
            ("a: !!str |\n  #${T}", false),
            ("a: ['\"', \"x # y\n  #${T}\"]", false),
            ("a: {b: it's, c: \"x'\n  #${T}\"}", false),
            ("a: {b: x \"y, c: \"}\n  #${T}\"}", false),
            ("a: {b: x - \"y, c: \"}\n  #${T}\"}", false),
            ("a: {b: x:\"y, c: \"}\n  #${T}\"}", false),
            ("a: {b: x\n \"y, c: \"}\n  #${T}\"}", false),
            ("a: [#]\n  b]", false),
            ("# a\rb: ${T}", false),
        ];
        for (text, expected) in rows {
            assert_eq!(is_simple(text), expected, "{text}");
        }
    }
}
