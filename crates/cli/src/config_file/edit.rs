//! Changes to the configuration's text. Comments, order and spelling of everything else stay as they were.
//! It touches no file, and judges no value: [`Key::check`] does, and `Configuration::parse` checks the whole.

use std::collections::BTreeMap;

use codeartifact_auth::connection::Key;
use toml_edit::{Array, DocumentMut, Item, Table, TableLike};

use super::comments;

const CONNECTIONS: &str = "connections";

/// A value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A string.
    Text(String),
    /// A list of strings.
    List(Vec<String>),
}

/// A key and its new value; `None` removes it.
pub(crate) type Change = (Key, Option<Value>);

/// A connection's own values, without `[defaults]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Written(BTreeMap<String, Value>);

impl Written {
    /// The string under `key`.
    pub(crate) fn text(&self, key: Key) -> Option<&str> {
        match self.0.get(key.name()) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The list under `key`.
    pub(crate) fn list(&self, key: Key) -> Option<&Vec<String>> {
        match self.0.get(key.name()) {
            Some(Value::List(list)) => Some(list),
            _ => None,
        }
    }

    /// Tells whether `key` is there.
    pub(crate) fn has(&self, key: Key) -> bool {
        self.0.contains_key(key.name())
    }

    /// Returns it with `changes` made.
    pub(crate) fn after(&self, changes: &[Change]) -> Self {
        let mut after = self.clone();
        for (key, value) in changes {
            match value {
                Some(value) => after.0.insert(key.name().to_owned(), value.clone()),
                None => after.0.remove(key.name()),
            };
        }
        after
    }
}

/// Returns the connection `name` as it is written, if it is there.
pub(super) fn written(document: &DocumentMut, name: &str) -> Option<Written> {
    let connection = document.get(CONNECTIONS)?.get(name)?.as_table_like()?;
    let values = connection
        .iter()
        .filter_map(|(key, item)| Some((key.to_owned(), value_of(item)?)));
    Some(Written(values.collect()))
}

/// The names of all connections.
pub(super) fn names(document: &DocumentMut) -> impl Iterator<Item = &str> {
    let connections = document.get(CONNECTIONS).and_then(Item::as_table_like);
    let entries = connections.into_iter().flat_map(TableLike::iter);
    entries.map(|(name, _)| name)
}

/// Makes `changes` to the connection `name`, which is added at the end of the file if it is new.
pub(super) fn change(document: &mut DocumentMut, name: &str, changes: &[Change]) {
    let is_new = written(document, name).is_none();
    let Some(connection) = table_in(document.as_table_mut(), CONNECTIONS, true)
        .and_then(|connections| table_in(connections, name, false))
    else {
        return;
    };
    for (key, value) in changes {
        match value {
            Some(value) => set(connection, key.name(), value),
            None => drop(connection.remove(key.name())),
        }
    }
    if is_new {
        comments::put_last(document, CONNECTIONS, name);
    }
}

/// Removes the connection `name`, with the comment right above it. Returns false if it is not there.
pub(super) fn remove(document: &mut DocumentMut, name: &str) -> bool {
    let connections = document
        .get_mut(CONNECTIONS)
        .and_then(Item::as_table_like_mut);
    match connections.and_then(|connections| connections.remove(name)) {
        Some(Item::Table(table)) => {
            comments::keep_those_of_others(document, &table);
            true
        }
        removed => removed.is_some(),
    }
}

/// Returns the table under `key`, made if there is none; `[connections]` itself gets no line. `None` if it is not a
/// table, which the check of the file has refused.
fn table_in<'a>(
    table: &'a mut dyn TableLike,
    key: &str,
    implicit: bool,
) -> Option<&'a mut dyn TableLike> {
    let make = || {
        let mut made = Table::new();
        made.set_implicit(implicit);
        Item::Table(made)
    };
    table.entry(key).or_insert_with(make).as_table_like_mut()
}

/// A value that is there already keeps the comment behind it.
fn set(table: &mut dyn TableLike, key: &str, value: &Value) {
    let mut value = match value {
        Value::Text(text) => toml_edit::Value::from(text.as_str()),
        Value::List(texts) => texts.iter().collect::<Array>().into(),
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(before) => {
            *value.decor_mut() = before.decor().clone();
            *before = value;
        }
        None => drop(table.insert(key, Item::Value(value))),
    }
}

fn value_of(item: &Item) -> Option<Value> {
    if let Some(array) = item.as_array() {
        let texts = array.iter().map(|value| value.as_str().map(str::to_owned));
        return texts.collect::<Option<_>>().map(Value::List);
    }
    item.as_str().map(|text| Value::Text(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::endpoint::Format;

    use super::*;

    fn text(text: &str) -> Option<Value> {
        Some(Value::Text(text.to_owned()))
    }

    fn changed(before: &str, name: &str, changes: &[Change]) -> String {
        let mut document = before.parse().unwrap();
        change(&mut document, name, changes);
        document.to_string()
    }

    #[test]
    fn only_what_is_changed_changes() {
        let account = (Key::AccountId, text("1"));
        let rows = [
            (
                "",
                vec![account.clone()],
                "[connections.acme]\naccount_id = \"1\"\n",
            ),
            (
                "# mine\n[defaults]\nvia = [ 'a' ] # so\n",
                vec![account.clone()],
                "# mine\n[defaults]\nvia = [ 'a' ] # so\n\n[connections.acme]\naccount_id = \"1\"\n",
            ),
            (
                "[connections.acme] # a\n# b\naccount_id = '2' # c\nnpm='x'\n\n[hosts]\n",
                vec![
                    account.clone(),
                    (Key::Url(Format::Npm), None),
                    (Key::Profile, text("p")),
                ],
                "[connections.acme] # a\n# b\naccount_id = \"1\" # c\nprofile = \"p\"\n\n[hosts]\n",
            ),
            (
                "[connections.one]\nnpm = 'x'\n\n[hosts]\na = 'b'\n# end",
                vec![account.clone()],
                "[connections.one]\nnpm = 'x'\n\n[hosts]\na = 'b'\n# end\n\n[connections.acme]\naccount_id = \"1\"\n",
            ),
            (
                "connections = { acme = { npm = 'x' } }\n",
                vec![account.clone()],
                "connections = { acme = { npm = 'x' , account_id = \"1\" } }\n",
            ),
            (
                "connections = { one = { npm = 'x' } }\n# end\n",
                vec![account.clone()],
                "connections = { one = { npm = 'x' } , acme.account_id = \"1\" }\n# end\n",
            ),
            (
                "",
                vec![(Key::Via, Some(Value::List(vec!["a".into(), "b\"".into()])))],
                "[connections.acme]\nvia = [\"a\", 'b\"']\n",
            ),
        ];
        for (before, changes, after) in rows {
            assert_eq!(changed(before, "acme", &changes), after);
        }
    }

    #[test]
    fn a_name_that_toml_must_quote() {
        let after = changed("", "Acme, Inc.", &[(Key::AccountId, text("1"))]);
        assert_eq!(after, "[connections.\"Acme, Inc.\"]\naccount_id = \"1\"\n");
    }

    #[test]
    fn what_is_written_and_what_it_becomes() {
        let document = "[defaults]\nprofile = 'd'\n[connections.acme]\nnpm = 'x'\nvia = ['a']\n";
        let written = written(&document.parse().unwrap(), "acme").unwrap();
        assert_eq!(written.text(Key::Url(Format::Npm)), Some("x"));
        assert_eq!(
            (written.has(Key::Via), written.text(Key::Via)),
            (true, None)
        );
        assert!(!written.has(Key::Profile), "[defaults] do not count");

        let after = written.after(&[(Key::Url(Format::Npm), None), (Key::Profile, text("p"))]);
        assert!(!after.has(Key::Url(Format::Npm)) && after.has(Key::Profile));
    }

    #[test]
    fn a_connection_goes_with_its_own_comment_alone() {
        let acme = "[connections.acme] # here\nnpm = 'x'\n";
        let rows = [
            (acme.to_owned(), String::new()),
            (
                format!("# the file\n\n# acme's\n{acme}\n# others'\n[connections.other]\n"),
                "# the file\n\n# others'\n[connections.other]\n".to_owned(),
            ),
            (
                format!("[defaults]\n\n# Europe\n\n# acme's\n{acme}\n[hosts]\n"),
                "[defaults]\n\n# Europe\n\n[hosts]\n".to_owned(),
            ),
            (
                format!("[defaults]\n\n# Europe\n\n{acme}"),
                "[defaults]\n\n# Europe\n\n".to_owned(),
            ),
            (
                "[connections]\nacme = { npm = 'x' } # a\nother = { npm = 'y' }\n".to_owned(),
                "[connections]\nother = { npm = 'y' }\n".to_owned(),
            ),
        ];
        for (before, after) in rows {
            let mut document = before.parse().unwrap();
            assert!(remove(&mut document, "acme"), "{before}");
            assert_eq!(document.to_string(), after, "{before}");
            assert!(!remove(&mut document, "acme"), "{before}");
        }
    }
}
