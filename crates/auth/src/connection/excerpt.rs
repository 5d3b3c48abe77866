//! Of a large configuration, the part that can matter: cut out of its text before anything is parsed, because a
//! platform's file holds thousands of connections and a helper needs one. Nothing is understood or checked here.
//!
//! A table is left out only if it is plainly a connection, and plainly one that says none of the words asked for.
//! Unusual text is kept, so an excerpt may hold too much, never too little.

use std::io::{self, Read};

use memchr::memmem::{Finder, find};
use memchr::{memchr, memchr_iter, memrchr_iter};

/// Read at a time, into memory that stays in the processor's cache: a new page costs more than searching it.
const BLOCK: usize = 128 * 1024;

/// Reads `file` without the connections that contain none of `words`; `None` if it cannot be cut up safely.
pub(super) fn excerpt(mut file: impl Read, words: &[&str]) -> io::Result<Option<String>> {
    let words: Vec<_> = words.iter().map(Finder::new).collect();
    let mut kept = Vec::new();
    let (mut block, mut filled) = (vec![0; BLOCK], 0);
    loop {
        let read = file.read(&mut block[filled..])?;
        filled += read;
        let end = if read == 0 {
            filled
        } else {
            last_head(&block[..filled])
        };
        if has_long_strings(&block[..end]) {
            return Ok(None);
        }
        keep(&block[..end], &words, &mut kept);
        if read == 0 {
            return Ok(String::from_utf8(kept).ok());
        }
        block.copy_within(end..filled, 0);
        filled -= end;
        if filled == block.len() {
            block.resize(2 * filled, 0);
        }
    }
}

/// In a string of several lines, a line that looks like a table's head may be none.
fn has_long_strings(text: &[u8]) -> bool {
    find(text, br#"""""#).is_some() || find(text, b"'''").is_some()
}

fn keep(text: &[u8], words: &[Finder<'_>], kept: &mut Vec<u8>) {
    for table in tables(text) {
        if !is_connection(table) || words.iter().any(|word| word.find(table).is_some()) {
            kept.extend_from_slice(table);
        }
    }
}

/// The text, cut before each line that begins with a bracket: outside of strings, that is the head of a table.
fn tables(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let heads = memchr_iter(b'[', text).filter(|at| begins_line(text, *at));
    let mut start = 0;
    heads.chain([text.len()]).map(move |end| {
        let table = &text[start..end];
        start = end;
        table
    })
}

/// Returns the start of the last table, which may go on behind the end.
fn last_head(text: &[u8]) -> usize {
    let mut brackets = memrchr_iter(b'[', text);
    brackets.find(|at| begins_line(text, *at)).unwrap_or(0)
}

fn begins_line(text: &[u8], at: usize) -> bool {
    at > 0 && text[at - 1] == b'\n'
}

/// Tells whether it is one connection, written as usual: no escape that could hide a word, no second head further in.
fn is_connection(table: &[u8]) -> bool {
    let is_inner_head = |at: usize| {
        let mut before = table[..at].iter().rev();
        before.find(|byte| !matches!(byte, b' ' | b'\t')) == Some(&b'\n')
    };
    table.starts_with(b"[connections.")
        && memchr(b'\\', table).is_none()
        && !memchr_iter(b'[', table).any(is_inner_head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, words: &[&str]) -> Option<String> {
        super::excerpt(text.as_bytes(), words).unwrap()
    }

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

    /// Gives a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(self.0.len()).min(into.len());
            let (now, later) = self.0.split_at(length);
            into[..length].copy_from_slice(now);
            self.0 = later;
            Ok(length)
        }
    }

    #[test]
    fn it_does_not_matter_in_which_pieces_a_file_is_read() {
        let long = format!(
            "[connections.long]\nvia = [\"{}\"]\n",
            "x".repeat(3 * BLOCK)
        );
        let hosts = "[hosts]\n";
        let text = [DEFAULTS, ACME, GLOBEX, &long, hosts, GLOBEX, ACME].concat();
        let expected = [DEFAULTS, ACME, hosts, ACME].concat();
        for size in [1000, 4096, 65_537, usize::MAX] {
            let cut = super::excerpt(Slow(text.as_bytes(), size), &["111122223333"]).unwrap();
            assert_eq!(cut.as_deref(), Some(expected.as_str()), "{size}");
        }
    }
}
