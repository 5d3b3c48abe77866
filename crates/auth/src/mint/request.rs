//! One HTTP request that is no call of AWS's API: to a CI system's token service, the instance metadata service or a
//! repository. It goes over the same transport as every other call, with its proxies, certificate authorities and limits.
//! It follows no redirect, so a secret never leaves for another host, and is not repeated.

use std::time::Duration;

use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::date_time::{DateTime, Format as DateFormat};
use aws_smithy_types::timeout::TimeoutConfig;

use super::transport::Transport;
use crate::token::{Secret, Timestamp};

/// A request below an origin.
#[derive(Debug, Clone)]
pub(super) struct Request {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, Secret)>,
    body: Vec<u8>,
}

/// The response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The server's clock.
    pub date: Option<Timestamp>,
    /// The document.
    pub body: Vec<u8>,
}

pub(super) type RequestError = SdkError<std::io::Error, HttpResponse>;

impl Request {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self::of("GET", path)
    }

    pub(super) fn put(path: impl Into<String>) -> Self {
        Self::of("PUT", path)
    }

    /// Sends a JSON document.
    pub(super) fn post(path: impl Into<String>, body: Vec<u8>) -> Self {
        let request = Self::of("POST", path);
        let kind = Secret::new("application/json".to_owned());
        Self { body, ..request }.header("content-type", kind)
    }

    fn of(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(super) fn header(mut self, name: &'static str, value: Secret) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sends it to an origin, which may have a path of its own, and waits for so long.
    pub(super) async fn send(
        self,
        transport: Transport,
        origin: &str,
        patience: Duration,
    ) -> Result<Reply, RequestError> {
        let limits = TimeoutConfig::builder().operation_timeout(patience).build();
        let operation = Operation::builder()
            .service_name("plain HTTP")
            .operation_name("request")
            .http_client(transport)
            .endpoint_url(origin.trim_end_matches('/'))
            .no_auth()
            .no_retry()
            .timeout_config(limits)
            .serializer(|request: Self| {
                let mut sent = HttpRequest::get(request.path)?;
                sent.set_method(request.method)?;
                if !request.body.is_empty() {
                    let length = request.body.len().to_string();
                    sent.headers_mut().insert("content-length", length);
                    *sent.body_mut() = request.body.into();
                }
                for (name, value) in request.headers {
                    sent.headers_mut().insert(name, value.expose().to_owned());
                }
                Ok(sent)
            })
            .deserializer(read)
            .build();
        operation.invoke(self).await
    }
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

    #[test]
    fn a_secret_header_is_not_shown() {
        let request = Request::get("/").header("authorization", Secret::new("hush".to_owned()));
        assert!(!format!("{request:?}").contains("hush"));
    }
}
