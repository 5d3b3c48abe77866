//! Identity tokens that are not there, or that a role does not take, and what each hint says to do.

use codeartifact_end_to_end::fixture::READER_ROLE;

use crate::{Job, Trouble};

pub(crate) const CASES: &[Trouble] = &[
    (
        "id_token_absent",
        |job| {
            pipeline(job, "github-actions");
            for name in [
                "ACTIONS_ID_TOKEN_REQUEST_URL",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            ] {
                job.sandbox.unset(name);
            }
        },
        |job, hint| {
            assert!(
                hint.starts_with("give the job the permission `id-token: write`"),
                "{hint}"
            );
            // GitHub sets these in such a job.
            job.restore_emulators_variables();
        },
    ),
    (
        "id_token_absent",
        |job| pipeline(job, "file:~/token"),
        |job, hint| {
            assert!(
                hint.starts_with("let the platform write the job's identity token there"),
                "{hint}"
            );
            job.sandbox.write("home/token", ID_TOKEN);
        },
    ),
    (
        "id_token_absent",
        |job| pipeline(job, "gitlab:MY_TOKEN"),
        |job, hint| {
            let (_, rest) = hint.split_once("declare ").unwrap();
            let (name, rest) = rest.split_once(' ').unwrap();
            let (_, audience) = rest.split_once("`aud: ").unwrap();
            let token = job.emulator.id_token(&format!(
                r#"{{"issuer": "gitlab.com", "subject": "project_path:my-group/my-app:x", "audience": "{}"}}"#,
                audience.trim_end_matches('`')
            ));
            job.set(name, &token);
        },
    ),
    (
        "id_token_absent",
        |job| pipeline(job, "env:MY_TOKEN"),
        |job, hint| {
            let name = hint
                .strip_prefix("set ")
                .unwrap()
                .split(' ')
                .next()
                .unwrap();
            job.set(name, ID_TOKEN);
        },
    ),
    (
        "id_token_without_role",
        |job| {
            pipeline(job, "env:MY_TOKEN");
            job.set("MY_TOKEN", ID_TOKEN);
            job.edit("role_arn", "# role_arn");
        },
        |job, hint| {
            let hint = hint.replace(
                " ARN",
                " arn:aws:iam::111122223333:role/CodeArtifactPipeline",
            );
            let _ = job.run_what(&hint).succeeded();
        },
    ),
    (
        "id_token_expired",
        |job| {
            pipeline(job, "env:MY_TOKEN");
            job.set("MY_TOKEN", "not yet");
            let text =
                "Token expired: current date/time 2 must be before the expiration date/time 1";
            job.refuse(WEB_IDENTITY, 400, "ExpiredTokenException", text);
        },
        |job, hint| {
            assert!(hint.starts_with("get a new one"), "{hint}");
            job.emulator.recover();
            job.set("MY_TOKEN", ID_TOKEN);
        },
    ),
    (
        "id_token_issuer",
        |job| {
            of_gitlab(
                job,
                "gitlab.example.com",
                "project_path:my-group/my-app:x",
                "sts.amazonaws.com",
            )
        },
        |job, hint| {
            // `…` stands for the issuer and what the person wants to pin; the template has the provider.
            let hint = hint.replace(
                '…',
                "gitlab.example.com:my-group/my-app:ref_type:branch:ref:main",
            );
            let _ = job.run_what(&hint);
            of_gitlab(
                job,
                "gitlab.com",
                "project_path:my-group/my-app:x",
                "sts.amazonaws.com",
            );
        },
    ),
    (
        "id_token_audience",
        |job| {
            of_gitlab(
                job,
                "gitlab.com",
                "project_path:my-group/my-app:x",
                "https://gitlab.com",
            )
        },
        |job, hint| {
            assert!(
                hint.starts_with("set `audience` (or the CI system's `aud`)"),
                "{hint}"
            );
            of_gitlab(
                job,
                "gitlab.com",
                "project_path:my-group/my-app:x",
                "sts.amazonaws.com",
            );
        },
    ),
    (
        "id_token_subject",
        |job| {
            of_gitlab(
                job,
                "gitlab.com",
                "project_path:stranger/app:x",
                "sts.amazonaws.com",
            )
        },
        |job, hint| {
            let hint = hint.replace('…', "gitlab:my-group/my-app:ref_type:branch:ref:main");
            let _ = job.run_what(&hint).succeeded();
            of_gitlab(
                job,
                "gitlab.com",
                "project_path:my-group/my-app:x",
                "sts.amazonaws.com",
            );
        },
    ),
    (
        "id_token_rejected",
        |job| {
            pipeline(job, "env:MY_TOKEN");
            job.set("MY_TOKEN", "not-a-token");
        },
        |job, hint| {
            assert!(
                hint.starts_with("it must be the CI system's OpenID Connect token"),
                "{hint}"
            );
            job.set("MY_TOKEN", ID_TOKEN);
        },
    ),
];

const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";

const ID_TOKEN: &str = "my-web-identity-token";

/// A job whose identity token opens the reader itself.
fn pipeline(job: &mut Job, source: &str) {
    job.without_keys();
    job.edit("via = ", "# via = ");
    job.edit("external_id", "# external_id");
    job.edit(
        READER_ROLE,
        "arn:aws:iam::111122223333:role/CodeArtifactPipeline",
    );
    job.set("CODEARTIFACT_SOURCE", source);
}

fn of_gitlab(job: &mut Job, issuer: &str, subject: &str, audience: &str) {
    if !job.sandbox.read(crate::FILE).contains("# via") {
        pipeline(job, "env:MY_TOKEN");
    }
    let token = job.emulator.id_token(&format!(
        r#"{{"issuer": "{issuer}", "subject": "{subject}", "audience": "{audience}"}}"#
    ));
    job.set("MY_TOKEN", &token);
}
