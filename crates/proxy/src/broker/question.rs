//! One question for a token, from its headers to its answer: who asks, for what, and what is noted of it.

use std::time::Duration;

use bytes::Bytes;
use codeartifact_auth::broker::{Denial, Grant, LONGEST_QUESTION, Question};
use codeartifact_auth::token::Token;
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use tokio::time::timeout;

use super::Broker;
use super::audit::AuditLine;
use super::clients::{Caller, allowed};
use super::metrics::RequestOutcome;
use super::oidc::Unproved;
use super::tenants::Unanswered;
use crate::answer;
use crate::forward::Granted as _;

/// A question is short: it takes no longer to come.
const BODY: Duration = Duration::from_secs(10);

/// A question that gets no token.
struct NoToken {
    status: StatusCode,
    outcome: RequestOutcome,
    words: String,
}

impl NoToken {
    fn new(status: StatusCode, outcome: RequestOutcome, words: impl Into<String>) -> Self {
        Self {
            status,
            outcome,
            words: words.into(),
        }
    }
}

pub(super) async fn answer(broker: &Broker, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let caller = match who(broker, request.headers()).await {
        Ok(caller) => caller,
        Err(refused) => return refuse(broker, None, "", refused),
    };
    let body = match read(request.into_body()).await {
        Ok(body) => body,
        Err(refused) => return refuse(broker, Some(&caller), "", refused),
    };
    match granted(broker, &caller, &body).await {
        Ok((connection, token)) => {
            let text = serde_json::to_string(&Grant::new(&token, connection));
            let mut answer =
                answer::typed(StatusCode::OK, "application/json", text.unwrap_or_default());
            let never = header::HeaderValue::from_static("no-store");
            answer.headers_mut().insert(header::CACHE_CONTROL, never);
            answer.map(Full::new)
        }
        Err((connection, refused)) => refuse(broker, Some(&caller), connection, refused),
    }
}

async fn who(broker: &Broker, headers: &HeaderMap) -> Result<Caller, NoToken> {
    let unproved =
        |words: &str| NoToken::new(StatusCode::UNAUTHORIZED, RequestOutcome::Unproved, words);
    let token = bearer(headers).ok_or_else(|| {
        unproved(
            "show an identity token: `Authorization: Bearer`, of an issuer that the broker knows",
        )
    })?;
    match broker.issuers.verify(token).await {
        Ok(caller) => Ok(caller),
        Err(Unproved::Token(words)) => Err(unproved(&words)),
        Err(Unproved::Keys(words)) => Err(NoToken::new(
            StatusCode::SERVICE_UNAVAILABLE,
            RequestOutcome::Failed,
            format!("the issuer's keys cannot be read: {words}"),
        )),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let (first, second) = (sent.next()?, sent.next());
    let (scheme, token) = first.to_str().ok()?.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer") && second.is_none();
    is_bearer.then_some(token.trim())
}

async fn read(body: Incoming) -> Result<Bytes, NoToken> {
    let whole = Limited::new(body, LONGEST_QUESTION).collect();
    match timeout(BODY, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        _ => Err(malformed("the question did not come whole")),
    }
}

fn malformed(words: impl Into<String>) -> NoToken {
    NoToken::new(StatusCode::BAD_REQUEST, RequestOutcome::Malformed, words)
}

/// The token and its connection; or the connection as far as it is known, and why there is none.
async fn granted<'a>(
    broker: &'a Broker,
    caller: &Caller,
    body: &[u8],
) -> Result<(&'a str, Token), (&'a str, NoToken)> {
    let question: Question<'_> = serde_json::from_slice(body).map_err(|_| {
        (
            "",
            malformed(
                r#"ask with {"url": "https://…"}, and "connection" where several are for it"#,
            ),
        )
    })?;
    let allowed = allowed(&broker.clients, caller);
    let chosen = broker.tenants.choose(&question, &allowed);
    let (name, tenant, endpoint) = chosen.map_err(|unanswered| match unanswered {
        Unanswered::Question(words) => ("", malformed(words)),
        Unanswered::Denied(words) => {
            let denied = NoToken::new(StatusCode::FORBIDDEN, RequestOutcome::Denied, words);
            ("", denied)
        }
    })?;
    let before = tenant.tokens.peek(&endpoint.domain);
    let token = tenant.tokens.get(&endpoint.domain).await.map_err(|words| {
        let failed = NoToken::new(StatusCode::BAD_GATEWAY, RequestOutcome::Failed, words);
        (name, failed)
    })?;
    let is_kept = before.is_some_and(|before| before.secret() == token.secret());
    let outcome = if is_kept {
        RequestOutcome::Kept
    } else {
        RequestOutcome::Awaited
    };
    broker.metrics.asked(name, outcome);
    AuditLine::new("issued", &broker.environment)
        .of(&caller.issuer, &caller.subject)
        .about(name, &endpoint.domain.name)
        .with(&token)
        .write();
    Ok((name, token))
}

fn refuse(
    broker: &Broker,
    caller: Option<&Caller>,
    connection: &str,
    refused: NoToken,
) -> Response<Full<Bytes>> {
    let NoToken {
        status,
        outcome,
        words,
    } = refused;
    broker.metrics.asked(connection, outcome);
    let line = AuditLine::new("refused", &broker.environment).because(&words);
    let line = AuditLine {
        connection: Some(connection).filter(|name| !name.is_empty()),
        ..line
    };
    broker.refusals.note(line, caller);
    let denial = serde_json::to_string(&Denial {
        error: words.clone(),
    });
    let mut answer = answer::typed(status, "application/json", denial.unwrap_or_default());
    if status == StatusCode::UNAUTHORIZED {
        let challenge = header::HeaderValue::from_static("Bearer");
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
    }
    answer.map(Full::new)
}
