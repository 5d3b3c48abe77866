//! One line of an `.npmrc`, read as npm's own `ini` package reads it (version 6: `decode` and `unsafe`).
//! It knows lines, not what their keys mean.

use std::borrow::Cow;
use std::ops::Range;

/// A line as npm reads it.
#[derive(Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Blank, a comment, or nothing that npm can read.
    Nothing,
    /// `[section]`: what follows is no longer top-level.
    Section,
    /// `key = value`, or a bare key.
    Entry(Entry),
}

/// A key, with its value if there is one.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Unquoted, without the blanks around it.
    pub key: String,
    /// `None` for a bare key, which npm takes for `true`.
    pub value: Option<Value>,
}

/// A value, and where in the line's bytes it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Value {
    /// Unquoted, without the blanks around it and without a comment behind it.
    pub text: String,
    /// With its quotes; blanks and a comment around it are outside.
    pub span: Range<usize>,
}

/// Tells if a line is a section's head, found without reading the others: a token's line is long.
pub(super) fn is_section_head(line: &[u8]) -> bool {
    line.starts_with(b"[") && read(line) == Meaning::Section
}

/// Reads one line; its terminator, if any, is still at its end.
pub fn read(line: &[u8]) -> Meaning {
    let text = text(line);
    let text = text.trim_end_matches(['\r', '\n']);
    if is_nothing(text) {
        Meaning::Nothing
    } else if is_section(text) {
        Meaning::Section
    } else {
        entry(line, text)
    }
}

/// As [`String::from_utf8_lossy`], which looks at each byte by itself: a token has more than a thousand.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn is_nothing(text: &str) -> bool {
    let text = text.trim_start_matches(is_blank);
    text.is_empty() || text.starts_with([';', '#'])
}

/// `/^\[([^\]]*)\]\s*$/`: a blank or a byte order mark before the bracket makes it a key.
fn is_section(text: &str) -> bool {
    let inside = text
        .trim_end_matches(is_blank)
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inside.is_some_and(|name| !name.contains(']'))
}

fn entry(line: &[u8], text: &str) -> Meaning {
    let (key, value) = match text.split_once('=') {
        // `/^([^=]+)(=(.*))?$/`: there must be a key, and `.` stops at JavaScript's other line ends.
        Some(("", _)) => return Meaning::Nothing,
        Some((_, value)) if value.contains('\u{2028}') || value.contains('\u{2029}') => {
            return Meaning::Nothing;
        }
        Some((key, value)) => (key, Some(value)),
        None => (text, None),
    };
    Meaning::Entry(Entry {
        key: unquote(key),
        value: value.map(|value| Value {
            text: unquote(value),
            span: span(line),
        }),
    })
}

/// Returns the place of the value. It is found in the bytes, since the line need not be UTF-8; all that matters is ASCII.
fn span(line: &[u8]) -> Range<usize> {
    let equals = line.iter().position(|byte| *byte == b'=');
    let after = equals.map_or(line.len(), |at| at + 1);
    let blanks = line[after..].len() - line[after..].trim_ascii_start().len();
    let start = after + blanks;
    let value = line[start..].trim_ascii_end();
    let length = if is_quoted(value) {
        value.len()
    } else {
        value[..comment(value)].trim_ascii_end().len()
    };
    // An empty value has no blanks to spare: `key =` becomes `key =token`.
    match length {
        0 => after..after,
        _ => start..start + length,
    }
}

/// Returns where an unescaped `;` or `#` begins a comment; the end if none does.
fn comment(value: &[u8]) -> usize {
    // Most values, a token among them, have neither, and this passes over them quickly.
    if !value.contains(&b';') && !value.contains(&b'#') {
        return value.len();
    }
    let mut escaped = false;
    for (at, byte) in value.iter().enumerate() {
        match byte {
            b';' | b'#' if !escaped => return at,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    value.len()
}

fn is_quoted(value: &[u8]) -> bool {
    [b'"', b'\'']
        .iter()
        .any(|quote| value.first() == Some(quote) && value.last() == Some(quote))
}

/// `unsafe` of the `ini` package.
fn unquote(text: &str) -> String {
    let text = text.trim_matches(is_blank);
    if !is_quoted(text.as_bytes()) {
        return unescape(&text[..comment(text.as_bytes())]);
    }
    let inside = match text.strip_prefix('\'') {
        Some(rest) => rest.strip_suffix('\'').unwrap_or(rest),
        None => text,
    };
    serde_json::from_str(inside).unwrap_or_else(|_| inside.to_owned())
}

/// A backslash protects `\`, `;` and `#`, and is a character like any other elsewhere.
fn unescape(text: &str) -> String {
    // As good as always; a token is long, and each line is read more than once.
    if !text.contains('\\') {
        return text.trim_matches(is_blank).to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let protected =
            characters.next_if(|next| character == '\\' && matches!(next, '\\' | ';' | '#'));
        plain.push(protected.unwrap_or(character));
    }
    plain.trim_matches(is_blank).to_owned()
}

/// Tells if JavaScript's `trim` and `\s` take it for a blank.
fn is_blank(character: char) -> bool {
    character == '\u{feff}' || character.is_whitespace() && character != '\u{85}'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key and value.
    type Expected = Option<(&'static str, Option<&'static str>)>;

    #[test]
    fn a_line_means_what_npm_makes_of_it() {
        let rows: &[(&str, Expected)] = &[
            ("", None),
            ("   \t", None),
            ("# registry=x", None),
            ("  ; registry=x", None),
            ("\u{feff}# comment", None),
            ("=value", None),
            ("key=a\u{2028}b", None),
            ("key", Some(("key", None))),
            ("key=", Some(("key", Some("")))),
            ("key = value ", Some(("key", Some("value")))),
            ("\u{feff}key=value\r\n", Some(("key", Some("value")))),
            ("key=a=b", Some(("key", Some("a=b")))),
            ("key=\"a;b\"", Some(("key", Some("a;b")))),
            ("key='a#b'", Some(("key", Some("a#b")))),
            ("key='\"a\"'", Some(("key", Some("a")))),
            ("\"key\"=value", Some(("key", Some("value")))),
            ("key=value ; comment", Some(("key", Some("value")))),
            ("key=value#comment", Some(("key", Some("value")))),
            (r"key=a\;b\#c\\d\e", Some(("key", Some(r"a;b#c\d\e")))),
            (r"key=a\", Some(("key", Some(r"a\")))),
            (" [section]", Some(("[section]", None))),
            ("[a]b]", Some(("[a]b]", None))),
            (
                "//host:8080/npm/repo/:_authToken=t",
                Some(("//host:8080/npm/repo/:_authToken", Some("t"))),
            ),
        ];
        for (line, expected) in rows {
            let found = match read(line.as_bytes()) {
                Meaning::Entry(entry) => Some((entry.key, entry.value.map(|value| value.text))),
                Meaning::Nothing => None,
                Meaning::Section => panic!("{line:?} is no section"),
            };
            let found = found
                .as_ref()
                .map(|(key, value)| (key.as_str(), value.as_deref()));
            assert_eq!(found, *expected, "{line:?}");
        }
    }

    #[test]
    fn sections() {
        for line in ["[a]", "[]", "[a.b]  \n", "[a b]\r\n"] {
            assert_eq!(read(line.as_bytes()), Meaning::Section, "{line:?}");
        }
    }

    #[test]
    fn a_value_stands_between_its_blanks_and_its_comment() {
        let rows: &[(&[u8], &str)] = &[
            (b"key=value", "value"),
            (b"key = value \r\n", "value"),
            (b"key=\"a ; b\" ", "\"a ; b\""),
            (b"key=value ; comment", "value"),
            (b"key=value ; gr\xfc\xdfe", "value"),
            (b"key=a\\;b;c", "a\\;b"),
            (b"key=   ", ""),
            (b"key=", ""),
            (b"key= ; comment", ""),
        ];
        for (line, expected) in rows {
            let Meaning::Entry(Entry {
                value: Some(value), ..
            }) = read(line)
            else {
                panic!("{line:?} has no value");
            };
            let found = String::from_utf8_lossy(&line[value.span]);
            assert_eq!(found, *expected, "{:?}", String::from_utf8_lossy(line));
        }
    }
}
