//! The matching rule, with every combination of what could decide; and that the order of the file decides nothing.
//! What variables may say is tested in `variables.rs`.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::connection::{CacheChoice, Scope};
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
fn a_named_connection_is_taken_or_is_an_error() {
    let text = block("acme", "acme", "my-domain us-east-1 my-repo");
    let foreign =
        "https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
    let rows = [
        (Some("acme"), None, URL, "acme"),
        (None, Some("acme"), URL, "acme"),
        (Some("acme"), Some("nobody"), URL, "acme"),
        (
            Some("acne"),
            Some("acme"),
            URL,
            "there is no connection named `acne`; did you mean `acme`?",
        ),
        (
            None,
            Some("x"),
            URL,
            "there is no connection named `x` (from CODEARTIFACT_CONNECTION); \
             `codeartifact connections` lists the existing ones",
        ),
        (
            Some("acme"),
            None,
            foreign,
            "connection `acme` is for account 111122223333, and \
             https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/ belongs to 444455556666; \
             leave `--connection` out to let the URL decide",
        ),
        (
            None,
            Some("acme"),
            foreign,
            "connection `acme` (from CODEARTIFACT_CONNECTION) is for account 111122223333, and \
             https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/ belongs to 444455556666; \
             unset CODEARTIFACT_CONNECTION to let the URL decide",
        ),
    ];
    for (flag, variable, url, expected) in rows {
        let variables = variable.map(|name| (environment::CONNECTION, name));
        let connections = connections(&text, variables.as_slice()).unwrap();
        assert_eq!(
            found(&connections, url, flag),
            expected,
            "{flag:?} {variable:?}"
        );
    }
}

#[test]
fn two_at_the_same_step_must_agree() {
    let hint = "name one of them: `CODEARTIFACT_CONNECTION=a`, or `--connection a` where there is that option";
    let host = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/";
    let both = |second: &str| format!("connections `a` and `{second}` both fit");
    let repository = "my-domain us-east-1 my-repo";
    let others = ["my-domain us-east-1 other", "other us-east-1 my-repo"];
    let a = block("a", "A", repository);
    // The text of the file, the URL, and the role found or the second of two that differ.
    let rows = [
        (
            [&a, &block("b", "B", repository)]
                .map(String::as_str)
                .concat(),
            URL,
            Err("b"),
        ),
        (
            [&a, &block("b", "A", repository)]
                .map(String::as_str)
                .concat(),
            URL,
            Ok("A"),
        ),
        (
            format!("{a}{}cache = 'off'", block("b", "A", repository)),
            URL,
            Ok("A"),
        ),
        (
            format!("{a}{}duration = '1h'", block("b", "A", repository)),
            URL,
            Err("b"),
        ),
        (
            format!("{a}{}profile = 'p'", block("b", "A", repository)),
            URL,
            Err("b"),
        ),
        (
            format!("{a}{}external_id = '12345678'", block("b", "A", repository)),
            URL,
            Err("b"),
        ),
        (
            format!("{a}{}via = ['{}']", block("b", "A", repository), role("V")),
            URL,
            Err("b"),
        ),
        (
            format!("{a}{}scope = 'repositories'", block("b", "A", repository)),
            URL,
            Err("b"),
        ),
        (
            format!(
                "{a}scope = 'repositories'\n{}scope = 'repositories'",
                block("b", "A", repository)
            ),
            URL,
            Ok("A"),
        ),
        (
            format!(
                "{a}scope = 'repositories'\n{}scope = 'repositories'",
                block("b", "A", others[0])
            ),
            host,
            Err("b"),
        ),
        (format!("{a}{}", block("b", "B", others[0])), host, Err("b")),
        (format!("{a}{}", block("b", "A", others[0])), host, Ok("A")),
        (
            format!(
                "{a}{}{}",
                block("b", "A", others[0]),
                block("c", "C", others[0])
            ),
            host,
            Err("c"),
        ),
        (format!("{a}{}", block("b", "B", others[1])), host, Ok("A")),
    ];
    for (text, url, expected) in rows {
        let found = found(&connections(&text, &[]).unwrap(), url, None);
        match expected {
            Ok(role) => assert_eq!(found, role, "{text}"),
            Err(second) => assert!(
                found.starts_with(&both(second)) && found.ends_with(hint),
                "{text}\n{found}"
            ),
        }
    }
    let text = format!(
        "{a}profile = 'p'\n{}duration = '1h'",
        block("b", "A", repository)
    );
    let over = [(environment::PROFILE, "q"), (environment::DURATION, "2h")];
    assert_eq!(found(&connections(&text, &over).unwrap(), URL, None), "A");
    assert!(found(&connections(&text, &over[..1]).unwrap(), URL, None).starts_with(&both("b")));
}

#[test]
fn ambient_credentials_have_the_defaults_but_no_role() {
    let text = format!(
        "[defaults]\nprofile = 'p'\nduration = '1h'\ncache = 'off'\nvia = ['{}']",
        role("V")
    );
    let found = connections(&text, &[])
        .unwrap()
        .find(&endpoint(URL), None)
        .unwrap();
    let expected = Connection {
        name: None,
        account_id: None,
        profile: Some("p".to_owned()),
        source: None,
        audience: None,
        hops: Vec::new(),
        duration: TokenDuration::Seconds(3600),
        cache: CacheChoice::Off,
        scope: Scope::Domain,
        only_if_named: false,
        endpoints: Default::default(),
    };
    assert_eq!(found, expected);
}

/// A project chooses its URLs, so a URL must not choose the connection.
#[test]
fn where_a_connection_is_required_no_url_chooses_one() {
    let acme = block("acme", "acme", "my-domain us-east-1 my-repo");
    let globex = block("globex", "globex", "other us-east-1 my-repo");
    let (alone, both) = (acme.clone(), acme.clone() + &globex);
    let required = "require_connection is set, so ";
    let url = |domain: &str, repository: &str| {
        format!(
            "https://{domain}-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/{repository}/"
        )
    };
    let rows = [
        // the file's connections, URL, named, who serves it
        (&alone, url("my-domain", "my-repo"), None, "acme"),
        (&alone, url("my-domain", "other"), None, required),
        (&alone, url("third", "my-repo"), None, required),
        (&alone, url("third", "my-repo"), Some("acme"), "acme"),
        (&both, url("my-domain", "my-repo"), None, required),
        (&both, url("other", "my-repo"), None, required),
        (&both, url("other", "my-repo"), Some("globex"), "globex"),
    ];
    let by_variable = [(environment::REQUIRE_CONNECTION, "true")];
    let not_by_variable = [(environment::REQUIRE_CONNECTION, "false")];
    let by_file = "[defaults]\nrequire_connection = true\n";
    for (text, url, named, expected) in rows {
        let ways = [
            connections(text, &by_variable),
            connections(&[by_file, text].concat(), &[]),
            connections(&[by_file, text].concat(), &not_by_variable),
        ];
        for connections in ways {
            let found = found(&connections.unwrap(), &url, named);
            assert!(found.starts_with(expected), "{text} {url}: {found}");
        }
    }
    let role = role("from-environment");
    let of_job = [by_variable[0], (environment::ROLE_ARN, role.as_str())];
    let found = found(&connections(&both, &of_job).unwrap(), URL, None);
    assert_eq!(found, "from-environment");
}

#[test]
fn one_connection_alone_may_ask_to_be_named() {
    let text = block("acme", "acme", "my-domain us-east-1 my-repo")
        + "require_connection = true\n"
        + &block("globex", "globex", "other us-east-1 my-repo");
    let connections = connections(&text, &[]).unwrap();
    let other = URL.replace("my-domain", "other");
    assert_eq!(found(&connections, &other, None), "globex");
    assert!(found(&connections, URL, None).starts_with("require_connection is set"));
    assert_eq!(found(&connections, URL, Some("acme")), "acme");
}

#[test]
fn variables_say_more_than_the_file() {
    let text = format!(
        "[defaults]\nprofile = 'p'\n{}duration = '1h'\ncache = 'file'\n",
        block("acme", "acme", "my-domain us-east-1 my-repo")
    );
    let over = [
        (environment::PROFILE, "q"),
        (environment::DURATION, "session"),
        (environment::CACHE, "off"),
    ];
    let file = Configuration::parse(&text).unwrap();
    for flag in [None, Some("acme")] {
        let found = connections(&text, &over)
            .unwrap()
            .find(&endpoint(URL), flag)
            .unwrap();
        let expected = Connection {
            profile: Some("q".to_owned()),
            duration: TokenDuration::Session,
            cache: CacheChoice::Off,
            ..file.connection("acme").unwrap().clone()
        };
        assert_eq!(found, expected);
        let unset = over.map(|(name, _)| (name, ""));
        let found = connections(&text, &unset)
            .unwrap()
            .find(&endpoint(URL), flag)
            .unwrap();
        assert_eq!(Some(&found), file.connection("acme"));
    }
}

#[test]
fn a_profile_or_a_source_stands_for_both() {
    let text = |defaults: &str, own: &str| {
        let block = block("acme", "acme", "my-domain us-east-1 my-repo");
        format!("[defaults]\n{defaults}\naudience = 'a'\n{block}{own}\n")
    };
    let (profile, source) = ("profile = 'p'", "source = 'github-actions'");
    let variable = [(environment::SOURCE, "env:TOKEN")];
    let rows: [(String, &[(&str, &str)], _, _); 6] = [
        (text(profile, ""), &[], Some("p"), None),
        (text(source, ""), &[], None, Some("github-actions")),
        (text(source, "profile = 'q'"), &[], Some("q"), None),
        (text(profile, source), &[], None, Some("github-actions")),
        (text(profile, source), &variable, None, Some("env:TOKEN")),
        (
            text(source, ""),
            &[(environment::PROFILE, "r")],
            Some("r"),
            None,
        ),
    ];
    for (text, variables, profile, source) in rows {
        let found = connections(&text, variables).unwrap();
        let found = found.find(&endpoint(URL), None).unwrap();
        let found_source = found.source.as_ref().map(ToString::to_string);
        let first = (found.profile.as_deref(), found_source.as_deref());
        assert_eq!(first, (profile, source), "{text} {variables:?}");
        assert_eq!(found.audience(), "a");
    }
}

#[test]
fn a_connection_without_a_url_serves_its_account_and_stops_no_other() {
    let text = format!(
        "[connections.plain]\naccount_id = '111122223333'\nrole_arn = '{}'\n",
        role("plain")
    );
    let both = text.clone() + &block("acme", "acme", "my-domain us-east-1 my-repo");
    assert_eq!(found(&connections(&text, &[]).unwrap(), URL, None), "plain");
    assert_eq!(found(&connections(&both, &[]).unwrap(), URL, None), "acme");
    let elsewhere = URL.replace("111122223333", "444455556666");
    assert_eq!(
        found(&connections(&both, &[]).unwrap(), &elsewhere, None),
        "ambient"
    );
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
