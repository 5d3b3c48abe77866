//! Tests of the time that it takes: a client that hangs is ended, and a machine with every client is looked at while one waits.

use std::time::{Duration, Instant};

use super::*;

/// A client is ended after 15 s; what else there is to do takes less than this on a slow machine.
const BESIDES: Duration = Duration::from_secs(15);

#[test]
fn a_client_that_hangs_is_ended() {
    let mut machine = Machine::new();
    machine.sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
    machine
        .sandbox
        .write_program("bin/pip", "#!/bin/sh\necho $$ >> ../pids\nexec sleep 600\n");
    machine
        .sandbox
        .link("sleep", std::path::Path::new("/bin/sleep"));
    let began = Instant::now();
    machine.is_told("pip", "had sent no good token after 15 s", "");
    let took = began.elapsed();
    assert!(took > Duration::from_secs(15), "{took:?}");
    assert!(took < Duration::from_secs(15) + BESIDES, "{took:?}");
    let pids = machine.sandbox.read("pids");
    for pid in pids.lines() {
        let state = std::fs::read_to_string(format!("/proc/{pid}/cmdline"));
        assert!(state.unwrap_or_default().is_empty(), "{pid} still runs");
    }
}

/// 15 s and 3 s on a machine with nothing else to do; tests run beside each other.
const BUSY: u32 = 4;

#[test]
fn every_client_of_a_machine_and_one_alone() {
    let mut machine = Machine::new();
    machine.emulator.expect_other_hosts();
    machine.sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
    machine.sandbox.set("GOPROXY", GO);
    machine.write("work/.npmrc", &format!("registry={NPM}\n"));
    let others = ["uv", "poetry", "pdm", "hatch", "twine", "pnpm", "bun"];
    for client in others {
        machine.sandbox.client(client, client);
    }
    machine.sandbox.client("yarn-1", "yarn");
    names_a_repository_for_each(&machine);
    let began = Instant::now();
    let shown = machine.sandbox.run("codeartifact", &["doctor"]);
    assert!(began.elapsed() < Duration::from_secs(15) * BUSY);
    for client in others {
        let has_line = shown.stdout.lines().any(|line| {
            let mut words = line.split_whitespace().skip(1);
            words.next() == Some(client)
        });
        assert!(has_line, "{client}: {shown:?}");
    }
    let began = Instant::now();
    let _ = machine.sandbox.run("codeartifact", &["doctor", "go"]);
    assert!(began.elapsed() < Duration::from_secs(3) * BUSY);
}

/// Each Python client has something to ask, so each is really started.
fn names_a_repository_for_each(machine: &Machine) {
    let project = "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \">=3.9\"\ndependencies = [\"my-package\"]\n";
    let url = "url = \"https://aws@HOST/pypi/my-repo/simple/\"\n";
    let source = |table: &str| format!("[[tool.{table}]]\nname = \"acme\"\n{url}");
    let sources = ["uv.index", "poetry.source", "pdm.source"].map(source);
    machine.write(
        "work/pyproject.toml",
        &(project.to_owned() + &sources.concat()),
    );
    let repository = "https://HOST/pypi/my-repo/";
    let pypirc = format!("[acme]\nrepository = {repository}\nusername = aws\n");
    machine.write(
        "home/.pypirc",
        &format!("[distutils]\nindex-servers = acme\n{pypirc}"),
    );
    let repos = format!("[publish.index.repos.acme]\nurl = \"{repository}\"\nuser = \"aws\"\n");
    machine.write("home/.config/hatch/config.toml", &repos);
}
