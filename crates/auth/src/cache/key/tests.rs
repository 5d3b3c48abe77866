//! Over random pairs: keys are equal exactly when everything that decides a token is.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::connection::{CacheChoice, Hop};
use crate::token::Timestamp;

/// Everything that decides a token, in pieces small enough that two random ones are often equal.
#[derive(Debug, Clone, PartialEq)]
struct Decisive {
    host: String,
    profile: Option<String>,
    hops: Vec<Hop>,
    duration: TokenDuration,
    scope: Scope,
    repository: &'static str,
    home: &'static str,
    variables: BTreeMap<&'static str, &'static str>,
}

impl Decisive {
    /// With what decides nothing: the connection's name, the path on the host, unrelated variables, the time.
    fn key(&self, beside: u64) -> CacheKey {
        let mut variables: Vec<_> = self
            .variables
            .iter()
            .map(|(name, value)| (*name, *value))
            .collect();
        let unrelated = beside.to_string();
        variables.push(("LANG", &unrelated));
        let environment =
            Environment::fixed(&variables, PathBuf::from(self.home), Timestamp(beside));
        let url = format!("https://{}/npm/repository-{beside}/", self.host);
        CacheKey::new(&endpoint(&url), &self.connection(beside), &environment)
    }

    fn connection(&self, beside: u64) -> Connection {
        let url = format!("https://{}/pypi/{}/simple/", self.host, self.repository);
        let endpoint = endpoint(&url);
        Connection {
            name: Some(format!("connection-{beside}")),
            account_id: None,
            profile: self.profile.clone(),
            source: None,
            audience: None,
            hops: self.hops.clone(),
            duration: self.duration,
            cache: if beside.is_multiple_of(2) {
                CacheChoice::Auto
            } else {
                CacheChoice::File
            },
            scope: self.scope,
            only_if_named: false,
            go_private: Vec::new(),
            keeps_files: false,
            broker: None,
            store: None,
            endpoints: endpoint
                .place
                .iter()
                .map(|place| (place.format, endpoint.clone()))
                .collect(),
        }
    }

    /// A repository decides only where the token is narrowed to it.
    fn decisive(mut self) -> Self {
        if self.scope == Scope::Domain {
            self.repository = "one";
        }
        self
    }
}

fn endpoint(url: &str) -> Endpoint {
    Endpoint::parse(url, &Default::default()).unwrap()
}

fn hosts() -> impl Strategy<Value = String> {
    let domains = prop::sample::select(vec!["my-domain", "my-domain-2", "other"]);
    let owners = prop::sample::select(vec!["111122223333", "198331734661"]);
    let suffixes = prop::sample::select(vec![
        "d.codeartifact.us-east-1.amazonaws.com",
        "d.codeartifact.eu-west-1.amazonaws.com",
        "codeartifact.us-east-1.on.aws",
    ]);
    (domains, owners, suffixes)
        .prop_map(|(domain, owner, suffix)| format!("{domain}-{owner}.{suffix}"))
}

/// Texts that would run into each other if fields were just put one after the other.
fn texts() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "ab", "b", "role", "a-role=b", "scope"]).prop_map(str::to_owned)
}

fn hops() -> impl Strategy<Value = Vec<Hop>> {
    let hop = (texts(), prop::option::of(texts()));
    let hop = hop.prop_map(|(role_arn, external_id)| Hop {
        role_arn,
        external_id,
    });
    prop::collection::vec(hop, 0..3)
}

fn variables() -> impl Strategy<Value = BTreeMap<&'static str, &'static str>> {
    let names = prop::sample::select(IDENTITY.to_vec());
    let values = prop::sample::select(vec!["a", "b", "ab"]);
    prop::collection::btree_map(names, values, 0..3)
}

fn decisive() -> impl Strategy<Value = Decisive> {
    let durations = vec![
        TokenDuration::Seconds(900),
        TokenDuration::Seconds(43_200),
        TokenDuration::Session,
    ];
    let rest = (
        prop::sample::select(durations),
        prop::sample::select(vec![Scope::Domain, Scope::Repositories]),
        prop::sample::select(vec!["one", "two"]),
        prop::sample::select(vec!["/home/one", "/home/two"]),
        variables(),
    );
    let all = (hosts(), prop::option::of(texts()), hops(), rest);
    all.prop_map(
        |(host, profile, hops, (duration, scope, repository, home, variables))| {
            Decisive {
                host,
                profile,
                hops,
                duration,
                scope,
                repository,
                home,
                variables,
            }
            .decisive()
        },
    )
}

/// The same but for one thing, which random pairs seldom are.
fn nearly(one: &Decisive, other: &Decisive, which: usize) -> Decisive {
    let mut changed = one.clone();
    let Decisive {
        host,
        profile,
        hops,
        duration,
        scope,
        repository,
        home,
        variables,
    } = other.clone();
    match which {
        0 => changed.host = host,
        1 => changed.profile = profile,
        2 => changed.hops = hops,
        3 => changed.duration = duration,
        4 => changed.scope = scope,
        5 => changed.repository = repository,
        6 => changed.home = home,
        7 => changed.variables = variables,
        _ => changed.hops.reverse(),
    }
    changed.decisive()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn keys_are_equal_when_tokens_are(one in decisive(), other in decisive(), which in 0..9_usize, beside in 0..100_u64) {
        let nearly = nearly(&one, &other, which);
        for (left, right) in [(&one, &other), (&one, &nearly), (&one, &one)] {
            prop_assert_eq!(left.key(0) == right.key(beside), left == right, "{:?}\n{:?}", left, right);
        }
    }
}

/// Texts that random ones seldom are: made to look like the fields that would follow.
#[test]
fn one_field_cannot_pass_for_several() {
    let hop = |role_arn: &str| Hop {
        role_arn: role_arn.to_owned(),
        external_id: None,
    };
    let with = |hops: Vec<Hop>| Decisive {
        host: "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com".to_owned(),
        profile: None,
        hops,
        duration: TokenDuration::Session,
        scope: Scope::Domain,
        repository: "one",
        home: "/home/one",
        variables: BTreeMap::new(),
    };
    let (two, one) = (
        with(vec![hop("a"), hop("b")]),
        with(vec![hop("aexternal id-role=b")]),
    );
    assert_ne!(two.key(0), one.key(0));
}
