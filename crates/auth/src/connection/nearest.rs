//! Guesses the known name that was probably meant. Names only.

use strsim::osa_distance;

/// The nearest of `known`, unless none is near. Case, and `-` for `_`, make no difference.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = folded(word);
    known
        .into_iter()
        .filter_map(|name| Some((rank_if_near(&word, &folded(name))?, name)))
        .min()
        .map(|(_, name)| name)
}

fn folded(word: &str) -> String {
    word.replace('-', "_").to_ascii_lowercase()
}

/// Best is when one word begins with the other; else up to half of the characters may be wrong.
fn rank_if_near(word: &str, name: &str) -> Option<(bool, usize)> {
    let length = |text: &str| text.chars().count();
    let is_prefix =
        length(word).min(length(name)) >= 3 && (word.starts_with(name) || name.starts_with(word));
    let distance = osa_distance(word, name);
    let is_near = is_prefix || 2 * distance <= length(word).max(length(name));
    is_near.then_some((!is_prefix, distance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_probably_meant() {
        let known = [
            "account_id",
            "role_arn",
            "external_id",
            "scope",
            "profile",
            "via",
            "duration",
            "cache",
            "npm",
            "pypi",
        ];
        let rows = [
            ("role_arn", Some("role_arn")),
            ("rolearn", Some("role_arn")),
            ("roleArn", Some("role_arn")),
            ("role-arn", Some("role_arn")),
            ("role", Some("role_arn")),
            ("ROLE_ARN", Some("role_arn")),
            ("externalId", Some("external_id")),
            ("external", Some("external_id")),
            ("acount_id", Some("account_id")),
            ("accuont_id", Some("account_id")),
            ("account", Some("account_id")),
            ("nmp", Some("npm")),
            ("pypy", Some("pypi")),
            ("vai", Some("via")),
            ("durations", Some("duration")),
            ("cash", Some("cache")),
            ("pip", Some("pypi")),
            ("x", None),
            ("", None),
            ("mfa_serial", None),
            ("ünïcödé", None),
        ];
        for (word, expected) in rows {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }
}
