//! Fills the templates of the rows, and shows them with `…` for readers of the table. `{name}` is a hole;
//! `<text with {name}>` is left out where its hole is not given, and `<one|other>` says the other then.

use std::collections::BTreeMap;

/// The values that fill the holes, by their names.
pub(super) type Values = BTreeMap<String, String>;

/// Stands for what differs from case to case.
const ELLIPSIS: &str = "…";

/// The text for these values. A hole without one stays visible; tests look for it.
pub(super) fn fill(template: &str, values: &Values) -> String {
    let value = |name: &str| values.get(name).map(String::as_str);
    let parts = parts(template).map(|part| match part {
        Part::Text(text) => put(text, value).0,
        Part::Choice(text, other) => match put(text, value) {
            (text, true) => text,
            _ => put(other.unwrap_or_default(), value).0,
        },
    });
    parts.collect()
}

/// The text for any values.
pub(super) fn pattern(template: &str) -> String {
    let any = |_: &str| Some(ELLIPSIS);
    let parts = parts(template).map(|part| match part {
        Part::Text(text) | Part::Choice(text, Some(_)) => put(text, any).0,
        Part::Choice(_, None) => ELLIPSIS.to_owned(),
    });
    parts.collect()
}

enum Part<'a> {
    Text(&'a str),
    Choice(&'a str, Option<&'a str>),
}

fn parts(template: &str) -> impl Iterator<Item = Part<'_>> {
    template.split('<').enumerate().flat_map(|(index, piece)| {
        let (choice, text) = match piece.split_once('>') {
            Some((choice, text)) if index > 0 => (Some(choice), text),
            _ => (None, piece),
        };
        let choice = choice.map(|choice| match choice.split_once('|') {
            Some((one, other)) => Part::Choice(one, Some(other)),
            None => Part::Choice(choice, None),
        });
        choice.into_iter().chain([Part::Text(text)])
    })
}

/// Returns the text with its holes filled, and whether all of them were.
fn put<'a>(text: &str, value: impl Fn(&str) -> Option<&'a str>) -> (String, bool) {
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    let mut is_whole = true;
    for piece in pieces {
        let (name, after) = piece.split_once('}').unwrap_or((piece, ""));
        match value(name) {
            Some(value) => filled.push_str(value),
            None => {
                is_whole = false;
                filled.push_str(&format!("{{{name}}}"));
            }
        }
        filled.push_str(after);
    }
    (filled, is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_choices_made() {
        let values: Values = [("name", "acme"), ("braces", "{x} <y>")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let rows = [
            ("plain", "plain", "plain"),
            ("is {name}.", "is acme.", "is …."),
            ("is {other}", "is {other}", "is …"),
            ("a< {name}>", "a acme", "a…"),
            ("a< {other}> b", "a b", "a… b"),
            ("<is {name}|none>", "is acme", "is …"),
            ("<is {other}|none>!", "none!", "is …!"),
            ("<is {other}|>", "", "is …"),
            ("{braces}< {name}>", "{x} <y> acme", "……"),
        ];
        for (template, filled, shown) in rows {
            assert_eq!(fill(template, &values), filled, "{template}");
            assert_eq!(pattern(template), shown, "{template}");
        }
    }
}
