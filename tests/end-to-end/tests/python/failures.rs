//! What goes wrong between a client and its index: the client's own message appears, and our reason where it can be
//! seen, on stderr or in `codeartifact status`.

use codeartifact_end_to_end::fixture::{PYPI, PYPI_OF_AWS};
use codeartifact_end_to_end::kept;

use crate::{Desk, GREETING, GREETS};

/// Of the twelve that a token lives.
const ELEVEN_HOURS_AND_A_HALF: u64 = 41_400;

impl Desk {
    fn status(&self) -> String {
        self.sandbox
            .run("codeartifact", &["status"])
            .succeeded()
            .stdout
    }

    /// As both clients are told it; quick to give up.
    fn with_client(client: &str) -> Self {
        let mut desk = Desk::with(client, client);
        for (name, value) in [
            ("PIP_KEYRING_PROVIDER", "subprocess"),
            ("PIP_NO_INPUT", "1"),
            ("PIP_RETRIES", "0"),
            ("PIP_NO_CACHE_DIR", "1"),
            ("PIP_INDEX_URL", PYPI),
            ("UV_KEYRING_PROVIDER", "subprocess"),
            ("UV_PYTHON_DOWNLOADS", "never"),
            ("UV_HTTP_RETRIES", "0"),
            ("UV_NO_CACHE", "1"),
            ("UV_DEFAULT_INDEX", PYPI_OF_AWS),
        ] {
            desk.sandbox.set(name, value);
        }
        desk
    }

    fn install(&self, client: &str, package: &str) -> codeartifact_end_to_end::Outcome {
        match client {
            "uv" => self
                .sandbox
                .run("uv", &["pip", "install", "--python", &self.python, package]),
            _ => self.pip(&["install", package]),
        }
    }
}

/// It would end before a long install does: another one takes its place before the client has seen it.
#[test]
fn token_that_is_about_to_end_is_replaced_before_an_install() {
    for client in ["pip", "uv"] {
        let desk = Desk::with_client(client);
        let _ = desk
            .sandbox
            .run("codeartifact", &["token", PYPI])
            .succeeded();
        kept::spoil(&desk.sandbox);
        kept::age(&desk.sandbox, ELEVEN_HOURS_AND_A_HALF);
        let _ = desk.install(client, "my-package").succeeded();
        desk.imports(GREETS, GREETING);
        desk.assert_tokens(2);
    }
}

/// Neither client asks a second time, and none tells us that its token was refused. Forgetting it is what helps.
#[test]
fn token_that_ends_in_the_middle_of_an_install() {
    for (client, action) in [("pip", "pypi:file"), ("uv", "pypi:simple")] {
        let desk = Desk::with_client(client);
        let fault = format!(r#"{{"fault": "revoke", "action": "{action}", "times": 1}}"#);
        desk.emulator.fault(&fault);
        let _ = desk.install(client, "my-package").failed().says(&["401"]);
        let _ = desk.sandbox.run("codeartifact", &["logout"]).succeeded();
        let _ = desk.install(client, "my-package").succeeded();
        desk.imports(GREETS, GREETING);
        desk.assert_tokens(2);
    }
}

/// Not our failure: nothing of ours is said, and the token stays good for when it is up again.
#[test]
fn index_that_is_down() {
    for client in ["pip", "uv"] {
        let desk = Desk::with_client(client);
        desk.emulator
            .fault(r#"{"fault": "status", "status": 503, "action": "pypi"}"#);
        let _ = desk.install(client, "my-package").failed();
        assert!(
            !desk.status().contains("codeartifact-keyring"),
            "{}",
            desk.status()
        );
        desk.emulator.recover();
        let _ = desk.install(client, "my-package").succeeded();
        desk.assert_tokens(1);
    }
}

/// uv lets our stderr through; pip does not, and `status` has it.
#[test]
fn wrong_domain_and_aws_that_is_down() {
    let rows = [
        ("no-such-domain", "", "ResourceNotFoundException"),
        (
            "my-domain",
            r#"{"fault": "status", "status": 503, "action": "codeartifact"}"#,
            "InternalServerException",
        ),
    ];
    for (domain, fault, reason) in rows {
        for client in ["pip", "uv"] {
            let mut desk = Desk::with_client(client);
            for (name, url) in [("PIP_INDEX_URL", PYPI), ("UV_DEFAULT_INDEX", PYPI_OF_AWS)] {
                desk.sandbox.set(name, url.replace("my-domain", domain));
            }
            if !fault.is_empty() {
                desk.emulator.fault(fault);
            }
            let outcome = desk.install(client, "my-package").failed();
            let own = if client == "uv" {
                "401"
            } else {
                "No matching distribution"
            };
            assert!(outcome.stderr.contains(own), "{outcome:?}");
            assert_eq!(
                outcome.stderr.contains(reason),
                client == "uv",
                "{outcome:?}"
            );
            let status = desk.status();
            assert!(
                status.contains(reason) && status.contains(domain),
                "{status}"
            );
        }
    }
}

/// A domain that is not there: uv's own message, and the reason beside it.
#[test]
fn wrong_domain_by_uv() {
    let mut desk = Desk::with("uv", "uv");
    desk.sandbox.set("UV_KEYRING_PROVIDER", "subprocess");
    desk.sandbox.set(
        "UV_DEFAULT_INDEX",
        PYPI_OF_AWS.replace("my-domain", "no-such-domain"),
    );
    let install = ["pip", "install", "--python", &desk.python, "my-package"];
    let _ = desk.sandbox.run("uv", &install).failed().says(&[
        "codeartifact-keyring: ",
        "no-such-domain",
        "AWS: ResourceNotFoundException",
        "hint: ",
        "401 Unauthorized",
    ]);
}
