//! A running broker (`codeartifact proxy --config`): started for one test, stopped with it.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::sandbox::Sandbox;

const START: Duration = Duration::from_secs(20);

/// One replica.
#[derive(Debug)]
pub struct Broker {
    process: Child,
    output: PathBuf,
    errors: PathBuf,
}

impl Broker {
    /// Starts it in the sandbox, with the variables that are set there now, and waits until it listens.
    #[track_caller]
    pub fn start(sandbox: &Sandbox, name: &str, config: &str) -> Self {
        let file = format!("brokers/{name}/proxy.toml");
        sandbox.write(&file, config);
        let folder = sandbox.path(&format!("brokers/{name}"));
        let (output, errors) = (folder.join("output"), folder.join("errors"));
        let mut command = sandbox.command("codeartifact");
        let process = command
            .args(["proxy", "--config"])
            .arg(sandbox.path(&file))
            .stdin(Stdio::null())
            .stdout(File::create(&output).unwrap())
            .stderr(File::create(&errors).unwrap())
            .spawn()
            .unwrap();
        let mut broker = Self {
            process,
            output,
            errors,
        };
        broker.wait();
        broker
    }

    fn wait(&mut self) {
        let begin = Instant::now();
        while self.said("listening on ").is_none() {
            let ended = self.process.try_wait().unwrap();
            assert!(
                ended.is_none() && begin.elapsed() < START,
                "the broker does not start: {}",
                self.log()
            );
            sleep(Duration::from_millis(5));
        }
    }

    fn said(&self, start: &str) -> Option<String> {
        let said = fs::read_to_string(&self.output).unwrap();
        let mut lines = said.lines();
        lines.find_map(|line| Some(line.strip_prefix(start)?.to_owned()))
    }

    /// Returns the URL that jobs are given.
    pub fn url(&self) -> String {
        self.said("listening on ").unwrap()
    }

    /// Host and port of the same.
    pub fn address(&self) -> String {
        let url = self.url();
        url.split_once("://").unwrap().1.to_owned()
    }

    /// Host and port of its forward proxy.
    pub fn proxy(&self) -> String {
        self.said("proxy on http://").unwrap()
    }

    /// Gets a document from the listener of the questions. Only without TLS.
    pub fn get(&self, path: &str) -> String {
        let address = self.address();
        let answer = send(
            &address,
            &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"),
        );
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Returns what it has written on stderr: the audit.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.errors).unwrap()
    }

    /// The lines of the audit.
    pub fn audit(&self) -> Vec<serde_json::Value> {
        let log = self.log();
        let lines = log.lines().filter(|line| line.starts_with('{'));
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Asks the second listener.
    pub fn shown(&self, path: &str) -> String {
        let address = self.said("metrics on http://").unwrap();
        send(
            &address,
            &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"),
        )
    }

    /// Asks it for a token by hand, and returns status and body. Only without TLS.
    pub fn ask(&self, token: &str, question: &str) -> (u16, String) {
        let address = self.address();
        let answer = send(
            &address,
            &format!(
                "POST /v1/token HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
                 Content-Length: {}\r\n\r\n{question}",
                question.len()
            ),
        );
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Waits for its end, and returns its exit code.
    pub fn end(&mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

fn send(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
