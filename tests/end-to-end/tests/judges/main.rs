//! The emulator before judges that nobody here wrote: AWS's own service model, as botocore reads it.
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
