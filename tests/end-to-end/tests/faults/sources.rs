//! Sources of credentials that answer wrongly: a program, a web identity's token file, a container, an instance.

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};

use crate::{Job, Trouble};

/// A source that answers wrongly. The hint says what of it to correct.
pub(crate) const CASES: &[Trouble] = &[
    (
        "source_failed",
        |job| process(job, "sh -c 'echo the vault is locked >&2; exit 3'"),
        replace_program,
    ),
    (
        "source_failed",
        |job| process(job, "sh -c 'echo nonsense'"),
        replace_program,
    ),
    (
        "source_failed",
        |job| process(job, "/no/such/program"),
        |job, hint| {
            assert!(
                hint.starts_with("let `credential_process` of profile `program` name"),
                "{hint}"
            );
            process(job, &give(job));
        },
    ),
    (
        "source_failed",
        |job| process(job, "sh -c 'true"),
        |job, hint| {
            assert_eq!(hint, "correct `credential_process` of profile `program`");
            process(job, &give(job));
        },
    ),
    (
        "source_failed",
        |job| {
            web_identity(job, "");
            std::fs::remove_file(job.sandbox.path("home/token")).unwrap();
        },
        |job, hint| {
            assert!(
                hint.starts_with("let the platform write the token to that file"),
                "{hint}"
            );
            web_identity(job, "my-web-identity-token");
        },
    ),
    (
        "source_failed",
        |job| {
            container(job);
            job.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/does/not/exist");
        },
        name_token_file,
    ),
    (
        "source_failed",
        |job| {
            container(job);
            job.sandbox.write("home/authorization", "my-task-token\n");
            let file = job.sandbox.path("home/authorization").display().to_string();
            job.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &file);
        },
        name_token_file,
    ),
    (
        "source_failed",
        |job| {
            container(job);
            job.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "another");
        },
        |job, hint| {
            assert!(
                hint.starts_with("check the AWS_CONTAINER_ variables"),
                "{hint}"
            );
            job.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "my-task-token");
        },
    ),
    (
        "source_failed",
        |job| {
            container(job);
            job.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/");
        },
        |job, hint| {
            assert!(
                hint.starts_with("check the AWS_CONTAINER_ variables"),
                "{hint}"
            );
            container(job);
            job.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "my-task-token");
        },
    ),
    (
        "source_failed",
        |job| {
            instance(job);
            job.emulator.fault(r#"{"fault": "hang", "action": "imds"}"#);
        },
        |job, hint| {
            assert!(hint.contains("hop limit of 2"), "{hint}");
            job.emulator.recover();
        },
    ),
    (
        "source_failed",
        |job| {
            instance(job);
            job.emulator
                .fault(r#"{"fault": "refuse", "action": "imds:token", "status": 403}"#);
            job.set("AWS_EC2_METADATA_V1_DISABLED", "true");
        },
        |job, hint| {
            let (variable, _) = hint.strip_prefix("take ").unwrap().split_once(' ').unwrap();
            job.sandbox.unset(variable);
        },
    ),
    (
        "source_failed",
        |job| {
            instance(job);
            job.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "not a URL");
        },
        |job, hint| {
            assert!(
                hint.starts_with("correct AWS_EC2_METADATA_SERVICE_ENDPOINT"),
                "{hint}"
            );
            instance(job);
        },
    ),
];

pub(crate) fn process(job: &mut Job, command: &str) {
    job.without_keys();
    job.shared_file(&format!(
        "[profile program]\ncredential_process = {command}\n"
    ));
    job.set("AWS_PROFILE", "program");
}

/// A program that gives the keys of user ci.
fn give(job: &Job) -> String {
    job.sandbox.write("home/give", &format!(
        "echo '{{\"Version\": 1, \"AccessKeyId\": \"{ACCESS_KEY_ID}\", \"SecretAccessKey\": \"{SECRET_ACCESS_KEY}\"}}'\n"
    ));
    format!("sh {}", job.sandbox.path("home/give").display())
}

pub(crate) fn replace_program(job: &mut Job, hint: &str) {
    assert!(hint.starts_with("run the program by itself"), "{hint}");
    process(job, &give(job));
}

pub(crate) fn web_identity(job: &mut Job, token: &str) {
    job.without_keys();
    job.sandbox.write("home/token", token);
    let token = job.sandbox.path("home/token").display().to_string();
    job.set("AWS_WEB_IDENTITY_TOKEN_FILE", &token);
    job.set("AWS_ROLE_ARN", "arn:aws:iam::198331734661:role/Pipeline");
}

fn container(job: &mut Job) {
    job.without_keys();
    let uri = format!(
        "http://{}/h/169.254.170.2/v2/credentials/my-task",
        job.emulator.address()
    );
    job.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &uri);
}

fn name_token_file(job: &mut Job, hint: &str) {
    let (variable, _) = hint.strip_prefix("let ").unwrap().split_once(' ').unwrap();
    job.sandbox.write("home/authorization", "my-task-token");
    let file = job.sandbox.path("home/authorization").display().to_string();
    job.set(variable, &file);
}

fn instance(job: &mut Job) {
    job.without_keys();
    job.sandbox.unset("AWS_EC2_METADATA_DISABLED");
    let endpoint = format!("http://{}/h/169.254.169.254/", job.emulator.address());
    job.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &endpoint);
}
