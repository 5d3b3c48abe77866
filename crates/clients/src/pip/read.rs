//! The settings that `pip install` reads here, asked from pip itself or read from its files, and where each is.

use crate::here::{self, Here, NamedText};
use crate::ini;
use crate::text::Text;

use super::SECTION;
use super::places::files;

/// An option of `[global]` or `[install]`: its section, its key, and its value with the file it is in.
pub(super) type Configured = (String, String, NamedText);

/// The settings that `pip install` reads here: variables, and the options of its files, the weakest first.
pub(super) struct PipSettings<'a> {
    pub(super) variable: &'a dyn Fn(&str) -> Option<NamedText>,
    pub(super) configured: Vec<Configured>,
}

impl<'a> PipSettings<'a> {
    pub(super) fn read(here: &Here<'_>, variable: &'a dyn Fn(&str) -> Option<NamedText>) -> Self {
        Self {
            variable,
            configured: configured(here),
        }
    }

    /// A setting's value, and where it is. pip puts its files together first, then its sections: `[install]` of any file
    /// wins over `[global]` of every other.
    pub(super) fn get(&self, (key, variable): (&str, &str)) -> Option<NamedText> {
        let in_section = |wanted: &str| {
            let mut configured = self.configured.iter();
            let found = configured.rfind(|(section, its, _)| section == wanted && its == key);
            found.map(|(_, _, value)| value.clone())
        };
        let variable = (self.variable)(variable);
        variable
            .or_else(|| in_section("install"))
            .or_else(|| in_section(SECTION))
    }
}

fn configured(here: &Here<'_>) -> Vec<Configured> {
    let asked = here.ask("pip", &["config", "debug"], &[]);
    asked.map_or_else(|| in_files(here), |said| reported(&said))
}

fn in_files(here: &Here<'_>) -> Vec<Configured> {
    let texts = files(here).into_iter().filter_map(|file| here::read(&file));
    texts.flat_map(|file| in_file(&file)).collect()
}

pub(super) fn in_file(file: &NamedText) -> Vec<Configured> {
    let entries = ini::entries(&Text::parse(&file.text)).into_iter();
    let named =
        entries.map(|(section, key, item)| (section, key, located(&file.name, &item.value)));
    named.collect()
}

pub(super) fn located(name: &str, text: &str) -> NamedText {
    NamedText {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

/// The answer to `pip config debug`: for each kind of file a heading; below it, indented, the files, and below those
/// their options. A value's further lines are indented as the options are.
fn reported(said: &str) -> Vec<Configured> {
    let (mut kind, mut file) = ("", "");
    let mut found: Vec<(&str, Configured)> = Vec::new();
    for line in said.lines() {
        if let Some(named) = line.strip_suffix(", exists: True") {
            file = named.trim_start();
        } else if !line.starts_with(' ') {
            kind = line.trim_end_matches(':');
        } else if let Some(((section, key), value)) = option(line.trim_start()) {
            let option = (
                section.to_owned(),
                key.to_owned(),
                located(file, value.trim()),
            );
            found.push((kind, option));
        } else if let Some((_, (_, _, value))) = found.last_mut() {
            value.text = format!("{} {}", value.text, line.trim()).trim().to_owned();
        }
    }
    let kinds = ["global", "user", "site", "env"].into_iter();
    let of_kind = |wanted: &'static str| found.iter().filter(move |(kind, _)| *kind == wanted);
    kinds
        .flat_map(of_kind)
        .map(|(_, option)| option.clone())
        .collect()
}

/// `global.index-url: https://…`
fn option(line: &str) -> Option<((&str, &str), &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name = |it: char| it.is_ascii_lowercase() || it == '-' || it == '.';
    Some((name.split_once('.')?, value)).filter(|_| name.chars().all(is_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same from the files and from what pip says of them.
    #[test]
    fn values_are_found_as_pip_finds_them() {
        let text = "# c\n[global]\nindex-url = https://a/\nextra-index-url =\n    https://b/\n    # c\n    https://c/\n\
            no_input: true\n[install]\nindex-url=https://d/\n[list]\nkeyring-provider = disabled\n";
        let said = "env_var:\nenv:\nglobal:\n  /etc/pip.conf, exists: False\nsite:\n  /v/pip.conf, exists: False\nuser:\n  \
            pip.conf, exists: True\n    global.extra-index-url: \n    https://b/\n    https://c/\n    \
            global.index-url: https://a/\n    global.no-input: true\n    install.index-url: https://d/\n    \
            list.keyring-provider: disabled\n";
        let rows = [
            ("index-url", Some("https://d/")),
            ("extra-index-url", Some("https://b/ https://c/")),
            ("no-input", Some("true")),
            ("keyring-provider", None),
        ];
        for configured in [in_file(&located("pip.conf", text)), reported(said)] {
            let reader = PipSettings {
                variable: &|_| None,
                configured,
            };
            for (key, expected) in rows {
                let found = reader.get((key, ""));
                assert_eq!(found.as_ref().map(|it| &*it.text), expected, "{key}");
                assert!(found.is_none_or(|it| it.name == "pip.conf"));
            }
        }
    }

    /// pip puts its files together before it looks at sections, and the strongest kind comes last.
    #[test]
    fn a_section_of_a_weaker_file_wins() {
        let said = "env:\n  /e, exists: True\n    global.index-url: e\nglobal:\n  /g, exists: True\n    \
            install.index-url: g\n    global.no-input: g\nuser:\n  /u, exists: True\n    global.no-input: u\n";
        let reader = PipSettings {
            variable: &|_| None,
            configured: reported(said),
        };
        let get = |key| reader.get((key, "")).unwrap();
        assert_eq!(get("index-url"), located("/g", "g"));
        assert_eq!(get("no-input"), located("/u", "u"));
    }
}
