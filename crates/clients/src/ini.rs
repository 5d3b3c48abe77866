//! The one INI reader: sections and options as Python's `configparser` reads them, with their lines. It changes nothing.

use std::ops::Range;

use crate::text::Text;

/// An option: its lines, those it is continued on included, and its value with line breaks as blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) lines: Range<usize>,
    pub(crate) value: String,
}

/// The line of the section's header.
pub(crate) fn header(text: &Text, section: &str) -> Option<usize> {
    let is_it = |line: &&str| section_name(line) == Some(section);
    text.lines().iter().position(is_it)
}

/// The names of all sections.
pub(crate) fn sections(text: &Text) -> Vec<String> {
    let lines = text.lines().into_iter();
    lines.filter_map(section_name).map(str::to_owned).collect()
}

/// Every option `key` of the section, in each spelling that pip takes for it.
pub(crate) fn items(text: &Text, section: &str, key: &str) -> Vec<Item> {
    let all = entries(text).into_iter();
    let meant = all.filter(|(its_section, its_key, _)| its_section == section && its_key == key);
    meant.map(|(_, _, item)| item).collect()
}

/// Every option, with its section and its key.
pub(crate) fn entries(text: &Text) -> Vec<(String, String, Item)> {
    let lines = text.lines();
    let mut found = Vec::new();
    let mut section = None;
    let mut at = 0;
    while at < lines.len() {
        let end = at + 1 + continued(&lines[at + 1..], lines[at]);
        if let Some(name) = section_name(lines[at]) {
            section = Some(name);
        } else if let (Some((key, first)), Some(section)) = (option(lines[at]), section) {
            let rest = lines[at + 1..end].iter().filter(|line| !is_comment(line));
            let value: Vec<_> = [&first]
                .into_iter()
                .chain(rest)
                .map(|it| it.trim())
                .collect();
            let item = Item {
                lines: at..end,
                value: value.join(" ").trim().to_owned(),
            };
            found.push((section.to_owned(), key, item));
        }
        at = end;
    }
    found
}

fn section_name(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix('[')?.split_once(']')?;
    Some(name)
}

fn option(line: &str) -> Option<(String, &str)> {
    if is_comment(line) {
        return None;
    }
    let (name, value) = line.split_once(['=', ':'])?;
    let name = name.trim().to_lowercase().replace('_', "-");
    Some((name, value))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with(['#', ';'])
}

/// Returns how many of `lines` continue an option: those that are indented deeper, with comments and blanks between them.
fn continued(lines: &[&str], first: &str) -> usize {
    if option(first).is_none() {
        return 0;
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_between = |line: &&&str| line.trim().is_empty() || is_comment(line);
    let deeper = |line: &&str| indent(line) > indent(first);
    let mut count = 0;
    loop {
        let between = lines[count..].iter().take_while(is_between).count();
        match lines.get(count + between) {
            Some(line) if deeper(line) => count += between + 1,
            _ => return count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# [global]
[global]
timeout = 60
Index_Url: https://one.example.com/
extra-index-url =
    https://two.example.com/
    # a comment
    https://three.example.com/

# of the next
[install]
index-url = https://four.example.com/";

    #[test]
    fn options_are_found_with_all_their_lines() {
        let text = Text::parse(FILE);
        let item = |lines, value: &str| Item {
            lines,
            value: value.to_owned(),
        };
        let rows = [
            (
                "global",
                "index-url",
                vec![item(3..4, "https://one.example.com/")],
            ),
            (
                "global",
                "extra-index-url",
                vec![item(
                    4..8,
                    "https://two.example.com/ https://three.example.com/",
                )],
            ),
            (
                "install",
                "index-url",
                vec![item(11..12, "https://four.example.com/")],
            ),
            ("install", "timeout", vec![]),
            ("none", "index-url", vec![]),
        ];
        for (section, key, expected) in rows {
            assert_eq!(items(&text, section, key), expected, "{section} {key}");
        }
        assert_eq!(header(&text, "global"), Some(1));
        assert_eq!(header(&text, "none"), None);
    }
}
