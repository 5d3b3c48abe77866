//! Tests of what `codeartifact doctor` says about the clients: each finding is proved with the real client, which fails
//! as it was said to, works once that is mended, and then nothing is said any more.

use codeartifact_end_to_end::install;
use serde_json::Value;

use super::*;

pub(super) const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// Returns what is wrong with the clients: check and text, with the hint behind it. All of it hides every token.
pub(super) fn complaints(sandbox: &Sandbox) -> Vec<(String, String)> {
    let findings = findings(sandbox);
    let wrong = findings.iter().filter(|it| it["state"] != "ok");
    let text = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
    wrong
        .inspect(|it| assert!(it["hint"].is_string(), "{it}"))
        .map(|it| (text(it, "check"), text(it, "text")))
        .collect()
}

pub(super) fn findings(sandbox: &Sandbox) -> Vec<Value> {
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
pub(super) fn complains(sandbox: &Sandbox, check: &str, says: &str) {
    let complaints = complaints(sandbox);
    assert_eq!(complaints.len(), 1, "{complaints:#?}");
    assert_eq!(complaints[0].0, check);
    assert!(complaints[0].1.contains(says), "{complaints:#?}");
}

#[track_caller]
pub(super) fn is_content(sandbox: &Sandbox) {
    assert_eq!(complaints(sandbox), []);
}

/// A token as it is written into files, and one like it that has run out.
pub(super) fn tokens(sandbox: &Sandbox) -> (String, String) {
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
