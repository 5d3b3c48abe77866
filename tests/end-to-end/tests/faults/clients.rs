//! What a helper says of a request that no token helps.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

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
        codeartifact(job, &format!("#!/bin/sh\ncat >/dev/null\necho '{reply}'\n"));
    }),
    ("no_answer", |job| {
        helper_alone(job);
        codeartifact(job, "#!/bin/sh\nexit 3\n");
    }),
];

/// A helper that has to ask AWS, in a folder of its own.
fn helper_alone(job: &mut Job) {
    job.program = "codeartifact-goauth";
    job.command = &[];
    job.set("GOPROXY", GO);
    let program = fs::read_link(job.sandbox.path("bin/codeartifact-goauth")).unwrap();
    let copy = job.sandbox.path("alone/codeartifact-goauth");
    fs::create_dir(job.sandbox.path("alone")).unwrap();
    copy_program(&program, &copy);
    job.sandbox.link("codeartifact-goauth", &copy);
}

/// Puts another program beside that helper.
fn codeartifact(job: &Job, script: &str) {
    job.sandbox.write("tmp/script", script);
    let script = job.sandbox.path("tmp/script");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    copy_program(&script, &job.sandbox.path("alone/codeartifact"));
}

/// By a process of its own: a program that a child of a test beside this one still has open for writing cannot be run
/// ("text file busy").
fn copy_program(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-p").args([from, to]).status();
    assert!(copied.unwrap().success());
}
