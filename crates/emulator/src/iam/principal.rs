//! The `Principal` element: who a resource or trust policy speaks of, and how directly it names a caller.

use anyhow::{bail, ensure};
use serde_json::Value;

use super::texts::Texts;

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug)]
pub(crate) struct Principals {
    list: Vec<Named>,
    inverted: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Named {
    Anyone,
    Account(String),
    Arn(String),
    Federated(String),
    /// An AWS service: never a caller here, but legal beside others.
    Service,
}

/// A caller in the forms that a policy can name.
#[derive(Clone, Copy, Default)]
pub(crate) struct Identity<'a> {
    pub(crate) account: &'a str,
    /// The user's or role's ARN; empty for a federated identity.
    pub(crate) arn: &'a str,
    pub(crate) session_arn: Option<&'a str>,
    pub(crate) federated: Option<&'a str>,
}

/// The directness with which a policy names a caller; the more direct, the less else is asked.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) enum Directness {
    /// By its account: the account's own policies still decide.
    Account,
    /// By its user or role, or as anyone: a session policy still limits it.
    Direct,
    /// By its very session: not even a session policy limits it.
    Session,
}

impl Principals {
    pub(super) fn parse(
        plain: Option<Value>,
        inverted: Option<Value>,
    ) -> anyhow::Result<Option<Self>> {
        let (value, inverted) = match (plain, inverted) {
            (None, None) => return Ok(None),
            (Some(value), None) => (value, false),
            (None, Some(value)) => (value, true),
            (Some(_), Some(_)) => bail!("Principal and NotPrincipal cannot both be given"),
        };
        Ok(Some(Self {
            list: parse_list(value)?,
            inverted,
        }))
    }

    /// The most direct way in which these name `who`, if they do.
    pub(crate) fn name(&self, who: &Identity<'_>) -> Option<Directness> {
        let ways = self.list.iter().filter_map(|named| named.names(who));
        let most = ways.fold(None, |most: Option<Directness>, way| match most {
            Some(other) if other >= way => most,
            _ => Some(way),
        });
        match (self.inverted, most) {
            (false, most) => most,
            (true, None) => Some(Directness::Direct),
            (true, Some(_)) => None,
        }
    }
}

impl Named {
    fn names(&self, who: &Identity<'_>) -> Option<Directness> {
        match self {
            Self::Anyone => Some(Directness::Direct),
            Self::Account(account) => {
                (account == who.account && who.federated.is_none()).then_some(Directness::Account)
            }
            Self::Arn(arn) if Some(arn.as_str()) == who.session_arn => Some(Directness::Session),
            Self::Arn(arn) => (arn == who.arn).then_some(Directness::Direct),
            Self::Federated(provider) => {
                (Some(provider.as_str()) == who.federated).then_some(Directness::Direct)
            }
            Self::Service => None,
        }
    }
}

fn parse_list(value: Value) -> anyhow::Result<Vec<Named>> {
    let map = match value {
        Value::String(text) if text == "*" => return Ok(vec![Named::Anyone]),
        Value::Object(map) => map,
        other => {
            bail!("Principal {other} is neither \"*\" nor an object such as {{\"AWS\": \"arn:…\"}}")
        }
    };
    let mut list = Vec::new();
    for (kind, names) in map {
        let Texts(names) = serde_json::from_value(names)?;
        for name in names {
            list.push(parse_one(&kind, name)?);
        }
    }
    ensure!(!list.is_empty(), "Principal names nobody");
    Ok(list)
}

fn parse_one(kind: &str, name: String) -> anyhow::Result<Named> {
    match kind {
        "AWS" if name == "*" => Ok(Named::Anyone),
        "AWS" if is_account(&name) => Ok(Named::Account(name)),
        "AWS" => parse_arn(name),
        "Federated" => Ok(Named::Federated(name)),
        "Service" => Ok(Named::Service),
        _ => bail!("Principal kind {kind} is not one of AWS, Federated, Service"),
    }
}

/// IAM takes whole ARNs only: a wildcard within one is an invalid principal.
fn parse_arn(arn: String) -> anyhow::Result<Named> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, service, "", account, resource] = parts[..] else {
        bail!("Principal {arn} is not an ARN")
    };
    ensure!(
        is_account(account),
        "Principal {arn} has no 12-digit account"
    );
    ensure!(
        !arn.contains(['*', '?']),
        "Principal {arn} has a wildcard, which IAM refuses in a principal's ARN"
    );
    let kind = resource.split('/').next().unwrap_or_default();
    match (service, kind) {
        ("iam", "root") => Ok(Named::Account(account.to_owned())),
        ("iam", "user" | "role") | ("sts", "assumed-role") => Ok(Named::Arn(arn)),
        _ => bail!("Principal {arn} is no account, user, role or session"),
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const WHO: Identity<'_> = Identity {
        account: "198331734661",
        arn: "arn:aws:iam::198331734661:role/Reader",
        session_arn: Some("arn:aws:sts::198331734661:assumed-role/Reader/codeartifact"),
        federated: None,
    };

    #[test]
    fn names_a_caller_as_directly_as_written() {
        for (principal, expected) in [
            (json!("*"), Some(Directness::Direct)),
            (json!({"AWS": "*"}), Some(Directness::Direct)),
            (json!({"AWS": "198331734661"}), Some(Directness::Account)),
            (
                json!({"AWS": "arn:aws:iam::198331734661:root"}),
                Some(Directness::Account),
            ),
            (
                json!({"AWS": ["arn:aws:iam::198331734661:root", WHO.arn]}),
                Some(Directness::Direct),
            ),
            (json!({"AWS": WHO.session_arn}), Some(Directness::Session)),
            (json!({"AWS": "arn:aws:iam::198331734661:role/Other"}), None),
            (json!({"AWS": "arn:aws:iam::111122223333:root"}), None),
            (json!({"Service": "codebuild.amazonaws.com"}), None),
            (
                json!({"Federated": "arn:aws:iam::198331734661:oidc-provider/example.com"}),
                None,
            ),
        ] {
            let parsed = Principals::parse(Some(principal.clone()), None)
                .expect("legal")
                .expect("given");
            assert_eq!(parsed.name(&WHO), expected, "{principal}");
        }
    }

    #[test]
    fn inverted_names_everyone_else() {
        let other = Principals::parse(None, Some(json!({"AWS": "111122223333"})))
            .expect("legal")
            .expect("given");
        assert_eq!(other.name(&WHO), Some(Directness::Direct));
        let own = Principals::parse(None, Some(json!({"AWS": WHO.arn})))
            .expect("legal")
            .expect("given");
        assert_eq!(own.name(&WHO), None);
    }

    #[test]
    fn refuses_what_iam_calls_an_invalid_principal() {
        for (principal, expected) in [
            (json!("arn:aws:iam::198331734661:root"), "neither"),
            (
                json!({"AWS": "arn:aws:iam::198331734661:role/*"}),
                "wildcard",
            ),
            (json!({"AWS": "arn:aws:iam::1983:role/Reader"}), "12-digit"),
            (json!({"AWS": "arn:aws:s3:::bucket"}), "12-digit"),
            (
                json!({"AWS": "arn:aws:iam::198331734661:group/x"}),
                "no account, user, role or session",
            ),
            (json!({"aws": "*"}), "not one of"),
            (json!({"AWS": []}), "nobody"),
        ] {
            let found = Principals::parse(Some(principal.clone()), None)
                .expect_err("illegal")
                .to_string();
            assert!(found.contains(expected), "{principal}: {found}");
        }
    }
}
