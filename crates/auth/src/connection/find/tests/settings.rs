//! A connection that was found has the defaults, the variables, and no URL of its own.

use super::*;
use crate::connection::{CacheChoice, Scope, TokenDuration};

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
        go_private: Vec::new(),
        keeps_files: false,
        broker: None,
        store: None,
        endpoints: Default::default(),
    };
    assert_eq!(found, expected);
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
