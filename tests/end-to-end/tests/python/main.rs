//! The Python clients: each asks for credentials in its own way, really installs, and publishes where it can.
//! How often they ask is seen by a shell script that stands before ours as `keyring`; what they send, by the journal.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod builds;
mod conda;
mod exec;
mod existing;
mod failures;
mod library;
mod nobody;
mod pip;
mod proxies;
mod public;
mod reports;
mod setup;
mod shapes;
mod tools;
mod undo;
mod uv;
mod wheel;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, PYPI, SECRET_ACCESS_KEY};
use codeartifact_end_to_end::install::GREETING;
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

/// Another repository on the host of `fixture::PYPI`, empty: what is published to it, and its index.
const RELEASES: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-releases/";
const RELEASES_INDEX: &str = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-releases/simple/";
/// A repository of another domain, which another connection reaches.
const OTHER_DOMAIN: &str = "https://my-other-domain-198331734661.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/";

const GREETS: &str = "import my_package; print(my_package.greet('Ada'))";

const CONFIG: &str = r#"
[defaults]
via = ["arn:aws:iam::198331734661:role/IntegrationReadOnly"]

[connections.acme]
account_id = "111122223333"
role_arn = "arn:aws:iam::111122223333:role/CodeArtifactDeveloper"
external_id = "acme-7f3c2a91"
pypi = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/"

[connections.own]
account_id = "198331734661"
role_arn = "arn:aws:iam::198331734661:role/CodeArtifactOwn"
pypi = "https://my-other-domain-198331734661.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/"
"#;

/// A developer's machine, the two domains, and a virtual environment in the working folder.
struct Desk {
    // Before the sandbox, whose folder holds its journal: fields are dropped in this order.
    emulator: Emulator,
    sandbox: Sandbox,
    python: String,
}

impl Desk {
    /// With a pinned client and its command: `("pip-23", "pip")`.
    fn with(client: &str, command: &str) -> Self {
        let mut sandbox = Sandbox::new();
        let emulator = Emulator::start("python", &mut sandbox);
        sandbox.client(client, command);
        sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
        sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
        sandbox.write("home/.config/codeartifact/config.toml", CONFIG);
        watch_keyring(&sandbox);
        let python = virtual_environment(&sandbox, "venv");
        Self {
            emulator,
            sandbox,
            python,
        }
    }

    /// With the newest pip, told as a user tells it.
    fn with_pip() -> Self {
        let mut desk = Self::with("pip", "pip");
        desk.sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
        desk.sandbox.set("PIP_NO_INPUT", "1");
        desk
    }

    /// pip, for the virtual environment.
    fn pip(&self, arguments: &[&str]) -> Outcome {
        let all = [&["--python", &self.python], arguments].concat();
        self.sandbox.run("pip", &all)
    }

    /// Something to publish: a wheel of the repository, in `work/wheels`.
    fn take_a_wheel(&self) {
        self.sandbox.client("pip", "pip");
        let provider = ["--keyring-provider", "subprocess", "--index-url", PYPI];
        let wheel = [
            "download",
            "--no-deps",
            "--dest",
            "wheels",
            "my-package==1.0.0",
        ];
        let _ = self.pip(&[&wheel[..], &provider].concat()).succeeded();
    }

    /// Python of the virtual environment runs this.
    #[track_caller]
    fn imports(&self, program: &str, prints: &str) {
        self.runs(&self.python, program, prints);
    }

    /// Python of a project's own environment uses the package.
    #[track_caller]
    fn greets_in(&self, project: &str) {
        let python = self.sandbox.path(project).join(".venv/bin/python");
        self.runs(&python.display().to_string(), GREETS, GREETING);
    }

    #[track_caller]
    fn runs(&self, python: &str, program: &str, prints: &str) {
        let said = self.sandbox.run(python, &["-c", program]).succeeded();
        assert_eq!(said.stdout.trim_end(), prints);
    }

    /// The command lines with which `keyring` was called.
    fn asked(&self) -> Vec<String> {
        fs::read_to_string(self.sandbox.path("home/asked"))
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// One token for each domain that was asked, and none of them on the host that serves the files.
    #[track_caller]
    fn assert_tokens(&self, minted: usize) {
        let journal = self.emulator.journal();
        assert_eq!(journal.mints(), minted, "{:#?}", journal.aws());
        let assets = journal.of("asset");
        assert!(
            assets.iter().all(|asset| asset.authorization.is_none()),
            "{assets:#?}"
        );
    }

    /// What was taken by [`Desk::take_a_wheel`] has arrived, with the only token there is.
    #[track_caller]
    fn assert_published(&self) {
        self.emulator.journal().all_answered("pypi:publish", &[200]);
        self.assert_tokens(1);
    }
}

/// Writes down each call, then becomes the real one.
fn watch_keyring(sandbox: &Sandbox) {
    let real = fs::read_link(sandbox.path("bin/keyring")).unwrap();
    let calls = sandbox.path("home/asked");
    let script = format!(
        "#!/bin/sh\necho \"$*\" >>'{}'\nexec '{}' \"$@\"\n",
        calls.display(),
        real.display()
    );
    sandbox.write("watch/keyring", &script);
    let watch = sandbox.path("watch/keyring");
    fs::set_permissions(&watch, Permissions::from_mode(0o755)).unwrap();
    sandbox.link("keyring", &watch);
}

/// The Python of a new virtual environment in the working folder.
fn virtual_environment(sandbox: &Sandbox, name: &str) -> String {
    let made = sandbox.run("python3", &["-m", "venv", "--without-pip", name]);
    let _ = made.succeeded();
    let python = format!("work/{name}/bin/python");
    sandbox.path(&python).display().to_string()
}
