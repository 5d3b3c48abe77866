//! Fifty writers at once on one `.npmrc`, half of them killed at random moments: nothing is lost, nothing is half.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::sandbox::Sandbox;

const WRITERS: usize = 50;

const ROUNDS: u64 = 3;

/// A run takes a few milliseconds: kills come before, within and after the write.
const LATEST_KILL_MICROSECONDS: u64 = 60_000;

const FOREIGN: &str =
    "# mine\nregistry=https://registry.example.com/\n//registry.example.com/:_authToken=keep\n";

/// One project for each writer, each with a repository of its own.
fn projects() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".npmrc", FOREIGN);
    for number in 0..WRITERS {
        sandbox.write(
            &format!("project-{number}/.npmrc"),
            &format!("registry=https://H/npm/repo-{number}/\n"),
        );
    }
    sandbox
}

fn line(number: usize) -> String {
    format!("//H/npm/repo-{number}/:_authToken=T")
}

fn start(sandbox: &Sandbox, number: usize) -> Child {
    let mut command = sandbox.command(Path::new(env!("CARGO_BIN_EXE_codeartifact-npm")), "");
    command
        .current_dir(sandbox.path(&format!("project-{number}")))
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Tells whether a file is one that a writer may leave: the foreign lines, then whole lines of ours, each once.
fn is_whole(text: &str) -> bool {
    let Some(ours) = text.strip_prefix(FOREIGN) else {
        return false;
    };
    let lines: Vec<_> = ours.lines().collect();
    let is_ours = |found: &&str| (0..WRITERS).any(|number| line(number) == **found);
    let is_single = |found: &&str| lines.iter().filter(|other| *other == found).count() == 1;
    (ours.is_empty() || ours.ends_with('\n'))
        && lines.iter().all(|found| is_ours(found) && is_single(found))
}

/// Reads the file all the time, as clients do.
fn watch(sandbox: &Sandbox, done: &AtomicBool) -> usize {
    let mut seen = 0;
    while !done.load(Ordering::Relaxed) {
        let text = sandbox.read(".npmrc");
        assert!(is_whole(&text), "{text}");
        seen += 1;
    }
    seen
}

/// Runs all writers at once and kills every second one, at moments spread by a multiplicative hash of round and number.
fn round(sandbox: &Sandbox, round: u64) {
    let mut writers: Vec<_> = (0..WRITERS).map(|number| start(sandbox, number)).collect();
    thread::scope(|scope| {
        for (number, writer) in writers.iter_mut().enumerate() {
            let moment = (round * 50 + number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
            scope.spawn(move || {
                if number % 2 == 0 {
                    thread::sleep(Duration::from_micros(moment % LATEST_KILL_MICROSECONDS));
                    writer.kill().unwrap();
                }
                writer.wait().unwrap();
            });
        }
    });
}

/// The watcher ends with the test, also where that fails.
struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// At once for readers: only the program under test is to be watched.
fn start_over(sandbox: &Sandbox) {
    fs::write(sandbox.path("fresh"), FOREIGN).unwrap();
    fs::rename(sandbox.path("fresh"), sandbox.path(".npmrc")).unwrap();
}

#[test]
fn fifty_writers_with_random_kills_lose_nothing() {
    let sandbox = projects();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(&sandbox, &done));
        let end = SetOnDrop(&done);
        for number in 0..ROUNDS {
            start_over(&sandbox);
            round(&sandbox, number);
            let text = sandbox.read(".npmrc");
            let survivors = (1..WRITERS).step_by(2);
            let lost: Vec<_> = survivors
                .filter(|survivor| !text.contains(&line(*survivor)))
                .collect();
            assert!(
                lost.is_empty(),
                "{lost:?} were not killed, and yet there is only {text}"
            );
        }
        drop(end);
        assert!(watcher.join().unwrap() > 0);
    });
}

#[test]
fn what_killed_writers_left_is_gone_after_the_next_write() {
    let sandbox = projects();
    round(&sandbox, ROUNDS);
    for number in 0..WRITERS {
        assert!(start(&sandbox, number).wait().unwrap().success());
    }
    let text = sandbox.read(".npmrc");
    assert!(
        (0..WRITERS).all(|number| text.contains(&line(number))) && is_whole(&text),
        "{text}"
    );
    sandbox.write("project-0/.npmrc", "registry=https://H/npm/one-more/\n");
    assert!(start(&sandbox, 0).wait().unwrap().success());
    let names = fs::read_dir(sandbox.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = names
        .filter(|name| name.to_string_lossy().contains("codeartifact-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
