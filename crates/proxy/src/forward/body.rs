//! Bodies as they pass through: in pieces, never whole. Each has an idle limit and none has a total one, so that a file
//! of any size passes and a host that falls silent does not hold a build.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use super::journal::Line;

/// How long a host may be silent in the middle of a body.
const IDLE: Duration = Duration::from_secs(60);

pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Body = UnsyncBoxBody<Bytes, Error>;

pub(crate) fn empty() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

pub(crate) fn text(text: impl Into<Bytes>) -> Body {
    Full::new(text.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// A client's body on its way to the repository.
pub(crate) fn upload(body: Incoming) -> Body {
    body.map_err(Error::from).boxed_unsync()
}

/// All of a body that has at most `limit` bytes.
pub(crate) async fn whole(mut body: Body, limit: usize) -> Result<Bytes, Error> {
    let mut whole = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            whole.extend_from_slice(&data);
        }
        if whole.len() > limit {
            return Err("the answer is too long".into());
        }
    }
    Ok(whole.into())
}

/// An answer's body on its way to the client. The journal's line is written when it ends.
pub(crate) fn download(body: Body, line: Line) -> Body {
    Counted {
        body,
        line,
        idle: Box::pin(sleep(IDLE)),
    }
    .boxed_unsync()
}

struct Counted {
    body: Body,
    line: Line,
    idle: Pin<Box<Sleep>>,
}

impl hyper::body::Body for Counted {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Pending => {
                ready!(self.idle.as_mut().poll(context));
                Poll::Ready(Some(Err("the host has fallen silent".into())))
            }
            Poll::Ready(frame) => {
                self.idle.as_mut().reset(Instant::now() + IDLE);
                match &frame {
                    Some(Ok(frame)) => {
                        let length = frame.data_ref().map_or(0, Bytes::len);
                        self.line.bytes += u64::try_from(length).unwrap_or(u64::MAX);
                    }
                    Some(Err(_)) => self.line.is_broken = true,
                    None => {}
                }
                Poll::Ready(frame)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
