//! Requests, and what they say of a client.

use std::time::Duration;

use http::StatusCode;

use super::*;

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
const PATH: &str = "/pypi/my-repo/";

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn basic(user: &str, password: &str) -> SentCredentials {
    SentCredentials::Basic {
        user: secret(user),
        password: secret(password),
    }
}

fn request(host: &str, path: &str, credentials: SentCredentials) -> SeenRequest {
    let kind = match host {
        HOST => HostKind::Repository,
        "sts.amazonaws.com" => HostKind::Aws,
        _ => HostKind::Other,
    };
    let (host, path) = (host.to_owned(), path.to_owned());
    let method = "GET".to_owned();
    SeenRequest {
        host,
        kind,
        method,
        path,
        credentials,
        answered: Some(StatusCode::OK),
    }
}

fn ours(credentials: SentCredentials) -> SeenRequest {
    request(HOST, "/pypi/my-repo/simple/my-package/", credentials)
}

fn observed(requests: Vec<SeenRequest>, ended: bool) -> Observed {
    Observed {
        requests,
        distrusted: Vec::new(),
        status: ended.then(std::process::ExitStatus::default),
        output: String::new(),
        took: Duration::ZERO,
    }
}

fn verdict(observed: &Observed) -> Verdict {
    let (good, old) = (secret("good"), secret("old"));
    let expected = Expected {
        host: HOST,
        path: PATH,
        tokens: &[&good],
        expired: &[&old],
    };
    judge(observed, &expected)
}

/// The requests of a client, and what they say of it.
fn rows() -> [(Vec<SeenRequest>, Verdict); 15] {
    let nothing = || SentCredentials::Nothing;
    let other = |user: Option<&str>, expired| Verdict::OtherCredentials {
        user: user.map(str::to_owned),
        expired,
    };
    let long = "x".repeat(40);
    let elsewhere = |places: &[&str]| {
        Verdict::Elsewhere(
            places
                .iter()
                .map(|place| format!("https://{place}"))
                .collect(),
        )
    };
    let aws = || request("sts.amazonaws.com", "", nothing());
    let public = || request("index.example.com", "/simple/my-package/", nothing());
    let neighbour = || request(HOST, "/pypi/my-repo-2/simple/", basic("aws", "good"));
    [
        (vec![], Verdict::Nothing),
        (vec![aws()], Verdict::Nothing),
        (vec![ours(nothing())], Verdict::NoCredentials),
        (
            vec![ours(nothing()), ours(basic("aws", "good"))],
            Verdict::OurToken,
        ),
        (
            vec![ours(SentCredentials::Bearer(secret("good")))],
            Verdict::OurToken,
        ),
        (
            vec![ours(SentCredentials::Other(secret("good")))],
            Verdict::OurToken,
        ),
        (
            vec![ours(basic("aws", "old")), ours(basic("aws", "good"))],
            Verdict::OurToken,
        ),
        (vec![ours(basic("aws", "old"))], other(Some("aws"), true)),
        (vec![ours(basic("aws", ""))], other(Some("aws"), false)),
        (
            vec![ours(basic("me", "x")), ours(nothing())],
            other(Some("me"), false),
        ),
        (vec![ours(basic(&long, ""))], other(None, false)),
        (
            vec![ours(SentCredentials::Bearer(secret("${TOKEN}")))],
            other(None, false),
        ),
        (
            vec![public(), public(), aws()],
            elsewhere(&["index.example.com"]),
        ),
        (vec![public(), ours(nothing())], Verdict::NoCredentials),
        (
            vec![neighbour()],
            elsewhere(&[&format!("{HOST}/pypi/my-repo-2/")]),
        ),
    ]
}

#[test]
fn requests_become_a_verdict() {
    for (requests, expected) in rows() {
        let observed = observed(requests, true);
        assert_eq!(verdict(&observed), expected, "{observed:?}");
    }
}

#[test]
fn a_client_that_hangs_after_it_sent_the_token_is_not_blamed() {
    assert_eq!(
        verdict(&observed(vec![ours(SentCredentials::Nothing)], false)),
        Verdict::Hung
    );
    assert_eq!(
        verdict(&observed(vec![ours(basic("aws", "good"))], false)),
        Verdict::OurToken
    );
}

#[test]
fn distrust_says_nothing_about_credentials() {
    let mut observed = observed(Vec::new(), true);
    observed.distrusted.push(HOST.to_owned());
    assert_eq!(verdict(&observed), Verdict::Distrusted);
}

/// A second connection that was not wanted any more.
#[test]
fn where_a_client_has_asked_it_trusts() {
    let host = "example.com";
    let asked = request(host, "/my-package", SentCredentials::Nothing);
    let mut observed = observed(vec![asked], true);
    observed.distrusted.push(host.to_owned());
    let elsewhere = Verdict::Elsewhere(vec![format!("https://{host}")]);
    assert_eq!(verdict(&observed), elsewhere);
    observed.distrusted.push(HOST.to_owned());
    assert_eq!(verdict(&observed), Verdict::Distrusted);
}

/// A wrong URL may name the repository, and get a token.
#[test]
fn a_token_for_what_no_repository_has() {
    let mut wrong = request(HOST, "/pypi/my-repo/my-package/", basic("aws", "good"));
    wrong.answered = Some(StatusCode::NOT_FOUND);
    let url = format!("https://{HOST}/pypi/my-repo/my-package/");
    let requests = vec![ours(SentCredentials::Nothing), wrong.clone()];
    assert_eq!(verdict(&observed(requests, true)), Verdict::Absent(url));
    let requests = vec![wrong, ours(basic("aws", "good"))];
    assert_eq!(verdict(&observed(requests, true)), Verdict::OurToken);
}

#[test]
fn files_are_judged_beside_their_pages() {
    let page = || ours(basic("aws", "good"));
    let file = |sent| {
        let path = "/pypi/my-repo/simple/my-package/1.0.0/my_package-1.0.0-py3-none-any.whl";
        request(HOST, path, sent)
    };
    let expired = Verdict::OtherCredentials {
        user: Some("aws".to_owned()),
        expired: true,
    };
    let rows = [
        (vec![file(SentCredentials::Nothing)], Verdict::NoCredentials),
        (vec![file(basic("aws", "old"))], expired),
    ];
    for (files, expected) in rows {
        let requests: Vec<_> = [page()].into_iter().chain(files.clone()).collect();
        let expected = Verdict::File(Box::new(expected));
        assert_eq!(verdict(&observed(requests.clone(), true)), expected);
        let tried_again = [requests, vec![file(basic("aws", "good"))]].concat();
        assert_eq!(verdict(&observed(tried_again, true)), Verdict::OurToken);
    }
}
