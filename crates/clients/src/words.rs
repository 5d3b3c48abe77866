//! Words times and numbers for people. Pure functions; nothing is printed here.

/// From here on, hours say nothing to a person.
const TWO_DAYS: u64 = 48 * 3600;

/// A span of time in its two largest units: `11 h 58 min`, `3 min`, `40 s`; a long one in days.
pub fn span(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    match (hours, minutes) {
        _ if seconds >= TWO_DAYS => format!("{} days", hours / 24),
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// A moment some seconds back: `2 min ago`.
pub fn ago(seconds: u64) -> String {
    match seconds {
        0 => "just now".to_owned(),
        seconds => format!("{} ago", span(seconds)),
    }
}

/// `1 domain`, `2 domains`.
pub fn counted(number: usize, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        number => format!("{number} {thing}s"),
    }
}

/// A line of a settings file with `…` in the place of what may be a secret: the value of a key that is called so, and
/// each password in a URL.
pub fn without_secrets(line: &str) -> String {
    let is_end = |it: char| it == '=' || it == ':';
    let names = [
        "_authToken",
        "_auth",
        "_password",
        "password",
        "token",
        "npmAuthToken",
        "npmAuthIdent",
    ];
    let names_secret = |key: &str| {
        let key = key
            .trim_end()
            .trim_end_matches(['"', '\''])
            .to_ascii_lowercase();
        names
            .iter()
            .any(|name| key.ends_with(&name.to_ascii_lowercase()))
    };
    let mut ends = line.match_indices(is_end);
    let secret = ends.find(|(at, _)| names_secret(&line[..*at]));
    match secret.filter(|(at, _)| !line[at + 1..].trim().is_empty()) {
        Some((at, sign)) => format!("{}{sign}…", &line[..at]),
        None => without_passwords(line),
    }
}

/// The text with `…` in the place of each password in a URL: `https://aws:…@HOST/`.
pub fn without_passwords(text: &str) -> String {
    let mut pieces = text.split("://");
    let mut shown = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        shown.push_str("://");
        let end = piece.find(['/', '?', '#', ' ', '\t', '"', '\'']);
        let (authority, rest) = piece.split_at(end.unwrap_or(piece.len()));
        match authority
            .rsplit_once('@')
            .map(|(userinfo, host)| (userinfo.split_once(':'), host))
        {
            Some((Some((user, _)), host)) => shown.push_str(&format!("{user}:…@{host}")),
            _ => shown.push_str(authority),
        }
        shown.push_str(rest);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        let rows = [
            (
                "index-url = https://aws:eyJ0@host/simple/",
                "index-url = https://aws:…@host/simple/",
            ),
            (
                "url = \"https://aws:p@ss@host:443/\" # x",
                "url = \"https://aws:…@host:443/\" # x",
            ),
            ("https://aws@host/a:b@c", "https://aws@host/a:b@c"),
            ("https://host/", "https://host/"),
            (
                "a=https://:x@h b=http://u:y@i",
                "a=https://:…@h b=http://u:…@i",
            ),
            ("no url, a:b@c", "no url, a:b@c"),
        ];
        for (text, expected) in rows {
            assert_eq!(without_passwords(text), expected);
        }
    }

    #[test]
    fn a_secret_of_a_settings_file_is_not_shown() {
        let rows = [
            (
                "//host/npm/a/:_authToken=eyJ0",
                "//host/npm/a/:_authToken=…",
            ),
            ("password = s3cret", "password =…"),
            ("  npmAuthToken: \"s3cret\"", "  npmAuthToken:…"),
            ("\"token\" = \"s3cret\"", "\"token\" =…"),
            ("password =", "password ="),
            ("url = \"https://u:p@h/\"", "url = \"https://u:…@h/\""),
            (
                "keyring-provider = subprocess",
                "keyring-provider = subprocess",
            ),
        ];
        for (line, expected) in rows {
            assert_eq!(without_secrets(line), expected);
        }
    }

    #[test]
    fn spans_have_at_most_two_units() {
        let rows = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3599, "59 min"),
            (3600, "1 h"),
            (43_199, "11 h 59 min"),
        ];
        for (seconds, expected) in rows {
            assert_eq!(span(seconds), expected);
        }
        assert_eq!(counted(1, "URL"), "1 URL");
        assert_eq!(counted(0, "URL"), "0 URLs");
        assert_eq!(ago(0), "just now");
        assert_eq!(ago(120), "2 min ago");
    }
}
