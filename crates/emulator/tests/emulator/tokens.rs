//! Authorization tokens that are refused, or not issued: permissions, conditions, lifetimes, other domains.

use crate::client::{HOST, Keys, keys_of};
use crate::process::{Emulator, PERMISSIONS};
use crate::refused::role;

#[test]
fn each_of_the_four_permissions() {
    let emulator = Emulator::start(PERMISSIONS);
    let session = |name| emulator.session(&Keys::ci(), &role(name), &[]);
    for (name, action) in [
        ("NoToken", "codeartifact:GetAuthorizationToken"),
        ("NoBearerToken", "sts:GetServiceBearerToken"),
    ] {
        let answer = emulator.authorization(&session(name), "domain=my-domain&duration=900");
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "AccessDeniedException")
        );
        let text = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(
            text.ends_with(&format!(
                "because no identity-based policy allows the {action} action"
            )),
            "{text}"
        );
    }
    let token = emulator.token(&session("NoRead"));
    assert_eq!(emulator.read(&token).status, 403);
    assert!(
        emulator
            .reason("npm:packument")
            .starts_with("codeartifact:ReadFromRepository")
    );

    let token = emulator.token(&session("NoPublish"));
    assert_eq!(emulator.read(&token).status, 200);
    assert_eq!(
        emulator
            .package("PUT", HOST, "/npm/my-repo/my-package", &token)
            .status,
        403
    );
    let reason = emulator.reason("npm:publish");
    assert!(
        reason.starts_with("codeartifact:PublishPackageVersion"),
        "{reason}"
    );
}

#[test]
fn the_duration_condition_of_a_bearer_token_refuses_and_does_not_shorten() {
    let emulator = Emulator::start(PERMISSIONS);
    let session = emulator.session(&Keys::ci(), &role("ShortTokens"), &[]);
    for (query, expected) in [
        ("&duration=3600", 200),
        ("&duration=0", 200),
        ("&duration=3601", 403),
        ("", 403),
    ] {
        let answer = emulator.authorization(&session, &format!("domain=my-domain{query}"));
        assert_eq!(answer.status, expected, "{query}: {answer:?}");
    }
    assert!(
        emulator
            .reason("codeartifact:GetAuthorizationToken")
            .contains("wants 3600, the request has 43200")
    );
}

#[test]
fn tokens_that_are_missing_unknown_or_for_somewhere_else() {
    let emulator = Emulator::start(PERMISSIONS);
    let token = emulator.token(&emulator.session(&Keys::ci(), &role("Full"), &[]));
    let other_domain = "other-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
    let other_region = "my-domain-111122223333.d.codeartifact.eu-west-1.amazonaws.com";
    assert_eq!(emulator.read(&token).status, 200);
    for (host, token, reason) in [
        (HOST, "a.b.c.d.e", "was not issued here"),
        (
            other_domain,
            token.as_str(),
            "not for arn:aws:codeartifact:us-east-1:111122223333:domain/other-domain",
        ),
        (
            other_region,
            token.as_str(),
            "not for arn:aws:codeartifact:eu-west-1:111122223333:domain/my-domain",
        ),
    ] {
        let answer = emulator.package("GET", host, "/npm/my-repo/my-package", token);
        assert_eq!(answer.status, 401, "{host}");
        let domain = &host[..host.find("-1111").unwrap()];
        let challenge =
            format!("Bearer realm=\"{domain}/my-repo\", Basic realm=\"{domain}/my-repo\"");
        assert_eq!(answer.header("www-authenticate"), Some(challenge.as_str()));
        assert!(
            emulator.reason("npm:packument").contains(reason),
            "{}",
            emulator.reason("npm:packument")
        );
    }
    let bare = emulator.send(
        "GET",
        &format!("/h/{HOST}/npm/my-repo/my-package"),
        &Vec::new(),
        "",
    );
    assert_eq!(bare.status, 401);
    assert_eq!(
        emulator
            .package("GET", HOST, "/npm/absent/my-package", &token)
            .status,
        404
    );
}

#[test]
fn a_token_that_has_expired() {
    let emulator = Emulator::start(PERMISSIONS);
    let token = emulator.token(&emulator.session(&Keys::ci(), &role("Full"), &[]));
    emulator.control("POST", "clock", r#"{"offset": 899}"#);
    assert_eq!(emulator.read(&token).status, 200);
    emulator.control("POST", "clock", r#"{"offset": 901}"#);
    assert_eq!(emulator.read(&token).status, 401);
    assert!(
        emulator
            .reason("npm:packument")
            .starts_with("the token expired")
    );
}

#[test]
fn a_session_policy_reaches_into_package_downloads() {
    let emulator = Emulator::start(PERMISSIONS);
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["codeartifact:GetAuthorizationToken","sts:GetServiceBearerToken"],"Resource":"*"},
        {"Effect":"Allow","Action":"codeartifact:ReadFromRepository",
         "Resource":"arn:aws:codeartifact:us-east-1:111122223333:repository/my-domain/my-repo"}]}"#;
    let answer = emulator.assume(&Keys::ci(), &role("Full"), &[("Policy", policy)]);
    assert_eq!(answer.element("PackedPolicySize").as_deref(), Some("15"));
    let token = emulator.token(&keys_of(&answer));
    assert_eq!(emulator.read(&token).status, 200);
    assert_eq!(
        emulator
            .package("GET", HOST, "/npm/my-other-repo/my-package", &token)
            .status,
        403
    );
    assert!(
        emulator
            .reason("npm:packument")
            .contains("the session policy does not allow it")
    );
}

#[test]
fn parameters_that_the_service_refuses() {
    let emulator = Emulator::start(PERMISSIONS);
    let session = emulator.session(&Keys::ci(), &role("Full"), &[]);
    for (query, status, code) in [
        ("domain=my-domain&duration=899", 400, "ValidationException"),
        (
            "domain=my-domain&duration=43201",
            400,
            "ValidationException",
        ),
        ("domain=My_Domain", 400, "ValidationException"),
        (
            "domain=my-domain&domain-owner=1111",
            400,
            "ValidationException",
        ),
        ("duration=900", 400, "ValidationException"),
        ("domain=absent-domain", 404, "ResourceNotFoundException"),
    ] {
        let answer = emulator.authorization(&session, query);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{query}"
        );
    }
    let endpoint = "/v1/repository/endpoint?domain=my-domain&repository=my-repo&format=go";
    assert_eq!(
        emulator.codeartifact(&session, "GET", endpoint).code(),
        "ValidationException"
    );
    let tokens = emulator
        .journal()
        .iter()
        .filter(|entry| !entry["issued"].is_null())
        .count();
    assert_eq!(tokens, 0);
}
