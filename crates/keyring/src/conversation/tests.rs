//! Whole conversations, byte for byte. The table is what keyring 25.7 itself answered; the rest is our own.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use codeartifact_auth::environment::{CONNECTION, PATH};
use codeartifact_auth::report;
use codeartifact_auth::timed::Timed;
use codeartifact_helper::for_tests::{Machine, Said};
use serde_json::Value;

use super::*;

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// The answers of the real one (`tests/record.py`).
const RECORDED: &str = include_str!("../../tests/keyring-25.7.jsonl");

/// On which we are called as `keyring`.
fn machine() -> Machine {
    let mut machine = Machine::new("TOKEN");
    machine.program = "/opt/bin/keyring".into();
    machine
}

/// With another keyring on PATH.
fn machine_with_next() -> (Machine, OsString) {
    let mut machine = machine();
    let directory = machine.home.path().join("bin");
    let next = directory.join(format!("keyring{}", std::env::consts::EXE_SUFFIX));
    fs::create_dir(&directory).unwrap();
    fs::write(&next, "").unwrap();
    #[cfg(unix)]
    fs::set_permissions(&next, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    machine.set(PATH, directory.to_str().unwrap());
    (machine, next.into())
}

fn machine_that_fails() -> Machine {
    let mut machine = machine();
    machine.mint.refused = "*";
    machine.mint.connection = Some("acme");
    machine
}

fn call(machine: &Machine, arguments: &[&str]) -> Said {
    machine.call(&Keyring, arguments)
}

fn exit(code: u64) -> Exit {
    let codes = [Exit::Done, Exit::Nothing, Exit::Usage];
    codes.into_iter().find(|exit| *exit as u64 == code).unwrap()
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
        let code = exit(row["code"].as_u64().unwrap());
        let mut expected = Said::new(code, text("stdout"), text("stderr"));
        // keyring knows no user of CodeArtifact's; who gives another one is told.
        if argv.last() == Some(&"-") && expected.stdout == "TOKEN\n" {
            expected.stderr = "codeartifact-keyring: CodeArtifact's user is aws, not -: write the URL as https://aws@…, or give aws as the user name\n".to_owned();
        }
        assert_eq!(call(&machine(), &argv), expected, "{argv:?}");
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
    let machine = machine();
    for service in rows {
        let answer = call(&machine, &["get", &service, "aws"]);
        assert_eq!(answer, Said::new(Exit::Done, "TOKEN\n", ""), "{service}");
    }
    assert_eq!(machine.mint.minted(), 1, "one token for one host");
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
        let (machine, next) = machine_with_next();
        let mut expected = vec![next];
        expected.extend(arguments.iter().map(OsString::from));
        let said = call(&machine, arguments);
        assert_eq!(said.became, expected, "{arguments:?}");
        assert_eq!((said.exit, said.stdout, said.stderr), Default::default());
    }
}

#[test]
fn what_is_ours_goes_to_nobody_else() {
    for refused in ["", "*"] {
        let (mut machine, _) = machine_with_next();
        machine.mint.refused = refused;
        for operation in ["get", "set", "del"] {
            let said = call(&machine, &[operation, &index(), "aws"]);
            assert!(said.became.is_empty(), "{operation}");
        }
    }
}

#[test]
fn a_failure_is_silence_for_the_client_and_a_line_for_the_person() {
    let machine = machine_that_fails();
    let said = call(
        &machine,
        &["--mode=creds", "--output=json", "get", &index()],
    );
    assert_eq!((said.exit, said.stdout.as_str()), (Some(Exit::Nothing), ""));
    assert!(
        said.stderr.starts_with("codeartifact-keyring: "),
        "{said:?}"
    );
    let recorded = report::latest(&machine.environment());
    assert_eq!(recorded[0].connection.as_deref(), Some("acme"));
    assert_eq!(recorded[0].what, format!("https://{HOST}/pypi/my-repo/"));
}

#[test]
fn a_url_to_be_mended_is_explained() {
    let url = format!("http://{HOST}/pypi/my-repo/simple/");
    let said = call(&machine(), &["get", &url, "aws"]);
    assert_eq!((said.exit, said.stdout.as_str()), (Some(Exit::Nothing), ""));
    assert!(said.stderr.contains("https"), "{said:?}");
}

/// It was a silent exit code: `status` had nothing to show, and pip asked for a password.
#[test]
fn a_misspelt_host_is_explained_and_recorded_unless_another_keyring_may_know_it() {
    let url = format!(
        "https://{}/pypi/my-repo/simple/",
        HOST.replace("artifact", "artfact")
    );
    let arguments = ["--mode=creds", "--output=json", "get", &url, "aws"];
    let alone = machine();
    let said = call(&alone, &arguments);
    let expected = format!(
        "codeartifact-keyring: `{url}` has a host that looks like CodeArtifact's, and is misspelt\n"
    );
    assert_eq!((said.exit, said.stdout.as_str()), (Some(Exit::Nothing), ""));
    assert!(said.stderr.starts_with(&expected), "{said:?}");
    assert_eq!(report::latest(&alone.environment())[0].what, url);
    let (machine, _) = machine_with_next();
    let said = call(&machine, &arguments);
    assert_eq!(said.stderr, "");
    assert!(report::latest(&machine.environment()).is_empty());
}

#[test]
fn a_broken_configuration_leaves_other_passwords_alone() {
    let (mut machine, next) = machine_with_next();
    machine.set(CONNECTION, "nobody");
    let ours = call(&machine, &["get", &index(), "aws"]);
    assert_eq!(ours.exit, Some(Exit::Nothing));
    let other = call(&machine, &["get", "example.com", "me"]);
    assert_eq!((&other.became[0], other.stdout.as_str()), (&next, ""));
}

/// Remembers that it was read to its end.
struct Pipe(Arc<AtomicBool>);

impl Read for Pipe {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.store(true, Ordering::SeqCst);
        Ok(0)
    }
}

#[test]
fn set_reads_the_password_and_stores_nothing() {
    let machine = machine();
    let read = Arc::default();
    let pipe = Timed::bytes(Pipe(Arc::clone(&read)));
    let said = machine.call_with(&Keyring, &["set", HOST, "aws"], pipe);
    let expected = format!(
        "codeartifact-keyring: nothing stored for {HOST}: its tokens are fetched when they are needed\n"
    );
    assert_eq!(said, Said::new(Exit::Done, "", &expected));
    assert!(read.load(Ordering::SeqCst));
    assert_eq!(fs::read_dir(machine.home.path()).unwrap().count(), 0);
}

#[test]
fn set_does_not_wait_for_a_pipe_that_stays_open() {
    let (reader, _writer) = io::pipe().unwrap();
    let said = machine().call_with(&Keyring, &["set", HOST, "aws"], Timed::pipe(reader));
    assert_eq!(said.exit, Some(Exit::Done));
}

#[test]
fn del_forgets_the_token() {
    let machine = machine();
    for minted in [1, 2] {
        let _ = call(&machine, &["get", &index(), "aws"]);
        assert_eq!(machine.mint.minted(), minted);
        assert_eq!(
            call(&machine, &["del", HOST, "aws"]),
            Said::new(Exit::Done, "", "")
        );
    }
}

#[test]
fn alone_on_path_it_says_what_it_is() {
    let machine = machine();
    let home = machine.home.path();
    let config = home
        .join(".config")
        .join("codeartifact")
        .join("config.toml");
    let data = home.join(".local/state").join("codeartifact");
    let places = format!(
        "config path: {} (absent)\ndata root: {} (absent)\n",
        config.display(),
        data.display()
    );
    let rows: [(&[&str], _, &str, &str); 4] = [
        (
            &["--list-backends"],
            Exit::Done,
            "codeartifact-keyring (priority: 10)\n",
            "",
        ),
        (&["diagnose"], Exit::Done, &places, ""),
        (
            &["--disable"],
            Exit::Nothing,
            "",
            "codeartifact-keyring: no other keyring on PATH to disable\n",
        ),
        (
            &["set", "example.com", "me"],
            Exit::Nothing,
            "",
            "codeartifact-keyring: `example.com` is not CodeArtifact's, and no other keyring is on PATH\n",
        ),
    ];
    for (arguments, exit, stdout, stderr) in rows {
        let expected = Said::new(exit, stdout, stderr);
        assert_eq!(call(&machine, arguments), expected, "{arguments:?}");
    }
}

#[test]
fn another_back_end_is_none_that_we_have() {
    for arguments in [["-b", "no.such.Keyring"], ["-b", "nosuch"]] {
        let arguments = [&arguments[..], &["get", HOST, "aws"]].concat();
        let said = call(&machine(), &arguments);
        assert_eq!((said.exit, said.stdout.as_str()), (Some(Exit::Usage), ""));
        let reason = "keyring: error: Unable to load specified keyring: ";
        assert!(said.stderr.contains(reason), "{said:?}");
    }
}

#[test]
fn under_its_own_name_help_and_version_are_about_itself() {
    let (mut machine, _) = machine_with_next();
    machine.program = "codeartifact-keyring".into();
    let version = format!("codeartifact-keyring {}\n", codeartifact_auth::VERSION);
    assert_eq!(
        call(&machine, &["--version"]),
        Said::new(Exit::Done, version, "")
    );
    for option in ["--help", "-h"] {
        let said = call(&machine, &[option]);
        assert!(said.stdout.contains("AWS CodeArtifact"), "{said:?}");
        assert!(
            said.stdout.starts_with("usage: codeartifact-keyring [-h]"),
            "{said:?}"
        );
    }
}
