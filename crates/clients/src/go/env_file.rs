//! go's env file, with our block in it: the settings that a setup has changed, and for which repositories. Lines that it
//! replaces are set aside, so that taking the block away leaves the file as it was, to the byte.
//!
//! The file is written here and not by `go env -w`, because a password in GOPROXY would be seen in that command's
//! arguments. `go env -w` keeps comments, and changes lines where they are (cmd/go/internal/envcmd).

use super::values::{SetupRequest, Values, elements, is_same_url, patterns};
use crate::error::UserError;
use crate::text::Text;

/// The block's name: it is one for all repositories, since they share the settings.
const NAME: &str = "go";

/// go takes a carriage return for a part of the value.
const ENDING: &str = "\n";

/// A repository that was set up, and the patterns that came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    repository: String,
    private: Vec<String>,
}

/// Adds a repository. Returns the values before and after.
pub(super) fn set_up(
    text: &mut Text,
    wanted: &SetupRequest<'_>,
    defaults: &Values,
) -> anyhow::Result<(Values, Values)> {
    let mut records = records(text);
    let users = without_block(text)?;
    let before = values(text, defaults);
    let after = before.with(wanted)?;
    if before != after || !records.is_empty() {
        let originals = values(&users, defaults);
        add(&mut records, wanted, &patterns(&originals.gonosumdb));
        *text = with_block(users, &records, &after, &originals);
    }
    Ok((before, after))
}

/// Takes a repository back, or all of them: what the user has changed since stays.
pub(super) fn take_back(
    text: &mut Text,
    repository: Option<&str>,
    defaults: &Values,
) -> anyhow::Result<()> {
    let is_meant =
        |record: &Record| repository.is_none_or(|url| is_same_url(url, &record.repository));
    let (gone, kept): (Vec<_>, Vec<_>) = records(text).into_iter().partition(is_meant);
    if gone.is_empty() {
        return Ok(());
    }
    let users = without_block(text)?;
    let originals = values(&users, defaults);
    let after = without(&values(text, defaults), &gone, &kept);
    *text = if kept.is_empty() {
        with_changes(users, &changed(text), &after, &originals)
    } else {
        with_block(users, &kept, &after, &originals)
    };
    Ok(())
}

fn without_block(text: &Text) -> Result<Text, UserError> {
    let mut users = text.clone();
    users.remove(Some(NAME))?;
    Ok(users)
}

fn without(values: &Values, gone: &[Record], kept: &[Record]) -> Values {
    let private = |records: &[Record]| -> Vec<String> {
        records.iter().flat_map(|it| it.private.clone()).collect()
    };
    let (private, needed) = (private(gone), private(kept));
    let private = private.iter().filter(|it| !needed.contains(it));
    let private: Vec<_> = private.map(String::as_str).collect();
    let proxies: Vec<_> = gone.iter().map(|it| it.repository.as_str()).collect();
    values.without(&proxies, &private, !kept.is_empty())
}

/// A value with an element that is neither ours nor was there before is the user's own, and stays.
fn with_changes(mut users: Text, names: &[&str], after: &Values, originals: &Values) -> Text {
    for name in names {
        let before = elements(name, originals.get(name));
        let mut now = elements(name, after.get(name)).into_iter();
        if now.any(|element| !before.contains(&element)) {
            for at in places(&users, name).into_iter().rev() {
                users.drop_line(at);
            }
            users.append(&format!("{name}={}", after.get(name)));
        }
    }
    users
}

fn with_block(mut users: Text, records: &[Record], after: &Values, originals: &Values) -> Text {
    let names = Values::NAMES.into_iter();
    let changed: Vec<_> = names
        .filter(|name| after.get(name) != originals.get(name))
        .collect();
    for name in &changed {
        while let Some(at) = places(&users, name).pop() {
            users.set_aside_whole(at, NAME);
        }
    }
    let lines = changed
        .iter()
        .map(|name| format!("{name}={}", after.get(name)));
    let body: Vec<_> = records.iter().map(Record::line).chain(lines).collect();
    users.insert_with(ENDING, users.end(), NAME, &body);
    users
}

/// The names that our block sets.
fn changed(text: &Text) -> Vec<&'static str> {
    let block = text.block(NAME).unwrap_or_default();
    let is_set = |name: &&str| block.iter().any(|line| key(line) == Some(name));
    Values::NAMES.into_iter().filter(is_set).collect()
}

fn values(text: &Text, defaults: &Values) -> Values {
    let lines = text.lines();
    Values::of(|name| {
        let last = lines.iter().rfind(|line| key(line) == Some(name));
        let value = last.and_then(|line| line.split_once('='));
        value.map_or_else(
            || defaults.get(name).to_owned(),
            |(_, value)| value.to_owned(),
        )
    })
}

fn places(text: &Text, name: &str) -> Vec<usize> {
    let lines = text.lines().into_iter().enumerate();
    let found = lines.filter(|(_, line)| key(line) == Some(name));
    found.map(|(at, _)| at).collect()
}

fn key(line: &str) -> Option<&str> {
    line.split_once('=').map(|(key, _)| key)
}

fn records(text: &Text) -> Vec<Record> {
    let block = text.block(NAME).unwrap_or_default();
    block.into_iter().filter_map(Record::parse).collect()
}

fn add(records: &mut Vec<Record>, wanted: &SetupRequest<'_>, there: &[&str]) {
    let private = wanted.private.iter().flat_map(|it| patterns(it));
    let private: Vec<_> = private.filter(|it| !there.contains(it)).collect();
    let known = records
        .iter()
        .position(|it| is_same_url(&it.repository, wanted.repository));
    let place = known.unwrap_or_else(|| {
        records.push(Record {
            repository: wanted.repository.to_owned(),
            private: Vec::new(),
        });
        records.len() - 1
    });
    for pattern in private {
        if !records[place].private.iter().any(|it| it == pattern) {
            records[place].private.push(pattern.to_owned());
        }
    }
}

impl Record {
    fn parse(line: &str) -> Option<Self> {
        let (repository, private) = line.strip_prefix("# ")?.split_once(' ')?;
        Some(Self {
            repository: repository.to_owned(),
            private: patterns(private).into_iter().map(str::to_owned).collect(),
        })
    }

    /// A comment: go passes it over.
    fn line(&self) -> String {
        format!("# {} {}", self.repository, self.private.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str =
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/";
    const OTHER: &str =
        "https://my-other-domain-111122223333.d.codeartifact.eu-west-1.amazonaws.com/go/my-repo/";

    fn defaults() -> Values {
        Values {
            goauth: "netrc".to_owned(),
            gonosumdb: String::new(),
            goproxy: "https://proxy.example.com,direct".to_owned(),
        }
    }

    fn add_to(text: &mut Text, repository: &str, private: &str, fallback: bool) {
        let wanted = SetupRequest {
            repository,
            private: &[private.to_owned()],
            keeps: &|entry| fallback || entry.contains(".d.codeartifact."),
        };
        set_up(text, &wanted, &defaults()).unwrap();
    }

    const FILES: [&str; 8] = [
        "",
        "GOFLAGS=-mod=mod\n",
        "GOPROXY=https://user:s3cret@corp.example.com,direct\nGOAUTH=git /work\n",
        "GOPROXY=https://a\nGOPROXY=https://b",
        "GONOSUMDB=corp.example.com,example.com/private\n# a comment\nGOAUTH=netrc\n",
        "GOPROXY=https://a\r\nGONOSUMDB=corp.example.com\r\n",
        "GOAUTH=codeartifact-goauth\n",
        "nonsense\n\n",
    ];

    #[test]
    fn the_file_is_as_it_was_to_the_byte() {
        for before in FILES {
            for fallback in [false, true] {
                let mut text = Text::parse(before);
                add_to(&mut text, OURS, "example.com/private", fallback);
                let once = text.to_string();
                assert!(once.contains(&format!("\nGOPROXY={OURS}")), "{once}");
                add_to(&mut text, OURS, "example.com/private", fallback);
                assert_eq!(text.to_string(), once, "twice is once");
                let mut text = Text::parse(&once);
                take_back(&mut text, None, &defaults()).unwrap();
                assert_eq!(text.to_string(), before, "{once}");
            }
        }
    }

    #[test]
    fn our_lines_end_as_go_needs_it() {
        let mut text = Text::parse("GOPROXY=https://a\r\n");
        add_to(&mut text, OURS, "example.com/private", false);
        assert!(
            text.to_string()
                .contains("\nGONOSUMDB=example.com/private\n"),
            "{text}"
        );
    }

    #[test]
    fn two_repositories_go_one_by_one() {
        for before in FILES {
            let mut text = Text::parse(before);
            add_to(&mut text, OURS, "example.com/private", false);
            let one = text.to_string();
            add_to(&mut text, OTHER, "example.com/globex", false);
            let two = values(&text, &defaults());
            assert_eq!(two.goproxy, format!("{OTHER},{OURS}"));
            assert!(
                two.gonosumdb
                    .ends_with("example.com/private,example.com/globex"),
                "{two:?}"
            );
            take_back(&mut text, Some(OTHER), &defaults()).unwrap();
            assert_eq!(text.to_string(), one);
            take_back(&mut text, Some(OTHER), &defaults()).unwrap();
            assert_eq!(text.to_string(), one, "it is gone already");
            take_back(&mut text, Some(OURS), &defaults()).unwrap();
            assert_eq!(text.to_string(), before);
        }
    }

    /// By `go env -w`, which changes the line in our block.
    #[test]
    fn what_the_user_has_added_since_stays() {
        let rows = [
            (
                "GONOSUMDB=example.com/private",
                "GONOSUMDB=example.com/private,corp.example.com",
                "GONOSUMDB=corp.example.com\n",
            ),
            (
                "GOAUTH=netrc; codeartifact-goauth",
                "GOAUTH=git /work; codeartifact-goauth",
                "GOAUTH=git /work\n",
            ),
            (
                "us-east-1.amazonaws.com/go/my-repo/\n# <<<",
                "us-east-1.amazonaws.com/go/my-repo/,https://a\n# <<<",
                "GOPROXY=https://a\n",
            ),
        ];
        for (ours, changed, stays) in rows {
            let mut text = Text::parse("");
            add_to(&mut text, OURS, "example.com/private", false);
            let by_user = text.to_string().replace(ours, changed);
            assert_ne!(by_user, text.to_string());
            let mut text = Text::parse(&by_user);
            take_back(&mut text, None, &defaults()).unwrap();
            assert_eq!(text.to_string(), stays);
        }
    }

    #[test]
    fn settings_that_are_right_already_are_not_touched() {
        let before =
            format!("GOAUTH=codeartifact-goauth\nGONOSUMDB=example.com/private\nGOPROXY={OURS}\n");
        let mut text = Text::parse(&before);
        add_to(&mut text, OURS, "example.com/private", false);
        assert_eq!(text.to_string(), before);
        take_back(&mut text, None, &defaults()).unwrap();
        assert_eq!(text.to_string(), before);
    }
}
