//! Random settings, with a fixed seed: the doctor's verdict beside a real install by the real client. There must be no ✓
//! for an install that fails, and no ✗ for one that works.
//!
//! Each number is a case of its own, the same at every run. Usually the first few of each family are tried; to try 200,
//!
//!     CODEARTIFACT_MUTATIONS=200 cargo test -p codeartifact-end-to-end --test doctor -- mutations
//!
//! and `CODEARTIFACT_MUTATIONS=17..18` is one of them again. A failure lists each case that disagrees: its number, what
//! was chosen, what the doctor said, and how the install ended.

mod go;
mod node;
mod python;
mod yarn;

use std::ops::Range;
use std::sync::Mutex;
use std::thread;

use codeartifact_end_to_end::{Entry, Journal, Outcome, asked_for};
use fastrand::Rng;

use super::*;

const USUALLY: usize = 20;

/// A case mostly waits for interpreters to start.
const AT_ONCE: usize = 2;

/// In so many of a hundred choices the first, which works, is taken.
const SOUND: u8 = 72;

/// A machine with settings that were chosen at random.
struct Case {
    machine: Machine,
    random: Rng,
    chosen: Vec<String>,
    /// As the doctor calls it.
    client: &'static str,
    install: Vec<String>,
    /// Installs what the doctor speaks of too.
    beside: Vec<String>,
}

impl Case {
    fn new(number: usize, mut machine: Machine) -> Self {
        machine.emulator.expect_other_hosts();
        Self {
            machine,
            random: Rng::with_seed(number as u64),
            chosen: Vec::new(),
            client: "",
            install: Vec::new(),
            beside: Vec::new(),
        }
    }

    /// The first of them more often than any other.
    fn choose(&mut self, what: &str, among: &[&'static str]) -> &'static str {
        let number = if self.random.u8(..100) < SOUND {
            0
        } else {
            self.random.usize(..among.len())
        };
        self.note(what, among[number])
    }

    /// Each of them as often as any other.
    fn choose_evenly(&mut self, what: &str, among: &[&'static str]) -> &'static str {
        let number = self.random.usize(..among.len());
        self.note(what, among[number])
    }

    fn note(&mut self, what: &str, chosen: &'static str) -> &'static str {
        if !chosen.is_empty() {
            self.chosen
                .push(format!("{what}: {}", chosen.escape_debug()));
        }
        chosen
    }

    fn tries(&mut self, client: &'static str, install: &[&str]) {
        self.client = client;
        self.install = install.iter().map(|&it| it.to_owned()).collect();
    }

    /// The install is of some packages only, and the doctor tries others as well.
    fn tries_also(&mut self, install: &[&str]) {
        self.beside = install.iter().map(|&it| it.to_owned()).collect();
    }

    fn set(&mut self, name: &str, value: &str) {
        let value = value.replace("HOST", HOST).replace("OLD", OLD);
        self.machine.sandbox.set(name, value);
    }

    /// Puts a folder in front of PATH.
    fn put_first(&mut self, folder: &str) {
        let folders = [folder, "bin"].map(|it| self.machine.sandbox.path(it));
        let path = std::env::join_paths(folders).unwrap();
        self.machine.sandbox.set("PATH", path.to_str().unwrap());
    }

    /// The doctor has said where the package comes from, or that it speaks of others, and the real install asked there: a
    /// failure is no matter of our repositories.
    fn is_from_elsewhere(&self, row: &Value, asked: &Journal) -> bool {
        let text = row["text"].as_str().unwrap();
        let mut scopes = self.install.iter().filter_map(|word| word.split_once('/'));
        let host = scopes.find_map(|(scope, _)| host_of(text, scope));
        let has_scope = self.install.iter().any(|word| word.starts_with('@'));
        let is_ours = |it: &Entry| it.host.contains(".d.codeartifact.");
        let is_told = match host {
            Some(host) => asked.0.iter().any(|it| it.host == host),
            None => is_for_scopes(row) && !has_scope && !asked.0.is_empty(),
        };
        is_told && !asked.0.iter().any(is_ours)
    }

    /// Returns what an install says, and what it asked. Nothing, if it has no words.
    fn run(&self, install: &[String]) -> (Outcome, Journal) {
        let before = self.machine.emulator.journal().0.len();
        // By a shell, which looks on PATH.
        let words = ["-c", "test $# = 0 || exec \"$@\"", "sh"].into_iter();
        let words: Vec<_> = words.chain(install.iter().map(String::as_str)).collect();
        let said = self.machine.sandbox.run("sh", &words);
        (said, self.machine.emulator.journal().after(before))
    }

    /// Returns what the install and the doctor disagree about.
    fn disagreement(self, number: usize) -> Option<String> {
        let rows = self.machine.rows(self.client);
        let (installed, asked) = self.run(&self.install);
        let works = installed.code == Some(0);
        let is = |row: &Value, state: &str| row["state"] == state;
        let is_refused = |it: &Entry| it.status == Some(401);
        let wrong = if works {
            let is_told = rows.iter().any(|row| is(row, "failed"));
            is_told && !self.run(&self.beside).1.0.iter().any(is_refused)
        } else if asked.0.iter().any(is_refused) {
            !rows.iter().any(|row| is(row, "failed"))
        } else {
            is(&rows[0], "ok") && !self.is_from_elsewhere(&rows[0], &asked)
        };
        wrong.then(|| {
            let rows: Vec<_> = rows.iter().map(|it| (&it["state"], &it["text"])).collect();
            let chosen = self.chosen.join("\n    ");
            let said = installed.stdout + &installed.stderr;
            let from = said.len().saturating_sub(900);
            let said: String = said.chars().skip(from).collect();
            format!("{number}: works: {works}\n    {chosen}\n    {rows:?}\n{said}")
        })
    }
}

/// `@my-scope comes from https://registry.example.com (…)`
fn host_of<'a>(text: &'a str, scope: &str) -> Option<&'a str> {
    let (_, from) = text.split_once(&format!(" {scope} comes from https://"))?;
    from.split(['/', ' ']).next()
}

/// `asks my-repo with our token, for @my-scope`
fn is_for_scopes(row: &Value) -> bool {
    row["text"].as_str().unwrap().contains(", for @")
}

fn numbers() -> Range<usize> {
    let asked = asked_for("CODEARTIFACT_MUTATIONS").unwrap_or_default();
    match asked.split_once("..") {
        Some((from, to)) => from.parse().unwrap()..to.parse().unwrap(),
        None => 0..asked.parse().unwrap_or(USUALLY),
    }
}

fn all_agree(case: fn(usize) -> Case) {
    let numbers = Mutex::new(numbers());
    let next = || numbers.lock().unwrap().next();
    let some = || {
        let all = std::iter::from_fn(next);
        let wrong = all.filter_map(|number| case(number).disagreement(number));
        wrong.collect::<Vec<_>>()
    };
    let wrong: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(some)).collect();
        let ended = threads.into_iter().map(|thread| thread.join().unwrap());
        ended.flatten().collect()
    });
    assert!(
        wrong.is_empty(),
        "{} disagree:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn of_go() {
    all_agree(go::case);
}

#[test]
fn of_python() {
    all_agree(python::case);
}

#[test]
fn of_node() {
    all_agree(node::case);
}

#[test]
fn of_yarn() {
    all_agree(yarn::case);
}
