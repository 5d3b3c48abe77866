//! Whole conversations, byte for byte: what go gets before it asks, and after each kind of refusal.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use codeartifact_auth::environment::{CACHE, CONNECTION};
use codeartifact_auth::report;
use codeartifact_helper::for_tests::{Machine, Said};

use super::*;
use crate::Goauth;

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
const OTHER: &str = "your-domain-198331734661.d.codeartifact.eu-west-1.amazonaws.com";

const VPC: &str = "vpce-0a1b-2c3d.d.codeartifact.us-east-1.vpce.amazonaws.com";

/// On which go calls us; tokens are numbered.
fn machine(goproxy: &str) -> Machine {
    let mut machine = Machine::new("{domain}-{count}");
    machine.set("GOPROXY", goproxy);
    machine
}

fn first(machine: &Machine) -> Said {
    machine.call(&Goauth, &[])
}

fn again(machine: &Machine, url: &str, status: u16) -> Said {
    let response = format!("HTTP/1.1 {status} Whatever\nContent-Length: 0\n\n");
    machine.feed(&Goauth, &[url], &response)
}

/// For a repository, and for its host.
fn set(repository: &str, token: &str) -> String {
    let (host, _) = repository.split_once("/go/").unwrap();
    format!("{repository}\n{host}\n{}", header(token))
}

fn header(token: &str) -> String {
    let basic = STANDARD.encode(format!("aws:{token}"));
    format!("\nAuthorization: Basic {basic}\n\n")
}

fn answered(stdout: impl Into<String>) -> Said {
    Said::new(Exit::Done, stdout, "")
}

fn ours() -> String {
    format!("https://{HOST}/go/my-repo/")
}

fn module() -> String {
    format!("{}example.com/private/@v/v1.0.0.mod", ours())
}

#[test]
fn the_first_call_answers_for_every_proxy_of_ours() {
    let (a, b) = (ours(), format!("https://{OTHER}/go/your-repo/"));
    let rows = [
        (String::new(), String::new()),
        ("off".into(), String::new()),
        ("https://proxy.example.com,direct".into(), String::new()),
        (a.clone(), set(&a, "my-domain-1")),
        (a.trim_end_matches('/').into(), set(&a, "my-domain-1")),
        (format!("{HOST}/go/my-repo"), set(&a, "my-domain-1")),
        (
            format!("https://proxy.example.com|{a},direct"),
            set(&a, "my-domain-1"),
        ),
        (format!("direct,{a}"), String::new()),
        (
            format!("{a},{b}"),
            set(&a, "my-domain-1") + &set(&b, "your-domain-2"),
        ),
        (
            format!("{a},https://{HOST}/go/second/"),
            set(&a, "my-domain-1") + &set(&format!("https://{HOST}/go/second/"), "my-domain-1"),
        ),
        (
            format!("https://aws:s3cret@{HOST}/go/my-repo/"),
            String::new(),
        ),
        (format!("http://{HOST}/go/my-repo/"), String::new()),
    ];
    for (goproxy, expected) in rows {
        let machine = machine(&goproxy);
        assert_eq!(first(&machine), answered(expected), "{goproxy}");
    }
}

/// Behind one VPC endpoint lie many domains: there a token is for its repository alone.
#[test]
fn a_host_that_two_domains_share_gets_the_token_of_neither() {
    let of = |domain: &str| format!("https://{VPC}/go/d/{domain}-111122223333/my-repo/");
    let (a, b) = (of("my-domain"), of("your-domain"));
    let machine = machine(&format!("{a},{b}"));
    let alone = |repository: &str, token: &str| format!("{repository}\n{}", header(token));
    let both = alone(&a, "my-domain-1") + &alone(&b, "your-domain-2");
    assert_eq!(first(&machine), answered(both));
    let again = again(&machine, &format!("{a}example.com/@v/list"), 404);
    assert_eq!(again, answered(alone(&a, "my-domain-1")));
}

#[test]
fn a_second_build_mints_nothing() {
    let machine = machine(&ours());
    for _ in 0..2 {
        assert_eq!(first(&machine), answered(set(&ours(), "my-domain-1")));
    }
    assert_eq!(machine.mint.minted(), 1);
}

#[test]
fn one_domain_that_fails_does_not_take_the_other_away() {
    let mut machine = machine(&format!("https://{OTHER}/go/your-repo/,{}", ours()));
    machine.mint.refused = "your-domain";
    let said = first(&machine);
    assert_eq!(said.exit, Some(Exit::Done));
    assert_eq!(said.stdout, set(&ours(), "my-domain-1"));
    assert!(said.stderr.starts_with("codeartifact-goauth: "), "{said:?}");
    let recorded = report::latest(&machine.environment());
    assert_eq!(recorded[0].what, format!("https://{OTHER}/go/your-repo/"));
}

#[test]
fn when_all_fails_go_is_told_so() {
    let mut machine = machine(&ours());
    machine.mint.refused = "*";
    let said = first(&machine);
    assert_eq!((said.exit, said.stdout.as_str()), (Some(Exit::Network), ""));
    machine.set(CONNECTION, "nobody");
    assert_eq!(first(&machine).exit, Some(Exit::Configuration));
    assert_eq!(
        again(&machine, &module(), 401).exit,
        Some(Exit::Configuration)
    );
}

#[test]
fn a_token_that_was_sent_and_refused_is_replaced() {
    let machine = machine(&ours());
    assert_eq!(first(&machine), answered(set(&ours(), "my-domain-1")));
    machine.advance(60);
    let again = again(&machine, &module(), 401);
    assert_eq!(again, answered(set(&ours(), "my-domain-2")));
    assert_eq!(first(&machine).stdout, set(&ours(), "my-domain-2"), "kept");
}

#[test]
fn a_401_says_nothing_about_a_token_that_was_not_sent() {
    let machine = machine("https://proxy.example.com");
    machine.advance(60);
    for _ in 0..2 {
        let again = again(&machine, &module(), 401);
        assert_eq!(again, answered(set(&ours(), "my-domain-1")));
    }
    assert_eq!(machine.mint.minted(), 1);
}

#[test]
fn probes_are_answered_from_the_cache_and_mint_nothing() {
    let mut machine = machine(&ours());
    assert_eq!(first(&machine), answered(set(&ours(), "my-domain-1")));
    machine.advance(60);
    for status in [404, 410, 400, 429] {
        let again = again(&machine, &module(), status);
        assert_eq!(again, answered(set(&ours(), "my-domain-1")), "{status}");
    }
    machine.set(CACHE, "off");
    assert_eq!(
        again(&machine, &module(), 404),
        answered(""),
        "nothing is kept"
    );
    assert_eq!(machine.mint.minted(), 1);
}

#[test]
fn a_404_to_a_token_that_ran_out_mints_once() {
    let machine = machine(&ours());
    assert_eq!(first(&machine), answered(set(&ours(), "my-domain-1")));
    machine.advance(13 * 3600);
    for _ in 0..2 {
        let again = again(&machine, &module(), 404);
        assert_eq!(again, answered(set(&ours(), "my-domain-2")));
    }
    assert_eq!(machine.mint.minted(), 2);
}

#[test]
fn a_403_is_not_the_tokens_fault() {
    let machine = machine(&ours());
    assert_eq!(first(&machine), answered(set(&ours(), "my-domain-1")));
    let said = again(&machine, &module(), 403);
    assert_eq!(
        (said.exit, said.stdout.as_str()),
        (Some(Exit::Permission), "")
    );
    assert!(said.stderr.contains("403"), "{said:?}");
    assert_eq!(report::latest(&machine.environment()).len(), 1);
    assert_eq!(machine.mint.minted(), 1);
}

#[test]
fn a_person_who_gives_a_url_gets_an_answer() {
    let machine = machine("");
    let said = machine.call(&Goauth, &[&module()]);
    assert_eq!(said, answered(set(&ours(), "my-domain-1")));
}

#[test]
fn what_is_not_ours_is_left_to_the_next_command() {
    let machine = machine(&ours());
    for url in [
        "https://proxy.example.com/a/@v/list",
        "https://example.com/?go-get=1",
    ] {
        assert_eq!(again(&machine, url, 401), answered(""), "{url}");
    }
    assert_eq!(machine.mint.minted(), 0);
}

#[test]
fn credentials_in_the_url_are_named_and_not_shown() {
    let machine = machine(&ours());
    let said = again(
        &machine,
        &module().replace("https://", "https://aws:s3cret@"),
        401,
    );
    assert_eq!(
        (said.exit, said.stdout.as_str()),
        (Some(Exit::Authentication), "")
    );
    assert!(!said.stderr.contains("s3cret"), "{said:?}");
    assert!(said.stderr.contains("hint: "), "{said:?}");
    assert_eq!(machine.mint.minted(), 0);
}

#[test]
fn anything_else_is_a_mistake_of_the_caller() {
    let machine = machine(&ours());
    let rows: [&[&str]; 2] = [
        &["--verbose"],
        &["https://example.com", "https://example.com"],
    ];
    for arguments in rows {
        let said = machine.call(&Goauth, arguments);
        assert_eq!((said.exit, said.stdout.as_str()), (Some(Exit::Usage), ""));
    }
}
