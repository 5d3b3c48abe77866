//! IAM's wildcards: `*` for any run of characters, `?` for one. Nothing here knows about ARNs.

/// Whether `text` matches `pattern`, case and all.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    walk(&pattern, &text)
}

/// Whether they match when case is ignored, as it is in actions.
pub(crate) fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    matches(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
}

/// Greedy matching with one step back to the latest star: linear for one star, quadratic at worst.
fn walk(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p + 1, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after, from)) = star else {
                    return false;
                };
                star = Some((after, from + 1));
                p = after;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "anything", true),
            (
                "codeartifact:Get*",
                "codeartifact:GetAuthorizationToken",
                true,
            ),
            (
                "codeartifact:Get*",
                "codeartifact:ReadFromRepository",
                false,
            ),
            (
                "*:repository/my-domain/*",
                "arn:aws:codeartifact:us-east-1:111122223333:repository/my-domain/a/b",
                true,
            ),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b", "a-b-", false),
            ("A", "a", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} against {text}");
        }
    }

    #[test]
    fn actions_ignore_case() {
        assert!(matches_ignoring_case("STS:assume*", "sts:AssumeRole"));
    }
}
