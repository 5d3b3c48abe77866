//! GOPROXY as developers have it: several repositories, dead ones, credentials in it, the go env file, netrc beside us.

use codeartifact_end_to_end::fixture::GO;

use super::*;

/// Nothing listens there, and go asks it without the proxy.
const DEAD: &str = "https://127.0.0.1:9/";
/// A domain that nobody has.
const NO_SUCH_DOMAIN: &str =
    "https://no-such-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/";

#[test]
fn two_domains_of_two_connections() {
    with_each_go(|mut sandbox, emulator| {
        for proxies in [format!("{GO},{ELSEWHERE}"), format!("{ELSEWHERE},{GO}")] {
            sandbox.set("GOPROXY", &proxies);
            empty_module_cache(&mut sandbox);
            let _ = download(&sandbox, &[FAREWELL, GREETING]).succeeded();
        }
        let journal = emulator.journal();
        assert_eq!(journal.mints(), 2);
        assert_tokens_presented(&journal, 2);
        journal.all_answered("go", &[200, 302, 404]);
        assert_roles_match_domains(&journal);
    });
}

/// Each token went to the domain that it is for.
#[track_caller]
fn assert_roles_match_domains(journal: &Journal) {
    for entry in journal.of("go") {
        let role = if entry.host.starts_with("my-other-domain") {
            "CodeArtifactOther"
        } else {
            "CodeArtifactReader"
        };
        let signer = entry.signer.clone().unwrap_or_default().arn;
        assert!(signer.contains(role), "{entry:#?}");
    }
}

#[test]
fn dead_first_entry() {
    with_each_go(|mut sandbox, emulator| {
        sandbox.set("GOPROXY", format!("{DEAD}|{GO}"));
        let _ = download(&sandbox, &[GREETING]).succeeded();
        assert_tokens_presented(&emulator.journal(), 1);
    });
}

/// A failure of the first one must not take the token of the second one away.
#[test]
fn first_entry_is_a_domain_that_does_not_exist() {
    with_each_go(|mut sandbox, emulator| {
        sandbox.set("GOPROXY", format!("{NO_SUCH_DOMAIN}|{GO}"));
        let _ = download(&sandbox, &[GREETING]).succeeded();
        let journal = emulator.journal();
        assert_eq!(journal.mints(), 1);
        let ours = journal
            .of("go")
            .into_iter()
            .filter(|it| it.host.starts_with("my-domain"));
        assert!(
            ours.into_iter().all(|it| it.authorization.is_some()),
            "{journal:#?}"
        );
        let (_, failure) = failures::latest(&sandbox);
        assert!(failure.contains("no-such-domain"), "{failure}");
    });
}

/// go prefers what stands in the URL, and we cannot help it.
#[test]
fn token_in_the_url() {
    with_each_go(|mut sandbox, emulator| {
        let token = token(&sandbox, GO);
        let with = |password: &str| GO.replace("https://", &format!("https://aws:{password}@"));
        sandbox.set("GOPROXY", with(&token));
        let _ = download(&sandbox, &[GREETING]).succeeded();
        sandbox.set("GOPROXY", with("stale-s3cret"));
        let _ = download(&sandbox, &[WORDS])
            .failed()
            .says(&["401 Unauthorized"]);
        assert_eq!(emulator.journal().mints(), 1);
        let (record, failure) = failures::latest(&sandbox);
        assert!(failure.contains("in the URL itself"), "{failure}");
        assert!(
            !record.contains("s3cret") && !record.contains(&token),
            "{record}"
        );
    });
}

#[test]
fn settings_in_the_go_env_file() {
    with_each_go(|mut sandbox, emulator| {
        sandbox.unset("GOPROXY");
        sandbox.unset("GOAUTH");
        let places = [
            ("", ""),
            ("XDG_CONFIG_HOME", "home/xdg"),
            ("GOENV", "home/some/go.env"),
        ];
        for (name, place) in places {
            if !name.is_empty() {
                sandbox.set(name, sandbox.path(place).display().to_string());
                Connection::configure_all(&[acme(), globex()], &sandbox);
                sandbox.set(
                    "CODEARTIFACT_CONFIG",
                    sandbox
                        .path("home/.config/codeartifact/config.toml")
                        .display()
                        .to_string(),
                );
            }
            let settings = [
                format!("GOPROXY={GO}"),
                "GOAUTH=codeartifact-goauth".to_owned(),
            ];
            let _ = sandbox
                .run("go", &["env", "-w", &settings[0], &settings[1]])
                .succeeded();
            let file = sandbox.run("go", &["env", "GOENV"]).succeeded().stdout;
            assert!(place.is_empty() || file.contains(place), "{file}");
            empty_module_cache(&mut sandbox);
            let _ = download(&sandbox, &[GREETING]).succeeded();
        }
        assert_tokens_presented(&emulator.journal(), 1);
    });
}

#[test]
fn env_file_that_go_does_not_read_is_not_read() {
    let (mut sandbox, emulator) = developer();
    sandbox.unset("GOPROXY");
    let _ = sandbox
        .run("go", &["env", "-w", &format!("GOPROXY={GO}")])
        .succeeded();
    sandbox.set("GOENV", "off");
    let answer = sandbox.run("codeartifact-goauth", &[]).succeeded();
    assert_eq!(answer.stdout, "");
    assert!(emulator.journal().0.is_empty());
}

#[test]
fn off_and_direct() {
    with_each_go(|mut sandbox, emulator| {
        sandbox.set("GOPROXY", "off");
        let _ = download(&sandbox, &[WORDS])
            .failed()
            .says(&["module lookup disabled by GOPROXY=off"]);
        assert!(emulator.journal().0.is_empty());
        for behind in ["direct", "off"] {
            sandbox.set("GOPROXY", format!("{GO},{behind}"));
            empty_module_cache(&mut sandbox);
            let _ = download(&sandbox, &[WORDS]).succeeded();
        }
        assert_tokens_presented(&emulator.journal(), 1);
    });
}

#[test]
fn netrc_of_another_host_beside_us() {
    with_each_go(|mut sandbox, emulator| {
        write_netrc(&sandbox, "git.example.com");
        for commands in ["netrc; codeartifact-goauth", "codeartifact-goauth;netrc"] {
            sandbox.set("GOAUTH", commands);
            empty_module_cache(&mut sandbox);
            let _ = download(&sandbox, &[GREETING]).succeeded();
        }
        assert_eq!(emulator.journal().mints(), 1);
        assert_tokens_presented(&emulator.journal(), 1);
    });
}

/// A script once wrote this for our own host. Up to go 1.24 the command that is named first wins.
#[test]
fn netrc_with_an_old_token_of_our_host() {
    let rows = [
        ("go", "netrc; codeartifact-goauth"),
        ("go", "codeartifact-goauth; netrc"),
        ("go-1.24", "codeartifact-goauth; netrc"),
    ];
    for (client, commands) in rows {
        let (mut sandbox, emulator) = developer();
        sandbox.client(client, "go");
        write_netrc(&sandbox, host(GO));
        sandbox.set("GOAUTH", commands);
        let _ = download(&sandbox, &[GREETING]).succeeded();
        assert_eq!(emulator.journal().mints(), 1);
        assert_tokens_presented(&emulator.journal(), 1);
    }
}

fn write_netrc(sandbox: &Sandbox, machine: &str) {
    let line = format!("machine {machine} login aws password stale\n");
    sandbox.write("home/.netrc", &line);
}

fn host(url: &str) -> &str {
    url.trim_start_matches("https://")
        .split('/')
        .next()
        .unwrap()
}
