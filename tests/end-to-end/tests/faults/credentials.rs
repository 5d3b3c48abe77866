//! First credentials that are not there, or no good.

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};

use crate::{Case, Job};

/// The file that `aws sso login` leaves behind; its name is the SHA-1 of the session's.
const SIGN_IN: &str = "home/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

pub(crate) const CASES: &[Case] = &[
    ("credentials_absent", Job::without_keys),
    ("profile_absent", |job| {
        job.shared_file("[profile ci]\nregion = us-east-1\n");
        job.set("AWS_PROFILE", "cii");
    }),
    ("profile_absent", |job| {
        job.set("AWS_CONFIG_FILE", "/does/not/exist");
        job.set("AWS_PROFILE", "ci");
    }),
    ("credentials_incomplete", |job| {
        job.sandbox.unset("AWS_SECRET_ACCESS_KEY");
    }),
    ("credentials_incomplete", |job| {
        job.shared_file("[profile ci]\nrole_arn = arn:aws:iam::198331734661:role/Admin\n");
        job.set("CODEARTIFACT_PROFILE", "ci");
    }),
    ("profile_empty", |job| {
        job.shared_file("[profile ci]\nregion = us-east-1\n");
        job.set("CODEARTIFACT_PROFILE", "ci");
    }),
    ("mfa_needed", |job| {
        job.without_keys();
        job.shared_file(&format!(
            "[default]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n\
             [profile admin]\nrole_arn = arn:aws:iam::198331734661:role/Admin\nsource_profile = default\n\
             mfa_serial = arn:aws:iam::198331734661:mfa/ci\n"
        ));
        job.set("AWS_PROFILE", "admin");
    }),
    ("sign_in_over", |job| {
        job.without_keys();
        job.shared_file(
            "[profile dev]\nsso_session = corp\nsso_account_id = 198331734661\nsso_role_name = IntegrationReadOnly\n\
             [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n",
        );
        job.sandbox.write(
            SIGN_IN,
            r#"{"accessToken": "my-sso-access-token", "expiresAt": "2020-01-01T00:00:00Z", "region": "us-east-1", "startUrl": "https://example.awsapps.com/start"}"#,
        );
        job.set("AWS_PROFILE", "dev");
    }),
    ("source_failed", |job| {
        process(job, "sh -c 'echo the vault is locked >&2; exit 3'");
    }),
    ("credentials_expired", |job| {
        let text = "The security token included in the request is expired";
        job.refuse("sts:GetCallerIdentity", 403, "ExpiredToken", text);
    }),
    ("credentials_rejected", |job| {
        job.set("AWS_SECRET_ACCESS_KEY", "not-the-one-of-this-key");
    }),
    ("root_user", |job| {
        job.keys([
            "AKIAROOTUSEREXAMPLE0",
            "rootXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        ]);
    }),
];

pub(crate) const SLOW: &[Case] = &[
    ("process_slow", |job| process(job, "/bin/sleep 40")),
    ("source_slow", |job| {
        job.without_keys();
        job.sandbox.write("home/token", "my-web-identity-token");
        let token = job.sandbox.path("home/token").display().to_string();
        job.set("AWS_WEB_IDENTITY_TOKEN_FILE", &token);
        job.set("AWS_ROLE_ARN", "arn:aws:iam::198331734661:role/Pipeline");
        job.emulator
            .fault(r#"{"fault": "hang", "action": "sts:AssumeRoleWithWebIdentity"}"#);
    }),
];

fn process(job: &mut Job, command: &str) {
    job.without_keys();
    job.shared_file(&format!(
        "[profile program]\ncredential_process = {command}\n"
    ));
    job.set("AWS_PROFILE", "program");
}
