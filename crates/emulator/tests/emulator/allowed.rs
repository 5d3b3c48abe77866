//! The emulator grants what AWS grants: chains, resource policies, endpoints, lists, upstreams; and the
//! journal tells who did it.

use serde_json::json;

use crate::client::{HOST, Keys};
use crate::process::{EXAMPLE, Emulator, PERMISSIONS};

const FULL: &str = "arn:aws:iam::111122223333:role/Full";

#[test]
fn two_hops_with_an_external_id() {
    let emulator = Emulator::start(EXAMPLE);
    let integration = emulator.session(
        &Keys::ci(),
        "arn:aws:iam::198331734661:role/IntegrationReadOnly",
        &[],
    );
    let reader = "arn:aws:iam::111122223333:role/CodeArtifactReader";
    let reader = emulator.session(&integration, reader, &[("ExternalId", "k3JxPq7mZt")]);
    let identity = emulator.sts(&reader, &[("Action", "GetCallerIdentity")]);
    let arn = "arn:aws:sts::111122223333:assumed-role/CodeArtifactReader/codeartifact";
    assert_eq!(identity.element("Arn").as_deref(), Some(arn));

    let token = emulator.token(&reader);
    assert_eq!((token.len(), token.split('.').count()), (1200, 5));
    assert_eq!(emulator.read(&token).status, 200);
    let entry = emulator.last("npm:packument");
    assert_eq!(entry["signer"]["arn"], arn);
    assert_eq!(entry["signer"]["access_key_id"], reader.id);
    assert_eq!(
        entry["session_of"],
        json!([
            "arn:aws:iam::198331734661:user/ci",
            "arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/codeartifact"
        ])
    );
    let minted = emulator.last("codeartifact:GetAuthorizationToken");
    assert_eq!(minted["issued"], entry["authorization"]["fingerprint"]);
    assert_eq!(
        emulator.last("sts:AssumeRole")["parameters"]["external_id"],
        "k3JxPq7mZt"
    );
}

#[test]
fn the_journal_holds_no_secret() {
    let emulator = Emulator::start(PERMISSIONS);
    let session = emulator.session(&Keys::ci(), FULL, &[]);
    let token = emulator.token(&session);
    emulator.read(&token);
    let misplaced = vec![(
        "Authorization".to_owned(),
        format!("Basic {}", base64(&format!("{token}:"))),
    )];
    emulator.send(
        "GET",
        &format!("/h/{HOST}/npm/my-repo/my-package"),
        &misplaced,
        "",
    );
    let wrong = Keys {
        secret: "wrong".into(),
        ..session.clone()
    };
    emulator.authorization(&wrong, "domain=my-domain");
    let journal = serde_json::to_string(&emulator.journal()).unwrap();
    for secret in [
        &token,
        &session.secret,
        session.session.as_ref().unwrap(),
        &Keys::ci().secret,
    ] {
        assert!(!journal.contains(secret.as_str()), "{secret}");
    }
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn a_duration_of_zero_ends_with_the_session_and_any_other_does_not() {
    let emulator = Emulator::start(PERMISSIONS);
    let session = emulator.session(&Keys::ci(), FULL, &[("DurationSeconds", "900")]);
    let lifetime = |query: &str| {
        let answer = emulator.authorization(&session, &format!("domain=my-domain{query}"));
        let now = std::time::SystemTime::UNIX_EPOCH
            .elapsed()
            .unwrap()
            .as_secs_f64();
        answer.json()["expiration"].as_f64().unwrap() - now
    };
    for (query, expected) in [
        ("&duration=0", 900.0),
        ("&duration=43200", 43200.0),
        ("", 43200.0),
    ] {
        let found = lifetime(query);
        assert!(
            (expected - 30.0..=expected).contains(&found),
            "{query}: {found}"
        );
    }
}

#[test]
fn another_accounts_user_by_resource_policies() {
    let emulator = Emulator::start(PERMISSIONS);
    let token = emulator.token(&Keys::ci());
    assert_eq!(emulator.read(&token).status, 200);
    // Its own account allows this too, but the other repository's owner does not.
    assert_eq!(
        emulator
            .package("GET", HOST, "/npm/my-other-repo/my-package", &token)
            .status,
        403
    );
    // Without naming the owner, the domain is one of the caller's own account.
    assert_eq!(
        emulator
            .authorization(&Keys::ci(), "domain=my-domain")
            .status,
        404
    );
}

#[test]
fn tags_organizations_and_session_names() {
    let emulator = Emulator::start(PERMISSIONS);
    let tags = [("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "a")];
    assert_eq!(emulator.assume(&Keys::ci(), FULL, &tags).status, 200);
    let organization = "arn:aws:iam::111122223333:role/Organization";
    assert_eq!(emulator.assume(&Keys::ci(), organization, &[]).status, 200);
    // The same role does not let sessions be tagged.
    assert_eq!(
        emulator.assume(&Keys::ci(), organization, &tags).code(),
        "AccessDenied"
    );
}

#[test]
fn endpoints_and_lists() {
    let emulator = Emulator::start(PERMISSIONS);
    let session = emulator.session(&Keys::ci(), FULL, &[]);
    let get = |method, path: &str| emulator.codeartifact(&session, method, path).json();
    let endpoint = "/v1/repository/endpoint?domain=my-domain&repository=my-repo&format=npm";
    assert_eq!(
        get("GET", endpoint)["repositoryEndpoint"],
        format!("https://{HOST}/npm/my-repo/")
    );
    assert_eq!(
        get("GET", &format!("{endpoint}&endpointType=dualstack"))["repositoryEndpoint"],
        "https://my-domain-111122223333.codeartifact.us-east-1.on.aws/npm/my-repo/"
    );
    assert_eq!(
        get("GET", "/v1/domain?domain=my-domain")["domain"]["repositoryCount"],
        3
    );
    let repository = get("GET", "/v1/repository?domain=my-domain&repository=my-repo");
    assert_eq!(
        repository["repository"]["upstreams"][0]["repositoryName"],
        "my-other-repo"
    );
    assert_eq!(
        get("POST", "/v1/domains")["domains"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let first = get(
        "POST",
        "/v1/domain/repositories?domain=my-domain&max-results=2",
    );
    assert_eq!(first["repositories"].as_array().unwrap().len(), 2);
    let token = first["nextToken"].as_str().unwrap();
    let rest = get(
        "POST",
        &format!("/v1/domain/repositories?domain=my-domain&max-results=2&next-token={token}"),
    );
    assert_eq!(rest["repositories"][0]["name"], "my-repo");
}

#[test]
fn the_same_repository_under_each_of_its_hosts() {
    let emulator = Emulator::start(EXAMPLE);
    let integration = emulator.session(
        &Keys::ci(),
        "arn:aws:iam::198331734661:role/IntegrationReadOnly",
        &[],
    );
    let reader = "arn:aws:iam::111122223333:role/CodeArtifactReader";
    let token =
        emulator.token(&emulator.session(&integration, reader, &[("ExternalId", "k3JxPq7mZt")]));
    for (host, path) in [
        (HOST, "/npm/my-repo/my-package"),
        (
            "my-domain-111122223333.codeartifact.us-east-1.on.aws",
            "/npm/my-repo/my-package",
        ),
        (
            "vpce-0a1b-c2d3.d.codeartifact.us-east-1.vpce.amazonaws.com",
            "/npm/d/my-domain-111122223333/my-repo/my-package",
        ),
        ("packages.example.com", "/npm/my-repo/my-package"),
    ] {
        let answer = emulator.package("GET", host, path, &token);
        assert_eq!(answer.status, 200, "{host}");
        let tarball = format!(
            "http://{}/h/{host}{path}/-/my-package-1.0.0.tgz",
            emulator.address
        );
        assert_eq!(
            answer.json()["versions"]["1.0.0"]["dist"]["tarball"],
            tarball
        );
    }
}

#[test]
fn packages_come_from_upstreams_and_files_from_another_host() {
    let emulator = Emulator::start(PERMISSIONS);
    let token = emulator.token(&emulator.session(&Keys::ci(), FULL, &[]));
    assert_eq!(emulator.read(&token).status, 200);
    let answer = emulator.package(
        "GET",
        HOST,
        "/npm/my-repo/my-package/-/my-package-1.0.0.tgz",
        &token,
    );
    assert_eq!(answer.status, 302);
    let location = answer.header("location").unwrap().to_owned();
    // Another name for this machine, so that clients drop the token as they do for another host.
    let target = location.strip_prefix("http://localhost:").unwrap();
    let target = &target[target.find('/').unwrap()..];
    assert!(
        target.starts_with("/h/assets-") && target.contains("/my-other-repo/"),
        "{target}"
    );
    let authorization = vec![("Authorization".to_owned(), format!("Bearer {token}"))];
    assert_eq!(emulator.send("GET", target, &authorization, "").status, 400);
    assert_eq!(emulator.send("HEAD", target, &Vec::new(), "").status, 403);
    assert_eq!(emulator.send("GET", target, &Vec::new(), "").status, 200);
}

#[test]
fn a_public_repository_asks_for_no_token() {
    let emulator = Emulator::start(PERMISSIONS);
    let target = format!("/h/{HOST}/npm/everyone/my-package");
    assert_eq!(emulator.send("GET", &target, &Vec::new(), "").status, 200);
}
