//! `requirements.txt` of this directory, as far as it leads pip to an index: its options win over every file and
//! variable, and hold only where it is given with `-r`. What it requires is not read.
//!
//! Source: pip's "Requirements File Format"; tried with pip 23 and 26.

use codeartifact_auth::endpoint::Endpoint;

use crate::here::{self, Here, NamedText};
use crate::setting::{Origin, Setting};
use crate::text::BOM;
use crate::trial;

pub(super) const FILE: &str = "requirements.txt";

const OPTIONS: [&str; 3] = ["--index-url", "-i", "--extra-index-url"];

/// The URLs of indexes, with their lines.
pub(super) fn urls(here: &Here<'_>) -> Vec<(String, usize)> {
    let file = read(here);
    let lines = file.iter().flat_map(|file| file.text.lines()).zip(1..);
    let urls = lines.filter_map(|(line, number)| Some((url(line)?.to_owned(), number)));
    urls.collect()
}

pub(super) fn settings(here: &Here<'_>) -> Vec<Setting> {
    let file = here.directory.join(FILE);
    let ours = urls(here).into_iter().filter_map(|(url, line)| {
        let endpoint: Endpoint = here.endpoint(&url)?;
        let origin = Origin::File(file.clone(), Some(line));
        Some(Setting {
            name: None,
            endpoint,
            origin,
        })
    });
    ours.collect()
}

/// The same options before one package; `None` where they lead to no repository.
pub(super) fn with_one_package(here: &Here<'_>) -> Option<String> {
    if settings(here).is_empty() {
        return None;
    }
    let text = read(here)?.text;
    let options = text.lines().filter(|line| url(line).is_some());
    let lines = options.chain([trial::PACKAGE]);
    Some(lines.map(|line| format!("{line}\n")).collect())
}

/// Without a byte order mark, which pip reads past in this file alone.
fn read(here: &Here<'_>) -> Option<NamedText> {
    let file = here::read(&here.directory.join(FILE))?;
    let text = file.text.trim_start_matches(BOM).to_owned();
    Some(NamedText { text, ..file })
}

/// `--index-url URL`, `--index-url=URL`, `-i URL`
fn url(line: &str) -> Option<&str> {
    let line = line.trim();
    let option = OPTIONS
        .iter()
        .find_map(|option| line.strip_prefix(option))?;
    let rest = option.strip_prefix(['=', ' ', '\t'])?;
    rest.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_a_line() {
        let rows = [
            ("--index-url https://a/", Some("https://a/")),
            ("  --index-url=https://a/ # b", Some("https://a/")),
            ("-i https://a/", Some("https://a/")),
            ("--extra-index-url\thttps://a/", Some("https://a/")),
            ("--index-urls https://a/", None),
            ("# --index-url https://a/", None),
            ("my-package==1.0.0", None),
            ("-i", None),
        ];
        for (line, expected) in rows {
            assert_eq!(url(line), expected, "{line}");
        }
    }
}
