//! go: what its own words and requests say, where our reading of its settings was wrong.

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
    ];
    for (env_file, says) in rows {
        let machine = go(env_file);
        if env_file.contains("direct,") {
            // go would ask the module's own host, which no test may.
            machine.is_told("go", says, "");
        } else {
            machine.fails("go", &MODULE, says, "");
        }
    }
}

#[test]
fn settings_with_which_go_works() {
    for client in ["go", "go-1.24"] {
        let machine = go("GOAUTH=codeartifact-goauth\nGOPROXY=https://HOST/go/my-repo/\n");
        machine.sandbox.client(client, "go");
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
