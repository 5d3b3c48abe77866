//! Settings other than tokens: `registry`, `@scope:registry`, `//host/path/:tokenHelper`. Which of them should be
//! there is not known here.

use super::{Document, Entry};

impl Document {
    /// The value that npm finds under `key`: the last of several.
    pub fn setting(&self, key: &str) -> Option<String> {
        let last = self.top_level().rfind(|(_, entry)| entry.key == key);
        last.and_then(|(_, entry)| entry.value)
            .map(|value| value.text)
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

/// A line that gives `key` a value.
pub fn line(key: &str, value: &str) -> String {
    format!("{key}={}", spelled(value))
}

/// As it stands, or in quotes if it would mean something else then.
fn spelled(value: &str) -> String {
    let is_plain = value == value.trim() && !value.contains([';', '#', '\\', '"', '\'']);
    if is_plain {
        value.to_owned()
    } else {
        serde_json::Value::from(value).to_string()
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
    fn any_value_is_read_as_it_was_written() {
        for value in [
            "https://example.com/",
            "/home/a b/c",
            "a;b",
            "a#b",
            "\\\\server\\x",
            "'a'",
            " a ",
            "C:\\x",
        ] {
            let document = document(&line(KEY, value));
            assert_eq!(document.setting(KEY).as_deref(), Some(value));
        }
        assert_eq!(
            document(&format!("{KEY}=a\n{KEY}=b"))
                .setting(KEY)
                .as_deref(),
            Some("b")
        );
    }

    #[test]
    fn only_what_is_ours_is_removed() {
        let mut document = document("a=1\nb=2\n# a=1\na=3\n[s]\na=1");
        document.remove_all(|entry| entry.key == "a");
        assert_eq!(text(&document), "b=2\n# a=1\n[s]\na=1");
    }
}
