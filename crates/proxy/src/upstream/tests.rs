//! Which proxy a host is reached through, and what is sent to it.

use std::path::PathBuf;

use codeartifact_auth::token::Timestamp;

use super::*;

fn upstream(variables: &[(&str, &str)]) -> Upstream {
    Upstream::read(&Environment::fixed(variables, PathBuf::new(), Timestamp(0)))
}

/// A variable's value; host, port, and whether it has a password.
type Row = (&'static str, Option<(&'static str, u16, bool)>);

#[test]
fn proxies_are_read_from_the_users_variables() {
    let rows: [Row; 7] = [
        (
            "http://proxy.example.com:3128",
            Some(("proxy.example.com", 3128, false)),
        ),
        (
            "http://proxy.example.com/",
            Some(("proxy.example.com", 80, false)),
        ),
        ("127.0.0.1:8080", Some(("127.0.0.1", 8080, false))),
        (
            "http://me:p%40ss@proxy.example.com:1",
            Some(("proxy.example.com", 1, true)),
        ),
        ("https://proxy.example.com", None),
        ("socks5://proxy.example.com", None),
        ("", None),
    ];
    for (url, expected) in rows {
        let found = upstream(&[("https_proxy", url)]).https;
        let found = found.as_ref();
        let found = found.map(|it| (&*it.host, it.port, it.authorization.is_some()));
        assert_eq!(found, expected, "{url}");
        let environment = Environment::fixed(&[("https_proxy", url)], PathBuf::new(), Timestamp(0));
        let is_told = expected.is_none() && !url.is_empty();
        let unusable = Upstream::unusable(&environment);
        assert_eq!(unusable, is_told.then_some("https_proxy"), "{url}");
    }
    let proxy = upstream(&[("HTTPS_PROXY", "http://me:p%40ss@h:1")])
        .https
        .unwrap();
    let value = proxy.authorization.unwrap();
    assert_eq!(
        value.expose(),
        format!("Basic {}", STANDARD.encode("me:p@ss"))
    );
}

#[test]
fn hosts_of_no_proxy_are_reached_directly() {
    let rows = [
        ("", true),
        ("*", false),
        ("amazonaws.com", false),
        (".amazonaws.com", false),
        ("localhost, sts.amazonaws.com", false),
        ("s.amazonaws.com", true),
        ("example.com", true),
    ];
    for (value, proxied) in rows {
        let found = upstream(&[("NO_PROXY", value)]).is_proxied("sts.amazonaws.com");
        assert_eq!(found, proxied, "{value:?}");
    }
}
