//! Reads from a repository with a token, as its clients do.

use std::time::Duration;

use aws_smithy_runtime_api::client::result::SdkError;

use super::super::refusal::last_words;
use super::super::request::{Reply, Request, RequestError};
use super::super::session::Session;
use super::super::unreachable::unreachable_host;
use crate::endpoint::Format;
use crate::error::{Failure, Step, row};
use crate::token::Secret;

/// A repository asks its upstreams, and those a public registry: that takes a while.
const PATIENCE: Duration = Duration::from_secs(20);

/// Gets `path` below `root`, in the way of the format's clients.
pub(super) async fn fetch(
    session: &Session<'_>,
    root: &str,
    path: &str,
    format: Format,
    token: &Secret,
) -> Result<Reply, Box<Failure>> {
    let get = Request::get(format!("/{path}")).header("authorization", format.authorization(token));
    // Each has its own limit: there may be many, and a walk's deadline is for its few calls.
    let answer = get
        .send(session.transport.of_documents(), root, PATIENCE)
        .await;
    answer.map_err(|error| failure_of(&error).at(&Step::repository(root), session.connection()))
}

fn failure_of(error: &RequestError) -> Box<Failure> {
    match (error, unreachable_host(error)) {
        (_, Some(failure)) => failure,
        (SdkError::TimeoutError(_), None) => row::TIMED_OUT.failure(),
        (SdkError::ResponseError(context), None) => {
            row::ANSWER_GARBLED.with("status", context.raw().status().as_u16())
        }
        (error, None) => row::CALL_NOT_MADE.with("reason", last_words(error)),
    }
}
