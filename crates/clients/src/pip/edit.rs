//! Writes `setup pip`'s part of `pip.conf`: the provider and the index, each where it is set already. A password for the
//! repository's host is taken out wherever the file has one: pip sends it and asks no keyring.

use codeartifact_auth::endpoint::UrlParts;

use super::SECTION;
use crate::error::UserError;
use crate::ini;
use crate::python::{Wanted, replaced, with_user};
use crate::text::Text;
use crate::variables::USER;

const INDEX: &str = "index-url";
const EXTRA: &str = "extra-index-url";

/// pip before 26.2 asks a keyring only for a URL with a user name; later ones ask either way, with as many requests
/// (tried with 23.1 to 26.3).
pub(super) fn edit(text: &mut Text, wanted: &Wanted<'_>) -> Result<Vec<String>, UserError> {
    let url = with_user(&wanted.index());
    let mut remarks = Vec::new();
    let mut missing = Vec::new();
    for (key, value) in [("keyring-provider", "subprocess"), (INDEX, &url)] {
        let line = format!("{key} = {value}");
        match ini::items(text, SECTION, key).pop() {
            Some(item) if item.value == value => {}
            Some(item) => {
                remarks.push(replaced(key, &item.value));
                text.replace(item.lines, wanted.mark, &[line]);
            }
            None => missing.push(line),
        }
    }
    name_users(text, wanted);
    remarks.extend(other_sections(text, wanted));
    insert(text, wanted.mark, missing);
    Ok(remarks)
}

fn insert(text: &mut Text, mark: &str, mut body: Vec<String>) {
    if body.is_empty() {
        return;
    }
    if let Some(header) = ini::header(text, SECTION) {
        text.insert(header + 1, mark, &body);
    } else {
        body.insert(0, format!("[{SECTION}]"));
        text.insert(text.end(), mark, &body);
    }
}

/// Further URLs of the same host: pip keeps one answer for a host, so each of them has to be asked for in the same way.
fn name_users(text: &mut Text, wanted: &Wanted<'_>) {
    let is_index = |key: &str| key == INDEX || key == EXTRA;
    let mut entries = ini::entries(text);
    entries.retain(|(_, key, _)| is_index(key));
    for (_, _, item) in entries.into_iter().rev() {
        let lines = text.lines();
        let lines = &lines[item.lines.clone()];
        let new: Vec<_> = lines.iter().map(|line| with_users(line, wanted)).collect();
        if new.iter().ne(lines) {
            text.replace(item.lines, wanted.mark, &new);
        }
    }
}

fn with_users(line: &str, wanted: &Wanted<'_>) -> String {
    let mut new = line.to_owned();
    let words = line.split(|it: char| it.is_whitespace() || it == '=');
    for word in words.filter(|word| word.contains("://")) {
        let parts = UrlParts::cut(word);
        let is_host = |url: &str| {
            let found = wanted.here.endpoint(url);
            found.is_some_and(|it| it.host() == wanted.repository.endpoint.host())
        };
        if parts.userinfo != USER && is_host(word) {
            let bare = match parts.userinfo {
                "" => word.to_owned(),
                userinfo => word.replacen(&format!("{userinfo}@"), "", 1),
            };
            new = new.replacen(word, &with_user(&bare), 1);
        }
    }
    new
}

fn other_sections(text: &Text, wanted: &Wanted<'_>) -> Vec<String> {
    let has = |section: &str, key| {
        let items = ini::items(text, section, key).into_iter();
        let mut others = items.filter(|item| !wanted.is_meant(&item.value));
        others.next().is_some()
    };
    let wins = ["install", "download", "wheel"].into_iter();
    let wins = wins.filter(|section| has(section, INDEX));
    let wins =
        wins.map(|section| format!("[{section}] has an index-url of its own, which wins there"));
    let extra = [SECTION, "install"].into_iter();
    let extra = extra.filter(|section| has(section, EXTRA)).map(|_| {
        "extra-index-url is set: pip takes the highest version of all indexes, so anybody who publishes \
         your private package's name there wins; better make that index an upstream of the repository"
            .to_owned()
    });
    wins.chain(extra).collect()
}

#[cfg(test)]
mod tests {
    use crate::pip::PIP;
    use crate::python::for_tests::{acme, edited};
    use crate::setup::Level;

    const OURS: &str = "# >>> codeartifact setup pip acme
keyring-provider = subprocess
index-url = https://aws@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/
# <<< codeartifact setup pip acme
";
    const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

    fn after(before: &str) -> (String, String) {
        let (after, remarks) = edited(&PIP, before, &acme(), Level::User).unwrap();
        (after, remarks.join("\n"))
    }

    #[test]
    fn our_lines_go_into_the_section_that_is_there() {
        let rows = [
            ("", OURS.replacen('\n', "\n[global]\n", 1)),
            ("[global]\n", format!("[global]\n{OURS}")),
            (
                "# mine\n[install]\nno-deps = yes\n[global]\ntimeout = 60\n",
                format!("# mine\n[install]\nno-deps = yes\n[global]\n{OURS}timeout = 60\n"),
            ),
        ];
        for (before, expected) in rows {
            assert_eq!(after(before), (expected, String::new()));
        }
    }

    /// Whatever the repository's URL looks like in the file, it becomes the one that every pip asks for.
    #[test]
    fn an_index_that_is_there_is_completed_in_its_place() {
        for url in [
            "https://HOST/pypi/my-repo/simple/",
            "https://HOST/pypi/my-repo/simple",
            "https://HOST/pypi/my-repo/",
            "https://ada@HOST/pypi/my-repo/simple/",
            "https://aws:eyJ2ZXIi@HOST/pypi/my-repo/simple/",
            "https://example.com/simple",
        ] {
            let url = url.replace("HOST", HOST);
            let (text, remarks) = after(&format!("[global]\ntimeout = 60\nindex_url={url}\n"));
            let ours = OURS.replace("keyring-provider = subprocess\n", "");
            let provider = OURS.lines().filter(|line| !line.starts_with("index-url"));
            let provider: String = provider.map(|line| format!("{line}\n")).collect();
            assert_eq!(text, format!("[global]\n{provider}timeout = 60\n{ours}"));
            assert!(!remarks.contains("eyJ2ZXIi"), "{remarks}");
            assert!(remarks.contains("index-url was https://"), "{remarks}");
        }
    }

    #[test]
    fn a_password_for_the_host_goes_wherever_it_is() {
        let before = format!(
            "[global]\nextra-index-url =\n    https://example.com/\n    https://aws:eyJ2ZXIi@{HOST}/pypi/my-repo/simple/\n\
             [install]\nindex-url = https://aws:eyJ2ZXIi@{HOST}/pypi/my-repo/simple/\n"
        );
        let (text, remarks) = after(&before);
        assert!(!text.contains("eyJ2ZXIi"), "{text}");
        assert_eq!(text.matches(&format!("https://aws@{HOST}/")).count(), 3);
        assert!(!remarks.contains("[install]"), "it is the same: {remarks}");
    }

    #[test]
    fn what_is_right_already_is_left() {
        let before = OURS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect::<Vec<_>>();
        let before = format!("[global]\n{}\n", before.join("\n"));
        assert_eq!(after(&before), (before, String::new()));
    }

    #[test]
    fn another_index_that_can_win_is_told() {
        let (_, remarks) =
            after("[global]\nextra-index-url = https://example.com/\n[install]\nindex-url = x\n");
        assert!(remarks.contains("anybody who publishes"), "{remarks}");
        assert!(remarks.contains("[install] has an index-url"), "{remarks}");
    }
}
