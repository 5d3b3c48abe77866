//! Whole conversations, byte for byte: what go is told before it asks, and after each kind of refusal.

use std::cell::Cell;
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use codeartifact_auth::cache::Stores;
use codeartifact_auth::connection::Configuration;
use codeartifact_auth::environment::{CACHE, CONNECTION, GOPROXY};
use codeartifact_auth::error::{Failure, Step, row};
use codeartifact_auth::minter::{MintRequest, Minter};
use codeartifact_auth::report;
use codeartifact_auth::token::{Timestamp, Token};

use super::*;

const NOW: u64 = 1_800_000_000;
const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
const OTHER: &str = "your-domain-198331734661.d.codeartifact.eu-west-1.amazonaws.com";

const VPC: &str = "vpce-0a1b-2c3d.d.codeartifact.us-east-1.vpce.amazonaws.com";

/// Numbers its tokens; refuses one domain if told so.
#[derive(Clone, Default)]
struct Mint {
    minted: Rc<Cell<u32>>,
    now: Rc<Cell<u64>>,
    refused: &'static str,
}

impl Minter for Mint {
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        if request.domain.name == self.refused {
            return Err(row::SOURCE_SLOW.failure().at(&Step::credentials(), None));
        }
        self.minted.set(self.minted.get() + 1);
        let name = &request.domain.name;
        Ok(Token {
            secret: Secret::new(format!("{name}-{}", self.minted.get())),
            issued_at: Timestamp(self.now.get()),
            expires_at: Timestamp(self.now.get() + 12 * 3600),
        })
    }
}

/// A machine on which go calls us; tokens are kept in files below its home.
struct Machine {
    home: tempfile::TempDir,
    goproxy: String,
    cache: &'static str,
    mint: Mint,
    connection: &'static str,
}

/// In shared memory where there is any, so that turns at minting are taken there and not in the user's own.
fn in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

#[derive(Debug, PartialEq, Eq)]
#[must_use]
struct Said {
    exit: Exit,
    stdout: String,
    stderr: String,
}

impl Machine {
    fn new(goproxy: &str) -> Self {
        let mint = Mint::default();
        mint.now.set(NOW);
        Self {
            home: in_memory(),
            goproxy: goproxy.to_owned(),
            cache: "file",
            mint,
            connection: "",
        }
    }

    fn advance(&self, seconds: u64) {
        self.mint.now.set(self.mint.now.get() + seconds);
    }

    fn environment(&self) -> Environment {
        let variables = [
            (GOPROXY, self.goproxy.as_str()),
            (CACHE, self.cache),
            (CONNECTION, self.connection),
            ("XDG_RUNTIME_DIR", self.home.path().to_str().unwrap()),
        ];
        let now = Timestamp(self.mint.now.get());
        Environment::fixed(&variables, self.home.path().to_owned(), now)
    }

    fn call(&self, arguments: &[&str], response: &str) -> Said {
        let environment = self.environment();
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let world = World {
            environment: &environment,
            authenticator: &|| {
                let stores = Stores::new(&environment);
                Authenticator::assemble(
                    Configuration::parse("")?,
                    environment.clone(),
                    Box::new(move |choice, environment| stores.open(choice, environment)),
                    Box::new(self.mint.clone()),
                )
            },
            stdin: Box::new(io::Cursor::new(response.to_owned())),
            stdout: &mut stdout,
            stderr: &mut stderr,
        };
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        let exit = converse(&arguments, world).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said {
            exit,
            stdout: text(stdout),
            stderr: text(stderr),
        }
    }

    fn first(&self) -> Said {
        self.call(&[], "")
    }

    fn again(&self, url: &str, status: u16) -> Said {
        let response = format!("HTTP/1.1 {status} Whatever\nContent-Length: 0\n\n");
        self.call(&[url], &response)
    }

    fn minted(&self) -> u32 {
        self.mint.minted.get()
    }
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
    Said {
        exit: Exit::Done,
        stdout: stdout.into(),
        stderr: String::new(),
    }
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
        let machine = Machine::new(&goproxy);
        assert_eq!(machine.first(), answered(expected), "{goproxy}");
    }
}

/// Behind one VPC endpoint lie many domains: there a token is for its repository alone.
#[test]
fn a_host_that_two_domains_share_gets_the_token_of_neither() {
    let of = |domain: &str| format!("https://{VPC}/go/d/{domain}-111122223333/my-repo/");
    let (a, b) = (of("my-domain"), of("your-domain"));
    let machine = Machine::new(&format!("{a},{b}"));
    let alone = |repository: &str, token: &str| format!("{repository}\n{}", header(token));
    let both = alone(&a, "my-domain-1") + &alone(&b, "your-domain-2");
    assert_eq!(machine.first(), answered(both));
    let again = machine.again(&format!("{a}example.com/@v/list"), 404);
    assert_eq!(again, answered(alone(&a, "my-domain-1")));
}

#[test]
fn a_second_build_mints_nothing() {
    let machine = Machine::new(&ours());
    for _ in 0..2 {
        assert_eq!(machine.first(), answered(set(&ours(), "my-domain-1")));
    }
    assert_eq!(machine.minted(), 1);
}

#[test]
fn one_domain_that_fails_does_not_take_the_other_away() {
    let mut machine = Machine::new(&format!("https://{OTHER}/go/your-repo/,{}", ours()));
    machine.mint.refused = "your-domain";
    let said = machine.first();
    assert_eq!(said.exit, Exit::Done);
    assert_eq!(said.stdout, set(&ours(), "my-domain-1"));
    assert!(said.stderr.starts_with("codeartifact-goauth: "), "{said:?}");
    let recorded = report::latest(&machine.environment());
    assert_eq!(recorded[0].what, format!("https://{OTHER}/go/your-repo/"));
}

#[test]
fn when_all_fails_go_is_told_so() {
    let mut machine = Machine::new(&ours());
    machine.mint.refused = "my-domain";
    let said = machine.first();
    assert_eq!((said.exit, said.stdout.as_str()), (Exit::Network, ""));
    machine.connection = "nobody";
    assert_eq!(machine.first().exit, Exit::Configuration);
    assert_eq!(machine.again(&module(), 401).exit, Exit::Configuration);
}

#[test]
fn a_token_that_was_sent_and_refused_is_replaced() {
    let machine = Machine::new(&ours());
    assert_eq!(machine.first(), answered(set(&ours(), "my-domain-1")));
    machine.advance(60);
    let again = machine.again(&module(), 401);
    assert_eq!(again, answered(set(&ours(), "my-domain-2")));
    assert_eq!(machine.first().stdout, set(&ours(), "my-domain-2"), "kept");
}

#[test]
fn a_401_says_nothing_about_a_token_that_was_not_sent() {
    let machine = Machine::new("https://proxy.example.com");
    machine.advance(60);
    for _ in 0..2 {
        let again = machine.again(&module(), 401);
        assert_eq!(again, answered(set(&ours(), "my-domain-1")));
    }
    assert_eq!(machine.minted(), 1);
}

#[test]
fn probes_are_answered_from_the_cache_and_mint_nothing() {
    let mut machine = Machine::new(&ours());
    assert_eq!(machine.first(), answered(set(&ours(), "my-domain-1")));
    machine.advance(60);
    for status in [404, 410, 400, 429] {
        let again = machine.again(&module(), status);
        assert_eq!(again, answered(set(&ours(), "my-domain-1")), "{status}");
    }
    machine.cache = "off";
    assert_eq!(
        machine.again(&module(), 404),
        answered(""),
        "nothing is kept"
    );
    assert_eq!(machine.minted(), 1);
}

#[test]
fn a_404_to_a_token_that_ran_out_mints_once() {
    let machine = Machine::new(&ours());
    assert_eq!(machine.first(), answered(set(&ours(), "my-domain-1")));
    machine.advance(13 * 3600);
    for _ in 0..2 {
        let again = machine.again(&module(), 404);
        assert_eq!(again, answered(set(&ours(), "my-domain-2")));
    }
    assert_eq!(machine.minted(), 2);
}

#[test]
fn a_403_is_not_the_tokens_fault() {
    let machine = Machine::new(&ours());
    assert_eq!(machine.first(), answered(set(&ours(), "my-domain-1")));
    let said = machine.again(&module(), 403);
    assert_eq!((said.exit, said.stdout.as_str()), (Exit::Permission, ""));
    assert!(said.stderr.contains("403"), "{said:?}");
    assert_eq!(report::latest(&machine.environment()).len(), 1);
    assert_eq!(machine.minted(), 1);
}

#[test]
fn a_person_who_gives_a_url_gets_an_answer() {
    let machine = Machine::new("");
    let said = machine.call(&[&module()], "");
    assert_eq!(said, answered(set(&ours(), "my-domain-1")));
}

#[test]
fn what_is_not_ours_is_left_to_the_next_command() {
    let machine = Machine::new(&ours());
    for url in [
        "https://proxy.example.com/a/@v/list",
        "https://example.com/?go-get=1",
    ] {
        assert_eq!(machine.again(url, 401), answered(""), "{url}");
    }
    assert_eq!(machine.minted(), 0);
}

#[test]
fn credentials_in_the_url_are_named_and_not_shown() {
    let machine = Machine::new(&ours());
    let said = machine.again(&module().replace("https://", "https://aws:s3cret@"), 401);
    assert_eq!(
        (said.exit, said.stdout.as_str()),
        (Exit::Authentication, "")
    );
    assert!(!said.stderr.contains("s3cret"), "{said:?}");
    assert!(said.stderr.contains("hint: "), "{said:?}");
    assert_eq!(machine.minted(), 0);
}

#[test]
fn anything_else_is_a_mistake_of_the_caller() {
    let machine = Machine::new(&ours());
    let rows: [&[&str]; 2] = [
        &["--verbose"],
        &["https://example.com", "https://example.com"],
    ];
    for arguments in rows {
        let said = machine.call(arguments, "");
        assert_eq!((said.exit, said.stdout.as_str()), (Exit::Usage, ""));
    }
}
