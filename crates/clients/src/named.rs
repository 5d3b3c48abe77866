//! URLs of ours in a text of any language: a Gemfile, a pom.xml, a build script. What is in a comment names nothing.

use std::path::PathBuf;

use crate::here::{self, Here, NamedText};
use crate::setting::{Origin, Setting};

/// The signs that begin a comment, in one of those languages.
const COMMENTS: [&str; 4] = ["#", "//", "<!--", "*"];

/// The characters that end a URL there.
const ENDS: &str = "\"'`,)<>";

/// Those of the files that can be read, in order.
pub(crate) fn in_files(files: impl IntoIterator<Item = PathBuf>, here: &Here<'_>) -> Vec<Setting> {
    let texts = files.into_iter().filter_map(|file| here::read(&file));
    texts.flat_map(|text| urls(&text, here)).collect()
}

/// Each with file and line.
pub(crate) fn urls(file: &NamedText, here: &Here<'_>) -> Vec<Setting> {
    let is_comment = |line: &str| COMMENTS.iter().any(|it| line.trim_start().starts_with(it));
    let lines = file.text.lines().zip(1..);
    let lines = lines.filter(|(line, _)| !is_comment(line));
    let found = lines.flat_map(|(line, number)| {
        let begins: Vec<_> = line.match_indices("https://").map(|(at, _)| at).collect();
        begins.into_iter().filter_map(move |at| {
            let ends = |it: char| it.is_whitespace() || ENDS.contains(it);
            let endpoint = here.endpoint(line[at..].split(ends).next()?)?;
            Some(Setting {
                name: None,
                endpoint,
                origin: Origin::File(PathBuf::from(&file.name), Some(number)),
            })
        })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use codeartifact_auth::environment::Environment;
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn urls_are_found_in_every_language_and_in_no_comment() {
        let url =
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/maven/my-repo/";
        let rows = [
            (format!("<url>{url}</url>"), 1),
            (format!("  <url> {url} </url>"), 1),
            (format!("maven {{ url '{url}' }}"), 1),
            (format!("maven {{ url = uri(\"{url}\") }}"), 1),
            (format!("resolvers += \"acme\" at \"{url}\""), 1),
            (format!("source '{url}', '{url}'"), 2),
            (format!("# {url}"), 0),
            (format!("  // {url}"), 0),
            (format!("<!-- <url>{url}</url> -->"), 0),
            (
                "<url>https://example.com/maven/my-repo/</url>".to_owned(),
                0,
            ),
            ("<url>https://</url>".to_owned(), 0),
        ];
        let environment = Environment::fixed(&[], PathBuf::new(), Timestamp(0));
        let here = Here::at(Path::new("/work").to_owned(), &environment);
        for (line, expected) in rows {
            let file = NamedText {
                name: "/work/x".to_owned(),
                text: format!("\n{line}\n"),
            };
            let found = urls(&file, &here);
            assert_eq!(found.len(), expected, "{line}");
            for setting in found {
                assert_eq!(setting.endpoint.client_url(), url);
                assert_eq!(setting.origin.to_string(), "/work/x:2");
            }
        }
    }
}
