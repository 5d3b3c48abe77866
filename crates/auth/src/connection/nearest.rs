//! Which known name somebody probably meant. Names only: what follows from it is the caller's matter.

/// The nearest of `known`, unless none is near. Case, and `-` for `_`, make no difference.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = folded(word);
    known
        .into_iter()
        .filter_map(|name| Some((rank_if_near(&word, &folded(name))?, name)))
        .min()
        .map(|(_, name)| name)
}

fn folded(word: &str) -> Vec<char> {
    word.chars()
        .map(|character| match character {
            '-' => '_',
            _ => character.to_ascii_lowercase(),
        })
        .collect()
}

/// Best is when one word begins with the other; else up to half of the characters may be wrong.
fn rank_if_near(word: &[char], name: &[char]) -> Option<(bool, usize)> {
    let (shorter, longer) = match word.len() < name.len() {
        true => (word, name),
        false => (name, word),
    };
    let is_prefix = shorter.len() >= 3 && longer.starts_with(shorter);
    let distance = distance(word, name);
    (is_prefix || 2 * distance <= longer.len()).then_some((!is_prefix, distance))
}

/// How many characters were added, left out, changed, or swapped with their neighbour.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for row in 1..=from.len() {
        let mut current = vec![row];
        for column in 1..=to.len() {
            let changed = usize::from(from[row - 1] != to[column - 1]);
            let mut least = (above[column - 1] + changed)
                .min(above[column] + 1)
                .min(current[column - 1] + 1);
            let swapped = row > 1
                && column > 1
                && from[row - 1] == to[column - 2]
                && from[row - 2] == to[column - 1];
            if swapped {
                least = least.min(before[column - 2] + 1);
            }
            current.push(least);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[to.len()]
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

    #[test]
    fn a_swap_is_one_step_and_distance_has_no_direction() {
        let rows = [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "acb", 1),
            ("abcd", "bc", 2),
            ("kitten", "sitting", 3),
        ];
        for (one, other, expected) in rows {
            assert_eq!(
                distance(&folded(one), &folded(other)),
                expected,
                "{one} {other}"
            );
            assert_eq!(
                distance(&folded(other), &folded(one)),
                expected,
                "{other} {one}"
            );
        }
    }
}
