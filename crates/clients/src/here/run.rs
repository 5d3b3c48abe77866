//! Runs a client to hear what it says. It may say a lot, hang, or leave a process behind that holds its output open.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(5);

/// pnpm 10 shows all certificates of a `cafile` among its settings.
const MOST_OUTPUT: u64 = 4 * 1024 * 1024;

/// Runs a program to its end, without stdin. `None`: it cannot be started, or was ended when its time was up.
pub fn run(command: &mut Command, patience: Duration) -> Option<Output> {
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.stdin(Stdio::null()).spawn().ok()?;
    let stdout = child.stdout.take().map(read_all)?;
    let stderr = child.stderr.take().map(read_all)?;
    let until = Instant::now() + patience;
    let status = wait(&mut child, until)?;
    let all_of = |output: Receiver<Vec<u8>>| {
        let left = until.saturating_duration_since(Instant::now());
        output.recv_timeout(left.max(LOOK_EVERY)).ok()
    };
    Some(Output {
        status,
        stdout: all_of(stdout)?,
        stderr: all_of(stderr)?,
    })
}

/// Meanwhile: a full pipe would stop the program.
fn read_all(output: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (done, all) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.take(MOST_OUTPUT).read_to_end(&mut bytes);
        let _ = read.map(|_| done.send(bytes));
    });
    all
}

fn wait(child: &mut Child, until: Instant) -> Option<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().ok()? {
            return Some(status);
        }
        if Instant::now() > until {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        thread::sleep(LOOK_EVERY);
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended() {
        let mut command = Command::new("sleep");
        assert!(run(command.arg("60"), Duration::from_millis(20)).is_none());
    }

    #[test]
    fn a_program_that_says_more_than_a_pipe_holds_is_heard() {
        let mut command = Command::new("sh");
        let said = command.args([
            "-c",
            "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2",
        ]);
        let heard = run(said, Duration::from_secs(20)).unwrap();
        assert_eq!((heard.stdout.len(), heard.stderr.len()), (300_000, 300_000));
    }

    #[test]
    fn a_process_that_is_left_behind_holds_nobody_up() {
        let mut command = Command::new("sh");
        let began = Instant::now();
        let heard = run(
            command.args(["-c", "sleep 60 & echo x"]),
            Duration::from_millis(300),
        );
        assert!(heard.is_none() && began.elapsed() < Duration::from_secs(20));
    }
}
