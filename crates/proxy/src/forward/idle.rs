//! A connection that says nothing for long, in neither direction, is closed: a client that has gone, or one that holds
//! connections open to exhaust them.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longer than AWS takes for any answer. A connection ends within twice that.
const IDLE: Duration = Duration::from_secs(300);

/// A stream whose every byte is noted.
pub(crate) struct Watched<S> {
    stream: S,
    is_active: Arc<AtomicBool>,
}

/// Sees whether its stream is active.
pub(crate) struct Watch(Arc<AtomicBool>);

impl<S> Watched<S> {
    pub(crate) fn new(stream: S) -> (Self, Watch) {
        let is_active = Arc::new(AtomicBool::new(true));
        let watch = Watch(Arc::clone(&is_active));
        (Self { stream, is_active }, watch)
    }

    fn note<T>(&self, polled: Poll<T>) -> Poll<T> {
        if polled.is_ready() {
            self.is_active.store(true, Ordering::Relaxed);
        }
        polled
    }
}

impl Watch {
    /// Lets `serving` go on until it ends or its stream is idle.
    pub(crate) async fn guard(self, serving: impl Future<Output = ()>) {
        self.guard_for(IDLE, serving).await;
    }

    async fn guard_for(self, idle: Duration, serving: impl Future<Output = ()>) {
        let silence = async {
            while self.0.swap(false, Ordering::Relaxed) {
                tokio::time::sleep(idle).await;
            }
        };
        tokio::select! {
            () = serving => {}
            () = silence => {}
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.note(polled)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.note(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[test]
    fn a_silent_stream_ends_and_a_slow_one_does_not() {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(async {
            for (pause, expected) in [(10, 8), (10_000, 1)] {
                let (near, mut far) = tokio::io::duplex(16);
                let (mut near, watch) = Watched::new(near);
                let talking = tokio::spawn(async move {
                    for _ in 0..8 {
                        let _ = far.write_all(b"x").await;
                        tokio::time::sleep(Duration::from_millis(pause)).await;
                    }
                });
                let mut count = 0;
                let reading = async {
                    while near.read_u8().await.is_ok() {
                        count += 1;
                    }
                };
                watch.guard_for(Duration::from_millis(60), reading).await;
                talking.abort();
                assert_eq!(count, expected, "a pause of {pause} ms");
            }
        });
    }
}
