//! The other ways to credentials: web identity, instance, container, IAM Identity Center.

use crate::client::{Headers, Keys, keys_of};
use crate::process::{EXAMPLE, Emulator};

const ROLE: &str = "arn:aws:iam::198331734661:role/IntegrationReadOnly";

fn header(name: &str, value: &str) -> Headers {
    vec![(name.to_owned(), value.to_owned())]
}

fn identity(emulator: &Emulator, keys: &Keys) -> String {
    emulator
        .sts(keys, &[("Action", "GetCallerIdentity")])
        .element("Arn")
        .unwrap()
}

fn keys_of_json(value: &serde_json::Value, names: [&str; 3]) -> Keys {
    let text = |name: &str| value[name].as_str().unwrap().to_owned();
    Keys {
        id: text(names[0]),
        secret: text(names[1]),
        session: Some(text(names[2])),
    }
}

#[test]
fn web_identities() {
    let example = format!(
        "{EXAMPLE}\n[[web_identities]]\ntoken = 'old-token'\nissuer = 'example.com'\nsubject = 'x'\naudience = 'y'\nexpired = true
         [[web_identities]]\ntoken = 'other-token'\nissuer = 'token.actions.githubusercontent.com'
         subject = 'repo:other-org/app'\naudience = 'sts.amazonaws.com'\n"
    );
    let emulator = Emulator::start(&example);
    let assume = |token: &str| {
        let body = format!(
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={ROLE}&RoleSessionName=job&WebIdentityToken={token}"
        );
        emulator.send(
            "POST",
            "/h/sts.us-east-1.amazonaws.com/",
            &Vec::new(),
            &body,
        )
    };
    for (token, status, code) in [
        ("unknown-token", 400, "InvalidIdentityToken"),
        ("old-token", 400, "ExpiredTokenException"),
        ("other-token", 403, "AccessDenied"),
    ] {
        let answer = assume(token);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{token}"
        );
    }
    let answer = assume("my-web-identity-token");
    assert_eq!(
        answer.element("SubjectFromWebIdentityToken").as_deref(),
        Some("repo:my-org/my-app:ref:refs/heads/main")
    );
    let arn = identity(&emulator, &keys_of(&answer));
    assert_eq!(
        arn,
        "arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/job"
    );
    assert!(
        !serde_json::to_string(&emulator.journal())
            .unwrap()
            .contains("my-web-identity-token")
    );
}

#[test]
fn an_instance_through_the_proxy() {
    let scenario = format!("{EXAMPLE}\n[instance]\nrole = '{ROLE}'\n");
    let emulator = Emulator::start(&scenario);
    let base = "http://169.254.169.254/latest";
    let role = format!("{base}/meta-data/iam/security-credentials/");
    assert_eq!(emulator.send("GET", &role, &Vec::new(), "").status, 401);
    let ttl = header("x-aws-ec2-metadata-token-ttl-seconds", "21600");
    let token = emulator
        .send("PUT", &format!("{base}/api/token"), &ttl, "")
        .body;
    let token = header("x-aws-ec2-metadata-token", &token);
    assert_eq!(
        emulator.send("GET", &role, &token, "").body,
        "IntegrationReadOnly"
    );
    assert_eq!(
        emulator
            .send(
                "GET",
                &format!("{base}/meta-data/placement/region"),
                &token,
                ""
            )
            .body,
        "us-east-1"
    );
    let answer = emulator
        .send("GET", &format!("{role}IntegrationReadOnly"), &token, "")
        .json();
    let keys = keys_of_json(&answer, ["AccessKeyId", "SecretAccessKey", "Token"]);
    assert!(
        identity(&emulator, &keys)
            .ends_with(":assumed-role/IntegrationReadOnly/i-0a1b2c3d4e5f60718")
    );
    // A machine's session is a session: what it opens next is chained.
    let reader = "arn:aws:iam::111122223333:role/CodeArtifactReader";
    let long = emulator.assume(
        &keys,
        reader,
        &[("ExternalId", "k3JxPq7mZt"), ("DurationSeconds", "3601")],
    );
    assert_eq!(long.code(), "ValidationError");
}

#[test]
fn without_an_instance_there_are_no_metadata() {
    let emulator = Emulator::start(EXAMPLE);
    let ttl = header("x-aws-ec2-metadata-token-ttl-seconds", "21600");
    assert_eq!(
        emulator
            .send("PUT", "http://169.254.169.254/latest/api/token", &ttl, "")
            .status,
        404
    );
}

#[test]
fn a_container() {
    let emulator = Emulator::start(EXAMPLE);
    assert_eq!(
        emulator
            .send(
                "GET",
                "http://169.254.170.2/v2/credentials/another",
                &Vec::new(),
                ""
            )
            .status,
        404
    );
    for target in [
        "http://169.254.170.2/v2/credentials/my-task",
        "/h/169.254.170.2/v2/credentials/my-task",
    ] {
        let answer = emulator.send("GET", target, &Vec::new(), "").json();
        let keys = keys_of_json(&answer, ["AccessKeyId", "SecretAccessKey", "Token"]);
        assert!(
            identity(&emulator, &keys).ends_with(":assumed-role/IntegrationReadOnly/container")
        );
    }
}

#[test]
fn identity_center() {
    let emulator = Emulator::start(EXAMPLE);
    let portal = "/h/portal.sso.us-east-1.amazonaws.com/federation/credentials?account_id=198331734661&role_name=";
    let ask = |role: &str, token: &str| {
        emulator.send(
            "GET",
            &format!("{portal}{role}"),
            &header("x-amz-sso_bearer_token", token),
            "",
        )
    };
    assert_eq!(
        ask("IntegrationReadOnly", "wrong").code(),
        "UnauthorizedException"
    );
    assert_eq!(
        ask("Absent", "my-sso-access-token").code(),
        "ForbiddenException"
    );
    let answer = ask("IntegrationReadOnly", "my-sso-access-token").json();
    let keys = keys_of_json(
        &answer["roleCredentials"],
        ["accessKeyId", "secretAccessKey", "sessionToken"],
    );
    assert!(identity(&emulator, &keys).ends_with(":assumed-role/IntegrationReadOnly/developer"));

    let refresh = |token: &str| {
        let body = format!(r#"{{"grantType":"refresh_token","refreshToken":"{token}"}}"#);
        emulator.send(
            "POST",
            "/h/oidc.us-east-1.amazonaws.com/token",
            &Vec::new(),
            &body,
        )
    };
    assert_eq!(refresh("wrong").code(), "InvalidGrantException");
    assert_eq!(
        refresh("my-sso-refresh-token").json()["accessToken"],
        "my-sso-access-token"
    );
}
