//! Types the README's commands: in a home of its own with our programs and some clients on PATH, and one shell that
//! takes the commands of a section one after the other.

use std::fs;
use std::path::{Path, PathBuf};

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

use crate::README;
use crate::blocks::{self, Block, Step};

pub(crate) const HOST: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// Begins the line that tells which command has ended, and how.
const ENDED: &str = "-- ended ";

pub(crate) struct Desk {
    // Goes first: it looks into its journal, which is in the sandbox.
    emulator: Emulator,
    sandbox: Sandbox,
}

impl Desk {
    /// A developer whose own key may read and publish.
    pub(crate) fn developer(clients: &[&str]) -> Self {
        Self::with("formats", clients)
    }

    /// A platform that reaches its customer through two roles.
    pub(crate) fn platform(clients: &[&str]) -> Self {
        Self::with("two-hops", clients)
    }

    /// Anyone without credentials.
    pub(crate) fn stranger(clients: &[&str]) -> Self {
        let mut desk = Self::developer(clients);
        desk.sandbox.unset("AWS_ACCESS_KEY_ID");
        desk.sandbox.unset("AWS_SECRET_ACCESS_KEY");
        desk
    }

    /// The client may ask hosts that the emulator refuses.
    pub(crate) fn expect_other_hosts(&mut self) {
        self.emulator.expect_other_hosts();
    }

    fn with(scenario: &str, clients: &[&str]) -> Self {
        let mut sandbox = Sandbox::new();
        let emulator = Emulator::start(scenario, &mut sandbox);
        fs::remove_file(sandbox.path("bin/keyring")).unwrap();
        for client in clients {
            sandbox.client(client, client);
        }
        // The emulator names a file without an index, and a machine's own files are read as a user's are.
        sandbox.unset("PIP_CONFIG_FILE");
        for tool in ["bash", "curl", "make", "git"] {
            sandbox.link(tool, &tool_of_the_machine(tool));
        }
        sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
        sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
        sandbox.set("GOFLAGS", "-modcacherw");
        sandbox.set("REPO", HOST);
        sandbox.set("PIP_NO_INPUT", "1");
        // As a shell's profile has it.
        let path = ["home/.local/bin", "bin"].map(|folder| sandbox.path(folder));
        let path = std::env::join_paths(path).unwrap();
        sandbox.set("PATH", path.to_str().unwrap());
        Self { sandbox, emulator }
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, name: &str, text: &str) {
        self.sandbox.write(&format!("work/{name}"), text);
    }

    /// Makes the environment that pip installs into, unless it is given another.
    pub(crate) fn with_virtual_environment(&self) {
        let _ = self.run("python3 -m venv --without-pip venv").succeeded();
        let python = self.sandbox.path("work/venv/bin/python");
        let text = format!("[global]\npython = {}\n", python.display());
        self.sandbox.write("home/.config/pip/pip.conf", &text);
    }

    /// The machine's own, which needs to know where its toolchain is.
    pub(crate) fn with_cargo(&self) {
        let cargo = PathBuf::from(env!("CARGO"));
        self.sandbox.link("cargo", &cargo);
        self.sandbox.link("rustc", &cargo.with_file_name("rustc"));
    }

    /// A project whose lock file was made before, without any token left.
    pub(crate) fn with_npm_project(&self) {
        self.write("package.json", crate::files::PACKAGE_JSON);
        self.write(".npmrc", &format!("registry={HOST}/npm/my-repo/\n"));
        let _ = self
            .run("codeartifact-npm exec -- npm install my-package")
            .succeeded();
        let _ = self.run("codeartifact logout").succeeded();
    }

    /// The connection of the README.
    pub(crate) fn connect(&self) {
        let connect = section("Connections: many accounts").remove(0);
        let _ = self.run(&connect.command).succeeded();
    }

    /// The README's configuration file instead.
    pub(crate) fn configure(&self, blocks: &[Block]) {
        let block = blocks.iter().find(|block| block.language == "toml");
        let config = "home/.config/codeartifact/config.toml";
        self.sandbox.write(config, &block.unwrap().text);
    }

    /// In the place of Docker, which tests cannot have: runs the `RUN` line of the README's Dockerfile, with the secret
    /// where that line wants it.
    pub(crate) fn with_docker(&self, blocks: &[Block]) {
        let block = blocks.iter().find(|block| block.language == "dockerfile");
        let line = |start: &str| {
            let lines = block.unwrap().text.lines();
            lines
                .filter_map(|line| line.strip_prefix(start))
                .next()
                .unwrap()
                .to_owned()
        };
        let index = line("ARG PIP_INDEX_URL=");
        let install = line("RUN --mount=type=secret,id=netrc,target=/root/.netrc ");
        let script = format!(
            "#!/bin/sh\nset -e\nsecret=\"${{3#id=netrc,src=}}\"\ncat \"$secret\" > ~/.netrc\n\
             PIP_INDEX_URL={index} exec {install}\n"
        );
        self.sandbox.link("cat", &tool_of_the_machine("cat"));
        self.sandbox.write_program("bin/docker", &script);
    }

    pub(crate) fn run(&self, command: &str) -> Outcome {
        self.sandbox.run("bash", &["-c", command])
    }

    /// Types the commands of a section, one after the other, and compares what they print with what is shown.
    #[track_caller]
    pub(crate) fn types(&self, heading: &str) {
        for (Step { command, shown }, printed) in self.transcript(heading) {
            let lines: Vec<_> = printed.lines().collect();
            assert!(
                shown.is_empty() || blocks::fits(&shown, &lines),
                "`{command}` prints\n{printed}\nand the page shows\n{}",
                shown.join("\n")
            );
        }
    }

    /// Types the commands of a section, all of which must succeed but those that are shown to fail. Returns what each printed.
    #[track_caller]
    fn transcript(&self, heading: &str) -> Vec<(Step, String)> {
        let steps = section(heading);
        let script: String = steps.iter().enumerate().map(typed).collect();
        let said = self.run(&format!("exec 2>&1\n{script}"));
        let mut rest = said.stdout.as_str();
        let mut transcript = Vec::new();
        for (index, step) in steps.into_iter().enumerate() {
            let ended = rest.split_once(&format!("{ENDED}{index}: "));
            let (printed, after) = ended.unwrap_or_else(|| panic!("{step:?}: {said:?}"));
            let (code, after) = after.split_once('\n').unwrap();
            let may_fail = step.shown.iter().any(|line| line.starts_with('✗'));
            assert!(code == "0" || may_fail, "{step:?}: {said:?}");
            transcript.push((step, printed.to_owned()));
            rest = after;
        }
        transcript
    }

    /// Draws the picture of a section's commands, and of what they print.
    pub(crate) fn draws(&self, heading: &str, commands: usize, picture: &Path) {
        let home = self.sandbox.path("home").display().to_string();
        let transcript = self.transcript(heading);
        let steps = transcript.iter().take(commands);
        let text: String = steps
            .map(|(step, printed)| format!("$ {}\n{printed}", step.command))
            .collect();
        let script = picture.with_file_name("picture.py").display().to_string();
        let programs = std::env::current_exe().unwrap();
        let programs = programs.ancestors().nth(2).unwrap().display().to_string();
        let text = text.replace(&home, "~").replace(&programs, "/usr/bin");
        let drawn = self.sandbox.feed("python3", &[&script], &text);
        fs::write(picture, drawn.succeeded().stdout).unwrap();
    }
}

/// The commands of a section's `console` blocks.
fn section(heading: &str) -> Vec<Step> {
    let blocks = blocks::of(README);
    let blocks = blocks
        .iter()
        .filter(|block| block.heading == heading && block.language == "console");
    let steps: Vec<_> = blocks.flat_map(Block::steps).collect();
    assert!(!steps.is_empty(), "{heading}");
    steps
}

fn typed((index, step): (usize, &Step)) -> String {
    format!("{}\necho \"{ENDED}{index}: $?\"\n", step.command)
}

fn tool_of_the_machine(name: &str) -> PathBuf {
    let folders = ["/usr/bin", "/bin", "/usr/local/bin"];
    let found = folders
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|it| it.exists());
    found.unwrap_or_else(|| panic!("this machine has no {name}"))
}
