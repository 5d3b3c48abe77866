//! Runs one program with nothing on its streams and tells what it took: wall seconds, CPU seconds, peak KiB.
//!
//! A process of its own for each run, and a small one, because the system counts a new program's peak from the memory
//! of whoever started it: a Python would hide ours.

use std::io::Write;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::Context;
use nix::sys::resource::{UsageWho, getrusage};

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let program = arguments
        .next()
        .context("usage: bench-launch PROGRAM [ARGUMENT…]")?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let began = Instant::now();
    let status = command.status()?;
    let wall = began.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let times = [usage.user_time(), usage.system_time()];
    let cpu: f64 = times.iter().map(seconds).sum();
    writeln!(std::io::stdout(), "{wall} {cpu} {}", usage.max_rss())?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a few seconds in microseconds fit"
)]
fn seconds(time: &nix::sys::time::TimeVal) -> f64 {
    time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6
}
