//! Tests of where a job without keys gets its first credentials: a web identity, a container, an instance, a sign-in.

use std::thread;
use std::time::{Duration, Instant};

use codeartifact_end_to_end::fixture::{INTEGRATION_ROLE, NPM};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

use crate::{job, timed_token, token};

/// A job whose first credentials are already those of the integration role.
fn job_as_integration_role() -> (Sandbox, Emulator) {
    let (mut sandbox, emulator) = job("sources");
    sandbox.unset("CODEARTIFACT_VIA");
    sandbox.unset("AWS_EC2_METADATA_DISABLED");
    (sandbox, emulator)
}

/// With a variable whose value lies behind the emulator's address, as the metadata services do here.
fn token_with(sandbox: &Sandbox, variable: &str, path: &str) -> Outcome {
    let script = format!("{variable}=$HTTPS_PROXY{path} exec codeartifact token {NPM}");
    sandbox.run("sh", &["-c", &script])
}

fn assert_minted_by(emulator: &Emulator, session: &str) {
    let journal = emulator.journal();
    let first = journal.of("sts:AssumeRole")[0].signer.clone().unwrap();
    assert_eq!(
        first.arn,
        format!("arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/{session}")
    );
    assert_eq!(journal.mints(), 1, "{journal:#?}");
}

#[test]
fn web_identity() {
    let (mut sandbox, emulator) = job_as_integration_role();
    sandbox.write("home/token", "my-web-identity-token");
    let file = sandbox.path("home/token").display().to_string();
    sandbox.set("AWS_WEB_IDENTITY_TOKEN_FILE", file);
    sandbox.set("AWS_ROLE_ARN", INTEGRATION_ROLE);
    sandbox.set("AWS_ROLE_SESSION_NAME", "pipeline-7");
    let _ = token(&sandbox).succeeded();
    assert_minted_by(&emulator, "pipeline-7");
}

#[test]
fn web_identity_that_aws_does_not_take() {
    let (mut sandbox, _emulator) = job_as_integration_role();
    sandbox.write("home/token", "somebody-elses");
    let file = sandbox.path("home/token").display().to_string();
    sandbox.set("AWS_WEB_IDENTITY_TOKEN_FILE", file);
    sandbox.set("AWS_ROLE_ARN", INTEGRATION_ROLE);
    let _ = token(&sandbox).exited(4).says(&[
        "cannot get AWS credentials",
        "AWS: InvalidIdentityToken: ",
        "hint: ",
    ]);
}

#[test]
fn container() {
    let (sandbox, emulator) = job_as_integration_role();
    let path = "/h/169.254.170.2/v2/credentials/my-task";
    let _ = token_with(&sandbox, "AWS_CONTAINER_CREDENTIALS_FULL_URI", path).succeeded();
    assert_eq!(emulator.journal().of("container").len(), 1);
    assert_eq!(emulator.journal().mints(), 1);
}

#[test]
fn instance() {
    let (sandbox, emulator) = job_as_integration_role();
    let _ = token_with(
        &sandbox,
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "/h/169.254.169.254/",
    )
    .succeeded();
    assert_eq!(emulator.journal().of("imds:token").len(), 1);
    assert_eq!(emulator.journal().mints(), 1);
}

#[test]
fn an_instance_that_does_not_answer_is_asked_once_in_each_way() {
    let (sandbox, emulator) = job_as_integration_role();
    emulator.fault(r#"{"fault": "hang", "action": "imds"}"#);
    let begin = std::time::Instant::now();
    let _ = token_with(
        &sandbox,
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "/h/169.254.169.254/",
    )
    .exited(4)
    .says(&["cannot get AWS credentials: instance metadata: "]);
    assert!(
        begin.elapsed() < Duration::from_secs(3),
        "{:?}",
        begin.elapsed()
    );
    assert_eq!(emulator.journal().of("imds:token").len(), 1);
    assert_eq!(emulator.journal().of("imds").len(), 2);
}

/// A hop limit of 1 lets no token into a container, and without one nothing is told.
#[test]
fn an_instance_that_wants_a_token_and_gives_none_leads_to_the_hop_limit() {
    let (sandbox, emulator) = job_as_integration_role();
    emulator.fault(r#"{"fault": "hang", "action": "imds:token"}"#);
    let variable = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
    let refused = token_with(&sandbox, variable, "/h/169.254.169.254/");
    let _ = refused.exited(4).says(&[
        "cannot get AWS credentials: instance metadata: HTTP 401",
        "needs a hop limit of 2",
    ]);
    emulator.recover();
    let _ = token_with(&sandbox, variable, "/h/169.254.169.254/").succeeded();
}

/// A key that waits to be touched, here and in a session of its own. The agent has cut itself off: it is meant to stay.
#[test]
fn a_program_that_takes_too_long_ends_with_all_that_it_waits_for() {
    const WAITING: [&str; 3] = ["beside", "session", "deeper"];
    let (mut sandbox, _emulator) = job_as_integration_role();
    let folder = sandbox.path("home").display().to_string();
    sandbox.write(
        "home/give",
        &format!(
            "cd {folder}\n/bin/sleep 60 & echo $! > beside\n\
             /usr/bin/setsid /bin/sleep 60 & echo $! > session\n\
             /usr/bin/setsid /bin/sh -c '/bin/sleep 60 & echo $! > deeper; wait' &\n\
             (/usr/bin/setsid /bin/sh -c 'echo $$ > agent; exec /bin/sleep 30' &)\nwait\n"
        ),
    );
    sandbox.write(
        "home/.aws/config",
        &format!("[profile slow]\ncredential_process = /bin/sh {folder}/give\n"),
    );
    sandbox.set("AWS_PROFILE", "slow");
    sandbox.set("CODEARTIFACT_TIME_LEFT", "3000");
    let _ = token(&sandbox)
        .exited(7)
        .says(&["took too long and was stopped"]);
    let runs = |name: &str| {
        let number = sandbox.read(&format!("home/{name}"));
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", number.trim()));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    };
    // What is killed needs a processor to end.
    let deadline = Instant::now() + Duration::from_secs(10);
    for name in WAITING {
        while runs(name) {
            assert!(Instant::now() < deadline, "{name} outlives the program");
            thread::sleep(Duration::from_millis(20));
        }
    }
    assert!(runs("agent"));
    let agent = sandbox.read("home/agent");
    let _ = sandbox.run("sh", &["-c", &format!("kill {agent}")]);
}

/// The file that `aws sso login` leaves behind; its name is the SHA-1 of the session's.
const SIGN_IN: &str = "home/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

/// A profile that is signed in until the given year.
fn signed_in(sandbox: &mut Sandbox, access_token: &str, until: u16) {
    sandbox.write(
        "home/.aws/config",
        "[profile dev]\nsso_session = corp\nsso_account_id = 198331734661\nsso_role_name = IntegrationReadOnly\n\
         [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n",
    );
    sandbox.write(
        SIGN_IN,
        &format!(
            r#"{{"accessToken": "{access_token}", "expiresAt": "{until}-01-01T00:00:00Z", "region": "us-east-1", "startUrl": "https://example.awsapps.com/start"}}"#
        ),
    );
    sandbox.set("AWS_PROFILE", "dev");
}

#[test]
fn sign_in() {
    let (mut sandbox, emulator) = job_as_integration_role();
    signed_in(&mut sandbox, "my-sso-access-token", 2099);
    let _ = token(&sandbox).succeeded();
    assert_eq!(emulator.journal().of("sso:GetRoleCredentials").len(), 1);
}

#[test]
fn a_sign_in_that_is_over_names_the_command() {
    for (access_token, until) in [("my-sso-access-token", 2020), ("revoked", 2099)] {
        let (mut sandbox, _emulator) = job_as_integration_role();
        signed_in(&mut sandbox, access_token, until);
        let (outcome, time) = timed_token(&sandbox);
        let _ = outcome.exited(4).says(&[
            "the SSO session of profile `dev` has expired",
            "hint: run `codeartifact login https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/`",
        ]);
        assert!(time < Duration::from_secs(5), "{time:?}");
    }
}
