//! A stream that is read until a moment and no longer: what a client or a program of ours says through a pipe that it may
//! leave open. Unix waits for a pipe itself, which costs nothing; elsewhere a thread reads.

#[cfg(any(not(unix), test))]
mod pumped;

use std::io::{self, ErrorKind, Read};
use std::time::{Duration, Instant};

/// A stream whose reads fail with [`ErrorKind::TimedOut`] once its time is up.
pub struct Timed {
    stream: Box<dyn Waiting>,
    until: Instant,
}

/// A stream that can be waited for.
trait Waiting: Read + Send {
    /// Waits for something to read, the end of the stream included. Returns false if nothing came in time.
    fn wait(&mut self, patience: Duration) -> io::Result<bool>;
}

impl Timed {
    /// A pipe or whatever else the other side has open. Its time is up until it is given some.
    pub fn pipe(stream: impl system::Pipe) -> Self {
        Self::of(system::waiting(stream))
    }

    /// This process's standard input.
    ///
    /// # Errors
    /// The system has none.
    pub fn stdin() -> io::Result<Self> {
        system::stdin().map(Self::of)
    }

    /// What never lets a reader wait, as bytes do.
    pub fn bytes(stream: impl Read + Send + 'static) -> Self {
        Self::of(Box::new(Ready(stream)))
    }

    fn of(stream: Box<dyn Waiting>) -> Self {
        let until = Instant::now();
        Self { stream, until }
    }

    /// Gives whoever writes so much time from now on.
    pub fn allow(&mut self, patience: Duration) {
        self.until = Instant::now() + patience;
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() || !self.stream.wait(left)? {
            return Err(ErrorKind::TimedOut.into());
        }
        self.stream.read(buffer)
    }
}

struct Ready<R>(R);

impl<R: Read> Read for Ready<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read + Send> Waiting for Ready<R> {
    fn wait(&mut self, _: Duration) -> io::Result<bool> {
        Ok(true)
    }
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io::{self, Read};
    use std::os::fd::AsFd;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;

    use super::Waiting;

    pub trait Pipe: Read + AsFd + Send + 'static {}

    impl<R: Read + AsFd + Send + 'static> Pipe for R {}

    pub(super) fn waiting(stream: impl Pipe) -> Box<dyn Waiting> {
        Box::new(Polled(stream))
    }

    /// Not by the standard library's own, which has a buffer: what is in there would not be waited for.
    pub(super) fn stdin() -> io::Result<Box<dyn Waiting>> {
        let stdin = io::stdin().as_fd().try_clone_to_owned()?;
        Ok(waiting(File::from(stdin)))
    }

    struct Polled<R>(R);

    impl<R: Read> Read for Polled<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl<R: Pipe> Waiting for Polled<R> {
        /// A system that cannot wait for a device says so at once, and then it is read.
        fn wait(&mut self, patience: Duration) -> io::Result<bool> {
            let patience = Timespec::try_from(patience).ok();
            let mut pipe = [PollFd::new(&self.0, PollFlags::IN)];
            match poll(&mut pipe, patience.as_ref()) {
                Err(Errno::INTR) => Err(io::ErrorKind::Interrupted.into()),
                ready => Ok(ready? > 0),
            }
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::io::{self, Read};

    use super::Waiting;
    use super::pumped::Pumped;

    pub trait Pipe: Read + Send + 'static {}

    impl<R: Read + Send + 'static> Pipe for R {}

    pub(super) fn waiting(stream: impl Pipe) -> Box<dyn Waiting> {
        Box::new(Pumped::of(stream))
    }

    pub(super) fn stdin() -> io::Result<Box<dyn Waiting>> {
        Ok(waiting(io::stdin()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::pumped::Pumped;
    use super::*;

    const SOON: Duration = Duration::from_secs(20);
    const SHORT: Duration = Duration::from_millis(10);

    /// A pipe as each system reads it: our end, and the other one.
    fn pipes() -> [(Timed, io::PipeWriter); 2] {
        let (polled, one) = io::pipe().unwrap();
        let (pumped, other) = io::pipe().unwrap();
        let pumped = Timed::of(Box::new(Pumped::of(pumped)));
        [(Timed::pipe(polled), one), (pumped, other)]
    }

    #[test]
    fn what_was_said_is_read_and_silence_is_not_waited_for() {
        for (mut pipe, mut writer) in pipes() {
            writer.write_all(&[b'x'; 20_000]).unwrap();
            pipe.allow(SOON);
            let mut said = vec![0; 20_000];
            pipe.read_exact(&mut said).unwrap();
            assert!(said.iter().all(|byte| *byte == b'x'));
            pipe.allow(SHORT);
            let late = pipe.read(&mut said).unwrap_err();
            assert_eq!(late.kind(), ErrorKind::TimedOut);
            drop(writer);
            pipe.allow(SOON);
            assert_eq!(pipe.read(&mut said).unwrap(), 0);
        }
    }

    #[test]
    fn what_never_ends_is_read_until_the_time_is_up() {
        let endless = || io::repeat(b'x');
        let pumped = Timed::of(Box::new(Pumped::of(endless())));
        for mut stream in [Timed::bytes(endless()), pumped] {
            stream.allow(SHORT);
            let late = io::copy(&mut stream, &mut io::sink()).unwrap_err();
            assert_eq!(late.kind(), ErrorKind::TimedOut);
        }
    }
}
