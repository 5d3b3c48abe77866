//! AWS's shared files: which profile is used, and those that cannot be.

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
use codeartifact_end_to_end::{Emulator, Sandbox};

use crate::{job, job_with_key, timed_token, token};

/// The platform's user as profile `ci`, next to what each test wants to see.
fn with_profiles(sandbox: &Sandbox, more: &str) {
    let config = format!(
        "[default]\nregion = eu-central-1\n\
         [profile ci]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n{more}"
    );
    sandbox.write("home/.aws/config", &config);
}

fn assert_nothing_asked(emulator: &Emulator) {
    let journal = emulator.journal();
    assert!(journal.0.is_empty(), "{journal:#?}");
}

#[test]
fn a_connections_profile_goes_before_the_environments_keys() {
    let (mut sandbox, emulator) = job("two-hops");
    with_profiles(&sandbox, "");
    sandbox.set("AWS_ACCESS_KEY_ID", "AKIAOTHERUSERSKEY000");
    sandbox.set("AWS_SECRET_ACCESS_KEY", "somebody-elses");
    sandbox.set("CODEARTIFACT_PROFILE", "ci");
    let _ = token(&sandbox).succeeded();
    let journal = emulator.journal();
    let signer = journal.of("sts:AssumeRole")[0].signer.clone().unwrap();
    assert_eq!(signer.access_key_id, ACCESS_KEY_ID);
}

#[test]
fn aws_profile_comes_after_the_environments_keys() {
    let (mut sandbox, emulator) = job_with_key();
    with_profiles(
        &sandbox,
        "[profile other]\naws_access_key_id = x\naws_secret_access_key = y\n",
    );
    sandbox.set("AWS_PROFILE", "other");
    let _ = token(&sandbox).succeeded();
    assert_eq!(emulator.journal().mints(), 1);
}

#[test]
fn either_variable_names_the_profile() {
    for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        let (mut sandbox, _emulator) = job("two-hops");
        with_profiles(&sandbox, "");
        sandbox.set(variable, "ci");
        let _ = token(&sandbox).succeeded();
    }
}

#[test]
fn a_profile_that_is_not_there_is_an_error_that_lists_others() {
    for variable in ["CODEARTIFACT_PROFILE", "AWS_PROFILE"] {
        let (mut sandbox, emulator) = job_with_key();
        with_profiles(&sandbox, "");
        sandbox.set(variable, "cii");
        let _ = token(&sandbox)
            .exited(3)
            .says(&["there is no profile `cii`", "hint: there is ci, default"]);
        assert_nothing_asked(&emulator);
    }
}

#[test]
fn a_role_that_wants_a_code_is_refused_before_any_call() {
    let (mut sandbox, emulator) = job("two-hops");
    with_profiles(
        &sandbox,
        "[profile admin]\nrole_arn = arn:aws:iam::198331734661:role/Admin\nsource_profile = ci\n\
         mfa_serial = arn:aws:iam::198331734661:mfa/ci\n\
         [profile job]\nrole_arn = arn:aws:iam::198331734661:role/Job\nsource_profile = admin\n",
    );
    sandbox.set("AWS_PROFILE", "job");
    let _ = token(&sandbox)
        .exited(4)
        .says(&["profile `admin` needs an MFA code", "hint: "]);
    assert_nothing_asked(&emulator);
}

/// `retry_mode = legacy` is legal for the CLI; the SDK panics about it, as about no attempts at all.
#[test]
fn retry_settings_of_other_tools_do_no_harm() {
    let (mut sandbox, _emulator) = job("two-hops");
    with_profiles(&sandbox, "retry_mode = legacy\nmax_attempts = 0\n");
    sandbox.set("AWS_PROFILE", "ci");
    sandbox.set("AWS_RETRY_MODE", "legacy");
    sandbox.set("AWS_MAX_ATTEMPTS", "0");
    let _ = token(&sandbox).succeeded();
}

#[test]
fn empty_variables_count_as_unset() {
    let (mut sandbox, _emulator) = job_with_key();
    for name in [
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_ROLE_ARN",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_SESSION_TOKEN",
        // The SDK panics on these.
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ENDPOINT_URL_CODEARTIFACT",
    ] {
        sandbox.set(name, "");
    }
    let _ = token(&sandbox).succeeded();
}

#[test]
fn an_endpoint_override_that_is_no_url_is_named() {
    let (mut sandbox, emulator) = job_with_key();
    sandbox.set("AWS_ENDPOINT_URL_STS", "localhost:4566");
    let _ =
        token(&sandbox)
            .exited(3)
            .says(&["the endpoint override", "of STS is not a URL", "hint: "]);
    assert_nothing_asked(&emulator);
}

#[test]
fn no_credentials_anywhere_is_said_at_once() {
    let (sandbox, emulator) = job("two-hops");
    let (outcome, time) = timed_token(&sandbox);
    let _ = outcome.exited(4).says(&[
        "cannot get AWS credentials: there are none in",
        "hint: make a profile with `aws configure`",
    ]);
    assert!(time.as_secs() < 2, "{time:?}");
    assert_nothing_asked(&emulator);
}

/// A helper's standard input is its client's end of the protocol.
#[test]
fn a_credential_process_cannot_read_our_standard_input() {
    let (mut sandbox, _emulator) = job("two-hops");
    let stolen = sandbox.path("stolen").display().to_string();
    let keys = format!(
        r#"{{"Version": 1, "AccessKeyId": "{ACCESS_KEY_ID}", "SecretAccessKey": "{SECRET_ACCESS_KEY}"}}"#
    );
    sandbox.write(
        "home/give",
        &format!("while read -r line; do echo \"$line\"; done > {stolen}\necho '{keys}'\n"),
    );
    let give = sandbox.path("home/give").display().to_string();
    with_profiles(
        &sandbox,
        &format!("[profile program]\ncredential_process = sh {give}\n"),
    );
    sandbox.set("AWS_PROFILE", "program");
    let script = "codeartifact token \"$0\" > /dev/null; read -r line; echo \"$line\"";
    let url = codeartifact_end_to_end::fixture::NPM;
    let outcome = sandbox
        .feed("sh", &["-c", script, url], "the protocol\n")
        .succeeded();
    assert_eq!(outcome.stdout, "the protocol\n");
    assert_eq!(sandbox.read("stolen"), "");
}

#[test]
fn a_credential_process_that_fails_is_quoted() {
    let (mut sandbox, emulator) = job("two-hops");
    with_profiles(
        &sandbox,
        "[profile program]\ncredential_process = sh -c 'echo the vault is locked >&2; exit 3'\n",
    );
    sandbox.set("AWS_PROFILE", "program");
    let _ =
        token(&sandbox)
            .exited(4)
            .says(&["profile `program`: ", "the vault is locked", "hint: "]);
    assert_nothing_asked(&emulator);
}
