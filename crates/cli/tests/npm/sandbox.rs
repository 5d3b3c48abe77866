//! A home directory with projects in it, tokens in the cache, and nothing else from outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use codeartifact_auth::environment::Environment;
use codeartifact_helper::for_tests::{self, Mint};

pub(crate) const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// The token for [`HOST`] in the cache.
pub(crate) const TOKEN: &str = "eyJ2ZXIiOjEsImlzdSI6MTgwMH0abcd";

pub(crate) struct Sandbox {
    directory: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// The outcome of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub code: Option<i32>,
    pub output: String,
    pub errors: String,
}

impl Sandbox {
    /// With a token for [`HOST`] in the cache.
    pub(crate) fn new() -> Self {
        let sandbox = Self {
            directory: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        };
        fs::create_dir(sandbox.path("project")).unwrap();
        sandbox.fill_cache();
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.variables.push((name.to_owned(), value.into()));
    }

    /// `H` stands for [`HOST`].
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text.replace('H', HOST)).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name))
            .unwrap_or_default()
            .replace(HOST, "H")
            .replace(TOKEN, "T")
    }

    /// A shell script in `directory`. Another process writes it: were it open for writing in this one, a process that
    /// another test's thread starts at the same time could inherit that, and running the script would fail (ETXTBSY).
    pub(crate) fn program(&self, directory: &str, name: &str, script: &str) {
        let path = self.path(directory).join(name);
        fs::create_dir_all(self.path(directory)).unwrap();
        let write = "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$2\" && chmod 755 \"$2\"";
        let status = Command::new("sh")
            .args(["-c", write, "sh", script])
            .arg(path)
            .status();
        assert!(status.unwrap().success());
    }

    /// Our program, ready to run in `project`. PATH has `shims`, `bin` and the system's shell.
    pub(crate) fn command(&self, program: &Path, arguments: &str) -> Command {
        let mut command = Command::new(program);
        let path = format!(
            "{}:{}:/usr/bin:/bin",
            self.path("shims").display(),
            self.path("bin").display()
        );
        command
            .args(arguments.split_whitespace())
            .current_dir(self.path("project"))
            .env_clear()
            .env("HOME", self.directory.path())
            .env("PATH", path)
            .env("CODEARTIFACT_CACHE", "file")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Outcome {
        self.finish(self.command(Path::new(env!("CARGO_BIN_EXE_codeartifact-npm")), arguments))
    }

    pub(crate) fn finish(&self, mut command: Command) -> Outcome {
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let home = format!("{}/", self.directory.path().display());
        let shorten = |text: String| text.replace(HOST, "H").replace(&home, "~/");
        let outcome = Outcome {
            code: output.status.code(),
            output: shorten(text(&output.stdout)).replace(TOKEN, "T"),
            errors: shorten(text(&output.stderr)),
        };
        assert!(
            !outcome.errors.contains(TOKEN),
            "a token on stderr: {}",
            outcome.errors
        );
        outcome
    }

    /// As a run that had asked AWS would leave it.
    fn fill_cache(&self) {
        let home = self.directory.path().to_owned();
        let now = Environment::of_process().now();
        let environment = Environment::fixed(&[("CODEARTIFACT_CACHE", "file")], home, now);
        let mint = Mint::new(TOKEN, now);
        let authenticator = for_tests::authenticator(&environment, &mint).unwrap();
        let endpoint = authenticator.endpoint(HOST).unwrap();
        let answer = authenticator.token(&endpoint, None).unwrap();
        assert!(answer.warnings.is_empty(), "{:?}", answer.warnings);
    }
}
