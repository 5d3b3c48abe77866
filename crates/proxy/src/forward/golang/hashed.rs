//! A file on its way to go, held to the hash that CodeArtifact lists for it. It passes in pieces, so that a wrong one is
//! known at its end: then the transfer breaks off, and go keeps nothing of it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Frame, Incoming};
use sha2::{Digest as _, Sha256};

use super::super::body::Error;

pub(super) struct Hashed {
    body: Incoming,
    hash: Sha256,
    /// In hexadecimal digits.
    expected: String,
}

impl Hashed {
    pub(super) fn new(body: Incoming, expected: String) -> Self {
        Self {
            body,
            hash: Sha256::new(),
            expected,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let found: String = self
            .hash
            .clone()
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if found == self.expected {
            Ok(())
        } else {
            Err("the file is not the one that CodeArtifact lists".into())
        }
    }
}

impl hyper::body::Body for Hashed {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        Poll::Ready(match frame {
            Some(Ok(frame)) => {
                if let Some(bytes) = frame.data_ref() {
                    self.hash.update(bytes);
                }
                Some(Ok(frame))
            }
            Some(Err(error)) => Some(Err(error.into())),
            None => self.check().err().map(Err),
        })
    }
}
