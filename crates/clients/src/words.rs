//! How times and numbers are put to people. Pure functions; nothing is printed here.

/// A span of time in its two largest units: `11 h 58 min`, `3 min`, `40 s`.
pub fn span(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    match (hours, minutes) {
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
