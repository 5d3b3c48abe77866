//! Renovate: it looks for updates with clients of its own, which ask no helper, and without a login finds none and says
//! nothing. It takes rules by host from a variable. Source: Renovate's documentation, "Host rules"; tried with 44.121.

use codeartifact_auth::token::Secret;
use serde_json::{Value, json};

use crate::logins::USER;

/// A list of rules; those of a project's own file come behind.
pub(crate) const RENOVATE_HOST_RULES: &str = "RENOVATE_HOST_RULES";

/// The user's rules, and one for each host that the user has none for. `None` where the user's are no list, which
/// Renovate will say.
pub(crate) fn rules<'a>(
    users: Option<&str>,
    logins: impl Iterator<Item = (&'a str, &'a Secret)>,
) -> Option<Secret> {
    let mut rules: Vec<Value> = match users.map(str::trim).filter(|text| !text.is_empty()) {
        None => Vec::new(),
        Some(text) => serde_json::from_str(text).ok()?,
    };
    let mut is_changed = false;
    for (host, token) in logins {
        if rules.iter().any(|rule| is_about(rule, host)) {
            continue;
        }
        is_changed = true;
        rules.push(json!({
            "matchHost": format!("https://{host}"), "username": USER, "password": token.expose(),
        }));
    }
    is_changed.then(|| Secret::new(Value::Array(rules).to_string()))
}

fn is_about(rule: &Value, host: &str) -> bool {
    let named = rule["matchHost"].as_str().unwrap_or_default();
    let named = named.strip_prefix("https://").unwrap_or(named);
    named.split('/').next() == Some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rule_a_host_beside_the_users() {
        let token = Secret::new("T".to_owned());
        let ours = r#"{"matchHost":"https://ours","password":"T","username":"aws"}"#;
        let rows = [
            (None, Some(format!("[{ours}]"))),
            (Some(""), Some(format!("[{ours}]"))),
            (
                Some(r#"[{"matchHost":"x","token":"y"}]"#),
                Some(format!(r#"[{{"matchHost":"x","token":"y"}},{ours}]"#)),
            ),
            (
                Some(r#"[{"matchHost":"https://ours/npm/","token":"y"}]"#),
                None,
            ),
            (Some(r#"[{"matchHost":"ours","token":"y"}]"#), None),
            (Some("{"), None),
        ];
        for (users, expected) in rows {
            let made = rules(users, [("ours", &token), ("ours", &token)].into_iter());
            assert_eq!(made.map(|it| it.expose().to_owned()), expected, "{users:?}");
        }
    }
}
