//! Reads as large as what has arrived. A TLS record has at most 16 KB, and one after the other they would change from the
//! task that reads a file to the task that sends it so often that a quarter of the rate is lost.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The largest piece of a body: as much as a TLS connection holds to be sent.
pub(crate) const PIECE: usize = 64 << 10;

/// A TLS connection whose reads take all records that have arrived, as far as there is room.
pub(crate) struct Filling<S> {
    stream: S,
    /// Came after bytes of the same read, which were handed out first.
    failed: Option<io::Error>,
}

impl<S> Filling<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            failed: None,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Filling<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(error) = self.failed.take() {
            return Poll::Ready(Err(error));
        }
        let before = buffer.filled().len();
        while buffer.remaining() > 0 {
            let filled = buffer.filled().len();
            let ended = match Pin::new(&mut self.stream).poll_read(context, buffer) {
                Poll::Ready(Ok(())) if buffer.filled().len() > filled => continue,
                ended => ended,
            };
            if filled == before {
                return ended;
            }
            if let Poll::Ready(Err(error)) = ended {
                self.failed = Some(error);
            }
            break;
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Filling<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
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

    /// Has a byte for each read, as a TLS connection has a record.
    struct Records(Vec<Poll<io::Result<u8>>>);

    impl AsyncRead for Records {
        fn poll_read(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            match self.0.pop() {
                Some(Poll::Ready(Ok(byte))) => buffer.put_slice(&[byte]),
                Some(Poll::Ready(Err(error))) => return Poll::Ready(Err(error)),
                Some(Poll::Pending) => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                None => {}
            }
            Poll::Ready(Ok(()))
        }
    }

    fn block_on<T>(what: impl Future<Output = T>) -> T {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.build().unwrap().block_on(what)
    }

    #[test]
    fn a_read_takes_what_is_there() {
        let byte = |byte| Poll::Ready(Ok(byte));
        let lost = || Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        let mut records = vec![byte(1), byte(2), Poll::Pending, byte(3), lost()];
        records.reverse();
        block_on(async {
            let mut filling = Filling::new(Records(records));
            let mut buffer = [0; 8];
            assert_eq!(filling.read(&mut buffer).await.unwrap(), 2);
            assert_eq!(buffer[..2], [1, 2]);
            assert_eq!(filling.read(&mut buffer).await.unwrap(), 1);
            let error = filling.read(&mut buffer).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        });
    }

    #[test]
    fn a_read_takes_no_more_than_there_is_room() {
        block_on(async {
            let (near, mut far) = tokio::io::duplex(16);
            far.write_all(b"abc").await.unwrap();
            let mut buffer = [0; 2];
            assert_eq!(Filling::new(near).read(&mut buffer).await.unwrap(), 2);
        });
    }
}
