//! Tests of what a helper says of a request that no token helps.

use std::fs;

use crate::{Case, Job};

const GO: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/";

pub(crate) const CASES: &[Case] = &[
    ("request_forbidden", |job| {
        job.program = "codeartifact-goauth";
        job.command = &[];
        job.set("GOPROXY", GO);
        job.arguments = vec![
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/example.com/words/@v/list",
        ];
        job.input = "HTTP/1.1 403 Forbidden\r\n\r\n";
    }),
    ("url_with_credentials", |job| {
        job.program = "codeartifact-goauth";
        job.command = &[];
        job.arguments = vec![
            "https://aws:password@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/",
        ];
        job.input = "HTTP/1.1 401 Unauthorized\r\n\r\n";
    }),
    ("url_not_an_index", |job| {
        job.program = "keyring";
        job.command = &["--mode=creds", "--output=json", "get"];
        job.arguments = vec![
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/",
            "aws",
        ];
    }),
    ("program_missing", helper_alone),
    ("other_release", |job| {
        helper_alone(job);
        let reply = r#"{"protocol":99,"version":"9.9.9"}"#;
        let script = format!("#!/bin/sh\ncat >/dev/null\necho '{reply}'\n");
        job.sandbox.write_program("alone/codeartifact", &script);
    }),
    ("no_answer", |job| {
        helper_alone(job);
        job.sandbox
            .write_program("alone/codeartifact", "#!/bin/sh\nexit 3\n");
    }),
];

/// A helper that has to ask AWS, in a folder of its own.
fn helper_alone(job: &mut Job) {
    job.program = "codeartifact-goauth";
    job.command = &[];
    job.set("GOPROXY", GO);
    let program = fs::read_link(job.sandbox.path("bin/codeartifact-goauth")).unwrap();
    let copy = "alone/codeartifact-goauth";
    job.sandbox.copy_program(&program, copy);
    job.sandbox
        .link("codeartifact-goauth", &job.sandbox.path(copy));
}
