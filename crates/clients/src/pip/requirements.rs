//! `requirements.txt` of this directory, as far as it leads pip to an index: its options win over every file and
//! variable, and hold only where it is given with `-r`. Those of the files that it names count as its own. What it
//! requires is not read.
//!
//! Source: pip's "Requirements File Format"; tried with pip 23 and 26.

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::UrlParts;

use crate::here::{self, Here};
use crate::setting::{Origin, Setting};
use crate::text::BOM;
use crate::trial;

pub(super) const FILE: &str = "requirements.txt";

const OPTIONS: [&str; 3] = ["--index-url", "-i", "--extra-index-url"];
const OTHERS: [&str; 2] = ["--requirement", "-r"];

/// More are passed over.
const MOST_FILES: usize = 10;

/// An index, and where it is named.
pub(super) struct Named {
    pub(super) url: String,
    file: PathBuf,
    number: usize,
    line: String,
}

impl Named {
    /// The variable that holds its password: pip puts in what is in it.
    pub(super) fn variable(&self) -> Option<&str> {
        let (_, password) = UrlParts::cut(&self.url).userinfo.split_once(':')?;
        password.strip_prefix("${")?.strip_suffix('}')
    }

    pub(super) fn origin(&self) -> Origin {
        Origin::File(self.file.clone(), Some(self.number))
    }
}

/// The indexes, in the order of their lines.
pub(super) fn named(here: &Here<'_>) -> Vec<Named> {
    let mut files = vec![here.directory.join(FILE)];
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(file) = files.get(next).filter(|_| next < MOST_FILES).cloned() {
        next += 1;
        let text = read(&file).unwrap_or_default();
        for (line, number) in text.lines().zip(1..) {
            if let Some(url) = value(line, &OPTIONS) {
                found.push(Named {
                    url: url.to_owned(),
                    file: file.clone(),
                    number,
                    line: line.to_owned(),
                });
            }
            let other = value(line, &OTHERS).filter(|it| !it.contains("://"));
            let other = other.map(|it| file.with_file_name(it));
            files.extend(other.filter(|it| !files.contains(it)));
        }
    }
    found
}

pub(super) fn settings(here: &Here<'_>) -> Vec<Setting> {
    let named = named(here).into_iter();
    let ours = named.filter_map(|it| {
        Some(Setting {
            name: None,
            endpoint: here.endpoint(&it.url)?,
            origin: it.origin(),
        })
    });
    ours.collect()
}

/// The same options before one package; `None` where they lead to no repository.
pub(super) fn with_one_package(here: &Here<'_>) -> Option<String> {
    if settings(here).is_empty() {
        return None;
    }
    let options = named(here).into_iter().map(|it| it.line);
    let lines = options.chain([trial::PACKAGE.to_owned()]);
    Some(lines.map(|line| format!("{line}\n")).collect())
}

/// Without a byte order mark, which pip reads past in these files alone.
fn read(file: &Path) -> Option<String> {
    let text = here::read(file)?.text;
    Some(text.trim_start_matches(BOM).to_owned())
}

/// `--index-url URL`, `--index-url=URL`, `-i URL`
fn value<'a>(line: &'a str, options: &[&str]) -> Option<&'a str> {
    let line = line.trim();
    let mut options = options.iter();
    let option = options.find_map(|option| line.strip_prefix(option))?;
    let rest = option.strip_prefix(['=', ' ', '\t'])?;
    rest.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::environment::Environment;
    use codeartifact_auth::token::Timestamp;

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
            assert_eq!(value(line, &OPTIONS), expected, "{line}");
        }
    }

    #[test]
    fn options_of_other_files_count_as_well() {
        let home = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(home.path().join(name), text).unwrap();
        std::fs::create_dir(home.path().join("more")).unwrap();
        write(
            FILE,
            "\u{feff}-i https://a/\n-r more/b.txt\n-r https://c/d.txt\n",
        );
        write("more/b.txt", "--requirement=b.txt\n-r e.txt\n-r none.txt\n");
        write("more/e.txt", "--extra-index-url https://aws:${E}@e/\n");
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let found = named(&Here::at(home.path().to_owned(), &environment));
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.url.as_str(), it.variable(), it.number))
            .collect();
        let expected = [
            ("https://a/", None, 1),
            ("https://aws:${E}@e/", Some("E"), 1),
        ];
        assert_eq!(found, expected);
    }
}
