//! Versions of go, in its own order (cmd/go/internal/gover): a language version comes before its release candidates, and
//! these before the releases.

/// A version; its fields compare in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    major: u32,
    minor: u32,
    kind: Kind,
    number: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Language,
    Alpha,
    Beta,
    Candidate,
    Release,
}

impl Version {
    /// Reads `1.28`, `1.28rc1`, `1.28.1`, `1.28.1-X:boringcrypto`; `None` for a development build.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.split(['-', ' ', '+']).next()?;
        let (major, rest) = number(text)?;
        let (minor, rest) = match rest.strip_prefix('.') {
            Some(rest) => number(rest)?,
            None => (0, rest),
        };
        let kinds = [
            ("alpha", Kind::Alpha),
            ("beta", Kind::Beta),
            ("rc", Kind::Candidate),
            (".", Kind::Release),
        ];
        let later = kinds.into_iter().find_map(|(word, kind)| {
            let (number, _) = number(rest.strip_prefix(word)?)?;
            Some((kind, number))
        });
        let (kind, number) = later.unwrap_or((Kind::Language, 0));
        Some(Self {
            major,
            minor,
            kind,
            number,
        })
    }
}

fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|it: char| !it.is_ascii_digit());
    let (digits, rest) = text.split_at(end.unwrap_or(text.len()));
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_the_order_of_go() {
        let rising = [
            "1.9",
            "1.21",
            "1.21rc1",
            "1.21rc2",
            "1.21.0",
            "1.21.10",
            "1.28beta1",
            "1.28.0",
            "2",
        ];
        let parsed: Vec<_> = rising.map(|it| Version::parse(it).unwrap()).into();
        assert!(parsed.is_sorted(), "{parsed:?}");
        assert_eq!(
            Version::parse("1.24.1-X:boringcrypto"),
            Version::parse("1.24.1")
        );
        for none in ["devel go1.28-abc", "", "local"] {
            assert_eq!(Version::parse(none), None, "{none}");
        }
    }
}
