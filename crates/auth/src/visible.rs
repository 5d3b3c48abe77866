//! Text of others, made fit for a terminal and a log: AWS's words, a project's URLs, what a program printed. Control
//! characters could clear a screen or forge a line, and invisible ones turn the direction of what is read.

/// As one line: every run of blanks and control characters is one space.
pub fn one_line(text: &str) -> String {
    let is_gap = |character: char| character.is_whitespace() || character.is_control();
    let pieces = text.split(is_gap).map(without_invisible);
    let pieces = pieces.filter(|piece| !piece.is_empty());
    pieces.collect::<Vec<_>>().join(" ")
}

/// The same, of that many characters at most.
pub fn short_line(text: &str, longest: usize) -> String {
    one_line(text).chars().take(longest).collect()
}

/// Leaves the text as it is, but for characters that nobody must see: control characters become blanks.
pub fn shown(text: &str) -> String {
    let blank = |character: char| {
        if character.is_control() {
            ' '
        } else {
            character
        }
    };
    without_invisible(text).chars().map(blank).collect()
}

fn without_invisible(text: &str) -> String {
    text.chars().filter(|it| !is_invisible(*it)).collect()
}

/// Unicode's format characters (category Cf) and its separators of lines and paragraphs.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{8e2}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_terminal_would_obey() {
        let rows = [
            ("two words", "two words"),
            ("  a \t b\r\nc\u{b}\u{85}", "a b c"),
            ("no\u{1b}[31m colour", "no [31m colour"),
            ("Acc\u{1b}]0;PWNED\u{7}ess", "Acc ]0;PWNED ess"),
            ("abc\u{202e}cba\u{2066}\u{200b}", "abccba"),
            ("a\u{2028}b", "a b"),
            ("Zoë 例", "Zoë 例"),
            ("", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(one_line(text), expected, "{text:?}");
        }
        assert_eq!(short_line("abc def", 5), "abc d");
        assert_eq!(shown(" a\nb\u{202e}  c"), " a b  c");
    }
}
