//! pip: `keyring-provider` and `index-url` of `pip.conf`. Not `extra-index-url`: pip takes the highest version that
//! any index has, so whoever publishes your private package's name on a public one would be installed.

use codeartifact_auth::environment::{PIP_CONFIG_FILE, PIP_INDEX_URL, PIP_KEYRING_PROVIDER};

use super::{Asks, Client, Place, files, ini, remark, replace_ours};
use crate::commands::setup::repository::Repository;
use crate::commands::setup::text::Text;

pub(in super::super) const PIP: Client = Client {
    name: "pip",
    asks: Asks::Command,
    file: files::pip,
    edit,
    winning: &[PIP_CONFIG_FILE, PIP_INDEX_URL, PIP_KEYRING_PROVIDER],
};

const SECTION: &str = "global";

/// pip reads one index, so what was set up before makes room.
fn edit(text: &mut Text, repository: &Repository, _: Place) -> anyhow::Result<String> {
    for name in text
        .names()
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>()
    {
        replace_ours(text, &name)?;
    }
    let url = repository.endpoint.client_url();
    let mut remarks = String::new();
    let mut body = Vec::new();
    for (key, value) in [("keyring-provider", "subprocess"), ("index-url", &url)] {
        let there = ini::items(text, SECTION, key);
        if there.last().is_some_and(|item| item.value == value) {
            continue;
        }
        for item in there {
            remarks += &remark(&format!("{key} was {}; --undo brings it back", item.value));
            item.lines
                .for_each(|line| text.set_aside(line, &repository.name));
        }
        body.push(format!("{key} = {value}"));
    }
    remarks += &other_sections(text);
    insert(text, &repository.name, body);
    Ok(remarks)
}

fn insert(text: &mut Text, name: &str, mut body: Vec<String>) {
    if body.is_empty() {
        return;
    }
    match ini::header(text, SECTION) {
        Some(header) => text.insert(header + 1, name, &body),
        None => {
            body.insert(0, format!("[{SECTION}]"));
            text.insert(text.end(), name, &body);
        }
    }
}

fn other_sections(text: &Text) -> String {
    let mut remarks = String::new();
    for section in ["install", "download", "wheel"] {
        if !ini::items(text, section, "index-url").is_empty() {
            remarks += &remark(&format!(
                "[{section}] has an index-url of its own, which wins there"
            ));
        }
    }
    for section in [SECTION, "install"] {
        if !ini::items(text, section, "extra-index-url").is_empty() {
            remarks += &remark(
                "extra-index-url is set: pip takes the highest version of all indexes, so anybody who publishes \
                 your private package's name there wins; better make that index an upstream of the repository",
            );
        }
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::setup::python::for_tests::{acme, globex};

    const OURS: &str = "# >>> codeartifact setup acme
keyring-provider = subprocess
index-url = https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/
# <<< codeartifact setup acme
";

    fn edited(before: &str) -> (String, String) {
        let mut text = Text::parse(before);
        let remarks = edit(&mut text, &acme(), Place::User).unwrap();
        let after = text.to_string();
        text.remove(None).unwrap();
        assert_eq!(text.to_string(), before, "undone");
        (after, remarks)
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
            assert_eq!(edited(before), (expected, String::new()));
        }
    }

    #[test]
    fn what_was_set_is_set_aside_and_told() {
        let (after, remarks) = edited("[global]\nindex-url = https://example.com/simple\n");
        assert!(after.contains(
            "# set aside by codeartifact setup acme: index-url = https://example.com/simple\n"
        ));
        assert!(
            remarks.contains("index-url was https://example.com/simple"),
            "{remarks}"
        );
    }

    #[test]
    fn what_is_right_already_is_left() {
        let before = OURS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect::<Vec<_>>();
        let before = format!("[global]\n{}\n", before.join("\n"));
        assert_eq!(edited(&before), (before, String::new()));
    }

    #[test]
    fn another_index_that_can_win_is_told() {
        let (_, remarks) =
            edited("[global]\nextra-index-url = https://example.com/\n[install]\nindex-url = x\n");
        assert!(remarks.contains("anybody who publishes"), "{remarks}");
        assert!(remarks.contains("[install] has an index-url"), "{remarks}");
    }

    #[test]
    fn another_repository_takes_the_place_of_the_first() {
        let mut text = Text::parse("[global]\nindex-url = https://example.com/simple\n");
        for repository in [globex(), acme(), acme()] {
            edit(&mut text, &repository, Place::User).unwrap();
        }
        assert_eq!(text.names(), ["acme"]);
        assert_eq!(
            text.to_string()
                .matches("https://example.com/simple")
                .count(),
            1
        );
    }
}
