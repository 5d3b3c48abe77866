//! Whole conversations: beside the real keyring 25.7, byte for byte, and where we have a mind of our own.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use codeartifact_auth::cache::Stores;
use codeartifact_auth::connection::Configuration;
use codeartifact_auth::environment::{CACHE, CONNECTION};
use codeartifact_auth::error::{Failure, Step, row};
use codeartifact_auth::minter::{MintRequest, Minter};
use codeartifact_auth::report;
use codeartifact_auth::token::{Secret, Timestamp, Token};
use serde_json::Value;

use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000);
const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// What the real one answered (`tests/record.py`).
const RECORDED: &str = include_str!("../../tests/keyring-25.7.jsonl");

#[derive(Clone, Default)]
struct Mint {
    minted: Rc<Cell<u32>>,
    fails: bool,
}

impl Minter for Mint {
    fn mint(&self, _: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        if self.fails {
            let failure = row::SOURCE_SLOW.failure();
            return Err(failure.at(&Step::credentials(), Some("acme")));
        }
        self.minted.set(self.minted.get() + 1);
        Ok(Token {
            secret: Secret::new("TOKEN".into()),
            issued_at: NOW,
            expires_at: NOW.plus(12 * 3600),
        })
    }
}

/// A machine on which a client calls us; tokens are kept in files below its home.
struct Machine {
    home: tempfile::TempDir,
    program: &'static str,
    mint: Mint,
    connection: &'static str,
    /// What the next keyring on PATH exits with, if there is one.
    next: Option<u8>,
    passed_on: Cell<bool>,
}

/// In shared memory where there is any, so that turns at minting are taken there and not in the user's own.
fn in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

#[derive(Debug, PartialEq)]
#[must_use]
struct Said {
    code: ExitCode,
    stdout: String,
    stderr: String,
}

impl Machine {
    fn new() -> Self {
        Self {
            home: in_memory(),
            program: "keyring",
            mint: Mint::default(),
            connection: "",
            next: None,
            passed_on: Cell::new(false),
        }
    }

    fn environment(&self) -> Environment {
        let variables = [
            (CACHE, "file"),
            (CONNECTION, self.connection),
            ("XDG_RUNTIME_DIR", self.home.path().to_str().unwrap()),
        ];
        Environment::fixed(&variables, self.home.path().to_owned(), NOW)
    }

    fn call(&self, arguments: &[&str]) -> Said {
        self.call_with(arguments, Box::new(io::empty()))
    }

    fn call_with(&self, arguments: &[&str], stdin: Box<dyn Read + Send>) -> Said {
        let environment = self.environment();
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let world = World {
            program: self.program,
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
            next: &|| {
                self.passed_on.set(true);
                self.next.map(|code| Ok(code.into()))
            },
            stdin,
            stdout: &mut stdout,
            stderr: &mut stderr,
        };
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        let code = converse(&arguments, world).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said {
            code,
            stdout: text(stdout),
            stderr: text(stderr),
        }
    }
}

fn said(code: Exit, stdout: &str, stderr: &str) -> Said {
    Said {
        code: code.into(),
        stdout: stdout.to_owned(),
        stderr: stderr.to_owned(),
    }
}

fn index() -> String {
    format!("https://{HOST}/pypi/my-repo/simple/")
}

#[test]
fn answers_are_those_of_keyring_25_7() {
    let mut rows = RECORDED
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let usage = rows.next().unwrap()["usage"].as_str().unwrap().to_owned();
    let mut compared = 0;
    for row in rows {
        let argv: Vec<&str> = row["argv"]
            .as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap())
            .collect();
        let text = |name: &str| row[name].as_str().unwrap().replace("{usage}", &usage);
        let expected = Said {
            code: u8::try_from(row["code"].as_u64().unwrap()).unwrap().into(),
            stdout: text("stdout"),
            stderr: text("stderr"),
        };
        assert_eq!(Machine::new().call(&argv), expected, "{argv:?}");
        compared += 1;
    }
    assert!(compared >= 40, "{compared} rows");
}

#[test]
fn every_spelling_of_our_service_is_ours() {
    let rows = [
        index(),
        format!("https://aws@{HOST}/pypi/my-repo/simple/"),
        format!("https://{HOST}/pypi/my-repo/"),
        format!("https://{HOST}/pypi/my-repo/simple/my-package/"),
        format!("https://{HOST}"),
        format!("https://{HOST}:443"),
        format!("{HOST}:443"),
        HOST.to_owned(),
        HOST.to_uppercase(),
    ];
    let machine = Machine::new();
    for service in rows {
        let answer = machine.call(&["get", &service, "aws"]);
        assert_eq!(answer, said(Exit::Done, "TOKEN\n", ""), "{service}");
    }
    assert_eq!(machine.mint.minted.get(), 1, "one token for one host");
}

#[test]
fn what_is_not_ours_goes_to_the_next_keyring_and_so_does_its_exit_code() {
    let rows: [&[&str]; 11] = [
        &["get", "example.com", "me"],
        &[
            "--mode=creds",
            "--output=json",
            "get",
            "https://example.com/simple/",
        ],
        &["get", "poetry-repository-my-repo", "aws"],
        &["set", "example.com", "me"],
        &["del", "example.com", "me"],
        &["-b", "keyring.backends.null.Keyring", "get", HOST, "aws"],
        &["--list-backends"],
        &["--disable"],
        &["diagnose"],
        &["--help"],
        &["--no-such-option"],
    ];
    for arguments in rows {
        let machine = Machine {
            next: Some(7),
            ..Machine::new()
        };
        let expected = Said {
            code: 7.into(),
            stdout: String::new(),
            stderr: String::new(),
        };
        assert_eq!(machine.call(arguments), expected, "{arguments:?}");
    }
}

#[test]
fn what_is_ours_goes_to_nobody_else() {
    for fails in [false, true] {
        let mint = Mint {
            fails,
            ..Mint::default()
        };
        let machine = Machine {
            next: Some(0),
            mint,
            ..Machine::new()
        };
        for operation in ["get", "set", "del"] {
            let _ = machine.call(&[operation, &index(), "aws"]);
            assert!(!machine.passed_on.get(), "{operation}");
        }
    }
}

#[test]
fn a_failure_is_silence_for_the_client_and_a_line_for_the_person() {
    let mint = Mint {
        fails: true,
        ..Mint::default()
    };
    let machine = Machine {
        mint,
        ..Machine::new()
    };
    let answer = machine.call(&["--mode=creds", "--output=json", "get", &index()]);
    assert_eq!(
        (answer.code, answer.stdout.as_str()),
        (Exit::Nothing.into(), "")
    );
    assert!(
        answer.stderr.starts_with("codeartifact-keyring: "),
        "{answer:?}"
    );
    let recorded = report::latest(&machine.environment());
    assert_eq!(recorded[0].connection.as_deref(), Some("acme"));
    assert_eq!(recorded[0].what, format!("https://{HOST}/pypi/my-repo/"));
}

#[test]
fn a_url_to_be_mended_is_explained() {
    let answer =
        Machine::new().call(&["get", &format!("http://{HOST}/pypi/my-repo/simple/"), "aws"]);
    assert_eq!(
        (answer.code, answer.stdout.as_str()),
        (Exit::Nothing.into(), "")
    );
    assert!(answer.stderr.contains("https"), "{answer:?}");
}

#[test]
fn a_broken_configuration_leaves_other_passwords_alone() {
    let machine = Machine {
        next: Some(0),
        connection: "nobody",
        ..Machine::new()
    };
    let ours = machine.call(&["get", &index(), "aws"]);
    assert_eq!(ours.code, Exit::Nothing.into());
    assert!(!machine.passed_on.get());
    let other = machine.call(&["get", "example.com", "me"]);
    assert_eq!((other.code, other.stdout.as_str()), (Exit::Done.into(), ""));
    assert!(machine.passed_on.get());
}

/// Remembers whether it was read to its end.
struct Pipe(Arc<AtomicBool>);

impl Read for Pipe {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.store(true, Ordering::SeqCst);
        Ok(0)
    }
}

#[test]
fn set_reads_the_password_and_stores_nothing() {
    let machine = Machine::new();
    let read = Arc::default();
    let answer = machine.call_with(&["set", HOST, "aws"], Box::new(Pipe(Arc::clone(&read))));
    let expected = format!(
        "codeartifact-keyring: nothing stored for {HOST}: its tokens are fetched when they are needed\n"
    );
    assert_eq!(answer, said(Exit::Done, "", &expected));
    assert!(read.load(Ordering::SeqCst));
    assert_eq!(std::fs::read_dir(machine.home.path()).unwrap().count(), 0);
}

#[test]
fn set_does_not_wait_for_a_pipe_that_stays_open() {
    let (reader, _writer) = io::pipe().unwrap();
    let answer = Machine::new().call_with(&["set", HOST, "aws"], Box::new(reader));
    assert_eq!(answer.code, Exit::Done.into());
}

#[test]
fn del_forgets_the_token() {
    let machine = Machine::new();
    for minted in [1, 2] {
        let _ = machine.call(&["get", &index(), "aws"]);
        assert_eq!(machine.mint.minted.get(), minted);
        assert_eq!(
            machine.call(&["del", HOST, "aws"]),
            said(Exit::Done, "", "")
        );
    }
}

#[test]
fn alone_on_path_it_says_what_it_is() {
    let machine = Machine::new();
    let home = machine.home.path().display();
    let places = format!(
        "config path: {home}/.config/codeartifact/config.toml (absent)\ndata root: {home}/.local/state/codeartifact (absent)\n"
    );
    let rows = [
        (
            vec!["--list-backends"],
            said(Exit::Done, "codeartifact-keyring (priority: 10)\n", ""),
        ),
        (vec!["diagnose"], said(Exit::Done, &places, "")),
        (
            vec!["--disable"],
            said(
                Exit::Nothing,
                "",
                "codeartifact-keyring: no other keyring on PATH to disable\n",
            ),
        ),
        (
            vec!["set", "example.com", "me"],
            said(
                Exit::Nothing,
                "",
                "codeartifact-keyring: `example.com` is not CodeArtifact's, and no other keyring is on PATH\n",
            ),
        ),
    ];
    for (arguments, expected) in rows {
        assert_eq!(machine.call(&arguments), expected, "{arguments:?}");
    }
}

#[test]
fn under_its_own_name_help_and_version_are_about_itself() {
    let machine = Machine {
        program: "codeartifact-keyring",
        next: Some(7),
        ..Machine::new()
    };
    let version = concat!("codeartifact-keyring ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(machine.call(&["--version"]), said(Exit::Done, version, ""));
    for option in ["--help", "-h"] {
        let answer = machine.call(&[option]);
        assert!(answer.stdout.contains("AWS CodeArtifact"), "{answer:?}");
        assert!(
            answer
                .stdout
                .starts_with("usage: codeartifact-keyring [-h]"),
            "{answer:?}"
        );
    }
}
