//! The one HTTP client of a mint: every call of every step goes through it, so that connections are kept and
//! shared. It decides the way: through the proxy, or straight to a metadata service. It knows nothing of AWS's
//! answers but `Retry-After`.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use aws_smithy_http_client::pool::{Client, ConnectionPool};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;
use tokio::time::Instant;

use super::proxy;
use super::unreachable::name_host;
use crate::environment::Environment;

/// As the SDK's own default; a proxy on the way makes it two connections.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);

/// A metadata service is on this very machine: it answers at once or never.
const METADATA_CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const METADATA_READ_TIMEOUT: Duration = Duration::from_secs(5);

/// An answer of AWS's API has a few kilobytes, most of them a token.
const LONGEST_ANSWER: usize = 1024 * 1024;
/// The page of a package may have megabytes.
const LONGEST_DOCUMENT: usize = 64 * 1024 * 1024;

/// Link-local services of EC2, ECS and EKS. Through a proxy they would be the proxy's, if they are there at all.
const METADATA_HOSTS: [&str; 5] = [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "[fd00:ec2::254]",
    "[fd00:ec2::23]",
];

/// The client that all of the SDK's clients share.
#[derive(Debug, Clone)]
pub(super) struct Transport {
    outside: Client,
    /// For endpoints that a user has moved to plain http.
    plain: Client,
    metadata: Client,
    proxy: Option<&'static str>,
    deadline: Instant,
    next: NextHost,
    /// The longest body that is read, in bytes: an endless one would fill the memory.
    longest: usize,
}

/// The URL of a host that is asked later, until a connection to it is begun.
type NextHost = Arc<Mutex<Option<String>>>;

/// The ways that one call may take.
#[derive(Debug)]
struct Ways {
    outside: SharedHttpConnector,
    plain: SharedHttpConnector,
    metadata: SharedHttpConnector,
    proxy: Option<&'static str>,
    deadline: Instant,
    next: NextHost,
    longest: usize,
}

impl Transport {
    /// `authorities` are trusted beside the system's own.
    pub(super) fn new(
        authorities: TrustStore,
        environment: &Environment,
        deadline: Instant,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let tls = TlsContext::builder()
            .with_trust_store(authorities)
            .build()?;
        // The steps come one after the other, so one connection to each host serves them all.
        let outside = ConnectionPool::builder()
            .max_connections_per_host(1)
            .proxy_config(proxy::of_https(environment))
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(tls)
            .build_https()?;
        let plain = ConnectionPool::builder()
            .max_connections_per_host(1)
            .proxy_config(proxy::of_http(environment))
            .build_http()?;
        let metadata = ConnectionPool::builder().build_http()?;
        Ok(Self {
            outside: Client::new(&outside)?,
            plain: Client::new(&plain)?,
            metadata: Client::new(&metadata)?,
            proxy: proxy::variable(environment),
            deadline,
            next: NextHost::default(),
            longest: LONGEST_ANSWER,
        })
    }

    /// The same for what a repository has, which is longer than what AWS's API says.
    pub(super) fn of_documents(&self) -> Self {
        Self {
            longest: LONGEST_DOCUMENT,
            ..self.clone()
        }
    }

    /// Lets the first call of all make a connection to the host of `url` too, so that the call to that one need not wait.
    pub(super) fn connect_early(&self, url: String) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(url);
    }
}

impl HttpClient for Transport {
    /// With the same limits for all, whatever settings a client of the SDK comes with.
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let outside = HttpConnectorSettings::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .build();
        let metadata = HttpConnectorSettings::builder()
            .connect_timeout(METADATA_CONNECT_TIMEOUT)
            .read_timeout(METADATA_READ_TIMEOUT)
            .build();
        SharedHttpConnector::new(Ways {
            outside: self.outside.http_connector(&outside, components),
            plain: self.plain.http_connector(&outside, components),
            metadata: self.metadata.http_connector(&metadata, components),
            proxy: self.proxy,
            deadline: self.deadline,
            next: self.next.clone(),
            longest: self.longest,
        })
    }
}

impl HttpConnector for Ways {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = host_of(request.uri()).to_owned();
        let is_metadata = METADATA_HOSTS.contains(&host.as_str());
        let connector = if is_metadata {
            &self.metadata
        } else if request.uri().starts_with("http://") {
            &self.plain
        } else {
            &self.outside
        };
        if !is_metadata {
            self.connect_to_next();
        }
        let answer = connector.call(request);
        let (proxy, deadline) = (self.proxy.filter(|_| !is_metadata), self.deadline);
        let longest = self.longest;
        HttpConnectorFuture::new(async move {
            match answer.await {
                Ok(response) => Ok(translate_retry_after(limited(response, longest), deadline)),
                Err(error) => Err(name_host(error, host, proxy)),
            }
        })
    }
}

impl Ways {
    /// Begins, once, the connection that a later call needs.
    fn connect_to_next(&self) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(url) = next.take() {
            tokio::spawn(connect(self.outside.clone(), url));
        }
    }
}

/// Lets a request begin and gives it up before it is sent. The pool makes connections in tasks of their own, and keeps one
/// that no call waits for, but for HTTP/2, which `upgrade` rules out. A failure is left to the call that needs the
/// connection.
async fn connect(outside: SharedHttpConnector, url: String) {
    let Ok(mut request) = HttpRequest::get(url) else {
        return;
    };
    request.headers_mut().insert("upgrade", "none");
    let mut answer = pin!(outside.call(request));
    poll_fn(|context| {
        let _ = answer.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
    // The pool's task must have begun, else it ends with the request.
    tokio::task::yield_now().await;
}

/// `sts.us-east-1.amazonaws.com`, `[fd00:ec2::254]`: neither userinfo nor port.
fn host_of(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_and_port = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    match host_and_port.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => host_and_port,
    }
}

/// Reading the body fails where it gets too long.
fn limited(response: HttpResponse, longest: usize) -> HttpResponse {
    response.map(|body| SdkBody::from_body_1_x(Limited::new(body, longest)))
}

/// AWS's services send `Retry-After` in seconds, but the SDK looks for `x-amz-retry-after` in milliseconds only.
/// A pause that would outlast the deadline is not taken over: the usual short ones are the better chance.
fn translate_retry_after(mut response: HttpResponse, deadline: Instant) -> HttpResponse {
    let seconds = response
        .headers()
        .get("retry-after")
        .and_then(|text| text.parse().ok());
    let pause = match seconds {
        Some(seconds) if !response.status().is_success() => Duration::from_secs(seconds),
        _ => return response,
    };
    if pause < deadline.saturating_duration_since(Instant::now()) {
        let milliseconds = pause.as_millis().to_string();
        response
            .headers_mut()
            .insert("x-amz-retry-after", milliseconds);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_from_uris() {
        let rows = [
            (
                "https://sts.us-east-1.amazonaws.com/",
                "sts.us-east-1.amazonaws.com",
            ),
            ("http://169.254.169.254/latest/api/token", "169.254.169.254"),
            ("http://169.254.170.2?x=@y", "169.254.170.2"),
            ("http://[fd00:ec2::254]/latest", "[fd00:ec2::254]"),
            ("http://[fd00:ec2::23]:80/v1", "[fd00:ec2::23]"),
            ("http://127.0.0.1:4566/h/sts", "127.0.0.1"),
            ("http://169.254.169.254@example.com/", "example.com"),
            ("/latest", ""),
        ];
        for (uri, host) in rows {
            assert_eq!(host_of(uri), host, "{uri}");
        }
    }

    /// Answers with its own status, so that a test sees who was asked.
    #[derive(Debug)]
    struct Answers(u16);

    impl HttpConnector for Answers {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            let status = self.0.try_into().unwrap();
            HttpConnectorFuture::ready(Ok(HttpResponse::new(status, "".into())))
        }
    }

    #[test]
    fn metadata_services_and_only_those_are_asked_without_a_proxy() {
        let (proxied, direct) = (201, 202);
        let ways = Ways {
            outside: SharedHttpConnector::new(Answers(proxied)),
            plain: SharedHttpConnector::new(Answers(proxied)),
            metadata: SharedHttpConnector::new(Answers(direct)),
            proxy: Some("HTTPS_PROXY"),
            deadline: Instant::now(),
            next: NextHost::default(),
            longest: LONGEST_ANSWER,
        };
        let rows = [
            ("http://169.254.169.254/latest/api/token", direct),
            ("http://169.254.170.2/v2/credentials/1", direct),
            ("http://169.254.170.23/v1/credentials", direct),
            ("http://[fd00:ec2::254]/latest/api/token", direct),
            ("http://[fd00:ec2::23]/v1/credentials", direct),
            ("https://sts.us-east-1.amazonaws.com/", proxied),
            ("http://169.254.169.254.example.com/", proxied),
            ("http://127.0.0.1:8080/credentials", proxied),
        ];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        for (uri, status) in rows {
            let answer = runtime.block_on(ways.call(HttpRequest::get(uri).unwrap()));
            assert_eq!(answer.unwrap().status().as_u16(), status, "{uri}");
        }
    }

    #[test]
    fn a_pause_is_taken_over_if_it_fits() {
        let rows = [
            (429, Some("3"), Some("3000")),
            (503, Some("1"), Some("1000")),
            (429, Some("60"), None),
            (429, Some("Wed, 21 Oct 2026 07:28:00 GMT"), None),
            (429, None, None),
            (200, Some("3"), None),
        ];
        for (status, sent, expected) in rows {
            let mut response = HttpResponse::new(status.try_into().unwrap(), "".into());
            if let Some(sent) = sent {
                response.headers_mut().insert("retry-after", sent);
            }
            let deadline = Instant::now() + Duration::from_secs(10);
            let response = translate_retry_after(response, deadline);
            let taken = response.headers().get("x-amz-retry-after");
            assert_eq!(taken, expected, "{status} {sent:?}");
        }
    }

    #[test]
    fn an_answer_without_end_is_not_read() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        for (length, is_read) in [(0, true), (100, true), (101, false)] {
            let response = HttpResponse::new(200.try_into().unwrap(), "x".repeat(length).into());
            let body = limited(response, 100).into_body();
            let read = runtime.block_on(http_body_util::BodyExt::collect(body));
            assert_eq!(read.is_ok(), is_read, "{length}");
        }
    }
}
