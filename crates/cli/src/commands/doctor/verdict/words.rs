//! The client's own words about a run: the one line of its output to show, without any secret.

/// A client's own words are cut here.
const LONGEST_LINE: usize = 200;

/// The last line that speaks of an error, or the last one. A line that may hold a secret is not shown.
pub(super) fn last_words(output: &str) -> Option<String> {
    let lines = output.lines().map(without_colours);
    let lines = lines.map(|line| line.trim().to_owned());
    let lines = lines.filter(|line| !line.is_empty() && !may_hold_secret(line));
    let lines: Vec<_> = lines.collect();
    let speaks = |line: &&String| line.to_ascii_lowercase().contains("error");
    let line = lines.iter().rev().find(speaks).or(lines.last())?;
    let line = line.trim_end_matches('.');
    Some(line.chars().take(LONGEST_LINE).collect())
}

/// Without the sequences by which a terminal is told to change its colour: `ESC [ 31 m`.
fn without_colours(line: &str) -> String {
    let mut pieces = line.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_parameter = |it: char| it.is_ascii_digit() || it == ';';
        let rest = piece.trim_start_matches(is_parameter);
        plain.push_str(rest.strip_prefix('m').unwrap_or(piece));
    }
    plain
}

fn may_hold_secret(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let has_userinfo = line.contains("://") && line.contains('@');
    let assigns = ["token", "password", "_auth"].iter().any(|word| {
        let behind = lower.split(word).skip(1);
        behind
            .into_iter()
            .any(|rest| rest.trim_start_matches(['"', ' ']).starts_with(['=', ':']))
    });
    has_userinfo || assigns || line.contains("eyJ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_own_words_are_those_about_an_error_and_hold_no_secret() {
        let rows = [
            ("", None),
            ("one\ntwo\n\n", Some("two")),
            (
                "\u{1b}[31mERROR  \u{1b}[0m one\u{1b}[1;2m\n",
                Some("ERROR   one"),
            ),
            ("\u{1b}[31m\ntwo\n", Some("two")),
            ("error: one\n  at two\n", Some("error: one")),
            (
                "ERROR: one\nerror: https://aws:s3cret@host/\n",
                Some("ERROR: one"),
            ),
            (
                "_authToken=s3cret\n\"password\": s3cret\nUV_TOKEN = s3cret\n",
                None,
            ),
            ("error: eyJhbGciOiJ9\n", None),
            (
                "no token for https://host/\n",
                Some("no token for https://host/"),
            ),
        ];
        for (output, expected) in rows {
            assert_eq!(last_words(output).as_deref(), expected, "{output}");
        }
        let long = "x".repeat(1000);
        assert_eq!(last_words(&long).unwrap().len(), LONGEST_LINE);
    }
}
