//! Every pinned client installs through the proxy, with the settings that projects have and no credential. The lock file
//! is the same, byte for byte, as without the proxy.

use std::collections::BTreeSet;

use codeartifact_end_to_end::fixture::{GO, NPM, PYPI};

use super::*;

/// A client's folder and command, its files, what installs, and its lock file.
struct Row {
    folder: &'static str,
    command: &'static str,
    files: &'static [(&'static str, &'static str)],
    script: &'static str,
    lock: &'static str,
}

const PYPROJECT: &str = "[project]\nname = \"my-program\"\nversion = \"1.0.0\"\nrequires-python = \">=3.9\"\n\
    dependencies = [\"my-package\"]\n[tool.poetry]\npackage-mode = false\n[tool.pdm]\ndistribution = false\n";
/// As `codeartifact setup uv` writes it. Then uv sends nothing without a password.
const UV: &str = "[tool.uv]\nkeyring-provider = \"subprocess\"\n\
    [[tool.uv.index]]\nname = \"acme\"\nurl = \"PYPI\"\ndefault = true\nauthenticate = \"always\"\n";
const POETRY: &str =
    "[[tool.poetry.source]]\nname = \"acme\"\nurl = \"PYPI\"\npriority = \"primary\"\n";
const PDM: &str = "[[tool.pdm.source]]\nname = \"pypi\"\nurl = \"PYPI\"\n";
const PACKAGE: (&str, &str) = (
    "package.json",
    "{\"name\": \"my-program\", \"version\": \"1.0.0\", \"private\": true}\n",
);
const NPMRC: (&str, &str) = (".npmrc", "registry=NPM\n");
/// As AWS's pages and many projects have it: a token is expected in a variable.
const NPMRC_WITH_TOKEN: (&str, &str) = (
    ".npmrc",
    "registry=NPM\n//HOST/npm/my-repo/:_authToken=${CODEARTIFACT_AUTH_TOKEN}\nalways-auth=true\n",
);
const YARNRC: (&str, &str) = (
    ".yarnrc.yml",
    "npmRegistryServer: NPM\nnpmAlwaysAuth: true\nenableGlobalCache: false\nnodeLinker: node-modules\n",
);
const GO_MOD: (&str, &str) = ("go.mod", "module example.com/my-program\n\ngo 1.24\n");
const GO_GET: &str = "export GOPROXY=GO GOFLAGS=-modcacherw GOMODCACHE=$PWD/mod; go get example.com/private/greeting@latest; go mod verify";
const CARGO_TOML: (&str, &str) = (
    "Cargo.toml",
    "[package]\nname = \"my-program\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[dependencies]\nmy-crate = { version = \"1\", registry = \"acme\" }\n",
);
const CARGO_CONFIG: (&str, &str) = (
    ".cargo/config.toml",
    "[registries.acme]\nindex = \"sparse+https://HOST/cargo/my-repo/\"\n",
);

const fn row(
    folder: &'static str,
    command: &'static str,
    files: &'static [(&'static str, &'static str)],
    script: &'static str,
    lock: &'static str,
) -> Row {
    Row {
        folder,
        command,
        files,
        script,
        lock,
    }
}

const NODE: &[(&str, &str)] = &[PACKAGE, NPMRC];
const SCOPED: &[(&str, &str)] = &[PACKAGE, NPMRC_WITH_TOKEN];

#[test]
fn python_clients_install() {
    install(&[
        row(
            "pip",
            "pip",
            &[],
            "pip download --dest . --index-url PYPI my-package",
            "",
        ),
        row(
            "pip-21",
            "pip",
            &[],
            "pip download --dest . --index-url $(echo PYPI | sed s,//,//aws@,) my-package",
            "",
        ),
        row(
            "uv",
            "uv",
            &[("pyproject.toml", UV)],
            "export UV_PYTHON_DOWNLOADS=never UV_NO_CACHE=1
            uv pip install --no-config --index-url PYPI --target without my-package; uv sync",
            "uv.lock",
        ),
        row(
            "poetry",
            "poetry",
            &[("pyproject.toml", POETRY)],
            "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install",
            "poetry.lock",
        ),
        row(
            "pdm",
            "pdm",
            &[("pyproject.toml", PDM)],
            "PDM_CHECK_UPDATE=false pdm lock",
            "pdm.lock",
        ),
    ]);
}

#[test]
fn node_clients_install() {
    install(&[
        row(
            "npm",
            "npm",
            NODE,
            "npm install my-package @my-scope/my-package",
            "package-lock.json",
        ),
        row(
            "npm-10",
            "npm",
            SCOPED,
            "npm install my-package",
            "package-lock.json",
        ),
        row(
            "pnpm",
            "pnpm",
            NODE,
            "pnpm add my-package",
            "pnpm-lock.yaml",
        ),
        row(
            "pnpm-10",
            "pnpm",
            SCOPED,
            "pnpm add @my-scope/my-package",
            "pnpm-lock.yaml",
        ),
        row(
            "yarn",
            "yarn",
            &[PACKAGE, YARNRC, ("yarn.lock", "")],
            "yarn add @my-scope/my-package",
            "yarn.lock",
        ),
        row(
            "yarn-1",
            "yarn",
            SCOPED,
            "yarn add my-package --cache-folder $PWD/cache",
            "yarn.lock",
        ),
        row("bun", "bun", NODE, "bun add my-package", "bun.lock"),
    ]);
}

#[test]
fn go_and_cargo_install() {
    install(&[
        row("go", "go", &[GO_MOD], GO_GET, "go.sum"),
        row("go-1.24", "go", &[GO_MOD], GO_GET, "go.sum"),
        row(
            "cargo",
            "cargo",
            &[CARGO_TOML, CARGO_CONFIG, ("src/lib.rs", "")],
            "CARGO_HOME=$PWD/cargo cargo fetch",
            "Cargo.lock",
        ),
    ]);
}

fn install(rows: &[Row]) {
    let platform = Platform::with_cargo();
    for row in rows {
        match row.folder {
            "cargo" => {
                let cargo = Path::new(env!("CARGO"));
                platform.sandbox.link("cargo", cargo);
                platform
                    .sandbox
                    .link("rustc", &cargo.with_file_name("rustc"));
            }
            folder => platform.sandbox.client(folder, row.command),
        }
        installs_without_a_token(&platform, row);
    }
    for entry in platform.emulator.journal().of("asset") {
        assert!(entry.authorization.is_none(), "{entry:#?}");
    }
}

fn installs_without_a_token(platform: &Platform, row: &Row) {
    let name = row.folder;
    let journal = format!("../{name}.jsonl");
    let options = ["--proxy", "--others", "refuse", "--journal", &journal];
    let before = platform.emulator.journal().mints();
    let proxied = run(platform, row, &options, "proxied");
    // Modules are read by signed calls.
    let tokens = usize::from(row.command != "go");
    let minted = platform.emulator.journal().mints() - before;
    assert_eq!(minted, tokens, "{name}");
    assert_no_token(&format!("{proxied:?}"), name);
    assert_no_token_below(&platform.sandbox.path("work"));
    assert_no_token_below(&platform.sandbox.path("tmp"));
    assert_packages(&platform.sandbox.read(&format!("work/{name}.jsonl")), name);
    if row.lock.is_empty() {
        return;
    }
    let variable = if name == "cargo" {
        "CARGO_REGISTRIES_ACME_TOKEN"
    } else {
        "CODEARTIFACT_AUTH_TOKEN"
    };
    let _ = run(platform, row, &["--token-variable", variable], "direct");
    let lock = |kind: &str| {
        platform
            .sandbox
            .read(&format!("work/{name}-{kind}/{}", row.lock))
    };
    assert_eq!(lock("proxied"), lock("direct"), "{name}");
    fs::remove_dir_all(platform.sandbox.path(&format!("work/{name}-direct"))).unwrap();
}

/// The variables that a direct install needs beside the settings of the project, for the token.
const DIRECT: &str = "export YARN_NPM_AUTH_TOKEN=$CODEARTIFACT_AUTH_TOKEN CARGO_REGISTRIES_ACME_CREDENTIAL_PROVIDER=cargo:token;";

fn run(platform: &Platform, row: &Row, options: &[&str], kind: &str) -> Outcome {
    let folder = format!("{}-{kind}", row.folder);
    let fill = |text: &str| {
        let text = text
            .replace("PYPI", PYPI)
            .replace("=NPM", &format!("={NPM}"));
        let text = text
            .replace(": NPM", &format!(": {NPM}"))
            .replace("HOST", HOST);
        text.replace("GOPROXY=GO ", &format!("GOPROXY={GO} "))
    };
    for (file, text) in row.files.iter().chain(&[(".keep", "")]) {
        let text = match *file {
            "pyproject.toml" => format!("{PYPROJECT}{text}"),
            _ => (*text).to_owned(),
        };
        platform
            .sandbox
            .write(&format!("work/{folder}/{file}"), &fill(&text));
    }
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.clients/.cache/go-build");
    let script = format!(
        "set -e; {} export HOME=$PWD GOCACHE={}; {}",
        if kind == "direct" {
            DIRECT
        } else {
            "env > env.txt;"
        },
        cache.display(),
        fill(row.script)
    );
    let mut command = platform.sandbox.command("codeartifact");
    command.current_dir(platform.sandbox.path(&format!("work/{folder}")));
    command
        .args(["exec", "--connection", "acme"])
        .args(options)
        .args(["--", "sh", "-c", &script]);
    let outcome: Outcome = command.output().unwrap().into();
    assert_eq!(outcome.code, Some(0), "{folder}: {outcome:?}");
    outcome
}

/// The journal names the private packages, and nothing that is secret.
fn assert_packages(journal: &str, client: &str) {
    assert_no_token(journal, client);
    let lines: Vec<serde_json::Value> = journal
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let packages: BTreeSet<_> = lines
        .iter()
        .filter(|line| line["status"] == 200)
        .filter_map(|line| line["package"].as_str())
        .collect();
    let expected = [
        "my-package",
        "@my-scope/my-package",
        "my-crate",
        "example.com/private/greeting",
    ];
    assert!(
        expected.iter().any(|name| packages.contains(name)),
        "{client}: {journal}"
    );
    for line in &lines {
        assert_eq!(line["host"], HOST, "{client}");
        assert!(
            !line["path"].as_str().unwrap().contains('?'),
            "{client}: {line}"
        );
    }
}
