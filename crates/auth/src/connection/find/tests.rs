//! The matching rule, with every combination of what could decide; and that the order of the file decides nothing.
//! What variables may say is tested in `variables.rs`.

mod naming;
mod settings;

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::token::Timestamp;

const URL: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";

fn role(name: &str) -> String {
    format!("arn:aws:iam::111122223333:role/{name}")
}

/// A connection whose role has its name, for one npm repository: `my-domain us-east-1 my-repo`.
fn block(name: &str, role_name: &str, repository: &str) -> String {
    let [domain, region, repository] =
        <[&str; 3]>::try_from(repository.split(' ').collect::<Vec<_>>()).unwrap();
    format!(
        "[connections.{name}]\naccount_id = '111122223333'\nrole_arn = '{}'\n\
         npm = 'https://{domain}-111122223333.d.codeartifact.{region}.amazonaws.com/npm/{repository}/'\n",
        role(role_name)
    )
}

fn connections(text: &str, variables: &[(&str, &str)]) -> Result<Connections, Box<Failure>> {
    let environment = Environment::fixed(variables, PathBuf::new(), Timestamp(0));
    Connections::new(Configuration::parse(text).unwrap(), &environment)
}

fn endpoint(url: &str) -> Endpoint {
    Endpoint::parse(url, &MappedHosts::new()).unwrap()
}

/// The last role of what is found, or the message and hint.
fn found(connections: &Connections, url: &str, flag: Option<&str>) -> String {
    match connections.find(&endpoint(url), flag) {
        Ok(connection) => match connection.hops.last() {
            Some(hop) => hop.role_arn.rsplit('/').next().unwrap().to_owned(),
            None => "ambient".to_owned(),
        },
        Err(error) => format!("{error}; {}", error.hint().unwrap_or_default()),
    }
}

/// Each step by itself, and every set of them: the first of a set decides.
#[test]
fn of_every_set_of_reasons_the_first_decides() {
    let configured = [
        (0, "by-flag", "far us-west-2 away"),
        (1, "by-variable", "far us-west-2 away"),
        (3, "same-repository", "my-domain us-east-1 my-repo"),
        (4, "same-domain", "my-domain us-east-1 other-repo"),
        (5, "same-owner", "my-domain eu-west-1 my-repo"),
    ];
    let from_environment = role("from-environment");
    for set in 0_u32..1 << 6 {
        let has = |step: u32| set & (1 << step) != 0;
        let text: String = configured
            .iter()
            .filter(|(step, ..)| has(*step))
            .map(|(_, name, repository)| block(name, name, repository))
            .collect();
        let mut variables = Vec::new();
        if has(1) {
            variables.push((environment::CONNECTION, "by-variable"));
        }
        if has(2) {
            variables.push((environment::ROLE_ARN, from_environment.as_str()));
        }
        let expected = match set.trailing_zeros() {
            0 => "by-flag",
            1 => "by-variable",
            2 => "from-environment",
            3 => "same-repository",
            4 => "same-domain",
            5 => "same-owner",
            _ => "ambient",
        };
        let connections = connections(&text, &variables).unwrap();
        let found = found(&connections, URL, has(0).then_some("by-flag"));
        assert_eq!(found, expected, "{set:06b}");
    }
}

#[test]
fn what_a_url_shares_with_a_configured_one() {
    let text = block("acme", "acme", "my-domain us-east-1 my-repo");
    let connections = connections(&text, &[]).unwrap();
    let rows = [
        (URL, "acme"),
        (
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/@a/b",
            "acme",
        ),
        (
            "https://my-domain-111122223333.codeartifact.us-east-1.on.aws/npm/my-repo/",
            "acme",
        ),
        (
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/other-repo/",
            "acme",
        ),
        (
            "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com:443",
            "acme",
        ),
        (
            "https://my-domain-111122223333.d.codeartifact.eu-west-1.amazonaws.com/npm/my-repo/",
            "acme",
        ),
        (
            "https://other-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/",
            "acme",
        ),
        (
            "https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/",
            "ambient",
        ),
    ];
    for (url, expected) in rows {
        assert_eq!(found(&connections, url, None), expected, "{url}");
    }
}

#[test]
fn two_at_the_same_step_must_agree() {
    let hint = "name one of them: `CODEARTIFACT_CONNECTION=a`, or `--connection a` where there is that option";
    for (text, url, expected) in pairs() {
        let found = found(&connections(&text, &[]).unwrap(), url, None);
        match expected {
            Ok(role) => assert_eq!(found, role, "{text}"),
            Err(second) => assert!(
                found.starts_with(&both_fit(second)) && found.ends_with(hint),
                "{text}\n{found}"
            ),
        }
    }
}

#[test]
fn what_variables_override_need_not_agree() {
    let [a, b] = ["a", "b"].map(|name| block(name, "A", REPOSITORY));
    let text = format!("{a}profile = 'p'\n{b}duration = '1h'");
    let over = [(environment::PROFILE, "q"), (environment::DURATION, "2h")];
    assert_eq!(found(&connections(&text, &over).unwrap(), URL, None), "A");
    let found = found(&connections(&text, &over[..1]).unwrap(), URL, None);
    assert!(found.starts_with(&both_fit("b")));
}

fn both_fit(second: &str) -> String {
    format!("connections `a` and `{second}` both fit")
}

const REPOSITORY: &str = "my-domain us-east-1 my-repo";

/// The text of the file, the URL, and the role that is found or the second connection of two that differ.
fn pairs() -> Vec<(String, &'static str, Result<&'static str, &'static str>)> {
    let host = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/";
    let [same_domain, same_owner] = ["my-domain us-east-1 other", "other us-east-1 my-repo"];
    let a = block("a", "A", REPOSITORY);
    let b = |role_name: &str, repository: &str| block("b", role_name, repository);
    let same = b("A", REPOSITORY);
    let via = format!("via = ['{}']", role("V"));
    let narrowed = "scope = 'repositories'";
    vec![
        (format!("{a}{}", b("B", REPOSITORY)), URL, Err("b")),
        (format!("{a}{same}"), URL, Ok("A")),
        (format!("{a}{same}cache = 'off'"), URL, Ok("A")),
        (format!("{a}{same}duration = '1h'"), URL, Err("b")),
        (format!("{a}{same}profile = 'p'"), URL, Err("b")),
        (format!("{a}{same}external_id = '12345678'"), URL, Err("b")),
        (format!("{a}{same}{via}"), URL, Err("b")),
        (format!("{a}{same}{narrowed}"), URL, Err("b")),
        (format!("{a}{narrowed}\n{same}{narrowed}"), URL, Ok("A")),
        (
            format!("{a}{narrowed}\n{}{narrowed}", b("A", same_domain)),
            host,
            Err("b"),
        ),
        (format!("{a}{}", b("B", same_domain)), host, Err("b")),
        (format!("{a}{}", b("A", same_domain)), host, Ok("A")),
        (
            format!("{a}{}{}", b("A", same_domain), block("c", "C", same_domain)),
            host,
            Err("c"),
        ),
        (format!("{a}{}", b("B", same_owner)), host, Ok("A")),
    ]
}

/// Blocks of connections that are often alike in something.
fn blocks() -> impl Strategy<Value = Vec<String>> {
    let repositories = prop::sample::select(vec![
        "my-domain us-east-1 my-repo",
        "my-domain us-east-1 other",
        "my-domain eu-west-1 my-repo",
        "other us-east-1 my-repo",
    ]);
    let roles = prop::sample::select(vec!["A", "B"]);
    let more = prop::sample::select(vec![
        "",
        "cache = 'off'\n",
        "scope = 'repositories'\n",
        "duration = '1h'\n",
    ]);
    prop::collection::vec((roles, repositories, more), 0..5).prop_map(|connections| {
        let numbered = connections.into_iter().enumerate();
        numbered
            .map(|(number, (role, repository, more))| {
                block(&format!("c{number}"), role, repository) + more
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_the_file_decides_nothing((blocks, shuffled) in blocks().prop_flat_map(|blocks| {
        (Just(blocks.clone()), Just(blocks).prop_shuffle())
    })) {
        let one = connections(&blocks.concat(), &[]).unwrap();
        let other = connections(&shuffled.concat(), &[]).unwrap();
        for url in [
            URL,
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/",
            "https://my-domain-111122223333.d.codeartifact.eu-west-1.amazonaws.com/npm/my-repo/",
            "https://third-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/",
        ] {
            let endpoint = endpoint(url);
            prop_assert_eq!(one.find(&endpoint, None), other.find(&endpoint, None));
        }
    }
}
