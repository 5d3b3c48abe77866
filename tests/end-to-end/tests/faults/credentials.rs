//! First credentials that are not there, or no good: how each comes about, and what its hint says to do.

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
use codeartifact_end_to_end::terminal;

use crate::sources::{process, replace_program, web_identity};
use crate::{Job, Trouble};

/// The file that `aws sso login` leaves behind; its name is the SHA-1 of the session's.
pub(crate) const SIGN_IN: &str =
    "home/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

pub(crate) const SIGNED_IN: &str = r#"{"accessToken": "my-sso-access-token", "expiresAt": "2099-01-01T00:00:00Z", "region": "us-east-1", "startUrl": "https://example.awsapps.com/start"}"#;

pub(crate) const CASES: &[Trouble] = &[
    ("credentials_absent", Job::without_keys, |job, hint| {
        assert!(
            hint.starts_with("make a profile with `aws configure`"),
            "{hint}"
        );
        let _ = job.answer(hint, &keys_for_configure()).succeeded();
    }),
    // On such a machine without any sign of it (Kata, gVisor), the hint's second half is the way.
    (
        "credentials_absent",
        |job| {
            job.without_keys();
            job.sandbox.unset("AWS_EC2_METADATA_DISABLED");
        },
        |job, hint| {
            let (_, setting) = hint.rsplit_once("set ").unwrap();
            let (name, value) = setting.split_once('=').unwrap();
            let here = format!("http://{}/h/", job.emulator.address());
            job.set(name, &value.replace("http://", &here));
        },
    ),
    // As sudo, cron and tox start it.
    (
        "credentials_stripped",
        Job::without_variables_of_aws,
        |job, _| {
            job.restore_emulators_variables();
            job.keys([ACCESS_KEY_ID, SECRET_ACCESS_KEY]);
        },
    ),
    (
        "profile_not_chosen",
        |job| {
            job.without_keys();
            job.shared_file(&with_keys("[profile ci]\n"));
        },
        |job, hint| {
            let (_, name) = hint.rsplit_once("one of these profiles: ").unwrap();
            job.set("AWS_PROFILE", name);
        },
    ),
    (
        "profile_absent",
        |job| {
            job.shared_file(&with_keys("[profile ci]\n"));
            job.without_keys();
            job.set("AWS_PROFILE", "cii");
        },
        |job, hint| job.set("AWS_PROFILE", hint.strip_prefix("there is ").unwrap()),
    ),
    (
        "profile_absent",
        |job| {
            job.without_keys();
            let nowhere = job.sandbox.path("home/not/there").display().to_string();
            job.set("AWS_CONFIG_FILE", &nowhere);
            job.set("AWS_PROFILE", "ci");
        },
        |job, hint| {
            let _ = job.answer(hint, &keys_for_configure()).succeeded();
        },
    ),
    (
        "profile_empty",
        |job| {
            job.without_keys();
            job.shared_file("[profile ci]\nregion = us-east-1\n");
            job.set("CODEARTIFACT_PROFILE", "ci");
        },
        |job, hint| {
            let _ = job.answer(hint, &keys_for_configure()).succeeded();
        },
    ),
    (
        "profile_empty",
        |job| {
            job.without_keys();
            let other = with_keys("[profile other]\n");
            job.shared_file(&format!("{other}[profile ci]\nregion = us-east-1\n"));
            job.set("AWS_PROFILE", "ci");
        },
        |job, hint| {
            let _ = job.answer(hint, &keys_for_configure()).succeeded();
        },
    ),
    ("mfa_needed", with_mfa, |job, hint| {
        let _ = job.at_a_terminal(hint, "123456\n").succeeded();
    }),
    (
        "mfa_code_refused",
        |job| {
            with_mfa(job);
            job.command = &["login", "acme"];
            job.input = "654321\n";
        },
        |job, hint| {
            let _ = job.at_a_terminal(hint, "123456\n").succeeded();
        },
    ),
    (
        "sign_in_over",
        |job| {
            signed_in_developer(job);
            job.sandbox
                .write(SIGN_IN, &SIGNED_IN.replace("2099", "2020"));
        },
        |job, hint| {
            terminal::confirming_browser(&job.sandbox, "");
            let _ = job.at_a_terminal(hint, "").succeeded();
        },
    ),
    ("sign_in_over", signed_in_developer, |job, hint| {
        terminal::confirming_browser(&job.sandbox, "");
        let _ = job.at_a_terminal(hint, "").succeeded();
    }),
    // The AWS CLI's version 2 alone has `aws login`; what it leaves behind is what is written here.
    (
        "sign_in_over",
        |job| {
            signed_in_by_login(job);
        },
        |job, hint| {
            assert_eq!(hint, "run `aws login --profile dev`");
            job.sandbox.write(LOGIN_FILE, &login_file());
        },
    ),
    // A session that its file would let us renew, and AWS does not.
    (
        "sign_in_over",
        |job| {
            signed_in_by_login(job);
            let over = login_file().replace("2099", "2020");
            let key = over.replace(r#""dpopKey": "x""#, LOGIN_KEY);
            job.sandbox.write(LOGIN_FILE, &key);
        },
        |job, hint| {
            assert_eq!(hint, "run `aws login --profile dev`");
            job.sandbox.write(LOGIN_FILE, &login_file());
        },
    ),
    (
        "source_failed",
        |job| {
            renewable_login(job);
            job.emulator.fault(
                r#"{"fault": "refuse", "action": "signin", "code": "AccessDeniedException"}"#,
            );
        },
        |job, hint| {
            assert!(hint.ends_with("signin:CreateOAuth2Token"), "{hint}");
            job.emulator.recover();
        },
    ),
    // A service that is down is not a session that is over: to sign in again would not help.
    (
        "server_failed",
        |job| {
            renewable_login(job);
            job.emulator
                .fault(r#"{"fault": "status", "action": "signin", "status": 503}"#);
        },
        |job, _| job.emulator.recover(),
    ),
    (
        "server_failed",
        |job| {
            signed_in_developer(job);
            job.sandbox.write(SIGN_IN, RENEWABLE);
            job.emulator
                .fault(r#"{"fault": "status", "action": "sso-oidc", "status": 503}"#);
        },
        |job, _| job.emulator.recover(),
    ),
    (
        "sign_in_over",
        |job| {
            signed_in_developer(job);
            let revoked = RENEWABLE.replace("my-sso-refresh-token", "revoked");
            job.sandbox.write(SIGN_IN, &revoked);
        },
        |job, hint| {
            terminal::confirming_browser(&job.sandbox, "");
            let _ = job.at_a_terminal(hint, "").succeeded();
        },
    ),
    (
        "sign_in_refused",
        |job| {
            signed_in_developer(job);
            terminal::confirming_browser(&job.sandbox, "&answer=deny");
            job.command = &["login", "acme"];
        },
        |job, hint| {
            terminal::confirming_browser(&job.sandbox, "");
            let _ = job.at_a_terminal(hint, "").succeeded();
        },
    ),
    (
        "sso_portal_unknown",
        |job| {
            signed_in_developer(job);
            let config = job.sandbox.read("home/.aws/config");
            job.shared_file(&config.replace("//example.", "//exmaple."));
            job.command = &["login", "acme", "--no-browser"];
        },
        |job, hint| {
            assert!(hint.starts_with("correct `sso_start_url`"), "{hint}");
            let config = job.sandbox.read("home/.aws/config");
            job.shared_file(&config.replace("//exmaple.", "//example."));
            terminal::confirming_browser(&job.sandbox, "");
            let _ = terminal::run(&job.sandbox, &["login", "acme"], "").succeeded();
        },
    ),
    (
        "process_slow",
        |job| process(job, "/bin/sleep 40"),
        replace_program,
    ),
    (
        "source_slow",
        |job| {
            web_identity(job, "my-web-identity-token");
            job.emulator
                .fault(r#"{"fault": "hang", "action": "sts:AssumeRoleWithWebIdentity"}"#);
        },
        |job, hint| {
            job.emulator.recover();
            let _ = job.run_what(hint).succeeded();
        },
    ),
    (
        "credentials_expired",
        |job| {
            let text = "The security token included in the request is expired";
            job.refuse("sts:GetCallerIdentity", 403, "ExpiredToken", text);
        },
        |job, hint| {
            assert!(hint.starts_with("sign in again"), "{hint}");
            job.emulator.recover();
        },
    ),
    (
        "credentials_rejected",
        |job| job.set("AWS_SECRET_ACCESS_KEY", "not-the-one-of-this-key"),
        |job, hint| {
            let _ = job.run_what(hint).failed();
            job.keys([ACCESS_KEY_ID, SECRET_ACCESS_KEY]);
            let _ = job.run_what(hint).succeeded();
        },
    ),
    (
        "root_user",
        |job| {
            job.keys([
                "AKIAROOTUSEREXAMPLE0",
                "rootXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            ]);
        },
        |job, hint| {
            assert!(hint.starts_with("use an IAM user"), "{hint}");
            job.keys([ACCESS_KEY_ID, SECRET_ACCESS_KEY]);
        },
    ),
    (
        "profile_role_refused",
        |job| profile_role(job, "external_id = other\n"),
        |job, hint| {
            assert!(
                hint.contains("`external_id`") && hint.contains("profile `admin`"),
                "{hint}"
            );
            profile_role(job, "external_id = acme-7f3c2a91\n");
        },
    ),
    (
        "profile_role_refused",
        |job| {
            profile_role(
                job,
                "external_id = acme-7f3c2a91\nrole_session_name = my name\n",
            )
        },
        |job, hint| {
            assert!(hint.contains("`role_session_name`"), "{hint}");
            profile_role(job, "external_id = acme-7f3c2a91\nrole_session_name = me\n");
        },
    ),
    (
        "profile_role_refused",
        |job| {
            profile_role(
                job,
                "external_id = acme-7f3c2a91\nduration_seconds = 43200\n",
            )
        },
        |job, hint| {
            assert!(hint.contains("`duration_seconds`"), "{hint}");
            profile_role(job, "external_id = acme-7f3c2a91\nduration_seconds = 900\n");
        },
    ),
];

/// The AWS CLI's `configure` asks for key, secret, Region and output.
fn keys_for_configure() -> String {
    format!("{ACCESS_KEY_ID}\n{SECRET_ACCESS_KEY}\n\n\n")
}

pub(crate) fn with_keys(rest: &str) -> String {
    format!(
        "{rest}aws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n"
    )
}

fn with_mfa(job: &mut Job) {
    job.without_keys();
    job.shared_file(&with_keys(
        "[profile admin]\nrole_arn = arn:aws:iam::198331734661:role/Admin\nsource_profile = default\n\
         mfa_serial = arn:aws:iam::198331734661:mfa/ci\n[default]\n",
    ));
    job.set("AWS_PROFILE", "admin");
}

/// A role of the profile before the roles of the connection.
fn profile_role(job: &mut Job, settings: &str) {
    job.without_keys();
    let role = "[profile admin]\nrole_arn = arn:aws:iam::198331734661:role/Employee\nsource_profile = default\n";
    job.shared_file(&with_keys(&format!("{role}{settings}[default]\n")));
    job.set("AWS_PROFILE", "admin");
}

fn signed_in_developer(job: &mut Job) {
    job.without_keys();
    job.edit("via = ", "# via = ");
    job.shared_file(
        "[profile dev]\nsso_session = corp\nsso_account_id = 198331734661\nsso_role_name = IntegrationReadOnly\n\
         [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n",
    );
    job.set("AWS_PROFILE", "dev");
}

/// A sign-in that is over, with what renews it.
const RENEWABLE: &str = r#"{"accessToken": "x", "expiresAt": "2020-01-01T00:00:00Z", "region": "us-east-1", "startUrl": "https://example.awsapps.com/start", "refreshToken": "my-sso-refresh-token", "clientId": "x", "clientSecret": "y", "registrationExpiresAt": "2099-01-01T00:00:00Z"}"#;

fn signed_in_by_login(job: &mut Job) {
    job.without_keys();
    job.shared_file(&format!("[profile dev]\nlogin_session = {LOGIN_SESSION}\n"));
    job.set("AWS_PROFILE", "dev");
}

/// A session of `aws login` that is over, with what renews it.
fn renewable_login(job: &mut Job) {
    signed_in_by_login(job);
    let over = login_file().replace("2099", "2020");
    let over = over.replace(r#""dpopKey": "x""#, LOGIN_KEY);
    let renewable = over.replace(
        r#""refreshToken": "x""#,
        r#""refreshToken": "my-login-refresh-token""#,
    );
    job.sandbox.write(LOGIN_FILE, &renewable);
}

/// The key in the documentation of AWS's SDK for Rust.
const LOGIN_KEY: &str = r#""dpopKey": "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIFDZHUzOG1Pzq+6F0mjMlOSp1syN9LRPBuHMoCFXTcXhoAoGCCqGSM49\nAwEHoUQDQgAE9qhj+KtcdHj1kVgwxWWWw++tqoh7H7UHs7oXh8jBbgF47rrYGC+t\ndjiIaHK3dBvvdE7MGj5HsepzLm3Kj91bqA==\n-----END EC PRIVATE KEY-----\n""#;

const LOGIN_SESSION: &str = "arn:aws:iam::198331734661:user/ci";

/// Its name is the SHA-256 of the session.
const LOGIN_FILE: &str =
    "home/.aws/login/cache/09dc5cd58cc7bb2e810cfa56c0c64c6c793c3671ed0ca2c141a78bb416602ed5.json";

fn login_file() -> String {
    format!(
        r#"{{"accessToken": {{"accessKeyId": "{ACCESS_KEY_ID}", "secretAccessKey": "{SECRET_ACCESS_KEY}", "sessionToken": "", "accountId": "198331734661", "expiresAt": "2099-01-01T00:00:00Z"}}, "tokenType": "aws_sigv4", "refreshToken": "x", "idToken": "x", "clientId": "arn:aws:signin:::devtools/same-device", "dpopKey": "x"}}"#
    )
}
