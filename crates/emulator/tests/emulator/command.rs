//! The command line: the commands that print, the command that runs another, and how it all ends.

use std::process::{Command, Output};

use crate::process::{EXAMPLE, Emulator, PROGRAM, write_scenario};

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

#[test]
fn the_example_is_the_documented_file() {
    assert_eq!(
        String::from_utf8(run(&["scenario"]).stdout).unwrap(),
        EXAMPLE
    );
}

#[test]
fn the_environment_of_a_running_emulator() {
    let emulator = Emulator::start(EXAMPLE);
    let directory = emulator.directory.path().to_str().unwrap();
    let json = run(&["env", "--directory", directory, "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["HTTPS_PROXY"], format!("http://{}", emulator.address));
    let ca = std::fs::read_to_string(json["SSL_CERT_FILE"].as_str().unwrap()).unwrap();
    assert!(ca.starts_with("-----BEGIN CERTIFICATE-----"));
    let export = String::from_utf8(run(&["env", "--directory", directory]).stdout).unwrap();
    assert_eq!(export.lines().count(), json.as_object().unwrap().len());
    assert!(export.lines().all(|line| line.starts_with("export ")));
}

#[test]
fn mistakes() {
    let empty = tempfile::tempdir().unwrap();
    let directory = empty.path().to_str().unwrap();
    for (arguments, expected) in [
        (
            vec!["env", "--directory", directory],
            "codeartifact-emulator: no emulator runs in ",
        ),
        (
            vec!["serve", "--scenario", "absent.toml"],
            "codeartifact-emulator: cannot read scenario absent.toml",
        ),
    ] {
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert!(
            String::from_utf8(output.stderr)
                .unwrap()
                .starts_with(expected),
            "{arguments:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_command_sees_the_environment_and_its_exit_code_is_ours() {
    let directory = tempfile::tempdir().unwrap();
    let file = write_scenario(&directory, EXAMPLE);
    let script = r#"test -s "$AWS_CA_BUNDLE" && echo "$https_proxy" && exit 42"#;
    let output = run(&[
        "serve",
        "--scenario",
        file.to_str().unwrap(),
        "--",
        "sh",
        "-c",
        script,
    ]);
    assert_eq!(output.status.code(), Some(42));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let address = stderr
        .lines()
        .next()
        .unwrap()
        .strip_prefix("listening on ")
        .unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().trim_end(),
        address
    );
    // The temporary folder with its CA is gone.
    let ca = stderr
        .lines()
        .find_map(|line| line.strip_prefix("ca "))
        .unwrap();
    assert!(!std::path::Path::new(ca.trim()).exists());
}

/// The variables and the advice are for people; a log gets the three lines of the README.
#[test]
fn output_that_goes_to_a_file_is_quiet() {
    let directory = tempfile::tempdir().unwrap();
    let scenario = write_scenario(&directory, EXAMPLE);
    let log = directory.path().join("log");
    let mut emulator = Command::new(PROGRAM)
        .args(["serve", "--scenario", scenario.to_str().unwrap()])
        .stdout(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut text = String::new();
    for _ in 0..200 {
        text = std::fs::read_to_string(&log).unwrap();
        if text.contains("journal") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    emulator.kill().unwrap();
    emulator.wait().unwrap();
    let words: Vec<_> = text.lines().map(|line| line.split(' ').next()).collect();
    assert_eq!(
        words,
        [Some("listening"), Some("ca"), Some("journal")],
        "{text}"
    );
}

#[cfg(unix)]
#[test]
fn sigterm_ends_it_and_leaves_nothing() {
    let mut emulator = Emulator::start(EXAMPLE);
    terminate(emulator.id());
    assert_eq!(emulator.wait().code(), Some(0));
    assert!(!emulator.directory.path().join("emulator.json").exists());
}

#[cfg(unix)]
#[test]
fn sigterm_ends_the_command_too() {
    let directory = tempfile::tempdir().unwrap();
    let file = write_scenario(&directory, EXAMPLE);
    let mut emulator = Command::new(PROGRAM)
        .args([
            "serve",
            "--scenario",
            file.to_str().unwrap(),
            "--",
            "sh",
            "-c",
            "echo $$; exec sleep 60",
        ])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut child = String::new();
    let stdout = emulator.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut child).unwrap();
    terminate(emulator.id());
    assert_eq!(emulator.wait().unwrap().code(), Some(128 + 15));
    let child = rustix::process::Pid::from_raw(child.trim().parse().unwrap()).unwrap();
    assert!(
        rustix::process::test_kill_process(child).is_err(),
        "the command still runs"
    );
}

#[cfg(unix)]
fn terminate(id: u32) {
    let id = rustix::process::Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
}
