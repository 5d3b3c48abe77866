//! Of a large configuration, the part that can matter: cut out of its text before anything is parsed, because a
//! platform's file holds thousands of connections and a helper needs one. Nothing is understood or checked here.
//!
//! A table is left out only if it is plainly a connection, and plainly one that says none of the words asked for.
//! Whatever is unusual is kept, so an excerpt may hold too much, never too little.

use memchr::memchr_iter;
use memchr::memmem::{Finder, find};

/// `text` without the connections that contain none of `words`; `None` where the text cannot be cut up safely.
pub(super) fn excerpt(text: &str, words: &[&str]) -> Option<String> {
    let has_long_strings = [r#"""""#, "'''"]
        .iter()
        .any(|quotes| find(text.as_bytes(), quotes.as_bytes()).is_some());
    // In a string of several lines, a line that looks like a table's head may be none.
    if has_long_strings {
        return None;
    }
    let words: Vec<_> = words.iter().map(Finder::new).collect();
    let is_kept = |table: &&str| !is_connection(table) || contains_any(table, &words);
    Some(tables(text).filter(is_kept).collect())
}

/// The text, cut before each line that begins with a bracket: outside of strings, that is the head of a table.
fn tables(text: &str) -> impl Iterator<Item = &str> {
    let line_starts = move |at: &usize| *at > 0 && text.as_bytes()[at - 1] == b'\n';
    let heads = memchr_iter(b'[', text.as_bytes()).filter(line_starts);
    let mut start = 0;
    heads.chain([text.len()]).map(move |end| {
        let table = &text[start..end];
        start = end;
        table
    })
}

/// Whether it is one connection, written as usual: no escape that could hide a word, no second head further in.
fn is_connection(table: &str) -> bool {
    let is_inner_head = |at: usize| {
        let before = table[..at].trim_end_matches([' ', '\t']);
        before.ends_with('\n')
    };
    table.starts_with("[connections.")
        && !table.contains('\\')
        && !memchr_iter(b'[', table.as_bytes()).any(is_inner_head)
}

fn contains_any(table: &str, words: &[Finder<'_>]) -> bool {
    words
        .iter()
        .any(|word| word.find(table.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULTS: &str = "# our customers\n[defaults]\nprofile = \"integration\"\n\n";
    const ACME: &str = "[connections.acme]\naccount_id = \"111122223333\"\n\n";
    const GLOBEX: &str = "[connections.globex]\naccount_id = \"444455556666\"\nvia = [\"a\"]\n";

    #[test]
    fn connections_that_say_none_of_the_words_are_left_out() {
        let text = [DEFAULTS, ACME, GLOBEX].concat();
        let rows: [(&[&str], &[&str]); 5] = [
            (&["111122223333"], &[DEFAULTS, ACME]),
            (&["444455556666"], &[DEFAULTS, GLOBEX]),
            (&["777788889999"], &[DEFAULTS]),
            (&["777788889999", "globex"], &[DEFAULTS, GLOBEX]),
            (&["111122223333", "globex"], &[DEFAULTS, ACME, GLOBEX]),
        ];
        for (words, expected) in rows {
            assert_eq!(excerpt(&text, words), Some(expected.concat()), "{words:?}");
        }
    }

    #[test]
    fn whatever_is_unusual_is_kept() {
        let rows = [
            "[connections]\nglobex = { account_id = \"444455556666\" }\n",
            "[ connections . globex ]\naccount_id = \"444455556666\"\n",
            "  [connections.globex]\naccount_id = \"444455556666\"\n",
            "[\"connections\".globex]\naccount_id = \"444455556666\"\n",
            "[connections.globex]\naccount_id = \"\\u0031111222233333\"\n",
            "[connections.globex]\naccount_id = \"444455556666\"\n\t[defaults]\nprofile = \"x\"\n",
            "connections.globex.account_id = \"444455556666\"\n",
            "[hosts]\n\"packages.example.com\" = \"https://…\"\n",
        ];
        for text in rows {
            assert_eq!(excerpt(text, &["111122223333"]).as_deref(), Some(text));
            let behind = [DEFAULTS, text].concat();
            assert_eq!(excerpt(&behind, &["111122223333"]), Some(behind));
        }
    }

    #[test]
    fn a_text_with_strings_of_several_lines_is_not_cut() {
        for quotes in ["\"\"\"", "'''"] {
            let text = format!(
                "{ACME}[defaults]\nprofile = {quotes}\n[connections.x]\naccount_id = 1\n{quotes}\n"
            );
            assert_eq!(excerpt(&text, &["111122223333"]), None);
        }
    }

    #[test]
    fn line_endings_and_comments_change_nothing() {
        let text = [DEFAULTS, ACME, GLOBEX].concat().replace('\n', "\r\n");
        let cut = excerpt(&text, &["111122223333"]).unwrap();
        assert_eq!(cut, [DEFAULTS, ACME].concat().replace('\n', "\r\n"));
        let commented = format!("{ACME}# [connections.x]\n");
        assert_eq!(excerpt(&commented, &["111122223333"]), Some(commented));
    }
}
