//! Tools that propose or apply updates: each reads the private package, and finds that there is a newer version.

mod go;
mod python;

use super::*;

/// A connection with a URL of each format that Renovate reads here.
fn platform() -> (Sandbox, Emulator) {
    let (mut sandbox, emulator) = developer("npm");
    let urls: String = ["pypi", "go", "cargo", "maven"]
        .iter()
        .map(|format| {
            let end = if *format == "pypi" { "simple/" } else { "" };
            format!("{format} = \"{}{end}\"\n", url(format))
        })
        .collect();
    let config = "home/.config/codeartifact/config.toml";
    sandbox.write(config, &format!("{}{urls}", sandbox.read(config)));
    sandbox.set("PIP_INDEX_URL", format!("{}simple/", url("pypi")));
    (sandbox, emulator)
}

/// A project that has an old version of a private package of each format.
fn project(sandbox: &Sandbox) {
    let files = [
        (
            "package.json",
            r#"{"name": "my-program", "version": "1.0.0", "private": true, "dependencies": {"my-package": "1.0.0"}}"#.to_owned(),
        ),
        (".npmrc", format!("registry={}\n", url("npm"))),
        (
            "requirements.txt",
            format!("--index-url {}simple/\nmy-package==1.0.0\n", url("pypi")),
        ),
        (
            "go.mod",
            "module example.com/my-program\n\ngo 1.24\n\nrequire example.com/private/greeting v1.0.0\n".to_owned(),
        ),
        (
            ".cargo/config.toml",
            format!("[registries.acme]\nindex = \"sparse+{}\"\n", url("cargo")),
        ),
        (
            "Cargo.toml",
            "[package]\nname = \"my-program\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[dependencies]\n\
             my-crate = { version = \"0.9.0\", registry = \"acme\" }\n"
                .to_owned(),
        ),
        (
            "pom.xml",
            format!(
                "<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>my-program</artifactId>\
                 <version>1.0.0</version><repositories><repository><id>acme</id><url>{}</url></repository></repositories>\
                 <dependencies><dependency><groupId>com.example</groupId><artifactId>my-artifact</artifactId>\
                 <version>1.0.0</version></dependency></dependencies></project>\n",
                url("maven")
            ),
        ),
    ];
    for (name, text) in files {
        sandbox.write(&format!("work/{name}"), &text);
    }
}

/// Without a rule for the host it finds none, and says nothing of it.
#[test]
#[ignore = "needs tests/clients/fetch.sh renovate"]
fn renovate_finds_an_update_of_each_format() {
    let (mut sandbox, mut emulator) = platform();
    // It also asks for presets and for the history of go.
    emulator.expect_other_hosts();
    project(&sandbox);
    sandbox.client("renovate", "renovate");
    for tool in ["git", "env", "sh"] {
        sandbox.link(tool, &std::path::Path::new("/usr/bin").join(tool));
    }
    let git = "git init -q . && git add -A && git -c user.email=ada@example.com -c user.name=Ada commit -qm first";
    let _ = sandbox.run("sh", &["-c", git]).succeeded();
    sandbox.set("GOPROXY", url("go"));
    sandbox.set("LOG_LEVEL", "debug");
    sandbox.set("LOG_FORMAT", "json");
    sandbox.set("RENOVATE_DRY_RUN", "lookup");
    let look = ["exec", "--", "renovate", "--platform=local"];
    let found = updates(&sandbox.run("codeartifact", &look).succeeded().stdout);
    let expected = [
        "cargo my-crate 1.0.0",
        "gomod example.com/private/greeting v1.1.0",
        "maven com.example:my-artifact 1.1.0",
        "npm my-package 1.1.0",
        "pip_requirements my-package 1.1.0",
    ];
    assert_eq!(found, expected);
    let without = sandbox.run("renovate", &["--platform=local"]).succeeded();
    assert_eq!(updates(&without.stdout), [""; 0]);
}

/// The manager, package and new version of each update that a log of Renovate has, in order.
fn updates(log: &str) -> Vec<String> {
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let told = lines
        .into_iter()
        .find(|line: &serde_json::Value| line["msg"] == "packageFiles with updates");
    let told = told.unwrap_or_default();
    let mut found = Vec::new();
    for (manager, files) in told["config"].as_object().into_iter().flatten() {
        let dependencies = files.as_array().into_iter().flatten();
        for dependency in
            dependencies.flat_map(|file| file["deps"].as_array().into_iter().flatten())
        {
            for update in dependency["updates"].as_array().into_iter().flatten() {
                let name = dependency["depName"].as_str().unwrap_or_default();
                let version = update["newVersion"].as_str().unwrap_or_default();
                found.push(format!("{manager} {name} {version}"));
            }
        }
    }
    found.sort();
    found
}

const PYPROJECT: &str = "[project]\nname = \"my-program\"\nversion = \"1.0.0\"\nrequires-python = \">=3.9\"\n\
    dependencies = [\"my-package BOUND\"]\n[[tool.uv.index]]\nname = \"acme\"\nurl = \"PYPI\"\ndefault = true\n";

#[test]
fn uv_upgrades_a_lock_file() {
    let (mut sandbox, _emulator) = platform();
    sandbox.client("uv", "uv");
    sandbox.set("UV_PYTHON_DOWNLOADS", "never");
    let write = |bound: &str| {
        let text = PYPROJECT.replace("BOUND", bound);
        let text = text.replace("PYPI", &format!("{}simple/", url("pypi")));
        sandbox.write("work/pyproject.toml", &text);
    };
    let lock = |more: &str| {
        let script = format!("uv lock --no-cache {more}");
        let _ = sandbox
            .run("codeartifact", &["exec", "--", "sh", "-c", &script])
            .succeeded();
        sandbox.read("work/uv.lock")
    };
    write("== 1.0.0");
    assert!(lock("").contains("name = \"my-package\"\nversion = \"1.0.0\""));
    write(">= 1.0.0");
    assert!(lock("").contains("name = \"my-package\"\nversion = \"1.0.0\""));
    assert!(lock("--upgrade").contains("name = \"my-package\"\nversion = \"1.1.0\""));
}

/// npm's audit asks the registry. CodeArtifact has no answer, and no token would change that: the fix still updates.
#[test]
fn npm_updates_and_its_audit_is_told_apart() {
    let (sandbox, emulator) = platform();
    sandbox.client("npm", "npm");
    sandbox.write("work/.npmrc", &format!("registry={}\n", url("npm")));
    let package = r#"{"name": "my-program", "version": "1.0.0", "private": true, "dependencies": {"my-package": "1.0.0"}}"#;
    sandbox.write("work/package.json", package);
    let npm = |script: &str| {
        sandbox.run(
            "codeartifact-npm",
            &["exec", "--", "sh", "-c", &format!("npm {script}")],
        )
    };
    let _ = npm("install").succeeded();
    let installed = || sandbox.read("work/node_modules/my-package/package.json");
    assert!(installed().contains("\"1.0.0\""));
    sandbox.write(
        "work/package.json",
        &package.replace("\"my-package\": \"1.0.0\"", "\"my-package\": \"^1.0.0\""),
    );
    let fixed = npm("audit fix");
    assert!(fixed.stderr.contains("404"), "{fixed:?}");
    for audit in emulator.journal().of("npm:audit") {
        assert_eq!(audit.status, Some(404), "{audit:#?}");
        assert!(audit.authorization.is_some(), "{audit:#?}");
    }
    let _ = npm("update").succeeded();
    assert!(installed().contains("\"1.1.0\""), "{}", installed());
}
