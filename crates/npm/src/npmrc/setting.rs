//! Settings other than tokens: `registry`, `@scope:registry`, `//host/path/:tokenHelper`. Which of them should be
//! there is not known here.

use super::{Document, Entry, Value};

impl Document {
    /// The value that npm finds under `key`: the last of several.
    pub fn setting(&self, key: &str) -> Option<String> {
        let last = self.top_level().rfind(|(_, entry)| entry.key == key);
        last.and_then(|(_, entry)| entry.value)
            .map(|value| value.text)
    }

    /// Makes `value` what npm finds under `key`: in every line that has the key, else in one of our own.
    pub fn set(&mut self, key: &str, value: &str) {
        let lines: Vec<(usize, Value)> = self
            .top_level()
            .filter(|(_, entry)| entry.key == key)
            .filter_map(|(at, entry)| Some((at, entry.value?)))
            .collect();
        for (at, old) in lines.into_iter().filter(|(_, old)| old.text != value) {
            self.lines[at].splice(old.span, spelled(value).bytes());
        }
        if self.setting(key).as_deref() != Some(value) {
            let place = self.place_for(key);
            self.insert(place, format!("{key}={}", spelled(value)).into_bytes());
        }
    }

    /// Takes away every line that `is_ours` says yes to.
    pub fn remove_all(&mut self, is_ours: impl Fn(&Entry) -> bool) {
        let ours: Vec<usize> = self
            .top_level()
            .filter(|(_, entry)| is_ours(entry))
            .map(|(at, _)| at)
            .collect();
        for at in ours.into_iter().rev() {
            self.remove(at);
        }
    }
}

/// As it stands, or in quotes if it would mean something else then.
fn spelled(value: &str) -> String {
    let is_plain = value == value.trim() && !value.contains([';', '#', '\\', '"', '\'']);
    match is_plain {
        true => value.to_owned(),
        false => serde_json::Value::from(value).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "@my-scope:registry";

    fn document(text: &str) -> Document {
        Document::parse(text.as_bytes()).unwrap()
    }

    fn text(document: &Document) -> String {
        String::from_utf8(document.to_bytes()).unwrap()
    }

    #[test]
    fn a_setting_is_set_in_its_place() {
        let rows = [
            ("", "K=new\n"),
            ("a=b\n", "a=b\nK=new\n"),
            ("# K=old\na=b", "# K=old\na=b\nK=new"),
            ("K=old ; mine\r\na=b\r\n", "K=new ; mine\r\na=b\r\n"),
            ("K = \"new\"\n", "K = \"new\"\n"),
            ("K=old\nK=older\n", "K=new\nK=new\n"),
            ("K\na=b\n", "K\nK=new\na=b\n"),
            ("a=b\n[section]\nK=old\n", "a=b\nK=new\n[section]\nK=old\n"),
        ];
        for (before, after) in rows.map(|(a, b)| (a.replace('K', KEY), b.replace('K', KEY))) {
            let mut document = document(&before);
            document.set(KEY, "new");
            assert_eq!(text(&document), after, "{before:?}");
            assert_eq!(document.setting(KEY).as_deref(), Some("new"));
        }
    }

    #[test]
    fn any_value_is_read_as_it_was_set() {
        for value in [
            "/home/a b/c",
            "a;b",
            "a#b",
            "\\\\server\\x",
            "'a'",
            " a ",
            "C:\\x",
        ] {
            let mut document = document("");
            document.set(KEY, value);
            assert_eq!(document.setting(KEY).as_deref(), Some(value));
        }
    }

    #[test]
    fn only_what_is_ours_is_removed() {
        let mut document = document("a=1\nb=2\n# a=1\na=3\n[s]\na=1");
        document.remove_all(|entry| entry.key == "a");
        assert_eq!(text(&document), "b=2\n# a=1\n[s]\na=1");
    }
}
