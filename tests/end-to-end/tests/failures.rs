//! Tests of what users and customers get wrong: every client fails, nothing is installed, and a clear sentence says where
//! it failed and what to do next, also for the clients that swallow what a helper says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use codeartifact_end_to_end::fixture::{self, Connection, acme, two_hops};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox, install};

/// A connection that cannot work, how it is said, and how `codeartifact` exits.
struct Mistake {
    connection: Connection,
    says: &'static [&'static str],
    code: i32,
}

#[test]
fn wrong_external_id() {
    Mistake {
        connection: Connection { external_id: "acme-00000000", ..acme() },
        says: &[
            "cannot assume arn:aws:iam::111122223333:role/CodeArtifactReader (hop 2 of 2, connection acme)",
            "AWS: AccessDenied: User: arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/",
            "hint: ",
            "external id",
        ],
        code: 4,
    }
    .is_explained();
}

#[test]
fn role_that_does_not_trust_the_integration_role() {
    Mistake {
        connection: Connection {
            role: "arn:aws:iam::111122223333:role/CodeArtifactUntrusting",
            ..acme()
        },
        says: &[
            "cannot assume arn:aws:iam::111122223333:role/CodeArtifactUntrusting (hop 2 of 2, connection acme)",
            "AWS: AccessDenied: User: arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/",
            "hint: ",
            "trust policy",
        ],
        code: 4,
    }
    .is_explained();
}

#[test]
fn missing_permission_for_the_bearer_token() {
    Mistake {
        connection: Connection {
            role: "arn:aws:iam::111122223333:role/CodeArtifactBearerless",
            ..acme()
        },
        says: &[
            "connection acme",
            "AWS: AccessDenied",
            "hint: ",
            "sts:GetServiceBearerToken",
        ],
        code: 5,
    }
    .is_explained();
}

#[test]
fn domain_that_does_not_exist() {
    let elsewhere = |url: &str| url.replace("my-domain", "no-such-domain");
    Mistake {
        connection: Connection {
            npm: elsewhere(fixture::NPM),
            pypi: elsewhere(fixture::PYPI),
            go: elsewhere(fixture::GO),
            ..acme()
        },
        says: &["no-such-domain", "AWS: ResourceNotFoundException", "hint: "],
        code: 6,
    }
    .is_explained();
}

#[test]
fn pypi_url_without_simple_in_the_configuration() {
    Mistake {
        connection: Connection {
            pypi: fixture::PYPI.replace("simple/", ""),
            ..acme()
        },
        says: &["config.toml", "/simple/", fixture::PYPI],
        code: 3,
    }
    .is_explained();
}

/// The configuration is right, but pip was given the URL that twine needs.
#[test]
fn pypi_url_without_simple_in_the_clients_hands() {
    let (mut sandbox, emulator) = two_hops();
    let log = log_to(&mut sandbox);
    let url = fixture::PYPI.replace("simple/", "");
    let _ = install::pip(&mut sandbox, &url).failed();
    assert!(
        sandbox.read(log).contains("/simple/"),
        "{}",
        sandbox.read(log)
    );
    assert_nothing_served(&emulator);
    let _ = sandbox
        .run("keyring", &["--mode=creds", "--output=json", "get", &url])
        .says(&["/simple/"]);
}

impl Mistake {
    /// By each program when a person runs it, and through each client.
    fn is_explained(&self) {
        self.is_said_by("codeartifact", Self::token);
        self.is_said_by("keyring", Self::keyring);
        self.is_said_by("codeartifact-npm", Self::codeartifact_npm);
        self.is_said_by("codeartifact-goauth", Self::goauth);
        self.is_logged_for("pip", |mistake, sandbox| {
            install::pip(sandbox, &mistake.connection.pypi)
        });
        self.is_logged_for("npm", |mistake, sandbox| {
            install::npm(sandbox, &mistake.connection.npm)
        });
        self.is_logged_for("go", |mistake, sandbox| {
            install::go(sandbox, &mistake.connection.go)
        });
    }

    fn is_said_by(&self, program: &str, run: impl Fn(&Self, &mut Sandbox) -> Outcome) {
        let (mut sandbox, _emulator) = two_hops();
        self.connection.configure(&sandbox);
        let outcome = run(self, &mut sandbox).says(self.says);
        assert_eq!(outcome.stdout, "", "{program}: {outcome:?}");
        let first = outcome.stderr.lines().next().unwrap();
        assert!(
            first.starts_with(&format!("{}: ", real_name(program))),
            "{outcome:?}"
        );
        assert_eq!(outcome.stderr.matches("hint: ").count(), 1, "{outcome:?}");
    }

    fn is_logged_for(&self, client: &str, run: impl Fn(&Self, &mut Sandbox) -> Outcome) {
        let (mut sandbox, emulator) = two_hops();
        self.connection.configure(&sandbox);
        let log = log_to(&mut sandbox);
        let _ = run(self, &mut sandbox).failed();
        let logged = sandbox.read(log);
        for text in self.says {
            assert!(
                logged.contains(text),
                "{client}: the log lacks {text:?}: {logged}"
            );
        }
        assert_nothing_served(&emulator);
    }

    fn token(&self, sandbox: &mut Sandbox) -> Outcome {
        sandbox
            .run("codeartifact", &["token", &self.connection.npm])
            .exited(self.code)
    }

    fn keyring(&self, sandbox: &mut Sandbox) -> Outcome {
        let service = &self.connection.pypi;
        sandbox
            .run(
                "keyring",
                &["--mode=creds", "--output=json", "get", service],
            )
            .exited(1)
    }

    fn codeartifact_npm(&self, sandbox: &mut Sandbox) -> Outcome {
        sandbox.write(
            "work/.npmrc",
            &format!("registry={}\n", self.connection.npm),
        );
        let outcome = sandbox.run("codeartifact-npm", &[]).exited(self.code);
        assert!(
            !sandbox.path("home/.npmrc").exists(),
            "there was nothing to write"
        );
        outcome
    }

    fn goauth(&self, sandbox: &mut Sandbox) -> Outcome {
        sandbox.set("GOPROXY", &self.connection.go);
        sandbox.run("codeartifact-goauth", &[]).failed()
    }
}

/// The name that a helper says before its message: the one its package has, whatever it is called as.
fn real_name(program: &str) -> &str {
    if program == "keyring" {
        "codeartifact-keyring"
    } else {
        program
    }
}

fn log_to(sandbox: &mut Sandbox) -> &'static str {
    let log = "home/helpers.log";
    sandbox.set("CODEARTIFACT_LOG", sandbox.path(log).display().to_string());
    log
}

fn assert_nothing_served(emulator: &Emulator) {
    let journal = emulator.journal();
    assert!(journal.of("asset").is_empty(), "{journal:#?}");
    let served = ["pypi", "npm", "go"]
        .map(|format| journal.of(format))
        .concat();
    assert!(
        served
            .iter()
            .all(|entry| entry.status.is_some_and(|it| it >= 400)),
        "{served:#?}"
    );
}
