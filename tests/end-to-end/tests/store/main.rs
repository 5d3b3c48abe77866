//! The store that hosts share: a real Redis with TLS and users of its own. Hosts ask AWS once, and a store that is down, slow,
//! full or forged costs a moment and no more.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod server;
mod trouble;

use std::collections::BTreeSet;
use std::fs;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_end_to_end::fixture::{Connection, PYPI, acme, globex, two_hops};
use codeartifact_end_to_end::{Broker, Emulator, Issuer, Outcome, Sandbox};
use server::Redis;

const CONFIG: &str = "home/.config/codeartifact/config.toml";

/// Hosts of one platform, and what they share.
struct Platform {
    // Before the sandbox, whose folder holds its journal: fields are dropped in this order.
    emulator: Emulator,
    redis: Redis,
    sandbox: Sandbox,
}

impl Platform {
    /// None where there is no Redis.
    fn new() -> Option<Self> {
        let (sandbox, emulator) = two_hops();
        let redis = Redis::start(&sandbox)?;
        Connection::configure_all(&[acme(), globex()], &sandbox);
        sandbox.write("store/password", server::PASSWORD);
        let platform = Self {
            emulator,
            redis,
            sandbox,
        };
        platform.keys(&["a"]);
        let file = |name: &str| platform.sandbox.path(&format!("store/{name}"));
        let store = format!(
            "[store]\nurl = '{}'\nkeys = '{}'\nuser = 'codeartifact'\npassword_file = '{}'\nauthorities = '{}'\n",
            platform.redis.url(),
            file("keys").display(),
            file("password").display(),
            file("ca.pem").display(),
        );
        let config = platform.sandbox.read(CONFIG) + &store;
        platform.sandbox.write(CONFIG, &config);
        Some(platform)
    }

    /// The file of keys has these, in this order.
    fn keys(&self, names: &[&str]) {
        let lines = names.iter().map(|name| {
            let byte = name.as_bytes()[0];
            format!("{name} {}\n", STANDARD.encode([byte; 32]))
        });
        self.sandbox.write("store/keys", &lines.collect::<String>());
    }

    /// A helper on a host of its own.
    fn host(&self, number: usize, tenant: &str, program: &str, arguments: &[&str]) -> Command {
        let folder = self.sandbox.runtime_directory().join(number.to_string());
        fs::create_dir_all(&folder).unwrap();
        let mut command = self.sandbox.command(program);
        command
            .args(arguments)
            .env("XDG_RUNTIME_DIR", folder)
            .env("CODEARTIFACT_CONNECTION", tenant)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn ask(&self, number: usize, tenant: &str) -> Outcome {
        end(self.start(number, tenant))
    }

    fn start(&self, number: usize, tenant: &str) -> Child {
        let mut command = self.host(number, tenant, "keyring", &["get", PYPI, "aws"]);
        command.spawn().unwrap()
    }

    fn mints(&self) -> usize {
        self.emulator.journal().mints()
    }

    /// The names of the tokens' records, without those of sessions and locks.
    fn tokens(&self) -> Vec<String> {
        let names = self.redis.admin(&["KEYS", "*"]);
        let names = names.lines().filter(|name| name.split(':').count() == 3);
        names.map(str::to_owned).collect()
    }
}

fn end(child: Child) -> Outcome {
    child.wait_with_output().unwrap().into()
}

#[test]
fn hosts_that_start_at_once_ask_aws_once_for_each_tenant() {
    let Some(platform) = Platform::new() else {
        return;
    };
    let tenants = ["acme", "globex"];
    let hosts = (0..30).map(|number| {
        let tenant = tenants[number % tenants.len()];
        (tenant, platform.start(number, tenant))
    });
    let hosts: Vec<_> = hosts.collect();
    let told = hosts.into_iter().map(|(tenant, host)| {
        let outcome = end(host).succeeded();
        assert_eq!(outcome.stderr, "", "nothing is wrong");
        (tenant, outcome.stdout)
    });
    let told: BTreeSet<_> = told.collect();
    assert_eq!(told.len(), 2, "each tenant has one token");
    assert_eq!(platform.mints(), 2);
    // The entries of the store are sealed, under names that tell nothing.
    let names = platform.redis.admin(&["KEYS", "*"]);
    assert_eq!(
        names.lines().count(),
        3,
        "two tokens and the first role's session, and no lock is left: {names}"
    );
    for name in names.lines() {
        assert!(
            name.starts_with("codeartifact:1:") && !name.contains("acme"),
            "{name}"
        );
        let record = platform.redis.admin(&["GET", name]);
        assert!(
            !record.contains("eyJ") && record.starts_with("1 a "),
            "{record}"
        );
        let life: u64 = platform.redis.admin(&["TTL", name]).trim().parse().unwrap();
        let longest = if name.contains(":session:") {
            3570
        } else {
            43_170
        };
        assert!(life > longest - 1000 && life <= longest, "{name}: {life}");
    }
}

/// Each host is on its own, and so is each tenant's token; the role before theirs is assumed once.
#[test]
fn hosts_share_the_session_of_the_first_role() {
    let Some(platform) = Platform::new() else {
        return;
    };
    let roles = || platform.emulator.journal().of("sts:AssumeRole").len();
    let _ = platform.ask(0, "acme").succeeded();
    assert_eq!(roles(), 2);
    let _ = platform.ask(1, "globex").succeeded();
    assert_eq!(roles(), 3, "the tenant's own role alone");
    // Other keys open nothing of it.
    platform.keys(&["b"]);
    let _ = platform.ask(2, "globex").succeeded();
    assert_eq!(roles(), 5);
    assert_eq!(platform.mints(), 3);
}

/// Another identity in front of the same role.
#[test]
fn a_host_of_another_identity_gets_a_session_of_its_own() {
    let Some(platform) = Platform::new() else {
        return;
    };
    let _ = platform.ask(0, "acme").succeeded();
    let mut command = platform.host(1, "globex", "keyring", &["get", PYPI, "aws"]);
    command.env("AWS_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE");
    let _ = end(command.spawn().unwrap()).failed();
    let journal = platform.emulator.journal();
    let last = journal.of("sts:AssumeRole").len();
    assert_eq!(
        last, 3,
        "it asked for the first role itself, and was refused"
    );
}

#[test]
fn a_refused_token_is_replaced_for_all() {
    let Some(platform) = Platform::new() else {
        return;
    };
    let first = platform.ask(0, "acme").succeeded().stdout;
    std::thread::sleep(std::time::Duration::from_millis(3100));
    let refresh = ["token", PYPI, "--refresh"];
    let mut command = platform.host(0, "acme", "codeartifact", &refresh);
    let second = end(command.spawn().unwrap()).succeeded().stdout;
    assert_ne!(first, second);
    assert_eq!(platform.ask(1, "acme").succeeded().stdout, second);
    assert_eq!(platform.mints(), 2);
}

#[test]
fn keys_are_changed_one_after_the_other() {
    let Some(platform) = Platform::new() else {
        return;
    };
    let token = platform.ask(0, "acme").succeeded().stdout;
    // The new one seals from now on, and the old one still opens.
    platform.keys(&["b", "a"]);
    assert_eq!(platform.ask(1, "acme").succeeded().stdout, token);
    assert_eq!(platform.mints(), 1);
    platform.keys(&["b"]);
    let newer = platform.ask(2, "acme").succeeded();
    assert_ne!(
        newer.stdout, token,
        "what only the old key opens is nothing"
    );
    assert_eq!(newer.stderr, "", "and nothing to speak of");
    assert_eq!(platform.mints(), 2);
    platform.keys(&["c", "b"]);
    assert_eq!(platform.ask(3, "acme").succeeded().stdout, newer.stdout);
}

/// A restarted or added replica takes over what the others have.
#[test]
fn replicas_of_a_broker_share() {
    let Some(platform) = Platform::new() else {
        return;
    };
    let issuer = Issuer::new("https://oidc.builds.example.com");
    platform.sandbox.write("jwks.json", &issuer.key_set());
    let config = format!(
        "listen = '127.0.0.1:0'\n[[issuers]]\nissuer = 'https://oidc.builds.example.com'\njwks_file = '{}'\n[[clients]]\n\
         issuer = 'https://oidc.builds.example.com'\naudience = 'codeartifact-broker'\nsubject = 'acme'\nconnections = ['acme']\n",
        platform.sandbox.path("jwks.json").display()
    );
    let ask = |name: &str| {
        let broker = Broker::start(&platform.sandbox, name, &config);
        let question = format!(r#"{{"url": "{PYPI}"}}"#);
        let (status, answer) = broker.ask(&issuer.token("acme"), &question);
        assert_eq!(status, 200, "{answer}");
        answer
    };
    let answers: BTreeSet<_> = ["one", "two", "three"].into_iter().map(ask).collect();
    assert_eq!((answers.len(), platform.mints()), (1, 1));
}
