//! The job that each case breaks: a connection that works, in a sandbox of its own.

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, NPM, SECRET_ACCESS_KEY};
use codeartifact_end_to_end::{Broker, Emulator, Outcome, Sandbox, terminal};

/// A connection that works, until a case breaks it.
pub(crate) const CONFIG: &str = r#"
[defaults]
via = ["arn:aws:iam::198331734661:role/IntegrationReadOnly"]

[connections.acme]
account_id = "111122223333"
role_arn = "arn:aws:iam::111122223333:role/CodeArtifactReader"
external_id = "acme-7f3c2a91"
npm = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/"
"#;

pub(crate) const FILE: &str = "home/.config/codeartifact/config.toml";

/// The customer's developer.
pub(crate) const DEVELOPER: [&str; 2] = [
    "AKIADEVELOPEREXAMPLE",
    "devlXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
];

/// A program that is tested, and its surroundings.
pub(crate) struct Job {
    // Before the sandbox that it lies in, as fields are dropped in this order.
    pub(crate) emulator: Emulator,
    pub(crate) broker: Option<Broker>,
    pub(crate) sandbox: Sandbox,
    pub(crate) program: &'static str,
    pub(crate) command: &'static [&'static str],
    pub(crate) arguments: Vec<&'static str>,
    pub(crate) input: &'static str,
    /// A warning stays, and does no harm.
    pub(crate) warns: bool,
}

impl Job {
    pub(crate) fn new() -> Self {
        let mut sandbox = Sandbox::new();
        let emulator = Emulator::start("faults", &mut sandbox);
        sandbox.write(FILE, CONFIG);
        let mut job = Self {
            emulator,
            broker: None,
            sandbox,
            program: "codeartifact",
            command: &["test", "--format", "json"],
            arguments: Vec::new(),
            input: "",
            warns: false,
        };
        job.keys([ACCESS_KEY_ID, SECRET_ACCESS_KEY]);
        job
    }

    pub(crate) fn keys(&mut self, [id, secret]: [&str; 2]) {
        self.set("AWS_ACCESS_KEY_ID", id);
        self.set("AWS_SECRET_ACCESS_KEY", secret);
    }

    pub(crate) fn without_keys(&mut self) {
        self.sandbox.unset("AWS_ACCESS_KEY_ID");
        self.sandbox.unset("AWS_SECRET_ACCESS_KEY");
    }

    /// Nothing of AWS's is set at all.
    pub(crate) fn without_variables_of_aws(&mut self) {
        self.without_keys();
        let of_aws = self.emulator.variables().into_keys();
        for name in of_aws.filter(|name| name.starts_with("AWS_")) {
            self.sandbox.unset(&name);
        }
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.sandbox.set(name, value);
    }

    /// A run that ends soon, as what is left of another one does, in place of the half minute that it would wait.
    pub(crate) fn in_short(&mut self) {
        self.set("CODEARTIFACT_TIME_LEFT", "3000");
        self.command = &["token", NPM];
    }

    /// Changes the configuration wherever it says `from`.
    #[track_caller]
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let before = self.sandbox.read(FILE);
        assert!(before.contains(from), "{from:?} is not in {before}");
        self.sandbox.write(FILE, &before.replace(from, to));
    }

    /// Another role of the customer's.
    pub(crate) fn role(&self, name: &str) {
        self.edit("CodeArtifactReader", name);
    }

    pub(crate) fn shared_file(&self, text: &str) {
        self.sandbox.write("home/.aws/config", text);
    }

    /// AWS refuses an action in these words.
    pub(crate) fn refuse(&self, action: &str, status: u16, code: &str, message: &str) {
        let fault = serde_json::json!({
            "fault": "refuse", "action": action, "status": status, "code": code, "message": message,
        });
        self.emulator.fault(&fault.to_string());
    }

    /// The variables that the emulator sets, as they were at first.
    pub(crate) fn restore_emulators_variables(&mut self) {
        for (name, value) in self.emulator.variables() {
            self.sandbox.set(&name, value);
        }
    }

    /// Runs the first command that a hint names, to the letter.
    #[track_caller]
    pub(crate) fn run_what(&mut self, hint: &str) -> Outcome {
        self.answer(hint, "")
    }

    /// The same, and types the answers to what it asks.
    #[track_caller]
    pub(crate) fn answer(&mut self, hint: &str, answers: &str) -> Outcome {
        let command = command_of(hint);
        let (program, arguments) = command.split_first().unwrap();
        if *program == "aws" {
            self.sandbox.client("awscli", "aws");
        }
        self.sandbox.feed(program, arguments, answers)
    }

    /// The same at a terminal.
    #[track_caller]
    pub(crate) fn at_a_terminal(&self, hint: &str, answers: &str) -> Outcome {
        let command = command_of(hint);
        assert_eq!(command[0], "codeartifact", "{hint}");
        terminal::run(&self.sandbox, &command[1..], answers)
    }

    /// Whatever was run before, the connection works now.
    #[track_caller]
    pub(crate) fn works(&mut self, key: &str) {
        let outcome = self.sandbox.run("codeartifact", &["token", NPM]);
        assert_eq!(
            outcome.code,
            Some(0),
            "{key} is not led out of: {outcome:?}"
        );
        let outcome = self.sandbox.run("codeartifact", &["test", "acme"]);
        assert_eq!(
            outcome.code,
            Some(0),
            "{key} is not led out of: {outcome:?}"
        );
        // An earlier failure is still shown, after everything else.
        let (now, _) = outcome
            .stdout
            .split_once("! latest failure")
            .unwrap_or((&outcome.stdout, ""));
        let is_well = !now.contains("hint: ");
        assert!(
            is_well || self.warns,
            "{key} is not led out of: {outcome:?}"
        );
    }

    pub(crate) fn run(&self) -> Outcome {
        let arguments = [self.command, &self.arguments[..]].concat();
        self.sandbox.feed(self.program, &arguments, self.input)
    }
}

/// The first command between backquotes.
#[track_caller]
pub(crate) fn command_of(hint: &str) -> Vec<&str> {
    let command = hint.split('`').nth(1);
    let command = command.unwrap_or_else(|| panic!("there is no command in {hint:?}"));
    command.split(' ').collect()
}
