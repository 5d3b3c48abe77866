//! `codeartifact login` at a pseudo-terminal: MFA codes and sign-ins are asked for once, and the helpers are quiet then.

use std::time::{Duration, Instant};

use codeartifact_end_to_end::fixture::{
    ACCESS_KEY_ID, EXTERNAL_ID, NPM, PYPI, READER_ROLE, SECRET_ACCESS_KEY,
};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox, terminal};

const CONFIG: &str = "home/.config/codeartifact/config.toml";

const THEIRS: &str =
    "https://their-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/their-repo/";

/// The file of session `corp`; its name is the SHA-1 of that.
const SIGN_IN: &str = "home/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

/// Two customers that are reached with one profile.
fn developer(profile: &str) -> (Sandbox, Emulator) {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("login", &mut sandbox);
    sandbox.write(
        "home/.aws/config",
        &format!(
            "[profile keys]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n\
             [profile mfa]\nrole_arn = arn:aws:iam::198331734661:role/Developer\nsource_profile = keys\n\
             mfa_serial = arn:aws:iam::198331734661:mfa/dev\n\
             [profile sso]\nsso_session = corp\nsso_account_id = 198331734661\nsso_role_name = Developer\n\
             [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n\
             sso_registration_scopes = sso:account:access\n"
        ),
    );
    sandbox.write(
        CONFIG,
        &format!(
            "[defaults]\nprofile = \"{profile}\"\n\
             [connections.acme]\naccount_id = \"111122223333\"\nrole_arn = \"{READER_ROLE}\"\n\
             external_id = \"{EXTERNAL_ID}\"\nnpm = \"{NPM}\"\npypi = \"{PYPI}\"\n\
             [connections.globex]\naccount_id = \"444455556666\"\n\
             role_arn = \"arn:aws:iam::444455556666:role/CodeArtifactReader\"\nnpm = \"{THEIRS}\"\n\
             [connections.robot]\naccount_id = \"111122223333\"\nprofile = \"keys\"\ncargo = \"sparse+{}\"\n",
            NPM.replace("/npm/my-repo", "/cargo/robots")
        ),
    );
    (sandbox, emulator)
}

fn login(sandbox: &Sandbox, arguments: &[&str], answers: &str) -> Outcome {
    terminal::run(sandbox, &[&["login"], arguments].concat(), answers)
}

fn keyring(sandbox: &Sandbox) -> Outcome {
    let arguments = ["--mode=creds", "--output=json", "get", PYPI];
    sandbox.run("keyring", &arguments)
}

#[test]
fn one_mfa_code_serves_every_connection_and_the_helpers_are_quiet() {
    let (sandbox, emulator) = developer("mfa");
    let _ = keyring(&sandbox).failed().says(&[
        "profile `mfa` needs an MFA code, which cannot be asked for here",
        "hint: run `codeartifact login acme` at a terminal",
    ]);
    assert!(emulator.journal().0.is_empty(), "refused before any call");
    let done = login(&sandbox, &[], "123456\n").succeeded();
    for text in [
        "MFA code of arn:aws:iam::198331734661:mfa/dev (profile mfa): ",
        "acme: token for my-domain, good for 12 h",
        "globex: token for their-domain, good for 12 h",
    ] {
        assert!(done.stdout.contains(text), "{text}: {done:?}");
    }
    assert!(!done.stdout.contains("robot"), "needs no person: {done:?}");
    assert_eq!(done.stdout.matches("MFA code").count(), 1, "{done:?}");
    let seen = emulator.journal().0.len();
    let quiet = keyring(&sandbox).succeeded();
    assert_eq!(quiet.stderr, "");
    for url in [NPM, THEIRS] {
        let _ = sandbox.run("codeartifact", &["token", url]).succeeded();
    }
    assert_eq!(emulator.journal().0.len(), seen, "nobody was asked again");
    let cache = sandbox.path("home/.aws/cli");
    assert!(!cache.exists(), "the AWS CLI's cache is never written");
}

/// A user who has given the AWS CLI a code is not asked for another one while that session lasts.
#[test]
fn the_aws_clis_own_session_is_used_and_never_written() {
    let (sandbox, emulator) = developer("mfa");
    sandbox.client("awscli", "aws");
    let who = "sts get-caller-identity --region us-east-1 --profile mfa";
    let who: Vec<&str> = who.split(' ').collect();
    let who = terminal::run_program(&sandbox, "aws", &who, "123456\n").succeeded();
    assert!(who.stdout.contains("assumed-role/Developer/"), "{who:?}");
    let sessions = || {
        let files = std::fs::read_dir(sandbox.path("home/.aws/cli/cache")).unwrap();
        let paths = files.map(|file| file.unwrap().path());
        paths
            .map(|path| (std::fs::read(&path).unwrap(), path))
            .collect::<Vec<_>>()
    };
    let before = sessions();
    assert_eq!(before.len(), 1);
    assert_eq!(keyring(&sandbox).succeeded().stderr, "");
    let _ = sandbox.run("codeartifact", &["token", THEIRS]).succeeded();
    assert_eq!(sessions(), before);
    let journal = emulator.journal();
    let developer = journal.0.iter().filter(|entry| {
        entry
            .parameters
            .get("role_arn")
            .is_some_and(|role| role.ends_with(":role/Developer"))
    });
    assert_eq!(developer.count(), 1, "only the AWS CLI asked for it");
}

#[test]
fn a_refused_code_is_asked_for_again() {
    let (sandbox, emulator) = developer("mfa");
    let done = login(&sandbox, &["acme"], "654321\n123456\n").succeeded();
    assert!(
        done.stdout
            .contains("AWS: AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code"),
        "{done:?}"
    );
    assert_eq!(done.stdout.matches("MFA code of").count(), 2, "{done:?}");
    assert_eq!(emulator.journal().mints(), 1);
}

#[test]
fn codes_that_are_all_wrong_end_it_and_nothing_is_kept() {
    let (sandbox, emulator) = developer("mfa");
    for answers in ["1\n", "654321\n654321\n654321\n654321\n"] {
        let left = login(&sandbox, &["acme"], answers).exited(4);
        for text in [
            "cannot get AWS credentials (connection acme)",
            "hint: run `codeartifact login",
        ] {
            assert!(left.stdout.contains(text), "{text}: {left:?}");
        }
        let asked = left.stdout.matches("(profile mfa): ").count();
        assert!(asked <= 3, "{left:?}");
    }
    let left = login(&sandbox, &["acme"], "").exited(4);
    assert!(left.stdout.contains("needs an MFA code"), "{left:?}");
    assert_eq!(emulator.journal().mints(), 0);
}

#[test]
fn a_code_may_come_from_a_pipe() {
    let (sandbox, _emulator) = developer("mfa");
    let done = sandbox.feed("codeartifact", &["login", "acme"], "123456\n");
    let said = done.succeeded().stdout;
    assert!(
        said.starts_with("acme: token for my-domain, good for 1"),
        "{said}"
    );
}

#[test]
fn a_sign_in_is_shown_and_opened_and_shared_with_the_aws_cli() {
    let (mut sandbox, emulator) = developer("sso");
    let _ = keyring(&sandbox).failed().says(&[
        "the SSO session of profile `sso` has expired",
        "hint: run `codeartifact login acme`",
    ]);
    terminal::confirming_browser(&sandbox, "");
    let done = login(&sandbox, &[], "").succeeded();
    for text in [
        "To sign in profile sso, confirm the code ",
        "https://device.sso.us-east-1.amazonaws.com/?user_code=",
        "acme: token for my-domain, good for 12 h",
        "globex: token for their-domain, good for 12 h",
    ] {
        assert!(done.stdout.contains(text), "{text}: {done:?}");
    }
    let opened = sandbox.read("opened");
    assert!(done.stdout.contains(&opened), "{opened} {done:?}");
    assert_eq!(emulator.journal().of("sso-oidc:RegisterClient").len(), 1);
    assert_eq!(sandbox.mode(SIGN_IN), 0o600);
    let kept: serde_json::Value = serde_json::from_str(&sandbox.read(SIGN_IN)).unwrap();
    for key in [
        "startUrl",
        "region",
        "accessToken",
        "expiresAt",
        "clientId",
        "clientSecret",
        "registrationExpiresAt",
        "refreshToken",
    ] {
        assert!(kept[key].is_string(), "{key}");
    }
    assert_eq!(keyring(&sandbox).succeeded().stderr, "");
    // The AWS CLI goes on with our sign-in.
    sandbox.client("awscli", "aws");
    sandbox.set("AWS_PROFILE", "sso");
    let who = ["sts", "get-caller-identity", "--region", "us-east-1"];
    let who = sandbox.run("aws", &who).succeeded();
    assert!(who.stdout.contains("assumed-role/Developer/"), "{who:?}");
    assert_eq!(emulator.journal().of("sso-oidc:RegisterClient").len(), 1);
}

#[test]
fn a_sign_in_that_is_refused_is_told_once_and_leads_out() {
    let (sandbox, emulator) = developer("sso");
    terminal::confirming_browser(&sandbox, "&answer=deny");
    let left = login(&sandbox, &[], "").exited(4);
    for text in [
        "(connection acme): the SSO sign-in of profile `sso` was not confirmed",
        "(connection globex): the SSO sign-in of profile `sso` was not confirmed",
        "hint: run `codeartifact login acme` again",
    ] {
        assert!(left.stdout.contains(text), "{text}: {left:?}");
    }
    assert_eq!(emulator.journal().of("sso:page").len(), 1, "asked once");
    terminal::confirming_browser(&sandbox, "");
    let _ = login(&sandbox, &["acme"], "").succeeded();
    let _ = sandbox.run("codeartifact", &["token", NPM]).succeeded();
}

#[test]
fn no_browser_opens_nothing_and_waits() {
    let (sandbox, emulator) = developer("sso");
    terminal::confirming_browser(&sandbox, "");
    let mut waiting = sandbox
        .command("codeartifact")
        .args(["login", "acme", "--no-browser"])
        .spawn()
        .unwrap();
    emulator.wait_until("asked for a token", |journal| {
        !journal.of("sso-oidc:CreateToken").is_empty()
    });
    assert!(!sandbox.path("opened").exists());
    emulator.approve_sign_ins();
    let begin = Instant::now();
    assert!(waiting.wait().unwrap().success());
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn where_no_person_is_needed_it_says_so() {
    let (sandbox, _emulator) = developer("keys");
    let none = sandbox.run("codeartifact", &["login"]).exited(2);
    let _ = none.says(&["no connection needs a person", "hint: "]);
    std::fs::remove_file(sandbox.path(CONFIG)).unwrap();
    let none = sandbox.run("codeartifact", &["login"]).exited(2);
    let _ = none.says(&["there is no connection", "hint: give a repository's URL"]);
}

/// Without a connection the hint names the domain's URL, and that works.
#[test]
fn own_credentials_are_signed_in_by_url() {
    let (mut sandbox, _emulator) = developer("sso");
    std::fs::remove_file(sandbox.path(CONFIG)).unwrap();
    sandbox.set("AWS_PROFILE", "sso");
    sandbox.set("CODEARTIFACT_ROLE_ARN", READER_ROLE);
    sandbox.set("CODEARTIFACT_EXTERNAL_ID", EXTERNAL_ID);
    let refused = sandbox.run("codeartifact", &["token", NPM]).exited(4);
    let (_, hint) = refused
        .stderr
        .split_once("hint: run `codeartifact login ")
        .unwrap();
    let (url, _) = hint.split_once('`').unwrap();
    terminal::confirming_browser(&sandbox, "");
    let done = login(&sandbox, &[url], "").succeeded();
    assert!(
        done.stdout.contains("own credentials: token for my-domain"),
        "{done:?}"
    );
    let _ = sandbox.run("codeartifact", &["token", NPM]).succeeded();
}
