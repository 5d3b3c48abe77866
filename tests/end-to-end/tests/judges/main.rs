//! The emulator before judges that nobody here wrote: AWS's own service model, as botocore reads it, and a simulator of IAM.
#![cfg(target_os = "linux")]

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
use codeartifact_end_to_end::{Emulator, Sandbox};

const SCENARIO: &str = r#"
[accounts.111122223333.users.ada]
access_key_id = "AKIAIOSFODNN7EXAMPLE"
secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
policies = ['''{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["codeartifact:*", "sts:*"], "Resource": "*"}]}''']

[accounts.111122223333.roles.Reader]
trust = '''{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
     "Principal": {"AWS": "arn:aws:iam::111122223333:user/ada"}}]}'''

[accounts.111122223333.domains.my-domain]
region = "us-east-1"

[accounts.111122223333.domains.my-domain.repositories.my-repo]
description = "Mine"
upstreams = ["my-store"]

[accounts.111122223333.domains.my-domain.repositories.my-store]
"#;

#[test]
fn every_answer_fits_the_service_model() {
    let mut sandbox = Sandbox::new();
    sandbox.write("scenario.toml", SCENARIO);
    let _emulator = Emulator::start_with(&sandbox.path("scenario.toml"), &mut sandbox);
    sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
    sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    sandbox.client("awscli", "python");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/judges/botocore.py");
    let said = sandbox.run("python", &[script]).succeeded();
    assert_eq!(said.stdout, "41 calls\n");
}

/// Whom a trust policy lets in, by its principals, actions and conditions: a thousand of them, the same in each run.
#[test]
fn a_thousand_trust_policies_are_judged_alike() {
    let mut sandbox = Sandbox::new();
    sandbox.client("awscli", "python");
    sandbox.client("machine", "node");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/judges/policies.py");
    let _ = sandbox
        .run("python", &[script, "write", "1000"])
        .succeeded();
    let _emulator = Emulator::start_with(&sandbox.path("work/scenario.toml"), &mut sandbox);
    let ours = sandbox.run("python", &[script, "ask"]).succeeded().stdout;
    let simulate = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/judges/simulate.mjs");
    let modules = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../.clients/iam-simulate/node_modules"
    );
    let theirs = sandbox.run("node", &[simulate, modules]).succeeded().stdout;
    let differing: Vec<_> = theirs
        .lines()
        .filter(|role| !ours.lines().any(|it| it == *role))
        .chain(
            ours.lines()
                .filter(|role| !theirs.lines().any(|it| it == *role)),
        )
        .collect();
    assert_eq!(differing, [""; 0]);
    // Neither lets everybody in, or nobody.
    assert!((100..900).contains(&ours.lines().count()), "{ours}");
}
