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
    for (env_file, says) in FAILING {
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

const FAILING: [(&str, &str); 15] = [
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

/// go does not load what the checksum database cannot verify.
#[test]
fn private_modules_that_nobody_can_verify() {
    let settings = "GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n";
    let mut machine = verifying(settings);
    let told = "asks my-repo with our token, but";
    let hint = "go env -w GONOSUMDB=example.com/private";
    machine.fails("go", &MODULE, told, hint);
    machine.is_told("go", "but go cannot verify private modules", hint);
    // The carriage return is a part of the pattern.
    let with_return = format!("{settings}GONOSUMDB=example.com/private\r\n");
    machine.write(ENV_FILE, &with_return);
    machine.fails("go", &MODULE, "ends with a carriage return", hint);
    machine.write(ENV_FILE, &with_return.replace('\r', ""));
    machine.works("go", &MODULE);
    // go does not verify again what go.sum has.
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

/// The README's settings, and a project that asks for a go.
fn project(client: &str, go_mod: &str, toolchain: &str) -> Machine {
    let mut machine = go("GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n");
    machine.sandbox.client(client, "go");
    machine.write(
        "work/go.mod",
        &format!("module example.com/p\n\n{go_mod}\n"),
    );
    match toolchain {
        "" => machine.sandbox.unset("GOTOOLCHAIN"),
        chosen => machine.sandbox.set("GOTOOLCHAIN", chosen),
    }
    machine
}

#[test]
fn a_project_for_a_newer_go_than_may_run() {
    let newer = [
        (
            "go",
            "go 1.99",
            "local",
            "go.mod asks for go 1.99, and GOTOOLCHAIN=local keeps it at go 1.27.3",
        ),
        (
            "go",
            "go 1.99.1 // later",
            "go1.27.3",
            "go.mod asks for go 1.99.1, and GOTOOLCHAIN=go1.27.3 keeps",
        ),
        (
            "go-1.24",
            "go 1.27.3",
            "local",
            "go.mod asks for go 1.27.3, and GOTOOLCHAIN=local keeps it at go 1.24.11",
        ),
        (
            "go",
            "go 1.99rc1",
            "path",
            "go.mod asks for go 1.99rc1, which is not on PATH, and GOTOOLCHAIN=path loads none",
        ),
        (
            "go",
            "go 1.24\ntoolchain go1.99.0",
            "go1.24.0+path",
            "go.mod asks for go 1.99.0, which is not on PATH",
        ),
    ];
    for (client, go_mod, toolchain, says) in newer {
        let machine = project(client, go_mod, toolchain);
        machine.fails("go", &MODULE, says, "export GOTOOLCHAIN=auto");
    }
    let content = [
        ("go", "go 1.27", "local"),
        ("go", "go 1.27.3", "local"),
        ("go", "go 1.24\ntoolchain go1.99.0", "local"),
        ("go", "go 1.24", ""),
        ("go-1.24", "go 1.24\n\ntoolchain go1.24.11", ""),
        ("go-1.26", "go 1.21", "path"),
    ];
    for (client, go_mod, toolchain) in content {
        project(client, go_mod, toolchain).works("go", &MODULE);
    }
}

/// In the file that `go env -w` writes, and in go.work, which counts before go.mod.
#[test]
fn a_workspace_or_a_setting_for_a_newer_go() {
    let mut machine = project("go", "go 1.24", "");
    machine.write("work/go.work", "go 1.99\n\nuse .\n");
    let file = "GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\nGOTOOLCHAIN=local\n";
    machine.write(ENV_FILE, file);
    let says = "go.work asks for go 1.99, and GOTOOLCHAIN=local keeps it at go 1.27.3";
    machine.fails("go", &MODULE, says, "go env -w GOTOOLCHAIN=auto");
    machine.sandbox.set("GOWORK", "off");
    machine.works("go", &MODULE);
    // A go.mod of another name.
    machine.write("work/other.mod", "module example.com/p\n\ngo 1.99\n");
    machine
        .sandbox
        .set("GOFLAGS", "-modcacherw -modfile=other.mod");
    let says = "other.mod asks for go 1.99, and GOTOOLCHAIN=local keeps it";
    machine.fails("go", &MODULE, says, "go env -w GOTOOLCHAIN=auto");
}

/// Another toolchain that is on this machine is the one that runs, and is tried.
#[test]
fn a_project_for_another_go_that_is_there() {
    for (client, other, toolchain) in [
        ("go-1.23", "1.26.6", ""),
        ("go-1.24", "1.26.6", "auto"),
        ("go-1.24", "1.27.3", "path"),
    ] {
        let machine = project(client, &format!("go {other}"), toolchain);
        let its_client = if other == "1.27.3" { "go" } else { "go-1.26" };
        machine.sandbox.client(its_client, "go");
        let link = machine.sandbox.path("bin/go");
        let program = std::fs::canonicalize(link).unwrap();
        machine.sandbox.link(&format!("go{other}"), &program);
        machine.sandbox.client(client, "go");
        machine.works("go", &MODULE);
        let label = machine.rows("go")[0]["label"].clone();
        assert_eq!(label, format!("go {other}"));
    }
    // Away from the project it is the old one again.
    let machine = project("go-1.23", "go 1.21", "");
    machine.fails(
        "go",
        &MODULE,
        "go 1.23.9 runs no credential helper",
        "codeartifact exec",
    );
}

/// It comes through the repository, which may have it or not, and is always verified.
#[test]
fn a_project_for_a_go_that_has_to_be_loaded() {
    let settings = "GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\nGONOSUMDB=example.com/private\n";
    for (version, is_there) in [("1.99.0", true), ("1.98.0", false)] {
        let mut machine = verifying(settings);
        machine.sandbox.set("GOTOOLCHAIN", "auto");
        let go_mod = format!("module example.com/p\n\ngo {version}\n");
        machine.write("work/go.mod", &go_mod);
        let row = &machine.rows("go")[0];
        assert_eq!(row["state"], "warning", "{row}");
        let says =
            format!("go.mod asks for go {version}, which go loads through the repository first");
        assert!(row["text"].as_str().unwrap().contains(&says), "{row}");
        let version = machine.sandbox.run("go", &["version"]);
        assert_eq!(version.code == Some(0), is_there, "{version:?}");
    }
    let mut machine = verifying(settings);
    machine.write("work/go.mod", "module example.com/p\n\ngo 1.99.0\n");
    machine.sandbox.set("GOTOOLCHAIN", "auto");
    machine.sandbox.set("GOSUMDB", "off");
    let says = "go loads no toolchain while GOSUMDB is `off`";
    machine.fails(
        "go",
        &MODULE,
        says,
        "install go 1.99.0 yourself, or unset GOSUMDB",
    );
}
