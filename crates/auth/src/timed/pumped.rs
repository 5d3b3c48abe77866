//! A pipe where the system waits for one only in a read of it: a thread reads, and is waited for.

use std::io::{self, Cursor, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use super::Waiting;

const LONGEST_PIECE: usize = 8 * 1024;

/// Wiped, since a token may be in it.
type Piece = Zeroizing<Vec<u8>>;

/// What a thread reads, piece by piece.
pub(super) struct Pumped {
    pieces: Receiver<Piece>,
    piece: Cursor<Piece>,
}

impl Pumped {
    pub(super) fn of(mut stream: impl Read + Send + 'static) -> Self {
        let (found, pieces) = sync_channel(1);
        thread::spawn(move || {
            while let Some(piece) = next(&mut stream) {
                if found.send(piece).is_err() {
                    break;
                }
            }
        });
        let piece = Cursor::default();
        Self { pieces, piece }
    }

    fn is_read(&self) -> bool {
        self.piece.position() == self.piece.get_ref().len() as u64
    }
}

/// An error ends the stream too.
fn next(stream: &mut impl Read) -> Option<Piece> {
    let mut piece = Zeroizing::new(vec![0; LONGEST_PIECE]);
    let length = stream.read(&mut piece).ok()?;
    piece.truncate(length);
    (length > 0).then_some(piece)
}

impl Read for Pumped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.piece.get_ref().get(self.piece.position() as usize..);
        let length = rest.unwrap_or_default().read(buffer)?;
        self.piece
            .set_position(self.piece.position() + length as u64);
        Ok(length)
    }
}

impl Waiting for Pumped {
    fn wait(&mut self, patience: Duration) -> io::Result<bool> {
        if !self.is_read() {
            return Ok(true);
        }
        match self.pieces.recv_timeout(patience) {
            Ok(piece) => self.piece = Cursor::new(piece),
            Err(RecvTimeoutError::Timeout) => return Ok(false),
            Err(RecvTimeoutError::Disconnected) => {}
        }
        Ok(true)
    }
}
