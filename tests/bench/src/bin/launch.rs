//! Runs a program, or many copies of it at once, with its own standard input and nobody at its output, and tells what that
//! took: wall seconds until the last one has ended, CPU seconds of all, peak KiB of the largest.
//!
//! A process of its own for each run, and a small one, because the system counts a new program's peak from the memory
//! of whoever started it: a Python would hide ours.

use std::io::{self, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::Context;
use nix::sys::resource::{UsageWho, getrusage};

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let mut next = || {
        arguments
            .next()
            .context("usage: bench-launch COPIES PROGRAM [ARGUMENT…]")
    };
    let copies: usize = next()?.to_string_lossy().parse()?;
    let mut command = Command::new(next()?);
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let began = Instant::now();
    let succeeded = run(&mut command, copies)?;
    let wall = began.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let times = [usage.user_time(), usage.system_time()];
    let cpu: f64 = times.iter().map(seconds).sum();
    writeln!(io::stdout(), "{wall} {cpu} {}", usage.max_rss())?;
    Ok(if succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run(command: &mut Command, copies: usize) -> io::Result<bool> {
    let started: Vec<_> = (0..copies)
        .map(|_| command.spawn())
        .collect::<io::Result<_>>()?;
    let mut succeeded = true;
    for mut process in started {
        succeeded &= process.wait()?.success();
    }
    Ok(succeeded)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a few seconds in microseconds fit"
)]
fn seconds(time: &nix::sys::time::TimeVal) -> f64 {
    time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6
}
