//! Tests of what `codeartifact doctor` says about the clients: each finding is proved with the real client, which fails
//! as it was said to, works once that is mended, and then nothing is said any more.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use codeartifact_end_to_end::install;
use serde_json::Value;

use super::*;

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// Returns what is wrong with the clients: check and text, with the hint behind it. All of it hides every token.
fn complaints(sandbox: &Sandbox) -> Vec<(String, String)> {
    let findings = findings(sandbox);
    let wrong = findings.iter().filter(|it| it["state"] != "ok");
    let text = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
    wrong
        .inspect(|it| assert!(it["hint"].is_string(), "{it}"))
        .map(|it| (text(it, "check"), text(it, "text")))
        .collect()
}

fn findings(sandbox: &Sandbox) -> Vec<Value> {
    let tested = sandbox.run("codeartifact", &["doctor", "--format", "json"]);
    let said: Value = serde_json::from_str(&tested.stdout).unwrap_or_else(|_| panic!("{tested:?}"));
    let failed = said["clients"].to_string().contains("\"failed\"");
    assert_eq!(tested.code, Some(if failed { 3 } else { 0 }), "{tested:?}");
    let clients = said["clients"].as_array().unwrap().iter();
    let (unused, used): (Vec<_>, Vec<_>) = clients.partition(|it| it["state"] == "skipped");
    for client in unused {
        let text = client["text"].as_str().unwrap();
        assert!(UNUSED.contains(&text), "{client}");
    }
    used.into_iter().cloned().collect()
}

/// Said of a client that has nothing to do with CodeArtifact here.
const UNUSED: [&str; 2] = [
    "asks no CodeArtifact repository here",
    "not in this project",
];

/// One thing is wrong, and it is this.
#[track_caller]
fn complains(sandbox: &Sandbox, check: &str, says: &str) {
    let complaints = complaints(sandbox);
    assert_eq!(complaints.len(), 1, "{complaints:#?}");
    assert_eq!(complaints[0].0, check);
    assert!(complaints[0].1.contains(says), "{complaints:#?}");
}

#[track_caller]
fn is_content(sandbox: &Sandbox) {
    assert_eq!(complaints(sandbox), []);
}

/// A token as it is written into files, and one like it that has run out.
fn tokens(sandbox: &Sandbox) -> (String, String) {
    let token = sandbox
        .run("codeartifact", &["token", PYPI])
        .succeeded()
        .stdout;
    // {"ver":1,"isu":1,"enc":"A128GCM","tag":"t","exp":43201,"alg":"A128GCMKW","iv":"i"}
    let old = "eyJ2ZXIiOjEsImlzdSI6MSwiZW5jIjoiQTEyOEdDTSIsInRhZyI6InQiLCJleHAiOjQzMjAxLCJhbGciOiJBMTI4R0NNS1ciLCJpdiI6ImkifQ";
    (
        token.trim().to_owned(),
        format!("{old}.a2V5.bm9uY2U.c2VjcmV0LXRva2Vu.dGFn"),
    )
}

#[test]
fn nothing_is_said_of_clients_that_do_not_use_codeartifact() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    sandbox.set("PIP_NO_INPUT", "1");
    sandbox.set("GOPRIVATE", "corp.example.com");
    sandbox.write("work/.npmrc", "//npm.example.com/:_authToken=s3cret\n");
    // Yarn 2 and later read no .npmrc, so nothing is missing there.
    sandbox.write(
        "work/.yarnrc.yml",
        &format!("npmRegistryServer: \"{NPM}\"\n"),
    );
    assert_eq!(findings(&sandbox), [] as [Value; 0]);
}

#[test]
fn whoever_follows_the_readme_hears_no_complaint() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    sandbox.client("uv", "uv");
    let _ = install::pip(&mut sandbox, PYPI).succeeded();
    let _ = install::npm(&sandbox, NPM).succeeded();
    let _ = install::go(&mut sandbox, GO).succeeded();
    sandbox.set("UV_KEYRING_PROVIDER", "subprocess");
    let index = PYPI.replace("https://", "https://aws@");
    sandbox.write(
        "work/uv.toml",
        &format!("[[index]]\nurl = \"{index}\"\ndefault = true\n"),
    );
    is_content(&sandbox);
    let checks: Vec<_> = findings(&sandbox)
        .iter()
        .map(|it| it["check"].clone())
        .collect();
    assert_eq!(
        checks,
        ["client_pip", "client_uv", "client_npm", "client_go"]
    );
    let text = sandbox.run("codeartifact", &["doctor"]).succeeded().stdout;
    for line in [
        "✓ connection acme          reached through 2 roles, token good for 11 h 59 min\n",
        "✓ pip 26.3                 asks my-repo with our token          PIP_INDEX_URL\n",
        "/work/uv.toml:2\n",
        "✓ npm 11.21.2              asks my-repo with our token          /",
        "✓ go 1.27",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[test]
fn pip_asks_nobody_when_it_may_not_ask_the_person() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    let install = |sandbox: &Sandbox| {
        let python = sandbox.path("work/venv/bin/python").display().to_string();
        let _ = sandbox
            .run("python3", &["-m", "venv", "--without-pip", "venv"])
            .succeeded();
        sandbox.run("pip", &["--python", &python, "install", "my-package"])
    };
    sandbox.set("PIP_INDEX_URL", PYPI);
    sandbox.set("PIP_NO_INPUT", "1");
    let _ = install(&sandbox).failed();
    complains(&sandbox, "client_pip", "PIP_NO_INPUT switches that off");
    sandbox.unset("PIP_CONFIG_FILE");
    sandbox.write(
        "home/.config/pip/pip.conf",
        "[global]\nkeyring-provider = subprocess\n",
    );
    let _ = install(&sandbox).succeeded();
    is_content(&sandbox);
}

/// pip passes over the programs of the environment that it runs in.
#[test]
fn a_keyring_that_pip_does_not_see() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    sandbox.set("PIP_INDEX_URL", PYPI);
    sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    sandbox.set("PIP_NO_INPUT", "1");
    let (python, bin) = in_environment(&mut sandbox);
    sandbox.link("venv-python", &python);
    let download = |sandbox: &Sandbox| {
        let arguments = [
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--dest",
            "wheels",
            "my-package",
        ];
        sandbox.run(python.to_str().unwrap(), &arguments)
    };

    fs::rename(sandbox.path("bin/keyring"), bin.join("keyring")).unwrap();
    let _ = download(&sandbox).failed();
    complains(&sandbox, "client_pip", "pip passes over");
    fs::rename(bin.join("keyring"), sandbox.path("bin/keyring")).unwrap();
    let _ = download(&sandbox).succeeded();
    is_content(&sandbox);
    fs::remove_file(sandbox.path("bin/keyring")).unwrap();
    complains(
        &sandbox,
        "client_pip",
        "no program called `keyring` on PATH",
    );
    symlink(
        pinned("keyring").join("bin/keyring"),
        sandbox.path("bin/keyring"),
    )
    .unwrap();
    complains(
        &sandbox,
        "client_pip",
        "bin/keyring, which is not codeartifact-keyring",
    );
}

/// Activates an environment that has pip's code, and returns its interpreter and the folder of its programs.
fn in_environment(sandbox: &mut Sandbox) -> (PathBuf, PathBuf) {
    let _ = sandbox
        .run("python3", &["-m", "venv", "--without-pip", "venv"])
        .succeeded();
    let bin = sandbox.path("work/venv/bin");
    let pip = fs::read_dir(pinned("pip").join("lib"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    sandbox.set(
        "PYTHONPATH",
        pip.path().join("site-packages").display().to_string(),
    );
    sandbox.set(
        "VIRTUAL_ENV",
        sandbox.path("work/venv").display().to_string(),
    );
    sandbox.set(
        "PATH",
        format!("{}:{}", bin.display(), sandbox.path("bin").display()),
    );
    (bin.join("python"), bin)
}

fn pinned(client: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../.clients")
        .join(client)
}

#[test]
fn uv_asks_nobody_about_an_index_without_a_user() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    sandbox.client("uv", "uv");
    let install = |sandbox: &Sandbox| {
        let target = [
            "pip",
            "install",
            "--target",
            "target",
            "--no-cache",
            "--reinstall",
            "my-package",
        ];
        sandbox.run("uv", &target)
    };
    let index = |url: &str, more: &str| {
        format!("[[index]]\nname = \"ours\"\nurl = \"{url}\"\ndefault = true\n{more}")
    };
    let with_user = PYPI.replace("https://", "https://aws@");
    sandbox.write("work/uv.toml", &index(&with_user, ""));
    let _ = install(&sandbox).failed();
    complains(&sandbox, "client_uv", "asks no keyring by default");

    sandbox.set("UV_KEYRING_PROVIDER", "subprocess");
    sandbox.write("work/uv.toml", &index(PYPI, ""));
    let _ = install(&sandbox).failed();
    complains(&sandbox, "client_uv", "because it knows no user there");
    for (url, more) in [(&with_user[..], ""), (PYPI, "authenticate = \"always\"\n")] {
        sandbox.write("work/uv.toml", &index(url, more));
        let _ = install(&sandbox).succeeded();
        is_content(&sandbox);
    }

    sandbox.write(
        "home/.netrc",
        &format!("machine {HOST} login aws password yesterday\n"),
    );
    let _ = install(&sandbox).failed();
    complains(&sandbox, "client_uv", ".netrc:1 has a password for it");
}

#[test]
fn what_wins_over_the_fresh_token_of_npm() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    let (_, old) = tokens(&sandbox);
    let project = format!("registry={NPM}\n");
    sandbox.write("work/package.json", "{\"private\": true}\n");
    sandbox.write("work/.npmrc", &project);
    let view = |sandbox: &Sandbox| sandbox.run("npm", &["view", "my-package", "version"]);
    let _ = view(&sandbox).failed();
    complains(
        &sandbox,
        "client_npm",
        &format!(".npmrc has no token for {NPM}"),
    );
    let _ = sandbox.run("codeartifact-npm", &[]).succeeded();
    let _ = view(&sandbox).succeeded();
    is_content(&sandbox);

    sandbox.write(
        "work/.npmrc",
        &format!("{project}//{HOST}/npm/my-repo/:_authToken={old}\n"),
    );
    let _ = view(&sandbox).failed();
    complains(&sandbox, "client_npm", ".npmrc:2");
    sandbox.write("work/.npmrc", &project);
    let variable = format!("npm_config_//{HOST}/npm/my-repo/:_authToken");
    sandbox.set(&variable, &old);
    let _ = view(&sandbox).failed();
    complains(&sandbox, "client_npm", &variable);
    sandbox.unset(&variable);

    let fresh = sandbox.read("home/.npmrc");
    sandbox.write(
        "home/.npmrc",
        &format!("//{HOST}/npm/my-repo/:_authToken={old}\n"),
    );
    let _ = view(&sandbox).failed();
    complains(&sandbox, "client_npm", ".npmrc:1 ran out");
    sandbox.write("home/.npmrc", &fresh);
    is_content(&sandbox);
}

#[test]
fn a_token_helper_in_a_projects_file() {
    let (sandbox, _emulator) = connected(READER_ROLE);
    sandbox.client("pnpm", "pnpm");
    sandbox.write("work/package.json", "{\"private\": true}\n");
    sandbox.write("work/.npmrc", &format!("registry={NPM}\n"));
    let _ = sandbox.run("codeartifact-npm", &[]).succeeded();
    let _ = sandbox.run("pnpm", &["add", "my-package"]).succeeded();
    sandbox.write(
        "work/.npmrc",
        &format!("registry={NPM}\n//{HOST}/:tokenHelper=/bin/true\n"),
    );
    let _ = sandbox.run("pnpm", &["add", "my-package"]).failed();
    complains(&sandbox, "client_npm", ".npmrc:2 has a tokenHelper");
}

#[test]
fn settings_that_lead_go_past_the_helper_or_the_repository() {
    let (mut sandbox, emulator) = connected(READER_ROLE);
    let module = ["mod", "download", "example.com/private/greeting@v1.1.0"];
    sandbox.set("GOFLAGS", "-modcacherw");
    sandbox.set("GOPROXY", GO);
    let _ = sandbox.run("go", &module).failed();
    complains(&sandbox, "client_go", "GOAUTH does not name our helper");
    // As the hint says.
    let _ = sandbox
        .run("go", &["env", "-w", "GOAUTH=codeartifact-goauth"])
        .succeeded();
    let _ = sandbox.run("go", &module).succeeded();
    is_content(&sandbox);

    sandbox.set("GOPRIVATE", "example.com/private");
    complains(
        &sandbox,
        "client_go",
        "GOPRIVATE=example.com/private leads go around the repository",
    );
    sandbox.set("GONOPROXY", "none");
    is_content(&sandbox);
    sandbox.unset("GOPRIVATE");
    sandbox.unset("GONOPROXY");

    // The warning is true: after a refused token the next proxy hears the private module's name.
    let next = "https://npm.example.com/";
    sandbox.set("GOPROXY", format!("{GO}|{next}"));
    // Here go verifies nothing either, so what anyone publishes there would be used: a second finding.
    let found = complaints(&sandbox);
    assert!(found[0].1.contains("`|` in GOPROXY"), "{found:#?}");
    assert!(found[1].1.contains("its name leaks there"), "{found:#?}");
    assert_eq!(found.len(), 2);
    sandbox.set("GOAUTH", "off");
    let _ = sandbox
        .run(
            "go",
            &["mod", "download", "example.com/private/words@v1.0.0"],
        )
        .failed();
    let journal = emulator.journal();
    let told = journal
        .0
        .iter()
        .any(|it| it.host == "npm.example.com" && it.path.contains("private/words"));
    assert!(told, "{journal:#?}");
}

/// A file, what stands in it, and whether a client sends it.
const LEFTOVERS: [(&str, &str, bool); 12] = [
    (
        "home/.config/pip/pip.conf",
        "[global]\nindex-url = https://aws:TOKEN@HOST/pypi/my-repo/simple/\n",
        true,
    ),
    (
        "work/requirements.txt",
        "--index-url https://aws:TOKEN@HOST/pypi/my-repo/simple/\nmy-package\n",
        true,
    ),
    (
        "work/pyproject.toml",
        "[[tool.uv.index]]\nname = \"a\"\nurl = \"https://aws:TOKEN@HOST/pypi/my-repo/simple/\"\n",
        true,
    ),
    (
        "work/uv.toml",
        "extra-index-url = [\"https://aws:TOKEN@HOST/pypi/my-repo/simple/\"]\n",
        true,
    ),
    (
        "home/.config/pypoetry/auth.toml",
        "[http-basic.ours]\nusername = \"aws\"\npassword = \"TOKEN\"\n",
        true,
    ),
    (
        "home/.netrc",
        "machine HOST login aws password TOKEN\n",
        true,
    ),
    (
        "work/.yarnrc.yml",
        "npmScopes:\n  my-scope:\n    npmAuthToken: TOKEN\n",
        true,
    ),
    (
        "home/.config/go/env",
        "GOPROXY=https://aws:TOKEN@HOST/go/my-repo/,direct\n",
        true,
    ),
    (
        "work/uv.lock",
        "source = { registry = \"https://aws:TOKEN@HOST/pypi/my-repo/simple/\" }\n",
        false,
    ),
    (
        "work/poetry.lock",
        "url = \"https://aws:TOKEN@HOST/pypi/my-repo/simple\"\n",
        false,
    ),
    (
        "work/yarn.lock",
        "resolved \"https://aws:TOKEN@HOST/npm/my-repo/my-package/-/my-package-1.0.0.tgz\"\n",
        false,
    ),
    (
        "work/Dockerfile",
        "ENV PIP_INDEX_URL=https://aws:TOKEN@HOST/pypi/my-repo/simple/\n",
        false,
    ),
];

#[test]
fn a_token_that_was_left_somewhere_is_told_with_file_and_line_and_never_shown() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    sandbox.unset("PIP_CONFIG_FILE");
    let (live, old) = tokens(&sandbox);
    for (file, text, is_sent) in LEFTOVERS {
        for (token, age) in [
            (&live, "a token that is good for "),
            (&old, "a token that ran out "),
        ] {
            let text = text.replace("TOKEN", token).replace("HOST", HOST);
            sandbox.write(file, &text);
            let line = text
                .lines()
                .position(|line| line.contains(token.as_str()))
                .unwrap()
                + 1;
            let tested = sandbox.run("codeartifact", &["doctor"]);
            let name = sandbox.path(file).display().to_string();
            let said = format!("{name}:{line} holds {age}");
            assert!(tested.stdout.contains(&said), "{said}: {tested:?}");
            let sign = if is_sent && token == &old { "✗" } else { "!" };
            assert!(
                tested.stdout.contains(&format!("{sign} leftover token")),
                "{tested:?}"
            );
            for part in [token.as_str(), token.rsplit('.').nth(1).unwrap()] {
                assert!(!format!("{tested:?}").contains(part), "{file}: {tested:?}");
            }
        }
        fs::remove_file(sandbox.path(file)).unwrap();
    }
    is_content(&sandbox);
    sandbox.set(
        "PIP_EXTRA_INDEX_URL",
        format!("https://aws:{old}@{HOST}/pypi/my-repo/simple/"),
    );
    sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    let complaints = complaints(&sandbox);
    let says = "PIP_EXTRA_INDEX_URL holds a token that ran out";
    assert_eq!(complaints.len(), 2, "{complaints:#?}");
    for ((check, text), expected) in complaints.iter().zip(["client_pip", "client_leftover"]) {
        assert_eq!(check, expected);
        assert!(text.contains(says), "{complaints:#?}");
    }
}
