//! A running `codeartifact-emulator`: started for one test, stopped with it. Everything that the programs in the
//! sandbox send goes there, by the variables that the emulator itself prints.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::journal::Journal;
use crate::programs;
use crate::sandbox::Sandbox;

const START: Duration = Duration::from_secs(20);

/// AWS on loopback.
#[derive(Debug)]
pub struct Emulator {
    process: Child,
    directory: PathBuf,
    address: String,
    refuses_silently: bool,
}

impl Emulator {
    /// Starts it with a scenario of the folder `scenarios`, and points the sandbox at it.
    pub fn start(scenario: &str, sandbox: &mut Sandbox) -> Self {
        let file = format!("tests/end-to-end/scenarios/{scenario}.toml");
        Self::start_with(&programs::repository().join(file), sandbox)
    }

    /// Starts it with a scenario of the test's own, and points the sandbox at it.
    pub fn start_with(scenario: &Path, sandbox: &mut Sandbox) -> Self {
        let directory = sandbox.path("emulator");
        fs::create_dir(&directory).unwrap();
        let process = serve(scenario, &directory);
        let mut emulator = Self {
            process,
            directory,
            address: String::new(),
            refuses_silently: false,
        };
        emulator.address = emulator.wait_for_address();
        for (name, value) in emulator.variables() {
            sandbox.set(&name, value);
        }
        emulator
    }

    /// The test is about clients that ask other hosts: those are refused all the same.
    pub fn expect_other_hosts(&mut self) {
        self.refuses_silently = true;
    }

    /// Host and port, for what reaches it without a proxy.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Everything that was asked so far.
    pub fn journal(&self) -> Journal {
        Journal::parse(&fs::read_to_string(self.directory.join("journal.jsonl")).unwrap())
    }

    /// Lets something go wrong from now on, in the emulator's own words: `{"fault":"hang","action":"sts"}`.
    pub fn fault(&self, json: &str) {
        self.control("POST", "faults", json);
    }

    /// Lets AWS's clock differ from this machine's by so many seconds.
    pub fn shift_clock(&self, seconds: i64) {
        self.control("POST", "clock", &format!("{{\"offset\": {seconds}}}"));
    }

    /// Lets nothing go wrong any more.
    pub fn recover(&self) {
        self.control("DELETE", "faults", "");
    }

    /// An identity token of any provider: `{"issuer": "gitlab.com", "subject": "…", "audience": "…"}`.
    pub fn id_token(&self, json: &str) -> String {
        let answer = self.control("POST", "id-token", json);
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["value"].as_str().unwrap().to_owned()
    }

    /// Lets the person confirm every sign-in that waits.
    pub fn approve_sign_ins(&self) {
        self.control("POST", "sign-ins", r#"{"approve": true}"#);
    }

    /// Waits until the journal shows what is asked for.
    #[track_caller]
    pub fn wait_until(&self, what: &str, holds: impl Fn(&Journal) -> bool) {
        let begin = Instant::now();
        while !holds(&self.journal()) {
            assert!(
                begin.elapsed() < START,
                "never {what}: {:#?}",
                self.journal()
            );
            sleep(Duration::from_millis(10));
        }
    }

    fn wait_for_address(&mut self) -> String {
        let begin = Instant::now();
        loop {
            let said = fs::read_to_string(self.directory.join("output")).unwrap();
            let address = said
                .lines()
                .find_map(|line| line.strip_prefix("listening on http://"));
            if let Some(address) = address {
                return address.to_owned();
            }
            let ended = self.process.try_wait().unwrap();
            assert!(
                ended.is_none() && begin.elapsed() < START,
                "the emulator does not start: {said}"
            );
            sleep(Duration::from_millis(5));
        }
    }

    /// Returns the variables that lead the programs here, as the emulator itself prints them.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let output = Command::new(programs::own("codeartifact-emulator"))
            .args(["env", "--format", "json", "--directory"])
            .arg(&self.directory)
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    /// One HTTP request by hand: a client library would be the only one in this crate.
    fn control(&self, method: &str, topic: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} /_emulator/{topic} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 2"),
            "{method} {body}: {answer}"
        );
        answer
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if !self.refuses_silently && !std::thread::panicking() {
            let refused = self.journal();
            assert!(
                refused.of("refused").is_empty(),
                "asked the outside world: {:#?}",
                refused.of("refused")
            );
        }
    }
}

fn serve(scenario: &Path, directory: &Path) -> Child {
    let output = File::create(directory.join("output")).unwrap();
    Command::new(programs::own("codeartifact-emulator"))
        .args(["serve", "--port", "0", "--scenario"])
        .arg(scenario)
        .arg("--directory")
        .arg(directory)
        .stdin(Stdio::null())
        .stderr(output.try_clone().unwrap())
        .stdout(output)
        .spawn()
        .unwrap()
}
