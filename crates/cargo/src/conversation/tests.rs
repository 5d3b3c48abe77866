//! Whole conversations, byte for byte, as cargo 1.95 holds them.

use codeartifact_helper::for_tests::{Machine, NOW, Said};

use super::*;
use crate::Cargo;

const URL: &str =
    "sparse+https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/cargo/my-repo/";
const HELLO: &str = "{\"v\":[1]}\n";

fn machine() -> Machine {
    Machine::new("{domain}-{count}")
}

fn request(kind: &str, url: &str) -> String {
    format!("{{\"v\":1,\"registry\":{{\"index-url\":\"{url}\"}},\"kind\":\"{kind}\"}}\n")
}

fn feed(machine: &Machine, requests: &str) -> Said {
    machine.feed(&Cargo, &["--cargo-plugin"], requests)
}

fn said(answers: &str) -> Said {
    Said::new(Exit::Done, format!("{HELLO}{answers}"), "")
}

/// Tokens of 12 hours are asked for again an hour before they expire.
fn token(number: u32) -> String {
    let expiration = NOW.0 + 11 * 3600;
    format!(
        "{{\"Ok\":{{\"cache\":\"expires\",\"expiration\":{expiration},\"kind\":\"get\",\
         \"operation_independent\":true,\"token\":\"my-domain-{number}\"}}}}\n"
    )
}

#[test]
fn requests_as_cargo_sends_them() {
    let anonymous = format!(
        "{{\"v\":1,\"registry\":{{\"index-url\":\"{URL}\",\"name\":\"acme\",\"headers\":[\"WWW-Authenticate: Basic \
         realm=\\\"my-domain/my-repo\\\"\"]}},\"kind\":\"get\",\"operation\":\"read\",\"args\":[]}}\n"
    );
    let publish = format!(
        "{{\"v\":1,\"registry\":{{\"index-url\":\"{URL}\",\"name\":\"acme\"}},\"kind\":\"get\",\"operation\":\"publish\",\
         \"name\":\"my-crate\",\"vers\":\"1.0.0\",\"cksum\":\"00\",\"args\":[\"--unknown\"]}}\n"
    );
    let supported = "{\"Err\":{\"kind\":\"url-not-supported\"}}\n";
    let operation = "{\"Err\":{\"kind\":\"operation-not-supported\"}}\n";
    let rows = [
        (String::new(), String::new()),
        (request("get", URL), token(1)),
        (anonymous.clone(), token(1)),
        (publish.clone(), token(1)),
        (anonymous + &publish, token(1) + &token(1)),
        (request("get", URL.trim_end_matches('/')), token(1)),
        (
            request("get", "sparse+https://index.crates.io/"),
            supported.into(),
        ),
        (
            request("get", "https://github.com/rust-lang/crates.io-index"),
            supported.into(),
        ),
        (
            request("login", "sparse+https://cargo.example.com/"),
            supported.into(),
        ),
        (request("owners", URL), operation.into()),
        (
            request("logout", URL),
            "{\"Ok\":{\"kind\":\"logout\"}}\n".into(),
        ),
    ];
    for (requests, answers) in rows {
        assert_eq!(feed(&machine(), &requests), said(&answers), "{requests}");
    }
}

#[test]
fn what_is_no_request_is_told() {
    let rows = [
        ("get\n".to_owned(), "cannot read cargo's request: "),
        (
            "{\"v\":1,\"kind\":\"get\"}\n".to_owned(),
            "missing field `registry`",
        ),
        (
            request("get", URL).replace("\"v\":1", "\"v\":2"),
            "cannot speak version 2 of the protocol",
        ),
    ];
    for (line, expected) in rows {
        let said = feed(&machine(), &line);
        assert!(
            said.stdout
                .contains("{\"Err\":{\"caused-by\":[],\"kind\":\"other\",\"message\":\"")
        );
        assert!(said.stdout.contains(expected), "{said:?}");
    }
}

#[test]
fn login_replaces_the_token_and_logout_forgets_it() {
    let machine = machine();
    let get = request("get", URL);
    assert_eq!(feed(&machine, &get), said(&token(1)));
    machine.advance(60);
    let login = feed(&machine, &request("login", URL));
    assert_eq!(login, said("{\"Ok\":{\"kind\":\"login\"}}\n"));
    assert!(feed(&machine, &get).stdout.contains("\"my-domain-2\""));
    let _ = feed(&machine, &request("logout", URL));
    assert!(feed(&machine, &get).stdout.contains("\"my-domain-3\""));
    assert_eq!(machine.mint.minted(), 3);
}

#[test]
fn a_failure_stops_cargo_and_its_reason_is_on_stderr() {
    let mut machine = machine();
    machine.mint.refused = "*";
    let said = feed(&machine, &request("get", URL));
    assert_eq!(
        said.exit,
        Some(Exit::Done),
        "the answer says that it failed"
    );
    let answer = said.stdout.strip_prefix(HELLO).unwrap();
    assert!(answer.starts_with("{\"Err\":{\"caused-by\":[],\"kind\":\"other\",\"message\":\"no token for sparse+https://my-domain"));
    assert!(said.stderr.starts_with("codeartifact-cargo: "), "{said:?}");
}

#[test]
fn a_person_is_told_who_runs_it() {
    for arguments in [&[] as &[&str], &["get"], &["--cargo-plugin", "x"]] {
        let said = machine().call(&Cargo, arguments);
        assert_eq!((said.exit, said.stdout.as_str()), (Some(Exit::Usage), ""));
        assert!(said.stderr.contains("cargo runs this"), "{said:?}");
    }
}
