//! Which connections a caller may use: none, unless a `[[clients]]` names its issuer, audience and subject. It has no I/O.

use std::collections::BTreeSet;

use super::config::ClientRule;

/// Who asks, as its identity token proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audiences: Vec<String>,
}

/// Names of connections, in order.
pub(crate) fn allowed<'a>(rules: &'a [ClientRule], caller: &Caller) -> BTreeSet<&'a str> {
    let fits = |rule: &&ClientRule| {
        rule.issuer == caller.issuer
            && caller.audiences.contains(&rule.audience)
            && matches(&rule.subject, &caller.subject)
    };
    let names = rules.iter().filter(fits).flat_map(|it| &it.connections);
    names.map(String::as_str).collect()
}

/// `*` stands for any text, an empty one too; nothing else is special.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match left.find(piece) {
            Some(at) => left = &left[at + piece.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text() {
        let rows = [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "a", true),
            ("a*", "abc", true),
            ("a*", "ba", false),
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "abcd", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c", false),
            ("aa*aa", "aaa", false),
            ("a**", "abc", true),
            ("a.c", "abc", false),
            (
                "repo:my-org/*:ref:refs/heads/main",
                "repo:my-org/my-app:ref:refs/heads/main",
                true,
            ),
            (
                "system:serviceaccount:builds-acme:*",
                "system:serviceaccount:builds-acme2:x",
                false,
            ),
        ];
        for (pattern, text, expected) in rows {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn nobody_is_allowed_by_accident() {
        let rule = |issuer: &str, audience: &str, subject: &str, connection: &str| ClientRule {
            issuer: issuer.into(),
            audience: audience.into(),
            subject: subject.into(),
            connections: vec![connection.into()],
        };
        let rules = [
            rule("i", "a", "acme:*", "acme"),
            rule("i", "a", "acme:release", "acme-release"),
            rule("j", "a", "globex:*", "globex"),
        ];
        let rows: [(&str, &[&str], &str, &[&str]); 8] = [
            ("i", &["a"], "acme:build", &["acme"]),
            ("i", &["b", "a"], "acme:build", &["acme"]),
            ("i", &["a"], "acme:release", &["acme", "acme-release"]),
            ("j", &["a"], "acme:build", &[]),
            ("i", &["b"], "acme:build", &[]),
            ("i", &[], "acme:build", &[]),
            ("i", &["a"], "globex:build", &[]),
            ("i", &["a"], "", &[]),
        ];
        for (issuer, audiences, subject, expected) in rows {
            let caller = Caller {
                issuer: issuer.into(),
                subject: subject.into(),
                audiences: audiences.iter().map(|&it| it.to_owned()).collect(),
            };
            let found: Vec<_> = allowed(&rules, &caller).into_iter().collect();
            assert_eq!(found, expected, "{caller:?}");
        }
    }
}
