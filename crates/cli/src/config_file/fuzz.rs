//! Configuration files that chance has made, changed by us and read by a parser of its own: what was meant has changed,
//! everything else is as it was, comments too, and what was added goes again without a trace.

#[path = "../../../../tests/fuzz.rs"]
mod search;

use codeartifact_auth::connection::Key;
use codeartifact_auth::endpoint::Format;
use toml::{Table, Value as Parsed};
use toml_edit::DocumentMut;

use super::edit::{self, Change, Value};

/// Lines and blocks, some of which contradict each other: those files are not TOML, and are passed over.
const PIECES: [&str; 30] = [
    "\n",
    "# a comment\n",
    "   # an indented one\n\n",
    "[defaults]\n",
    "[defaults] # behind\n",
    "profile = 'p'\n",
    "profile = \"\"\"\np\"\"\"\n",
    "via = [\n  'a',\n  'b',\n]\n",
    "via = []\n",
    "cache=\"off\"# tight\n",
    "[connections]\n",
    "[connections.acme]\n",
    "[connections.acme] # ours\n",
    "[ connections . \"acme\" ]\n",
    "['connections'.globex]\n",
    "[connections.\"a b\"]\n",
    "account_id = '111122223333'\n",
    "account_id = \"111122223333\" # the customer's\n",
    "role_arn=\"arn:aws:iam::111122223333:role/A\"\n",
    "npm = 'https://x/npm/r/'\n",
    "\"pypi\" = 'https://x/pypi/r/simple/'\n",
    "connections = { acme = { npm = 'x' }, other = { npm = 'y' } }\n",
    "acme = { npm = 'x' }\n",
    "acme.npm = 'x'\n",
    "connections.acme.npm = 'x'\n",
    "connections.globex = { npm = 'x', profile = 'q' } # g\n",
    "[hosts]\n",
    "\"packages.example.com\" = 'https://x/'\n",
    "[[other]]\n",
    "\t# a tab, é and \u{2028}\n",
];

const NAMES: [&str; 4] = ["acme", "globex", "a b", "new.one"];

fn any_file(random: &mut fastrand::Rng) -> String {
    let count = random.usize(0..9);
    let pieces = (0..count).map(|_| PIECES[random.usize(..PIECES.len())]);
    let text: String = pieces.collect();
    match random.u8(0..4) {
        0 => text.replace('\n', "\r\n"),
        1 => text.trim_end().to_owned(),
        _ => text,
    }
}

fn any_changes(random: &mut fastrand::Rng) -> Vec<Change> {
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    let all = [
        (Key::AccountId, text("444455556666")),
        (Key::Profile, text("it's \"quoted\" \\ é")),
        (Key::Profile, None),
        (
            Key::Via,
            Some(Value::List(vec!["r1".into(), "r\"2".into()])),
        ),
        (Key::Via, None),
        (Key::Url(Format::Npm), text("https://y/npm/r/")),
        (Key::Url(Format::Npm), None),
    ];
    let mut changes: Vec<Change> = Vec::new();
    for _ in 0..random.usize(1..4) {
        let change = all[random.usize(..all.len())].clone();
        changes.retain(|(key, _)| *key != change.0);
        changes.push(change);
    }
    changes
}

fn connection<'a>(table: &'a Table, name: &str) -> Option<&'a Table> {
    table.get("connections")?.as_table()?.get(name)?.as_table()
}

/// The file as it should be then, by hand.
fn expected(mut before: Table, name: &str, changes: &[Change]) -> Option<Table> {
    let connections = before
        .entry("connections")
        .or_insert(Parsed::Table(Table::new()));
    let connections = connections.as_table_mut()?;
    let ours = connections
        .entry(name)
        .or_insert(Parsed::Table(Table::new()));
    let ours = ours.as_table_mut()?;
    for (key, value) in changes {
        let value = value.as_ref().map(|value| match value {
            Value::Text(text) => Parsed::String(text.clone()),
            Value::List(list) => list
                .iter()
                .cloned()
                .map(Parsed::String)
                .collect::<Vec<_>>()
                .into(),
        });
        match value {
            Some(value) => ours.insert(key.name().to_owned(), value),
            None => ours.remove(key.name()),
        };
    }
    Some(before)
}

/// A table that nothing is in may be there or not.
fn without_empty(mut table: Table) -> Table {
    if let Some(connections) = table.get_mut("connections").and_then(Parsed::as_table_mut) {
        connections.retain(|_, it| it.as_table().is_none_or(|it| !it.is_empty()));
    }
    table.retain(|_, it| it.as_table().is_none_or(|it| !it.is_empty()));
    table
}

fn comments(text: &str) -> Vec<&str> {
    let lines = text
        .lines()
        .filter_map(|line| Some(line.split_once('#')?.1.trim()));
    let mut comments: Vec<_> = lines.collect();
    comments.sort_unstable();
    comments
}

#[test]
fn fuzz_a_change_changes_what_it_means_and_nothing_else() {
    let mut random = search::random();
    let mut changed = 0;
    for _ in 0..search::cases() {
        let before = any_file(&mut random);
        let (Ok(table), Ok(mut document)) =
            (before.parse::<Table>(), before.parse::<DocumentMut>())
        else {
            continue;
        };
        let name = NAMES[random.usize(..NAMES.len())];
        let changes = any_changes(&mut random);
        let is_new = connection(&table, name).is_none();
        // A connection that is no table stays, and the check of the whole refuses it.
        let Some(expected) = expected(table.clone(), name, &changes) else {
            continue;
        };
        edit::change(&mut document, name, &changes);
        let after = document.to_string();
        let read: Table = after
            .parse()
            .unwrap_or_else(|error| panic!("{before:?}: {after:?}: {error}"));
        let (read, expected) = (without_empty(read), without_empty(expected));
        assert_eq!(read, expected, "{before:?} {name} {changes:?}: {after:?}");
        let had_removed = changes.iter().any(|(_, value)| value.is_none());
        if !had_removed {
            let (was, is) = (comments(&before), comments(&after));
            assert!(
                was.iter().all(|comment| is.contains(comment)),
                "{before:?}: {after:?}"
            );
        }
        changed += 1;
        if is_new && edit::remove(&mut document, name) {
            let undone: Table = document.to_string().parse().unwrap();
            let undone = without_empty(undone);
            let table = without_empty(table);
            assert_eq!(undone, table, "{before:?} {name}: {document}");
        }
    }
    assert!(changed > 1000, "only {changed} were changed");
}
