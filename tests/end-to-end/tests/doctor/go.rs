//! go: what its own words and requests say, where our reading of its settings was wrong.

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, acme};

use super::*;

const ENV_FILE: &str = "home/.config/go/env";
const MODULE: [&str; 4] = [
    "go",
    "mod",
    "download",
    "example.com/private/greeting@v1.1.0",
];

fn go(env_file: &str) -> Machine {
    let mut machine = Machine::new();
    machine.sandbox.set("GOFLAGS", "-modcacherw");
    machine.write(ENV_FILE, env_file);
    machine
}

#[test]
fn settings_with_which_go_fails() {
    let rows = [
        (
            "GOAUTH=codeartifact-goauth\nGOPROXY=\"https://HOST/go/my-repo/\"\n",
            "asks nobody: ",
        ),
        (
            "GOPROXY=https://HOST/go/my-repo/\n",
            "asks my-repo with no credentials: sends no token: GOAUTH does not name",
        ),
        (
            "GOAUTH=/nowhere/codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n",
            "/nowhere/codeartifact-goauth, which does not exist",
        ),
        (
            "GOAUTH=codeartifact-goauth\nGOPROXY=direct,https://HOST/go/my-repo/\n",
            "GOPROXY has `direct` before the repository",
        ),
        (
            "GOAUTH=codeartifact-goauth\nGOPROXY=off,https://HOST/go/my-repo/\n",
            "GOPROXY has `off` before the repository",
        ),
        (
            "GOAUTH=codeartifact-goauth ; \nGOPROXY=https://HOST/go/my-repo/\n",
            "empty command",
        ),
        (
            "GOAUTH='codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n",
            "a quote that is not closed",
        ),
        (
            "GOAUTH=off\nGOPROXY=https://HOST/go/my-repo/\n",
            "GOAUTH is `off`",
        ),
        (
            "GOAUTH=~/bin/codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n",
            "~/bin/codeartifact-goauth, which does not exist",
        ),
        (
            "GOAUTH=codeartifact-goauth\nGOPROXY=http://HOST/go/my-repo/\n",
            "go sends credentials to https alone",
        ),
        (
            "GOAUTH=codeartifact-goauth\nGOPROXY=http://127.0.0.1:9/h/HOST/go/my-repo/\n",
            "go sends credentials to https alone",
        ),
        (
            "GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\nGOFLAGS=-mod mod\n",
            "parsing $GOFLAGS",
        ),
        (
            "GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\nGOPRIVATE=example.com\n",
            "GOPRIVATE=example.com leads go around the repository",
        ),
        (
            "GOAUTH=codeartifact-goauth\nGOPROXY=https://aws:OLD@HOST/go/my-repo/\n",
            "sends my-repo a token that ran out",
        ),
        (
            "GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\nGOTOOLCHAIN=go1.23.9\n",
            "GOTOOLCHAIN=go1.23.9 makes go another one",
        ),
    ];
    for (env_file, says) in rows {
        let mut machine = go(env_file);
        if env_file.contains("GOFLAGS") {
            machine.sandbox.unset("GOFLAGS");
        }
        if env_file.contains("GOTOOLCHAIN") {
            machine.sandbox.unset("GOTOOLCHAIN");
        }
        // go would ask the module's own host, or for a toolchain, which no test may.
        let asks_others = ["direct,", "http://HOST", "GOPRIVATE", "GOTOOLCHAIN"];
        if asks_others.iter().any(|it| env_file.contains(it)) {
            machine.is_told("go", says, "");
        } else {
            machine.fails("go", &MODULE, says, "");
        }
    }
}

/// What the checksum database cannot verify, go does not load.
#[test]
fn private_modules_that_nobody_can_verify() {
    let settings = "GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n";
    let mut machine = verifying(settings);
    let told = "asks my-repo with our token (";
    let hint = "go env -w GONOSUMDB=example.com/private";
    machine.fails("go", &MODULE, told, hint);
    machine.is_told("go", "but go cannot verify private modules", hint);
    // The carriage return is a part of the pattern.
    let with_return = format!("{settings}GONOSUMDB=example.com/private\r\n");
    machine.write(ENV_FILE, &with_return);
    machine.fails("go", &MODULE, "ends with a carriage return", hint);
    machine.write(ENV_FILE, &with_return.replace('\r', ""));
    machine.works("go", &MODULE);
    // What go.sum has is not verified again.
    machine.write(ENV_FILE, settings);
    machine.write("work/go.sum", "example.com/private/greeting v1.1.0 h1:…\n");
    let rows = machine.rows("go");
    assert_eq!(rows[0]["state"], "warning", "{rows:#?}");
    machine.write("work/go.sum", "");
    machine.sandbox.set("GOSUMDB", "off");
    machine.works("go", &MODULE);
}

/// With a checksum database.
pub(super) fn verifying(env_file: &str) -> Machine {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("go", &mut sandbox);
    sandbox.client("go", "go");
    sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
    sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    sandbox.set("GOFLAGS", "-modcacherw");
    acme().configure(&sandbox);
    let machine = Machine { emulator, sandbox };
    machine.write(ENV_FILE, env_file);
    machine
}

#[test]
fn a_go_that_runs_no_helper() {
    let machine = go("GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n");
    machine.sandbox.client("go-1.23", "go");
    machine.fails(
        "go",
        &MODULE,
        "asks my-repo with no credentials: go 1.23.9 runs no credential helper",
        "codeartifact exec",
    );
    let codeartifact = machine
        .sandbox
        .path("bin/codeartifact")
        .display()
        .to_string();
    let doctor = [
        "exec",
        "--connection",
        "acme",
        "--",
        &codeartifact,
        "doctor",
        "go",
    ];
    let told = machine.sandbox.run("codeartifact", &doctor).succeeded();
    assert!(
        told.stdout.contains("asks my-repo with our token"),
        "{told:?}"
    );
}

#[test]
fn a_helper_that_is_not_executable() {
    let machine = go("");
    let helper = machine.sandbox.path("home/codeartifact-goauth");
    std::fs::write(&helper, "#!/bin/sh\n").unwrap();
    let shown = helper.display().to_string();
    let env_file = format!("GOAUTH={shown}\nGOPROXY=https://HOST/go/my-repo/\n");
    machine.write(ENV_FILE, &env_file);
    machine.fails(
        "go",
        &MODULE,
        &format!("GOAUTH names {shown}, which is not executable"),
        "go env -w GOAUTH=codeartifact-goauth",
    );
}

/// `go env -w` has no effect on them.
#[test]
fn variables_that_are_wrong() {
    let mut machine = go("GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n");
    machine
        .sandbox
        .set("GOAUTH", "/nowhere/codeartifact-goauth");
    machine.fails(
        "go",
        &MODULE,
        "the variable GOAUTH names /nowhere/codeartifact-goauth, which does not exist",
        "export GOAUTH=codeartifact-goauth",
    );
    machine.sandbox.unset("GOAUTH");
    machine
        .sandbox
        .set("GOPROXY", format!("\"https://{HOST}/go/my-repo/\""));
    let hint = format!("export GOPROXY=https://{HOST}/go/my-repo/");
    machine.fails("go", &MODULE, "GOPROXY has quotes in it", &hint);
}

#[test]
fn settings_with_which_go_works() {
    for client in ["go", "go-1.24"] {
        let machine = go("GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n");
        machine.sandbox.client(client, "go");
        machine.works("go", &MODULE);
    }
    let spellings = [
        "https://HOST:443/go/my-repo/",
        "https://MY-DOMAIN-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo",
        "https://HOST./go/my-repo/",
        "HOST/go/my-repo/",
        " https://HOST/go/my-repo/ ,off",
        "https://HOST/go/my-repo/\r",
    ];
    for url in spellings {
        go(&format!("GOAUTH=codeartifact-goauth\nGOPROXY={url}\n")).works("go", &MODULE);
    }
    let others = [
        "GOFLAGS=-mod=vendor",
        "GOWORK=off",
        "GONOPROXY=none\nGOPRIVATE=example.com/private",
        "GOAUTH=netrc ;codeartifact-goauth\r",
        "GOAUTH=codeartifact-goauth; codeartifact-goauth",
        "GOTOOLCHAIN=go1.27.3+auto",
    ];
    for line in others {
        let mut machine = go(&format!(
            "GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n{line}\n"
        ));
        if line.starts_with("GOFLAGS") {
            machine.sandbox.unset("GOFLAGS");
        }
        machine.works("go", &MODULE);
    }
    // As go quotes a path with a blank.
    let machine = go("");
    let folder = machine.sandbox.path("my tools");
    std::fs::create_dir(&folder).unwrap();
    let helper = folder.join("codeartifact-goauth");
    std::os::unix::fs::symlink(machine.sandbox.path("bin/codeartifact-goauth"), &helper).unwrap();
    let quoted = format!(
        "GOAUTH='{}'\nGOPROXY=https://HOST/go/my-repo/\n",
        helper.display()
    );
    machine.write(ENV_FILE, &quoted);
    machine.works("go", &MODULE);
}

/// A variable wins over what `go env -w` writes.
#[test]
fn a_variable_that_wins() {
    let mut machine = go("GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n");
    machine.sandbox.set("GOAUTH", "netrc");
    machine.fails(
        "go",
        &MODULE,
        "GOAUTH does not name our helper",
        "export GOAUTH=\"$GOAUTH; codeartifact-goauth\"",
    );
    machine.sandbox.set("GOAUTH", "netrc; codeartifact-goauth");
    machine.works("go", &MODULE);
    machine.sandbox.set("GOENV", "off");
    machine.is_told("go", "not my-repo: GOENV wins over ", "unset GOENV");
}
