//! The first role's session is kept and shared by the connections behind it, and by nobody else.

use std::process::{Child, Stdio};

use codeartifact_end_to_end::fixture::{
    Connection, NPM, OTHER_ROLE, SECRET_ACCESS_KEY, acme, globex, initech, two_hops,
};
use codeartifact_end_to_end::kept::{self, What};
use codeartifact_end_to_end::{Emulator, Journal, Outcome, Sandbox};

use super::{EXTERNAL_ID, INTEGRATION_ROLE, READER_ROLE};

/// Three customers behind one role of the platform; tokens are kept in memory.
struct Platform {
    emulator: Emulator,
    sandbox: Sandbox,
}

impl Platform {
    fn new() -> Self {
        let (sandbox, emulator) = two_hops();
        Connection::configure_all(&[acme(), globex(), initech()], &sandbox);
        Self { emulator, sandbox }
    }

    fn token(&self, connection: &str) -> Outcome {
        let arguments = ["token", NPM, "--connection", connection];
        self.sandbox.run("codeartifact", &arguments)
    }

    fn roles(&self) -> Vec<String> {
        roles(&self.emulator.journal())
    }

    fn sessions(&self) -> usize {
        kept::records(&self.sandbox, What::Session).len()
    }
}

/// The roles that were asked for, in this order; none where AWS did not take the caller.
fn roles(journal: &Journal) -> Vec<String> {
    let assumed = journal.of("sts:AssumeRole").into_iter();
    assumed
        .map(|entry| {
            entry
                .parameters
                .get("role_arn")
                .cloned()
                .unwrap_or_default()
        })
        .collect()
}

#[test]
fn connections_behind_one_role_assume_it_once() {
    let platform = Platform::new();
    let tokens = ["acme", "globex"].map(|name| platform.token(name).succeeded().stdout);
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(
        platform.roles(),
        [INTEGRATION_ROLE, READER_ROLE, OTHER_ROLE]
    );
    let journal = platform.emulator.journal();
    let hops = journal.of("sts:AssumeRole");
    let sent = |at: usize, name: &str| hops[at].parameters.get(name).cloned();
    assert_eq!(
        sent(0, "session_name").unwrap(),
        "codeartifact",
        "it is for all"
    );
    assert_eq!(sent(1, "external_id").unwrap(), EXTERNAL_ID);
    assert_eq!(sent(2, "external_id").unwrap(), "globex-51e8d0b4");
    assert_eq!(sent(2, "session_name").unwrap(), "codeartifact-globex");
    assert_eq!(
        platform.sessions(),
        1,
        "a customer's own session is not kept"
    );
}

#[test]
fn a_crowd_assumes_it_once() {
    let platform = Platform::new();
    let start = |number: usize| {
        let connection = ["acme", "globex", "initech"][number % 3];
        let mut command = platform.sandbox.command("codeartifact");
        command.args(["token", NPM, "--connection", connection]);
        command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let crowd: Vec<Child> = (0..12).map(start).collect();
    for one in crowd {
        let _ = Outcome::from(one.wait_with_output().unwrap()).succeeded();
    }
    let first = platform.roles().into_iter();
    assert_eq!(first.filter(|role| role == INTEGRATION_ROLE).count(), 1);
}

/// The session policy is the last hop's, whoever asked for the first one.
#[test]
fn a_narrow_scope_is_as_narrow_with_a_kept_session() {
    let platform = Platform::new();
    let config = "home/.config/codeartifact/config.toml";
    let text = platform.sandbox.read(config);
    let narrow = text.replace(
        "[connections.globex]\n",
        "[connections.globex]\nscope = \"repositories\"\n",
    );
    platform.sandbox.write(config, &narrow);
    for name in ["acme", "globex"] {
        let _ = platform.token(name).succeeded();
    }
    let journal = platform.emulator.journal();
    let policies: Vec<_> = journal
        .of("sts:AssumeRole")
        .iter()
        .map(|entry| entry.parameters.contains_key("policy"))
        .collect();
    assert_eq!(policies, [false, false, true]);
}

/// Another key of the environment, of a profile, and another role: each asks for itself, or is refused for itself.
#[test]
fn nobody_gets_the_session_of_another() {
    let mut platform = Platform::new();
    let _ = platform.token("acme").succeeded();
    platform
        .sandbox
        .set("AWS_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE");
    let _ = platform.token("globex").exited(4);
    assert_eq!(platform.roles()[2..], [""], "AWS does not know this key");
    platform.sandbox.unset("AWS_ACCESS_KEY_ID");
    platform.sandbox.unset("AWS_SECRET_ACCESS_KEY");
    platform.sandbox.set("AWS_PROFILE", "other");
    let profile = format!(
        "[other]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET_ACCESS_KEY}\n"
    );
    platform.sandbox.write("home/.aws/credentials", &profile);
    let _ = platform.token("globex").succeeded();
    assert_eq!(
        platform.roles()[3..],
        [INTEGRATION_ROLE, OTHER_ROLE],
        "who reads the key elsewhere is told apart too"
    );
    let config = "home/.config/codeartifact/config.toml";
    let text = platform
        .sandbox
        .read(config)
        .replace(INTEGRATION_ROLE, OTHER_ROLE);
    platform.sandbox.write(config, &text);
    let _ = platform.token("initech").failed();
    assert_eq!(platform.roles()[5..], [OTHER_ROLE], "another first role");
}

/// Makes the kept session useless.
type Spoil<'a> = &'a dyn Fn(&Platform);

/// What AWS takes no longer, or never did, or what is no session at all.
#[test]
fn a_session_of_no_use_is_replaced() {
    let spoilt =
        |text: &'static str| move |record: &mut serde_json::Value| record["token"] = text.into();
    let rows: [(&str, Spoil<'_>); 4] = [
        ("expired", &|it| {
            kept::age_of(&it.sandbox, What::Session, 3590)
        }),
        ("not one", &|it| {
            kept::change(&it.sandbox, What::Session, spoilt("eyJ2ZXIiOjF9"))
        }),
        ("torn", &|it| {
            let path = kept::records(&it.sandbox, What::Session).remove(0);
            std::fs::write(path, "{\"v\":1,").unwrap();
        }),
        ("rejected", &|it| {
            let keys = r#"{"id":"ASIAIOSFODNN7EXAMPLE","key":"k","session":"s"}"#;
            kept::change(&it.sandbox, What::Session, spoilt(keys));
        }),
    ];
    for (what, spoil) in rows {
        let mut platform = Platform::new();
        let _ = platform.token("acme").succeeded();
        spoil(&platform);
        let _ = platform.token("globex").succeeded();
        let roles = platform.roles().into_iter();
        let first = roles.filter(|role| role == INTEGRATION_ROLE).count();
        assert_eq!(first, 2, "{what}: {:?}", platform.roles());
        assert_eq!(platform.sessions(), 1, "{what}");
        platform.sandbox.set("CODEARTIFACT_DURATION", "1h");
        let before = platform.roles().len();
        let _ = platform.token("acme").succeeded();
        assert_eq!(
            platform.roles()[before..],
            [READER_ROLE],
            "{what}: its successor is kept"
        );
    }
}

/// By AWS's clock it has ended, by ours it has not.
#[test]
fn a_session_that_aws_has_ended_is_replaced() {
    let platform = Platform::new();
    platform
        .emulator
        .fault(r#"{"fault": "expire", "action": "sts:AssumeRole", "seconds": 0, "times": 1}"#);
    let _ = platform.token("acme").exited(4);
    let _ = platform.token("globex").succeeded();
    assert_eq!(platform.roles().last().unwrap(), OTHER_ROLE);
}

#[test]
fn logout_forgets_it_and_status_does_not_list_it() {
    for name in [None, Some("acme"), Some("globex")] {
        let platform = Platform::new();
        let _ = platform.token("acme").succeeded();
        assert_eq!(platform.sessions(), 1);
        let status = platform
            .sandbox
            .run("codeartifact", &["status"])
            .succeeded();
        assert_eq!(status.stdout.matches(" bytes").count(), 1, "{status:?}");
        assert!(!status.stdout.contains("IntegrationReadOnly"), "{status:?}");
        let arguments: Vec<_> = ["logout"].into_iter().chain(name).collect();
        let forgot = platform.sandbox.run("codeartifact", &arguments).succeeded();
        let tokens = usize::from(name != Some("globex"));
        assert_eq!(
            forgot.stdout.matches("forgot 1 token").count(),
            tokens,
            "{forgot:?}"
        );
        assert_eq!(platform.sessions(), 0, "{name:?}");
    }
}

/// A file on a disk holds tokens, which read packages; a session may do more.
#[test]
fn it_is_never_on_a_disk() {
    for (choice, kept) in [("off", 0), ("file", 1)] {
        let mut platform = Platform::new();
        platform.sandbox.set("CODEARTIFACT_CACHE", choice);
        let _ = platform.token("acme").succeeded();
        assert_eq!(platform.sessions(), kept, "{choice}");
        let cache = platform.sandbox.path("home/.cache/codeartifact");
        for file in std::fs::read_dir(cache).into_iter().flatten().flatten() {
            let text = std::fs::read_to_string(file.path()).unwrap_or_default();
            assert!(!text.contains("IntegrationReadOnly"), "{:?}", file.path());
        }
    }
}

/// A connection's own role is not shared, and a person who signs in is not spared the way.
#[test]
fn a_single_role_is_not_kept() {
    let platform = Platform::new();
    let config = "home/.config/codeartifact/config.toml";
    let text = platform.sandbox.read(config);
    platform
        .sandbox
        .write(config, &text.replace("via = ", "# via = "));
    let _ = platform.token("acme").exited(4);
    assert_eq!((platform.roles().len(), platform.sessions()), (1, 0));
}
