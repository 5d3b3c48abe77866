//! Reads from a repository with a token, as its clients do and over the same transport as every other call: the same
//! proxies, certificate authorities and limits. It follows no redirect, so the token never leaves for another host.

use std::time::Duration;

use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::date_time::{DateTime, Format as DateFormat};
use aws_smithy_types::timeout::TimeoutConfig;

use super::super::refusal::last_words;
use super::super::session::Session;
use super::super::unreachable::unreachable_host;
use crate::endpoint::Format;
use crate::error::{Failure, Step, row};
use crate::token::{Secret, Timestamp};

/// A repository asks its upstreams, and those a public registry: that takes a while.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a repository answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The server's clock.
    pub date: Option<Timestamp>,
    /// The document.
    pub body: Vec<u8>,
}

/// A GET.
#[derive(Debug)]
struct Get {
    path: String,
    authorization: Secret,
}

/// Gets `path` below `root`, in the way of the format's clients.
pub(super) async fn fetch(
    session: &Session<'_>,
    root: &str,
    path: &str,
    format: Format,
    token: &Secret,
) -> Result<Reply, Box<Failure>> {
    let get = Get {
        path: format!("/{path}"),
        authorization: format.authorization(token),
    };
    // Each has its own limit: there may be many, and a walk's deadline is for its few calls.
    let answer = operation(session, root).invoke(get).await;
    answer.map_err(|error| failure_of(&error).at(&Step::repository(root), session.connection()))
}

fn operation(session: &Session<'_>, root: &str) -> Operation<Get, Reply, std::io::Error> {
    let limits = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
    Operation::builder()
        .service_name("repository")
        .operation_name("get")
        .http_client(session.transport.of_documents())
        .endpoint_url(root.trim_end_matches('/'))
        .no_auth()
        .no_retry()
        .timeout_config(limits)
        .serializer(|get: Get| {
            let mut request = HttpRequest::get(get.path)?;
            let authorization = get.authorization.expose().to_owned();
            request.headers_mut().insert("authorization", authorization);
            Ok(request)
        })
        .deserializer(read)
        .build()
}

fn read(response: &HttpResponse) -> Result<Reply, OrchestratorError<std::io::Error>> {
    let date = response.headers().get("date");
    let date = date.and_then(|date| DateTime::from_str(date, DateFormat::HttpDate).ok());
    Ok(Reply {
        status: response.status().as_u16(),
        date: date.and_then(|date| Some(Timestamp(date.secs().try_into().ok()?))),
        body: response.body().bytes().unwrap_or_default().to_vec(),
    })
}

fn failure_of(error: &SdkError<std::io::Error, HttpResponse>) -> Box<Failure> {
    match (error, unreachable_host(error)) {
        (_, Some(failure)) => failure,
        (SdkError::TimeoutError(_), None) => row::TIMED_OUT.failure(),
        (SdkError::ResponseError(context), None) => {
            row::ANSWER_GARBLED.with("status", context.raw().status().as_u16())
        }
        (error, None) => row::CALL_NOT_MADE.with("reason", last_words(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_has_the_servers_clock() {
        let mut response = HttpResponse::new(404.try_into().unwrap(), "no".into());
        response
            .headers_mut()
            .insert("date", "Fri, 15 Jan 2027 08:00:00 GMT");
        let expected = Reply {
            status: 404,
            date: Some(Timestamp(1_800_000_000)),
            body: b"no".to_vec(),
        };
        assert_eq!(read(&response).unwrap(), expected);
    }
}
