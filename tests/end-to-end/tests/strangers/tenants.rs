//! A platform's job: the project names another tenant's repository in every place that a client reads, and in some that
//! none reads.

use codeartifact_end_to_end::fixture::{self, Connection, acme, two_hops};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

const GLOBEX: &str = "https://globex-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// Two tenants of two domains.
fn platform() -> (Sandbox, Emulator) {
    let (mut sandbox, emulator) = two_hops();
    let globex = Connection {
        npm: format!("{GLOBEX}/npm/my-repo/"),
        pypi: format!("{GLOBEX}/pypi/my-repo/simple/"),
        go: format!("{GLOBEX}/go/my-repo/"),
        ..fixture::globex()
    };
    Connection::configure_all(&[acme(), globex], &sandbox);
    sandbox.set("CODEARTIFACT_REQUIRE_CONNECTION", "true");
    (sandbox, emulator)
}

#[test]
fn without_a_name_no_url_gets_a_token() {
    let (sandbox, emulator) = platform();
    let urls = [
        fixture::PYPI.to_owned(),
        format!("{GLOBEX}/pypi/my-repo/simple/"),
        "https://third-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/"
            .to_owned(),
        "https://third-444455556666.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/"
            .to_owned(),
    ];
    for url in urls {
        let answer = sandbox.run("keyring", &["get", &url, "aws"]).exited(1);
        assert_eq!(answer.stdout, "");
        let _ = answer.says(&["CODEARTIFACT_CONNECTION"]);
        let _ = sandbox.run("codeartifact", &["token", &url]).exited(3);
    }
    sandbox.write("work/.npmrc", &format!("registry={GLOBEX}/npm/my-repo/\n"));
    let _ = sandbox.run("codeartifact-npm", &[]).failed();
    assert!(!sandbox.path("home/.npmrc").exists());
    sandbox.write(
        "work/pyproject.toml",
        &format!("[[tool.uv.index]]\nname = \"x\"\nurl = \"{GLOBEX}/pypi/my-repo/simple/\"\n"),
    );
    let shown = [
        "exec",
        "--",
        "sh",
        "-c",
        "while read -r line; do echo \"$line\"; done <\"$NETRC\"",
    ];
    let shown = sandbox.run("codeartifact", &shown);
    assert!(!shown.stdout.contains("machine"), "{shown:?}");
    assert!(emulator.journal().aws().is_empty(), "AWS is not asked");
}

#[test]
fn with_a_name_only_that_tenants_own_are_served() {
    let (mut sandbox, emulator) = platform();
    sandbox.set("CODEARTIFACT_CONNECTION", "acme");
    let _ = sandbox
        .run("keyring", &["get", fixture::PYPI, "aws"])
        .succeeded();
    assert_eq!(emulator.journal().mints(), 1);
    let other =
        "https://third-444455556666.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/";
    let _ = sandbox.run("keyring", &["get", other, "aws"]).exited(1);
    assert_eq!(emulator.journal().mints(), 1);
}

/// A repository of globex's where no client looks for one, in files that clients read.
#[test]
fn what_no_client_reads_asks_for_no_token() {
    const PACKAGE: &str = "{\"name\": \"p\", \"version\": \"1.0.0\"}";
    let (mut sandbox, emulator) = platform();
    sandbox.unset("CODEARTIFACT_REQUIRE_CONNECTION");
    let rows = [
        ("package.json", "{\"description\": \"see URL\"}"),
        ("package-lock.json", "{\"resolved\": \"URLx/-/x-1.tgz\"}"),
        (".npmrc", "homepage=URL\n; registry=URL\n"),
        (".npmrc", "[other]\nregistry=URL\n"),
        (".yarnrc.yml", "description: \"URL\"\n"),
        ("pnpm-workspace.yaml", "packages:\n  - \"URL\"\n"),
        (
            "bunfig.toml",
            "[install]\nregistry = \"x\"\n[test]\nroot = \"URL\"\n",
        ),
    ];
    for (file, text) in rows {
        std::fs::remove_dir_all(sandbox.path("work")).unwrap();
        sandbox.write("work/p/package.json", PACKAGE);
        let url = format!("{GLOBEX}/npm/my-repo/");
        sandbox.write(&format!("work/p/{file}"), &text.replace("URL", &url));
        for words in [&[][..], &["exec", "--", "sh", "-c", "true"]] {
            let mut command = sandbox.command("codeartifact-npm");
            let command = command.args(words).current_dir(sandbox.path("work/p"));
            let outcome: Outcome = command.output().unwrap().into();
            let asked = emulator.journal().aws().len();
            assert_eq!(asked, 0, "{file}: {text}: {outcome:?}");
        }
    }
    // The root of a workspace, and a key that clients read.
    sandbox.write("work/.npmrc", &format!("registry={}\n", fixture::NPM));
    sandbox.write("work/package.json", "{\"workspaces\": [\"p\"]}");
    let mut command = sandbox.command("codeartifact-npm");
    let command = command.current_dir(sandbox.path("work/p"));
    let _ = Outcome::from(command.output().unwrap()).succeeded();
    assert_eq!(emulator.journal().mints(), 1);
}

/// Above a package that is of no workspace, npm, pnpm and Bun read no `.npmrc`. Yarn 1 does.
#[test]
fn what_is_above_a_package_asks_for_no_token() {
    let (mut sandbox, emulator) = platform();
    sandbox.unset("CODEARTIFACT_REQUIRE_CONNECTION");
    sandbox.write("work/p/package.json", "{\"name\": \"p\"}");
    let registry = format!("registry={GLOBEX}/npm/my-repo/\n");
    sandbox.write("work/.npmrc", &registry);
    let installs = |client: &str| {
        sandbox.write_program(&format!("bin/{client}"), "#!/bin/sh\nexit 0\n");
        let before = emulator.journal().aws().len();
        let mut command = sandbox.command("codeartifact-npm");
        let command = command.args(["exec", "--", client, "install"]);
        let command = command.current_dir(sandbox.path("work/p"));
        let _ = Outcome::from(command.output().unwrap()).succeeded();
        emulator.journal().aws().len() - before
    };
    for client in ["npm", "pnpm", "bun"] {
        assert_eq!(installs(client), 0, "{client}");
    }
    assert_ne!(installs("yarn"), 0);
    sandbox.write("home/.npmrc", "");
    sandbox.write("work/package.json", "{\"workspaces\": [\"p\"]}");
    let _ = sandbox.run("codeartifact", &["logout"]);
    for client in ["npm", "pnpm", "bun"] {
        sandbox.write("home/.npmrc", "");
        assert_ne!(installs(client), 0, "{client}");
        let _ = sandbox.run("codeartifact", &["logout"]);
    }
}

/// A role of the environment is a name, too.
#[test]
fn a_job_on_a_scheduler_needs_no_name() {
    let (mut sandbox, _emulator) = platform();
    sandbox.set("CODEARTIFACT_ROLE_ARN", fixture::READER_ROLE);
    sandbox.set("CODEARTIFACT_EXTERNAL_ID", fixture::EXTERNAL_ID);
    let _ = sandbox
        .run("keyring", &["get", fixture::PYPI, "aws"])
        .succeeded();
}

fn made_up(number: usize) -> String {
    format!("https://made-up-{number}-111122223333.d.codeartifact.us-east-1.amazonaws.com")
}

/// 400 domains that do not exist cost as much as one.
#[test]
fn made_up_domains_are_not_all_asked_for() {
    let (sandbox, emulator) = two_hops();
    let scopes =
        (0..400).map(|number| format!("@s{number}:registry={}/npm/my-repo/\n", made_up(number)));
    sandbox.write(
        "work/.npmrc",
        &format!("{}registry={}\n", scopes.collect::<String>(), fixture::NPM),
    );
    let outcome = crate::soon("made-up domains", || sandbox.run("codeartifact-npm", &[]));
    assert!(outcome.stderr.len() < 5000, "{outcome:?}");
    let journal = emulator.journal();
    assert_eq!(
        journal.aws().len(),
        5,
        "the first role, whose session is kept; a role and a token for two"
    );
    assert_eq!(journal.mints(), 1, "and what is configured has its token");
}

/// pip starts a program for each of its indexes, uv many at once.
#[test]
fn made_up_domains_are_not_asked_for_by_one_process_after_the_other() {
    let (sandbox, emulator) = two_hops();
    let keyring = |url: &str| sandbox.run("keyring", &["get", url, "aws"]);
    let of = |number| format!("{}/pypi/my-repo/simple/", made_up(number));
    std::thread::scope(|scope| {
        for number in 0..8 {
            let keyring = &keyring;
            scope.spawn(move || {
                let _ = keyring(&of(number)).exited(1);
            });
        }
    });
    for number in 8..40 {
        let told = keyring(&of(number)).exited(1);
        let _ = told.says(&[
            "AWS was not asked: a moment ago it gave no token",
            "codeartifact connect",
        ]);
    }
    assert_eq!(emulator.journal().aws().len(), 3, "one role chain");
    let _ = keyring(fixture::PYPI).succeeded();
    assert_eq!(
        emulator.journal().mints(),
        1,
        "what is configured is asked for"
    );
    let before = emulator.journal().aws().len();
    let _ = sandbox.run("codeartifact", &["token", &of(50)]).exited(6);
    let after = emulator.journal().aws().len();
    assert_eq!(
        after - before,
        2,
        "and what a person names, behind the kept session of the first role"
    );
}

/// Without a role a failure costs one call, and people name domains that they may not read beside theirs.
#[test]
fn made_up_domains_of_ones_own_credentials_cost_three_calls() {
    let (sandbox, emulator) = two_hops();
    sandbox.write("home/.config/codeartifact/config.toml", "");
    let own = |number: usize| made_up(number).replace("111122223333", "198331734661");
    for number in 0..40 {
        let url = format!("{}/pypi/my-repo/simple/", own(number));
        let _ = sandbox.run("keyring", &["get", &url, "aws"]).exited(1);
    }
    assert_eq!(emulator.journal().aws().len(), 3);
}

/// A role that cannot be assumed is tried once.
#[test]
fn one_failed_hop_is_enough_for_all_domains() {
    let (sandbox, emulator) = two_hops();
    let untrusting = Connection {
        role: "arn:aws:iam::111122223333:role/CodeArtifactUntrusting",
        ..acme()
    };
    untrusting.configure(&sandbox);
    let scopes = (0..50).map(|number| {
        format!("@s{number}:registry=https://made-up-{number}-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/\n")
    });
    sandbox.write("work/.npmrc", &scopes.collect::<String>());
    let outcome = sandbox.run("codeartifact-npm", &[]).failed();
    assert_eq!(
        outcome.stderr.matches("cannot assume").count(),
        1,
        "{outcome:?}"
    );
    let asked = emulator.journal().of("sts:AssumeRole").len();
    assert_eq!(asked, 2, "both hops, once");
}
