//! The syntax of AWS's shared files, as Python's `configparser` and botocore's `configloader` read it. What the
//! sections mean is not decided here.

use std::collections::BTreeMap;
use std::fmt;

/// The section whose settings every other section has too, unless it has its own.
const DEFAULTS: &str = "DEFAULT";

/// A section as the file has it, its name unread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawSection {
    pub(super) name: String,
    pub(super) settings: Settings,
}

/// The settings of a section, by their names in lower case.
pub(super) type Settings = BTreeMap<String, Value>;

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Text; lines that are indented more than the setting belong to it.
    Text(String),
    /// A nested block: nothing behind the `=`, then indented settings.
    Block(BTreeMap<String, String>),
}

/// A place in a file that the AWS CLI does not take either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    line: usize,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    NotUtf8,
    ByteOrderMark,
    OutsideSection,
    NoSetting,
    NoNestedSetting,
    SectionAgain(String),
    SettingAgain(String),
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: ", self.line)?;
        match &self.problem {
            Problem::NotUtf8 => formatter.write_str("not UTF-8"),
            Problem::ByteOrderMark => {
                formatter.write_str("the file begins with a byte order mark, save it without one")
            }
            Problem::OutsideSection => formatter.write_str("this is before the first [section]"),
            Problem::NoSetting => formatter.write_str("neither a [section] nor `key = value`"),
            Problem::NoNestedSetting => {
                formatter.write_str("the lines of an indented block must be `key = value`")
            }
            Problem::SectionAgain(name) => write!(formatter, "there is a section [{name}] already"),
            Problem::SettingAgain(key) => write!(formatter, "the section has `{key}` already"),
        }
    }
}

/// The sections in the order of the file. Values are as written: no quotes are taken away, no comment behind them.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<RawSection>, SyntaxError> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = Reader::default();
    for (index, line) in text.split('\n').enumerate() {
        let line_number = index + 1;
        reader
            .read(line_number, line)
            .map_err(|problem| SyntaxError {
                line: line_number,
                problem,
            })?;
    }
    reader.finish()
}

fn not_utf8(bytes: &[u8], valid: usize) -> SyntaxError {
    let before = bytes.iter().take(valid);
    SyntaxError {
        line: 1 + before.filter(|byte| **byte == b'\n').count(),
        problem: Problem::NotUtf8,
    }
}

/// The state of `configparser.RawConfigParser._read` between two lines.
#[derive(Default)]
struct Reader<'a> {
    sections: Vec<(String, BTreeMap<String, Lines<'a>>)>,
    /// The setting that more indented lines belong to.
    open: Option<String>,
    indent: usize,
}

/// A setting's lines, each with its number.
type Lines<'a> = Vec<(usize, &'a str)>;

impl<'a> Reader<'a> {
    fn read(&mut self, number: usize, line: &'a str) -> Result<(), Problem> {
        let text = strip(line);
        if text.starts_with(['#', ';']) {
            return Ok(());
        }
        let indent = line.len() - line.trim_start_matches(is_space).len();
        if (text.is_empty() || indent > self.indent)
            && let Some(lines) = self.open_setting()
        {
            lines.push((number, text));
            return Ok(());
        }
        if text.is_empty() {
            return Ok(());
        }
        self.indent = indent;
        match header(text) {
            Some(name) => self.begin_section(name),
            None => self.begin_setting(number, text),
        }
    }

    fn open_setting(&mut self) -> Option<&mut Lines<'a>> {
        let (_, settings) = self.sections.last_mut()?;
        settings.get_mut(self.open.as_ref()?)
    }

    fn begin_section(&mut self, name: &str) -> Result<(), Problem> {
        self.open = None;
        let known = self.sections.iter().position(|(known, _)| known == name);
        match known {
            Some(position) if name == DEFAULTS => {
                let section = self.sections.remove(position);
                self.sections.push(section);
            }
            Some(_) => return Err(Problem::SectionAgain(name.to_owned())),
            None => self.sections.push((name.to_owned(), BTreeMap::new())),
        }
        Ok(())
    }

    fn begin_setting(&mut self, number: usize, text: &'a str) -> Result<(), Problem> {
        let Some((_, settings)) = self.sections.last_mut() else {
            let is_mark = text.starts_with('\u{feff}');
            return Err(if is_mark {
                Problem::ByteOrderMark
            } else {
                Problem::OutsideSection
            });
        };
        let (key, value) = text.split_once(['=', ':']).ok_or(Problem::NoSetting)?;
        let key = strip(key).to_lowercase();
        if key.is_empty() {
            return Err(Problem::NoSetting);
        }
        if settings.contains_key(&key) {
            return Err(Problem::SettingAgain(key));
        }
        settings.insert(key.clone(), vec![(number, strip(value))]);
        self.open = Some(key);
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<RawSection>, SyntaxError> {
        let defaults = self.sections.iter().position(|(name, _)| name == DEFAULTS);
        let defaults = defaults.map(|position| self.sections.remove(position).1);
        let defaults = defaults.unwrap_or_default();
        let complete = |(name, mut lines): (String, BTreeMap<String, Lines<'a>>)| {
            for (key, value) in &defaults {
                lines.entry(key.clone()).or_insert_with(|| value.clone());
            }
            let settings = lines
                .into_iter()
                .map(|(key, lines)| Ok((key, value(&lines)?)));
            Ok(RawSection {
                name,
                settings: settings.collect::<Result<_, _>>()?,
            })
        };
        self.sections.into_iter().map(complete).collect()
    }
}

/// The name in a section's header; what follows its last bracket counts for nothing.
fn header(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let name = inner.get(..inner.rfind(']')?)?;
    (!name.is_empty()).then_some(name)
}

fn value(lines: &Lines<'_>) -> Result<Value, SyntaxError> {
    let texts: Vec<&str> = lines.iter().map(|(_, text)| *text).collect();
    let text = texts.join("\n");
    let text = text.trim_end_matches(is_space);
    if !text.starts_with('\n') {
        return Ok(Value::Text(text.to_owned()));
    }
    let settings = lines.iter().filter(|(_, text)| !text.is_empty());
    settings
        .map(nested)
        .collect::<Result<_, _>>()
        .map(Value::Block)
}

fn nested((line, text): &(usize, &str)) -> Result<(String, String), SyntaxError> {
    let (key, value) = text.split_once('=').ok_or(SyntaxError {
        line: *line,
        problem: Problem::NoNestedSetting,
    })?;
    Ok((strip(key).to_owned(), strip(value).to_owned()))
}

/// Strips what Python's `str.strip` does.
fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Python counts four separators of ASCII as blanks, which Unicode does not.
fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

#[cfg(test)]
mod tests;
