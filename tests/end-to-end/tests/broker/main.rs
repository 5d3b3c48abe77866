//! The broker: jobs of three tenants, each proved by an identity token, get their tenant's token and no other. Real helpers
//! ask real replicas on loopback; only AWS is the emulator.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod down;
mod fleet;
mod guests;
mod manifests;
mod places;
mod proofs;
mod questions;
mod service;
mod tls;

use std::fs;
use std::process::{Child, Command, Stdio};

use codeartifact_end_to_end::fixture::{Connection, PYPI, acme, globex, initech, two_hops};
use codeartifact_end_to_end::{Broker, Emulator, Issuer, Outcome, Sandbox};

const ISSUER: &str = "https://oidc.builds.example.com";

/// Connections that differ in what AWS sees of them; each is a tenant's.
const TENANTS: [&str; 3] = ["acme", "globex", "initech"];

/// A cluster: its issuer, its tenants' connections, and AWS.
struct Cluster {
    // Before the sandbox, whose folder holds its journal: fields are dropped in this order.
    emulator: Emulator,
    sandbox: Sandbox,
    issuer: Issuer,
}

impl Cluster {
    fn new() -> Self {
        let (sandbox, emulator) = two_hops();
        Connection::configure_all(&[acme(), globex(), initech()], &sandbox);
        let issuer = Issuer::new(ISSUER);
        sandbox.write("jwks.json", &issuer.key_set());
        fs::create_dir(sandbox.path("jobs")).unwrap();
        Self {
            emulator,
            sandbox,
            issuer,
        }
    }

    /// Each namespace is one tenant's.
    fn config(&self) -> String {
        let keys = self.sandbox.path("jwks.json");
        let mut config = format!(
            "listen = '127.0.0.1:0'\nmetrics = '127.0.0.1:0'\n\n[[issuers]]\nissuer = '{ISSUER}'\njwks_file = '{}'\n",
            keys.display()
        );
        for tenant in TENANTS {
            config += &format!(
                "\n[[clients]]\nissuer = '{ISSUER}'\naudience = 'codeartifact-broker'\n\
                 subject = 'system:serviceaccount:builds-{tenant}:*'\nconnections = ['{tenant}']\n"
            );
        }
        config
    }

    fn broker(&self, name: &str) -> Broker {
        Broker::start(&self.sandbox, name, &self.config())
    }

    /// A job of a tenant: a helper on a host of its own, which has neither a configuration nor an AWS identity.
    fn job(&self, number: usize, tenant: &str, url: &str) -> Command {
        let token = self.issuer.token(&subject(tenant));
        self.job_with(number, &token, url)
    }

    fn job_with(&self, number: usize, token: &str, url: &str) -> Command {
        let home = self.sandbox.path(&format!("jobs/{number}"));
        fs::create_dir_all(&home).unwrap();
        let mut command = self.sandbox.command("keyring");
        command
            .args(["get", PYPI, "aws"])
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY")
            .env("HOME", &home)
            .env("XDG_RUNTIME_DIR", &home)
            .env("CODEARTIFACT_BROKER", url)
            .env("CODEARTIFACT_BROKER_SOURCE", "env:JOB_TOKEN")
            .env("JOB_TOKEN", token)
            .env("CODEARTIFACT_CACHE", "file")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Returns the connection that AWS minted each token for, by its fingerprint.
    fn minted_for(&self, token: &str) -> Option<String> {
        let fingerprint = fingerprint(token);
        let journal = self.emulator.journal();
        let mints = journal.of("codeartifact:GetAuthorizationToken");
        let mint = mints
            .into_iter()
            .find(|mint| mint.issued.as_deref() == Some(fingerprint.as_str()))?;
        let arn = &mint.signer.as_ref()?.arn;
        Some(arn.rsplit_once("/codeartifact-")?.1.to_owned())
    }
}

fn subject(tenant: &str) -> String {
    format!("system:serviceaccount:builds-{tenant}:job")
}

fn end(child: Child) -> Outcome {
    child.wait_with_output().unwrap().into()
}

fn run(mut command: Command) -> Outcome {
    end(command.spawn().unwrap())
}

/// The emulator's: the first digits of the SHA-256.
fn fingerprint(token: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, token.trim_end().as_bytes());
    let digits = digest.as_ref().iter().take(4);
    digits.map(|byte| format!("{byte:02x}")).collect()
}
