//! Running a client to its end, or to its deadline: with its children, without a terminal, keeping the end of what it
//! says. On Windows only the client itself is ended, since its children form no group there.

mod progress;

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use progress::Progress;

/// How much of the output is kept: its end, where a client says why it failed.
const KEPT: usize = 32 << 10;

/// A client that still works at its deadline gets this much more, again and again.
const MORE: Duration = Duration::from_secs(3);

/// So often: a client may work for ever.
const TIMES: usize = 20;

/// How often it is looked whether the client has ended.
const PAUSE: Duration = Duration::from_millis(10);

/// How long the output of an ended client may take to arrive.
const OUTPUT_DEADLINE: Duration = Duration::from_millis(500);

pub(crate) struct Ended {
    /// `None` if the client was ended by the deadline.
    pub(crate) status: Option<ExitStatus>,
    pub(crate) output: String,
}

/// Runs `command`, whose process group ends with it. The deadline is for a client that waits: one that still works gets
/// more time.
pub(crate) fn run(mut command: Command, deadline: Duration) -> io::Result<Ended> {
    let until = Instant::now() + deadline;
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    let tail = Tail::default();
    let readers = [
        child.stdout.take().map(|pipe| tail.read(pipe)),
        child.stderr.take().map(|pipe| tail.read(pipe)),
    ];
    let in_time = wait_while_working(&mut child, until)?;
    end(&mut child);
    let status = child.wait()?;
    finish(readers.into_iter().flatten());
    Ok(Ended {
        status: in_time.then_some(status),
        output: tail.text(),
    })
}

fn wait_while_working(child: &mut Child, mut until: Instant) -> io::Result<bool> {
    let mut progress = Progress::of(child.id());
    let before = until.checked_sub(MORE).unwrap_or(until);
    if wait(child, before)? {
        return Ok(true);
    }
    progress.is_made();
    for _ in 0..TIMES {
        if wait(child, until)? {
            return Ok(true);
        }
        if !progress.is_made() {
            break;
        }
        until += MORE;
    }
    Ok(false)
}

/// Waits without reaping: as long as the client is not reaped, the number of its group is not another one's.
#[cfg(unix)]
fn wait(child: &mut Child, until: Instant) -> io::Result<bool> {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    let Some(pid) = pid(child) else {
        return Ok(false);
    };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    poll(until, || Ok(waitid(WaitId::Pid(pid), options)?.is_some()))
}

#[cfg(not(unix))]
fn wait(child: &mut Child, until: Instant) -> io::Result<bool> {
    poll(until, || Ok(child.try_wait()?.is_some()))
}

fn poll(until: Instant, mut ended: impl FnMut() -> io::Result<bool>) -> io::Result<bool> {
    loop {
        if ended()? {
            return Ok(true);
        }
        if Instant::now() >= until {
            return Ok(false);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Ends the client and what it started; an error means that nothing is left to end.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(pid) = pid(child) {
        let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
}

#[cfg(unix)]
fn pid(child: &Child) -> Option<rustix::process::Pid> {
    rustix::process::Pid::from_raw(i32::try_from(child.id()).ok()?)
}

/// The end of both streams, in the order in which they came.
#[derive(Default, Clone)]
struct Tail(Arc<Mutex<Vec<u8>>>);

impl Tail {
    fn read(&self, mut pipe: impl Read + Send + 'static) -> JoinHandle<()> {
        let tail = self.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = pipe.read(&mut buffer) {
                tail.push(&buffer[..length]);
            }
        })
    }

    fn push(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        let excess = kept.len().saturating_sub(KEPT);
        kept.drain(..excess);
    }

    fn text(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&kept).into_owned()
    }
}

/// Waits for the readers; one is left behind if a process outside of the group holds the pipe open.
fn finish(readers: impl Iterator<Item = JoinHandle<()>>) {
    let until = Instant::now() + OUTPUT_DEADLINE;
    for reader in readers {
        while !reader.is_finished() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str, deadline: u64) -> Ended {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command, Duration::from_millis(deadline)).unwrap()
    }

    #[test]
    fn a_client_ends_by_itself() {
        let ended = shell("echo out; cat; echo err >&2; exit 3", 5000);
        assert_eq!(ended.status.unwrap().code(), Some(3));
        assert!(ended.output.contains("out\n") && ended.output.contains("err\n"));
    }

    #[test]
    fn a_client_that_hangs_is_ended_with_its_children() {
        let began = Instant::now();
        let ended = shell("(sleep 60; echo late) & sleep 60", 100);
        assert!(ended.status.is_none() && ended.output.is_empty());
        assert!(began.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn children_that_are_left_behind_are_ended() {
        let began = Instant::now();
        let ended = shell("sleep 60 & echo $!", 5000);
        assert!(ended.status.unwrap().success());
        assert!(began.elapsed() < Duration::from_secs(4));
        let pid: i32 = ended.output.trim().parse().unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        let gone = || rustix::process::test_kill_process(pid).is_err() || is_zombie(pid);
        assert!(poll(Instant::now() + Duration::from_secs(5), || Ok(gone())).unwrap());
    }

    /// In a container nothing may reap what lost its parent.
    fn is_zombie(pid: rustix::process::Pid) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
        status.is_ok_and(|status| status.contains(") Z "))
    }

    #[test]
    fn the_end_of_a_long_output_is_kept() {
        let ended = shell("yes | head -c 1000000; echo end", 5000);
        assert!(ended.output.ends_with("end\n"));
        assert_eq!(ended.output.len(), KEPT);
    }
}
