//! A file of any size, made while it is sent: what the fault `large` puts in the place of an asset. Each block of 4 KiB is
//! filled with one byte, which is its number modulo 251, so that a part is told from every other part nearby.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Response, StatusCode, header};
use hyper::body::{Body, Frame, SizeHint};

use crate::reply;

const BLOCK: u64 = 4096;

/// A prime, so that no power of two is a multiple of the pattern.
const BYTES: u64 = 251;

/// Sent at a time.
const PIECE: u64 = 16 * BLOCK;

/// What is still to be sent: from one place of the file to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LargeFile {
    next: u64,
    end: u64,
}

/// S3's answer to a request for a file of `size` bytes, or for the part of it that `range` names. The file is in the
/// response's extensions.
pub(crate) fn answer(size: u64, range: Option<&str>) -> Response<Bytes> {
    let part = range.and_then(|range| part(size, range));
    let file = part.unwrap_or(LargeFile { next: 0, end: size });
    let mut response = Response::new(Bytes::new());
    reply::set(&mut response, "accept-ranges", "bytes");
    if part.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let range = format!("bytes {}-{}/{size}", file.next, file.end - 1);
        reply::set(&mut response, header::CONTENT_RANGE.as_str(), &range);
    }
    response.extensions_mut().insert(file);
    response
}

/// `bytes=FIRST-LAST` and `bytes=FIRST-`; anything else counts as none, which RFC 9110 allows.
fn part(size: u64, range: &str) -> Option<LargeFile> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let next = first.parse().ok()?;
    let end = match last {
        "" => size,
        last => last.parse::<u64>().ok()?.checked_add(1)?.min(size),
    };
    (next < end).then_some(LargeFile { next, end })
}

impl LargeFile {
    /// The next piece, which ends where the following one begins a block.
    fn piece(&mut self) -> Vec<u8> {
        let end = self.end.min((self.next / PIECE + 1) * PIECE);
        let mut piece = Vec::new();
        while self.next < end {
            let stop = end.min((self.next / BLOCK + 1) * BLOCK);
            let byte = u8::try_from(self.next / BLOCK % BYTES).unwrap_or_default();
            let length = usize::try_from(stop - self.next).unwrap_or_default();
            piece.resize(piece.len() + length, byte);
            self.next = stop;
        }
        piece
    }
}

impl Body for LargeFile {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.piece();
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece.into()))))
    }

    fn is_end_stream(&self) -> bool {
        self.next >= self.end
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.end - self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(mut file: LargeFile) -> Vec<u8> {
        let pieces = std::iter::from_fn(|| Some(file.piece()).filter(|it| !it.is_empty()));
        pieces.flatten().collect()
    }

    #[test]
    fn a_part_is_what_the_whole_has_there() {
        let size = 3 * PIECE + 5;
        let whole = bytes(LargeFile { next: 0, end: size });
        assert_eq!(whole.len() as u64, size);
        assert_eq!([whole[0], whole[4095], whole[4096]], [0, 0, 1]);
        for (range, status, from, to) in [
            (None, 200, 0, size),
            (Some("bytes=0-0"), 206, 0, 1),
            (Some("bytes=4095-70000"), 206, 4095, 70_001),
            (Some("bytes=100000-"), 206, 100_000, size),
            (Some("bytes=5-999999999"), 206, 5, size),
            (Some("bytes=-5"), 200, 0, size),
            (Some("lines=1-2"), 200, 0, size),
        ] {
            let response = answer(size, range);
            assert_eq!(response.status().as_u16(), status, "{range:?}");
            let file = response.extensions().get::<LargeFile>().unwrap();
            let expected = &whole[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()];
            assert!(bytes(*file) == expected, "{range:?}");
        }
    }
}
