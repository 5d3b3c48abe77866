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
    ("mfa_needed", with_mfa),
    ("mfa_code_refused", |job| {
        with_mfa(job);
        let text = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
        job.refuse("sts:AssumeRole", 403, "AccessDenied", text);
        job.command = &["login", "acme"];
        job.input = "654321\n";
    }),
    ("sign_in_refused", |job| {
        signed_in_developer(job);
        let text = "the person has refused";
        job.refuse("sso-oidc:CreateToken", 400, "AccessDeniedException", text);
        job.command = &["login", "acme", "--no-browser"];
    }),
    ("sso_portal_unknown", |job| {
        signed_in_developer(job);
        let action = "sso-oidc:StartDeviceAuthorization";
        job.refuse(action, 400, "InvalidRequestException", "no such startUrl");
        job.command = &["login", "acme", "--no-browser"];
    }),
    ("id_token_absent", |job| {
        job.set("CODEARTIFACT_SOURCE", "github-actions");
    }),
    ("id_token_absent", |job| {
        job.set("CODEARTIFACT_SOURCE", "file:/does/not/exist");
    }),
    ("id_token_without_role", |job| {
        job.edit("via = ", "# via = ");
        job.edit("role_arn", "# role_arn");
        job.edit("external_id", "# external_id");
        id_token(job, ID_TOKEN);
    }),
    ("id_token_expired", |job| {
        id_token(job, ID_TOKEN);
        let text = "Token expired: current date/time 2 must be before the expiration date/time 1";
        job.refuse(WEB_IDENTITY, 400, "ExpiredTokenException", text);
    }),
    ("id_token_issuer", |job| id_token(job, ID_TOKEN_OF_GITLAB)),
    ("id_token_audience", |job| {
        id_token(job, ID_TOKEN_OF_GITLAB);
        let text = "Incorrect token audience";
        job.refuse(WEB_IDENTITY, 400, "InvalidIdentityToken", text);
    }),
    ("id_token_subject", |job| {
        id_token(job, ID_TOKEN_OF_GITLAB);
        let text = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
        job.refuse(WEB_IDENTITY, 403, "AccessDenied", text);
    }),
    ("id_token_rejected", |job| id_token(job, "not-a-token")),
    ("sign_in_over", |job| {
        signed_in_developer(job);
        job.sandbox.write(
            SIGN_IN,
            r#"{"accessToken": "my-sso-access-token", "expiresAt": "2020-01-01T00:00:00Z", "region": "us-east-1", "startUrl": "https://example.awsapps.com/start"}"#,
        );
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

const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";

const ID_TOKEN: &str = "my-web-identity-token";

/// An unsigned token of `project_path:my-group/my-app:x` for `sts.amazonaws.com`.
const ID_TOKEN_OF_GITLAB: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiAiaHR0cHM6Ly9naXRsYWIuY29tIiwgInN1YiI6ICJwcm9qZWN0X3BhdGg6bXktZ3JvdXAvbXktYXBwOngiLCAiYXVkIjogInN0cy5hbWF6b25hd3MuY29tIiwgImV4cCI6IDQxMDI0NDQ4MDB9.c2ln";

fn id_token(job: &mut Job, token: &str) {
    job.set("CODEARTIFACT_SOURCE", "env:ID_TOKEN");
    job.set("ID_TOKEN", token);
}

fn with_mfa(job: &mut Job) {
    job.without_keys();
    job.shared_file(&format!(
        "[default]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n\
         [profile admin]\nrole_arn = arn:aws:iam::198331734661:role/Admin\nsource_profile = default\n\
         mfa_serial = arn:aws:iam::198331734661:mfa/ci\n"
    ));
    job.set("AWS_PROFILE", "admin");
}

fn signed_in_developer(job: &mut Job) {
    job.without_keys();
    job.shared_file(
        "[profile dev]\nsso_session = corp\nsso_account_id = 198331734661\nsso_role_name = IntegrationReadOnly\n\
         [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n",
    );
    job.set("AWS_PROFILE", "dev");
}

fn process(job: &mut Job, command: &str) {
    job.without_keys();
    job.shared_file(&format!(
        "[profile program]\ncredential_process = {command}\n"
    ));
    job.set("AWS_PROFILE", "program");
}
