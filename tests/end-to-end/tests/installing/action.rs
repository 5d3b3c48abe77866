//! The GitHub action: after it a job with OIDC, and with nothing else set up, reads private packages.

use codeartifact_end_to_end::Emulator;
use codeartifact_end_to_end::fixture::{GO, NPM, PYPI_OF_AWS};

use super::*;

const ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactPipeline";

/// A job of GitHub Actions in which the action was used with these inputs.
fn job(inputs: &[(&str, &str)]) -> (Sandbox, Emulator) {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("pipeline", &mut sandbox);
    published(&sandbox);
    for (client, command) in [("pip", "pip"), ("npm-10", "npm"), ("go", "go")] {
        sandbox.client(client, command);
    }
    for name in ["ROLE", "VERSION", "CLIENTS"] {
        let given = inputs.iter().find(|(input, _)| *input == name);
        let default = if name == "CLIENTS" {
            "pip uv npm pnpm yarn bun go"
        } else {
            ""
        };
        sandbox.set(name, given.map_or(default, |(_, value)| value));
    }
    sandbox.set("RELEASES", releases(&sandbox));
    sandbox.set("RUNNER_OS", "Linux");
    for name in ["RUNNER_TEMP", "GITHUB_ENV", "GITHUB_PATH"] {
        let path = sandbox
            .path(&format!("runner/{name}"))
            .display()
            .to_string();
        sandbox.set(name, path);
    }
    sandbox.write("runner/GITHUB_ENV", "");
    (sandbox, emulator)
}

/// Runs the action, and gives the next steps what it leaves to them, as the runner does.
fn use_action(sandbox: &mut Sandbox) {
    let file = script("install/github-action/install.sh");
    let _ = sandbox.run("bash", &[&file]).succeeded();
    for line in sandbox.read("runner/GITHUB_ENV").lines() {
        let (name, value) = line.split_once('=').unwrap();
        sandbox.set(name, value);
    }
    let added = sandbox.read("runner/GITHUB_PATH");
    let path = added
        .lines()
        .fold(sandbox.path("bin").display().to_string(), |path, line| {
            format!("{line}:{path}")
        });
    sandbox.set("PATH", path);
}

#[test]
fn a_job_with_oidc_reads_private_packages() {
    let (mut sandbox, emulator) = job(&[("ROLE", ROLE)]);
    use_action(&mut sandbox);
    // Only the release's are left.
    for program in helpers()
        .iter()
        .map(String::as_str)
        .chain(["keyring", "codeartifact"])
    {
        let _ = fs::remove_file(sandbox.path("bin").join(program));
    }
    sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
    sandbox.set("GOPROXY", GO);
    sandbox.set("GOFLAGS", "-modcacherw");
    sandbox.write("work/.npmrc", &format!("registry={NPM}\n"));
    sandbox.write("work/package.json", "{\"private\": true}\n");
    sandbox.write("work/go.mod", "module example.com/my-program\n\ngo 1.24\n");
    for step in [
        "codeartifact --version",
        "python3 -m venv --without-pip venv && pip --python venv/bin/python install my-package",
        "npm install my-package && node -e 'require(\"my-package\")'",
        "go get example.com/private/greeting",
    ] {
        let _ = sandbox.run("sh", &["-euc", step]).succeeded();
    }
    let journal = emulator.journal();
    let roles = journal.of("sts:AssumeRoleWithWebIdentity");
    assert!(roles.iter().all(|it| it.parameters["role_arn"] == ROLE) && !roles.is_empty());
    assert_eq!(journal.mints(), 1);
}

#[test]
fn only_the_clients_that_were_named_are_led() {
    let (mut sandbox, _emulator) = job(&[("CLIENTS", "uv"), ("VERSION", VERSION)]);
    use_action(&mut sandbox);
    assert_eq!(
        sandbox.read("runner/GITHUB_ENV"),
        "UV_KEYRING_PROVIDER=subprocess\n"
    );
    let commands = fs::read_dir(sandbox.path("runner/RUNNER_TEMP/codeartifact/commands")).unwrap();
    let commands: Vec<_> = commands.map(|it| it.unwrap().file_name()).collect();
    assert_eq!(commands, ["keyring"]);
}

#[test]
fn a_client_that_is_not_known_is_an_error() {
    let (sandbox, _emulator) = job(&[("CLIENTS", "pipe")]);
    let file = script("install/github-action/install.sh");
    let said = sandbox.run("bash", &[&file]).exited(1);
    assert!(
        said.stdout.contains("::error::unknown client: pipe"),
        "{said:?}"
    );
}
