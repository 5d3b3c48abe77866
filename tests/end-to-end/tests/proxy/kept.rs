//! `[proxy] keep`: files that never change are read from AWS once, and never another file than the index has.

mod nuget;

use std::path::PathBuf;

use codeartifact_end_to_end::Entry;
use codeartifact_end_to_end::fixture::NPM;

use super::*;

/// The host that the emulator redirects to: AWS's storage.
const STORAGE: &str = "asset";

const FORMATS: [&str; 4] = ["cargo", "maven", "ruby", "nuget"];

/// A file of each format, by its path below the repository's host.
const FILES: [&str; 6] = [
    "npm/my-repo/my-package/-/my-package-1.0.0.tgz",
    "pypi/my-repo/simple/my-package/1.0.0/my_package-1.0.0-py3-none-any.whl",
    "cargo/my-repo/api/v1/crates/my-crate/1.0.0/download",
    "ruby/my-repo/gems/my-gem-1.0.0.gem",
    "maven/my-repo/com/example/my-artifact/1.0.0/my-artifact-1.0.0.jar",
    "nuget/my-repo/v3/flatcontainer/my.package/1.0.0/my.package.1.0.0.nupkg",
];

fn platform() -> Platform {
    let platform = Platform::new();
    let config = platform.sandbox.read(CONFIG);
    let urls: String = FORMATS
        .iter()
        .map(|format| {
            let end = if *format == "nuget" {
                "v3/index.json"
            } else {
                ""
            };
            format!("{format} = \"https://{HOST}/{format}/my-repo/{end}\"\n")
        })
        .collect();
    let config = format!("{}\n{urls}[proxy]\nkeep = \"10MB\"\n", config.trim_end());
    platform.sandbox.write(CONFIG, &config);
    platform.sandbox.link("curl", Path::new("/usr/bin/curl"));
    platform
        .sandbox
        .link("sha256sum", Path::new("/usr/bin/sha256sum"));
    platform
}

impl Platform {
    /// Counts how often AWS was asked for a file.
    fn asked(&self, path: &str) -> usize {
        let journal = self.emulator.journal().0;
        let is_it = |entry: &&Entry| entry.path.strip_prefix('/') == Some(path);
        journal.iter().filter(is_it).count()
    }

    /// Gets a file behind the proxy: its hash, and how often AWS was asked for it meanwhile.
    fn get(&self, path: &str) -> (String, usize) {
        let before = self.asked(path);
        let script = format!(
            "set -e; curl --fail --silent --show-error --output ../file --location https://{HOST}/{path}; sha256sum ../file"
        );
        let said = self
            .exec(&["--journal", "../journal.jsonl"], &script)
            .succeeded()
            .stdout;
        (said, self.asked(path) - before)
    }

    fn decisions(&self) -> Vec<String> {
        let journal = self.sandbox.read("journal.jsonl");
        let lines = journal.lines().map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["decision"].as_str().unwrap().to_owned()
        });
        lines.collect()
    }

    /// The files of the store that have the bytes of packages.
    fn contents(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        list(
            &self
                .sandbox
                .path("home/.cache/codeartifact/files/acme/content-v2"),
            &mut found,
        );
        found
    }
}

fn list(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => list(&path, found),
            path => found.push(path),
        }
    }
}

#[test]
fn a_file_of_each_format_is_read_once() {
    let platform = platform();
    for path in FILES {
        let (first, asked) = platform.get(path);
        assert_eq!(asked, 1, "{path}");
        let (second, asked) = platform.get(path);
        assert_eq!(asked, 0, "{path}");
        assert_eq!(first, second, "{path}");
    }
    let expected = ["forwarded", "kept"].repeat(FILES.len());
    assert_eq!(platform.decisions(), expected);
    let mode = platform.sandbox.mode("home/.cache/codeartifact/files/acme");
    assert_eq!(mode, 0o700);
}

/// The client judges by its own lock file, too.
#[test]
fn npm_ci_of_another_job_reads_no_archive() {
    let platform = platform();
    let package = r#"{"name": "my-program", "version": "1.0.0", "private": true, "dependencies": {"my-package": "1.0.0"}}"#;
    platform.sandbox.write("work/package.json", package);
    platform
        .sandbox
        .write("work/.npmrc", &format!("registry={NPM}\n"));
    let install = "npm install --cache $PWD/one && rm -r node_modules one && npm ci --cache $PWD/two && rm -r node_modules two";
    platform.sandbox.link("rm", Path::new("/usr/bin/rm"));
    let _ = platform.exec(&[], install).succeeded();
    let before = platform.emulator.journal().of("npm").len();
    let _ = platform
        .exec(
            &["--others", "refuse"],
            "npm ci --no-audit --cache $PWD/three",
        )
        .succeeded();
    let journal = platform.emulator.journal();
    let asked = &journal.of("npm")[before..];
    assert!(asked.is_empty(), "{asked:#?}");
}

/// Go's archives are read within a quota of 50 a second.
#[test]
fn an_archive_of_go_is_kept_as_well() {
    let mut platform = super::modules::platform();
    platform.sandbox.set(
        "GOPROXY",
        codeartifact_end_to_end::fixture::GO.trim_end_matches('/'),
    );
    let config = platform.sandbox.read(CONFIG);
    platform
        .sandbox
        .write(CONFIG, &format!("{config}\n[proxy]\nkeep = \"10MB\"\n"));
    let archives = || {
        let journal = platform.emulator.journal();
        let asked = journal.of("codeartifact:GetPackageVersionAsset");
        let is_archive = |name: &String| name.ends_with(".zip");
        asked
            .iter()
            .filter(|entry| entry.parameters.get("asset").is_some_and(is_archive))
            .count()
    };
    for round in ["one", "two"] {
        let get = format!(
            "export GOSUMDB=off GOFLAGS=-modcacherw GOMODCACHE=$PWD/{round} GOCACHE=$PWD/build; go mod download example.com/private/greeting@v1.0.0"
        );
        let _ = platform.exec(&["--others", "refuse"], &get).succeeded();
        assert_eq!(archives(), 1, "{round}");
    }
}

/// A user who can write to the folder changes nothing unseen.
#[test]
fn a_changed_file_is_read_again() {
    let platform = platform();
    let (good, _) = platform.get(FILES[0]);
    let contents = platform.contents();
    assert_eq!(contents.len(), 1, "{contents:?}");
    for change in ["", "something else"] {
        fs::write(&contents[0], change).unwrap();
        let (said, asked) = platform.get(FILES[0]);
        assert_eq!((said, asked), (good.clone(), 1), "{change:?}");
    }
    fs::remove_file(&contents[0]).unwrap();
    assert_eq!(platform.get(FILES[0]), (good.clone(), 1));
    assert_eq!(platform.get(FILES[0]), (good, 0));
}

/// A file that the index does not know is passed on, for the client to judge, and is not kept.
#[test]
fn a_file_with_another_hash_is_not_kept() {
    let platform = platform();
    platform.emulator.fault(&format!(
        r#"{{"fault": "garbage", "action": "{STORAGE}", "times": 1}}"#
    ));
    let (wrong, _) = platform.get(FILES[0]);
    let (good, asked) = platform.get(FILES[0]);
    assert_eq!(asked, 1);
    assert_ne!(wrong, good);
    assert_eq!(platform.get(FILES[0]), (good, 0));
}

/// A part of a file, and a head, are the repository's to answer.
#[test]
fn parts_and_heads_are_passed_on() {
    let platform = platform();
    let _ = platform.get(FILES[0]);
    let url = format!("https://{HOST}/{}", FILES[0]);
    let script =
        format!("curl --silent --fail --range 0-3 {url} | sha256sum; curl --silent --head {url}");
    let _ = platform
        .exec(&["--journal", "../parts.jsonl"], &script)
        .succeeded();
    let journal = platform.sandbox.read("parts.jsonl");
    assert!(!journal.contains("kept"), "{journal}");
    assert_eq!(journal.lines().count(), 2, "{journal}");
}

/// A connection that has lost its role reads nothing, whatever is kept.
#[test]
fn who_gets_no_token_gets_no_file() {
    let platform = platform();
    let _ = platform.get(FILES[0]);
    platform
        .emulator
        .fault(r#"{"fault": "refuse", "action": "codeartifact:GetAuthorizationToken", "code": "AccessDeniedException", "message": "no"}"#);
    let script = format!("curl --silent --fail https://{HOST}/{}", FILES[0]);
    let _ = platform.exec(&[], &script).failed();
}

#[test]
fn a_size_that_is_none_is_a_mistake_in_the_file() {
    let platform = platform();
    let config = platform.sandbox.read(CONFIG).replace("10MB", "ten");
    platform.sandbox.write(CONFIG, &config);
    let outcome = platform.exec(&[], "true").exited(3);
    let _ = outcome.says(&["proxy.keep", "`ten` is not a size such as `500MB`"]);
}
