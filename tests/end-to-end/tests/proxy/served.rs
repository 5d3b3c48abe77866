//! `codeartifact proxy`: a proxy for a container or a step, whose variables another one takes over.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use codeartifact_end_to_end::fixture::NPM;

use super::*;

pub(crate) struct Served(Child);

impl Served {
    /// Starts it and waits until it listens.
    fn start(platform: &Platform, directory: &str) -> Self {
        Self::start_with(platform, directory, &[])
    }

    pub(crate) fn start_with(platform: &Platform, directory: &str, options: &[&str]) -> Self {
        let mut command = platform.sandbox.command("codeartifact");
        command.args(["proxy", "--connection", "acme", "--directory", directory]);
        command.args(options);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(line.starts_with("listening on http://127.0.0.1:"), "{line}");
        Self(child)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn another_step_takes_the_variables_over() {
    let platform = Platform::new();
    let served = Served::start(&platform, "run");
    assert_eq!(platform.sandbox.mode("work/run/proxy.json"), 0o600);
    let script = format!(
        "eval \"$(codeartifact proxy env --directory run)\"; env; npm view my-package version --registry {NPM} --cache $PWD/cache"
    );
    let outcome = platform.sandbox.run("sh", &["-c", &script]).succeeded();
    assert!(
        outcome.stdout.trim().ends_with("1.0.0") || outcome.stdout.contains("\n1."),
        "{outcome:?}"
    );
    assert!(
        !outcome.stdout.contains("AWS_SECRET_ACCESS_KEY"),
        "{outcome:?}"
    );
    assert_no_token(&outcome.stdout, "the step's output");
    // By default no other host is reached.
    let refused = format!("{script} --registry https://registry.example.com/");
    let _ = platform.sandbox.run("sh", &["-c", &refused]).failed();
    assert_no_token_below(&platform.sandbox.path("work/run"));
    drop(served);
}

/// Each run has its own secret and its own authority.
#[test]
fn another_run_is_a_stranger() {
    let platform = Platform::new();
    let (_one, _two) = (
        Served::start(&platform, "one"),
        Served::start(&platform, "two"),
    );
    let script = "export $(codeartifact proxy env --directory two --format json | sed -n 's,.*\"HTTPS_PROXY\": \"\\(.*\\)\".*,other=\\1,p')
        eval \"$(codeartifact proxy env --directory one)\"
        python3 -c 'import os, urllib.request as r, urllib.parse as p
mine, other = p.urlsplit(os.environ[\"HTTPS_PROXY\"]), p.urlsplit(os.environ[\"other\"])
for proxy in (f\"http://{mine.username}:{mine.password}@{other.hostname}:{other.port}\", os.environ[\"other\"]):
    try: r.build_opener(r.ProxyHandler({\"https\": proxy})).open(\"NPM\" + \"my-package\"); print(\"answered\")
    except OSError as error: print(error)'";
    let outcome = platform
        .sandbox
        .run("sh", &["-c", &script.replace("NPM", NPM)])
        .succeeded();
    assert!(
        outcome.stdout.contains("407"),
        "its secret is not the other's: {outcome:?}"
    );
    assert!(
        outcome.stdout.contains("CERTIFICATE_VERIFY_FAILED"),
        "nor is its authority: {outcome:?}"
    );
}

/// A second proxy would replace the certificates of the first, whose builds then trust the wrong ones.
#[test]
fn a_directory_is_one_proxys() {
    let platform = Platform::new();
    let first = Served::start(&platform, "run");
    let arguments = ["proxy", "--connection", "acme", "--directory", "run"];
    let outcome = platform.sandbox.run("codeartifact", &arguments).exited(3);
    let _ = outcome.says(&["another proxy runs in this folder", "hint: "]);
    let script = format!(
        "eval \"$(codeartifact proxy env --directory run)\"; npm view my-package version --registry {NPM} --cache $PWD/cache"
    );
    let _ = platform.sandbox.run("sh", &["-c", &script]).succeeded();
    // It is killed, and another one takes its place.
    drop(first);
    let _second = Served::start(&platform, "run");
    let _ = platform.sandbox.run("sh", &["-c", &script]).succeeded();
}

#[test]
fn where_no_proxy_runs_there_are_no_variables() {
    let platform = Platform::new();
    let arguments = ["proxy", "env", "--directory", "nowhere"];
    let outcome = platform.sandbox.run("codeartifact", &arguments).exited(3);
    let _ = outcome.says(&["no proxy runs in nowhere", "hint: start one"]);
}

/// Without a word it would go there directly, and a firewall would let it wait.
#[test]
fn a_proxy_of_the_users_that_cannot_be_asked_is_told() {
    for url in ["https://proxy.example.com", "socks5://127.0.0.1:1080"] {
        let mut platform = Platform::new();
        platform.sandbox.set("https_proxy", url);
        let words = ["exec", "--proxy", "--connection", "acme", "--", "true"];
        let refused = platform.sandbox.run("codeartifact", &words).exited(3);
        let _ = refused.says(&["https_proxy names a proxy", "http://HOST:PORT", "hint: set"]);
    }
}
