//! Credentials that are half set up: each hint says to complete them until the AWS CLI works, and then ours does.

use crate::credentials::with_keys;
use crate::{Job, Trouble};

/// The files before and after; the AWS CLI is asked as the hint says.
macro_rules! completed {
    ($before:expr, $after:expr) => {
        (
            "credentials_incomplete",
            |job| {
                job.without_keys();
                job.shared_file($before);
                job.set("AWS_PROFILE", "ci");
            },
            |job, hint| {
                let _ = job.run_what(hint).failed();
                job.shared_file(&$after);
                let _ = job.run_what(hint).succeeded();
            },
        )
    };
}

const ROLE: &str = "[profile ci]\nrole_arn = arn:aws:iam::198331734661:role/Employee\nexternal_id = acme-7f3c2a91\n";

fn role_with(source: &str) -> String {
    with_keys(&format!("{ROLE}{source}[default]\n"))
}

pub(crate) const CASES: &[Trouble] = &[
    (
        "credentials_incomplete",
        |job| job.sandbox.unset("AWS_SECRET_ACCESS_KEY"),
        |job, hint| {
            let _ = job.run_what(hint).failed();
            job.keys([
                codeartifact_end_to_end::fixture::ACCESS_KEY_ID,
                codeartifact_end_to_end::fixture::SECRET_ACCESS_KEY,
            ]);
            let _ = job.run_what(hint).succeeded();
        },
    ),
    (
        "credentials_incomplete",
        |job| {
            job.without_keys();
            job.sandbox.write("home/token", "my-web-identity-token");
            let file = job.sandbox.path("home/token").display().to_string();
            job.set("AWS_WEB_IDENTITY_TOKEN_FILE", &file);
        },
        |job, hint| {
            let _ = job.run_what(hint).failed();
            job.set("AWS_ROLE_ARN", "arn:aws:iam::198331734661:role/Pipeline");
            let _ = job.run_what(hint).succeeded();
        },
    ),
    (
        "credentials_incomplete",
        |job| {
            job.without_keys();
            job.set("AWS_CREDENTIAL_FILE", "~/keys");
        },
        |job, hint| {
            let _ = job.run_what(hint).failed();
            job.sandbox.write("home/keys", &older_keys());
            let _ = job.run_what(hint).succeeded();
        },
    ),
    completed!(
        "[profile ci]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n",
        with_keys("[profile ci]\n")
    ),
    completed!(ROLE, role_with("source_profile = default\n")),
    completed!(
        &role_with("source_profile = defautl\n"),
        role_with("source_profile = default\n")
    ),
    completed!(
        &role_with("source_profile = default\ncredential_source = Environment\n"),
        role_with("source_profile = default\n")
    ),
    completed!(
        &role_with("credential_source = Nowhere\n"),
        role_with("source_profile = default\n")
    ),
    completed!(
        &role_with("credential_source = Environment\n"),
        role_with("source_profile = default\n")
    ),
    completed!(
        &role_with("source_profile = ci\n"),
        role_with("source_profile = default\n")
    ),
    completed!(
        &format!("{ROLE}source_profile = default\n[default]\nregion = us-east-1\n"),
        role_with("source_profile = default\n")
    ),
    completed!(
        &role_with("source_profile = default\n").replace("Employee\n", "Employee\n    a note\n"),
        role_with("source_profile = default\n")
    ),
    signed_in(|job| {
        sso(
            job,
            "sso_account_id = 198331734661\nsso_role_name = IntegrationReadOnly\n",
        );
    }),
    signed_in(|job| {
        sso(
            job,
            "sso_session = corp\nsso_account_id = 198331734661\nsso_role_name = IntegrationReadOnly\n",
        );
    }),
    signed_in(|job| {
        let session = CORP.replace("us-east-1", "eu-west-1");
        let region = "sso_region = us-east-1\n";
        sso(job, &format!("{region}{SETTINGS}{session}"));
    }),
];

fn older_keys() -> String {
    with_keys("")
        .replace("aws_access_key_id", "AWSAccessKeyId")
        .replace("aws_secret_access_key", "AWSSecretKey")
}

const SETTINGS: &str =
    "sso_session = corp\nsso_account_id = 198331734661\nsso_role_name = IntegrationReadOnly\n";

const CORP: &str = "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n";

/// A profile of IAM Identity Center, whose person is signed in.
fn sso(job: &mut Job, settings: &str) {
    job.without_keys();
    job.edit("via = ", "# via = ");
    job.shared_file(&format!("[profile ci]\n{settings}"));
    job.set("AWS_PROFILE", "ci");
    job.sandbox
        .write(crate::credentials::SIGN_IN, crate::credentials::SIGNED_IN);
}

const fn signed_in(breaks: fn(&mut Job)) -> Trouble {
    ("credentials_incomplete", breaks, |job, hint| {
        let _ = job.run_what(hint).failed();
        job.shared_file(&format!("[profile ci]\n{SETTINGS}{CORP}"));
        let _ = job.run_what(hint).succeeded();
    })
}
