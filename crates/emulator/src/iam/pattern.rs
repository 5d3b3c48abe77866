//! IAM's wildcards: `*` for any run of characters, `?` for one. `${*}`, `${?}` and what a policy variable
//! is replaced by are plain characters. Nothing here knows about ARNs.

/// A text in which some characters are wildcards.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pattern(Vec<Glyph>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Glyph {
    /// Any run of characters, an empty one too.
    Run,
    /// Any one character.
    One,
    Exactly(char),
}

impl Pattern {
    /// Reads `*` and `?` as wildcards.
    pub(crate) fn parse(text: &str) -> Self {
        let mut pattern = Self::default();
        pattern.push(text);
        pattern
    }

    /// Appends text in which `*` and `?` are wildcards.
    pub(super) fn push(&mut self, text: &str) {
        self.0.extend(text.chars().map(|c| match c {
            '*' => Glyph::Run,
            '?' => Glyph::One,
            c => Glyph::Exactly(c),
        }));
    }

    /// Appends text as it is.
    pub(super) fn push_literal(&mut self, text: &str) {
        self.0.extend(text.chars().map(Glyph::Exactly));
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        walk(&self.0, &text.chars().collect::<Vec<_>>())
    }

    /// The text that an operator without wildcards compares.
    pub(super) fn text(&self) -> String {
        let plain = |glyph: &Glyph| match glyph {
            Glyph::Run => '*',
            Glyph::One => '?',
            Glyph::Exactly(c) => *c,
        };
        self.0.iter().map(plain).collect()
    }

    /// At most `parts` patterns, divided at colons.
    pub(super) fn split(&self, parts: usize) -> Vec<Self> {
        let split = self.0.splitn(parts, |glyph| *glyph == Glyph::Exactly(':'));
        split.map(|part| Self(part.to_vec())).collect()
    }
}

/// Tells if `text` matches `pattern`, case and all.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    Pattern::parse(pattern).matches(text)
}

/// Tells if they match when case is ignored, as it is in actions.
pub(crate) fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    matches(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
}

/// Greedy matching with one step back to the latest star: linear for one star, quadratic at worst.
fn walk(pattern: &[Glyph], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(Glyph::Run) => {
                star = Some((p + 1, t));
                p += 1;
            }
            Some(&glyph) if glyph == Glyph::One || glyph == Glyph::Exactly(text[t]) => {
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
    pattern[p..].iter().all(|glyph| *glyph == Glyph::Run)
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
