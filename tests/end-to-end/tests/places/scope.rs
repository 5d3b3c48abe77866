//! `scope = "repositories"`: a token that opens the connection's own repositories and no other of the domain, though
//! the role itself may read them all.

use codeartifact_end_to_end::install;

use super::*;

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// The same repository's neighbour, which the role may read and the connection does not name.
fn other(url: &str) -> String {
    url.replace("/my-repo/", "/my-other-repo/")
}

fn with_scope(scope: &str) -> (Sandbox, Emulator) {
    let (sandbox, emulator) = connected(READER_ROLE);
    let config = sandbox.read(CONFIG);
    sandbox.write(
        CONFIG,
        &format!(
            "{}scope = \"{scope}\"\n",
            config.trim_end().to_owned() + "\n"
        ),
    );
    (sandbox, emulator)
}

/// Returns what each client makes of a repository.
fn installed(sandbox: &mut Sandbox, url: impl Fn(&str) -> String) -> Vec<(&'static str, Outcome)> {
    vec![
        ("pypi", install::pip(sandbox, &url(PYPI))),
        ("npm", install::npm(sandbox, &url(NPM))),
        ("go", install::go(sandbox, &url(GO))),
    ]
}

#[test]
fn its_own_repository_is_open() {
    let (mut sandbox, emulator) = with_scope("repositories");
    for (_, outcome) in installed(&mut sandbox, str::to_owned) {
        let outcome = outcome.succeeded();
        assert!(outcome.stdout.contains(install::GREETING), "{outcome:?}");
    }
    assert_eq!(emulator.journal().mints(), 1, "one token for all of them");
}

#[test]
fn another_repository_is_closed() {
    let (mut sandbox, emulator) = with_scope("repositories");
    for (format, outcome) in installed(&mut sandbox, other) {
        let outcome = outcome.failed();
        let journal = emulator.journal();
        let answers = journal.of(format);
        let refused = answers.iter().any(|entry| {
            entry.status == Some(403)
                && entry
                    .reason
                    .as_deref()
                    .is_some_and(|it| it.contains("session policy"))
        });
        assert!(refused, "{format}: {outcome:?} {answers:#?}");
        let opened = answers.iter().find(|entry| entry.status == Some(200));
        assert!(opened.is_none(), "{opened:#?}");
    }
    assert_eq!(emulator.journal().mints(), 1, "a refusal mints nothing");
}

/// The control: it is the scope that closes it.
#[test]
fn another_repository_is_open_to_a_token_for_the_domain() {
    let (mut sandbox, _emulator) = with_scope("domain");
    for (format, outcome) in installed(&mut sandbox, other) {
        assert_eq!(outcome.code, Some(0), "{format}: {outcome:?}");
    }
}

/// pip asks once for each host and sends the answer to all of its repositories; so does whoever knows no path.
#[test]
fn one_token_covers_all_repositories_of_the_connection() {
    let (mut sandbox, emulator) = with_scope("repositories");
    let config = sandbox.read(CONFIG);
    sandbox.write(CONFIG, &config.replace(NPM, &other(NPM)));
    let by_host = sandbox
        .run("keyring", &["get", HOST, "aws"])
        .succeeded()
        .stdout;
    for url in [PYPI, &other(NPM)] {
        let token = sandbox
            .run("codeartifact", &["token", url])
            .succeeded()
            .stdout;
        assert_eq!(token, by_host, "{url}");
    }
    sandbox.set("PIP_EXTRA_INDEX_URL", other(PYPI));
    let _ = install::pip(&mut sandbox, PYPI).succeeded();
    let journal = emulator.journal();
    let mut read: Vec<_> = journal
        .of("pypi:simple")
        .into_iter()
        .filter(|entry| entry.authorization.is_some())
        .inspect(|entry| assert_eq!(entry.status, Some(200), "{entry:#?}"))
        .map(|entry| entry.path.split('/').nth(2).unwrap().to_owned())
        .collect();
    read.sort();
    read.dedup();
    assert_eq!(read, ["my-other-repo", "my-repo"]);
    assert_eq!(journal.mints(), 1);
}
