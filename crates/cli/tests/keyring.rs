//! `codeartifact-keyring` as a process among other programs named `keyring`: who answers, with which arguments, stdin
//! and exit code.
//! What we answer ourselves is tested in the crate `keyring`.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot set up must stop")]

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const OURS: &str = env!("CARGO_BIN_EXE_codeartifact-keyring");

/// Says what it was given; exits with 7.
const REAL: &str = "#!/bin/sh\necho \"real: $*\"\ncat\nexit 7\n";

/// A script of the user's that runs us by another name.
const WRAPPER: &str = "#!/bin/sh\nexec \"$OURS\" \"$@\"\n";

/// A Python keyring whose back end asks us in turn.
const ASKS_US: &str =
    "#!/bin/sh\n\"$OURS\" get example.com me || echo \"and we said $?\"\nexit 7\n";

/// Directories `a`, `b`, `c` on PATH, in this order, before the system's.
struct Shelf(tempfile::TempDir);

impl Shelf {
    fn new() -> Self {
        let shelf = Self(tempfile::tempdir().unwrap());
        for directory in ["a", "b", "c"] {
            fs::create_dir(shelf.0.path().join(directory)).unwrap();
        }
        shelf
    }

    fn keyring(&self, directory: &str) -> PathBuf {
        self.0.path().join(directory).join("keyring")
    }

    fn script(&self, directory: &str, text: &str) {
        fs::write(self.keyring(directory), text).unwrap();
        fs::set_permissions(self.keyring(directory), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn command(&self, program: &Path) -> Command {
        let ours = ["a", "b", "c"].map(|directory| self.0.path().join(directory));
        let system = ["/usr/bin", "/bin"].map(PathBuf::from);
        let path = std::env::join_paths(ours.iter().chain(&system)).unwrap();
        let mut command = Command::new(program);
        command.env_clear().env("PATH", path).env("OURS", OURS);
        command.env("HOME", self.0.path());
        command
    }

    /// `get example.com me`, with a line on stdin.
    fn ask(&self, program: &Path) -> Output {
        let mut command = self.command(program);
        command.args(["get", "example.com", "me"]);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdin = child
            .stdin
            .take()
            .map(|mut stdin| stdin.write_all(b"a line\n"));
        // Nobody may be there to read it.
        drop(stdin);
        child.wait_with_output().unwrap()
    }
}

fn shown(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

const ANSWERED: &str = "real: get example.com me\na line\n";

#[test]
fn the_next_keyring_gets_arguments_and_stdin_and_gives_the_exit_code() {
    let shelf = Shelf::new();
    symlink(OURS, shelf.keyring("a")).unwrap();
    shelf.script("b", REAL);
    let output = shelf.ask(&shelf.keyring("a"));
    assert_eq!(shown(&output), (Some(7), ANSWERED.into()));
}

#[test]
fn links_and_copies_of_ourselves_are_passed_over() {
    let shelf = Shelf::new();
    fs::copy(OURS, shelf.keyring("a")).unwrap();
    symlink(OURS, shelf.keyring("b")).unwrap();
    let output = shelf.ask(&shelf.keyring("a"));
    assert_eq!(shown(&output), (Some(1), String::new()), "nobody else");
    shelf.script("c", REAL);
    for directory in ["a", "b"] {
        let output = shelf.ask(&shelf.keyring(directory));
        assert_eq!(shown(&output), (Some(7), ANSWERED.into()), "{directory}");
    }
}

#[test]
fn a_wrapper_that_runs_us_makes_no_circle() {
    let shelf = Shelf::new();
    shelf.script("a", WRAPPER);
    let output = shelf.ask(&shelf.keyring("a"));
    assert_eq!(shown(&output), (Some(1), String::new()), "nobody else");
    shelf.script("b", REAL);
    let output = shelf.ask(&shelf.keyring("a"));
    assert_eq!(shown(&output), (Some(7), ANSWERED.into()));
}

#[test]
fn a_keyring_that_asks_us_in_turn_makes_no_circle() {
    let shelf = Shelf::new();
    symlink(OURS, shelf.keyring("a")).unwrap();
    shelf.script("b", ASKS_US);
    let output = shelf.ask(&shelf.keyring("a"));
    assert_eq!(shown(&output), (Some(7), "and we said 1\n".into()));
}

#[test]
fn a_closed_stdout_is_no_crash() {
    let shelf = Shelf::new();
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let mut command = shelf.command(Path::new(OURS));
    let output = command.arg("--version").stdout(writer).output().unwrap();
    assert_eq!(shown(&output), (Some(1), String::new()));
}

#[test]
fn a_next_keyring_that_cannot_be_started_is_named() {
    let shelf = Shelf::new();
    symlink(OURS, shelf.keyring("a")).unwrap();
    shelf.script("b", "#!/no/such/interpreter\n");
    let (code, said) = shown(&shelf.ask(&shelf.keyring("a")));
    let next = shelf.keyring("b").display().to_string();
    let expected = format!("codeartifact-keyring: cannot start {next}: ");
    assert_eq!(code, Some(126), "as a shell has it");
    assert!(said.starts_with(&expected), "{said}");
}
