//! A second AWS, which nobody here wrote: moto's STS and IAM with their authorization checks on. They verify a signature by
//! botocore's own signer, the caller's policies, and the External ID of a trust policy.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use codeartifact_end_to_end::{Outcome, Sandbox};

const EXTERNAL_ID: &str = "acme-7f3c2a91";
const NPM: &str =
    "https://my-domain-123456789012.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
const INTEGRATION_ROLE: &str = "arn:aws:iam::123456789012:role/IntegrationReadOnly";
const READER_ROLE: &str = "arn:aws:iam::123456789012:role/CodeArtifactReader";

/// moto, with a user who may assume one role, which may assume the other with the External ID.
struct Moto {
    process: Child,
}

impl Moto {
    fn start(sandbox: &mut Sandbox) -> Self {
        sandbox.client("moto", "python");
        let mut process = sandbox
            .command("python")
            .args(["-c", include_str!("serve.py"), EXTERNAL_ID])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let output = process.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut said).unwrap();
        let words: Vec<&str> = said.split_whitespace().collect();
        let [port, id, secret] = words[..] else {
            panic!("moto does not start: {said:?}");
        };
        sandbox.set("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"));
        sandbox.set("AWS_ACCESS_KEY_ID", id);
        sandbox.set("AWS_SECRET_ACCESS_KEY", secret);
        Self { process }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn job() -> (Sandbox, Moto) {
    let mut sandbox = Sandbox::new();
    let moto = Moto::start(&mut sandbox);
    for (name, value) in [
        ("CODEARTIFACT_VIA", INTEGRATION_ROLE),
        ("CODEARTIFACT_ROLE_ARN", READER_ROLE),
        ("CODEARTIFACT_EXTERNAL_ID", EXTERNAL_ID),
        ("CODEARTIFACT_CACHE", "off"),
    ] {
        sandbox.set(name, value);
    }
    (sandbox, moto)
}

fn token(sandbox: &Sandbox) -> Outcome {
    sandbox.run("codeartifact", &["token", NPM])
}

#[test]
fn a_chain_of_two_with_an_external_id_works() {
    let (sandbox, _moto) = job();
    let token = token(&sandbox).succeeded();
    assert_eq!(
        token.stdout.trim(),
        "token-of-arn:aws:sts::123456789012:assumed-role/CodeArtifactReader/codeartifact"
    );
}

#[test]
fn what_moto_refuses_is_told_at_its_hop() {
    let (mut sandbox, _moto) = job();
    let refused: [(&str, &str, &str); 3] = [
        ("CODEARTIFACT_EXTERNAL_ID", "acme-00000000", "(hop 2 of 2)"),
        (
            "AWS_SECRET_ACCESS_KEY",
            "not-the-one-of-this-key",
            "SignatureDoesNotMatch",
        ),
        (
            "AWS_ACCESS_KEY_ID",
            "AKIAIOSFODNN7EXAMPLE",
            "InvalidClientTokenId",
        ),
    ];
    for (name, value, says) in refused {
        let kept = sandbox.variables();
        sandbox.set(name, value);
        let _ = token(&sandbox).exited(4).says(&[says, "hint: "]);
        sandbox.restore(kept);
    }
    // Without the roles the user itself is the caller, who has no right to the token.
    let kept = sandbox.variables();
    for name in ["VIA", "ROLE_ARN", "EXTERNAL_ID"] {
        sandbox.unset(&format!("CODEARTIFACT_{name}"));
    }
    let _ = token(&sandbox)
        .exited(5)
        .says(&["codeartifact:GetAuthorizationToken is not allowed"]);
    sandbox.restore(kept);
    let _ = token(&sandbox).succeeded();
}
