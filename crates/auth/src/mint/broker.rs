//! Asks the platform's broker for a token, with the job's identity token as proof. If it cannot answer, the job's own way to
//! AWS is taken after a pause; what it refuses is final.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::request::{Reply, Request};
use super::session::Session;
use super::source::{self, Proof};
use super::{hop, id_token};
use crate::broker::{Denial, Grant, Question, TOKEN_PATH};
use crate::connection::BrokerSettings;
use crate::endpoint::Endpoint;
use crate::error::{Failure, Step, row};
use crate::token::{Freshness, Secret, Token};
use crate::visible::short_line;

/// A broker has a mint of its own to wait for.
const PATIENCE: Duration = Duration::from_secs(15);

/// All jobs of a fleet see a broker that is down at the same moment. AWS must not.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How often it is asked: a replica that ends is replaced by another one within moments.
const ATTEMPTS: usize = 3;

/// Before it is asked again.
const LONGEST_MOMENT: Duration = Duration::from_secs(1);

/// What is left for the job's own way after the pause.
const OWN_WAY: Duration = Duration::from_secs(5);

/// A broker's words are a line.
const LONGEST_WORDS: usize = 300;

/// Why there is no token of the broker's.
enum Silence {
    /// It knows the question, and says no.
    Refused(Box<Failure>),
    /// It could not answer.
    Down(String),
}

/// The broker's token; or why there is none.
pub(super) enum Answered {
    Token(Token),
    /// It could not answer, so this is where the job's own way begins.
    OwnWay(Box<OwnWay>),
}

/// Credentials of the job's own.
pub(super) struct OwnWay {
    proof: Proof,
    down: Box<Failure>,
}

pub(super) async fn ask(
    session: &Session<'_>,
    broker: &BrokerSettings,
) -> Result<Answered, Box<Failure>> {
    let step = Step::token(session.request.domain);
    let asked = session.step(step.clone(), async {
        Ok(ask_for_token(session, broker).await)
    });
    let reason = match asked.await? {
        Ok(token) => return Ok(Answered::Token(token)),
        Err(Silence::Refused(failure)) => return Err(failure.at(&step, session.connection())),
        Err(Silence::Down(reason)) => reason,
    };
    let down = row::BROKER_DOWN
        .with("broker", &broker.url)
        .with("reason", reason)
        .at(&step, session.connection());
    // Who has none of his own need not wait for it.
    match source::first(session).await {
        Ok(proof) => {
            pause(session).await;
            Ok(Answered::OwnWay(Box::new(OwnWay { proof, down })))
        }
        Err(own) => Err(explained(down, &own)),
    }
}

impl OwnWay {
    /// Why the broker has not answered.
    pub(super) fn reason(self) -> Box<Failure> {
        self.down
    }

    /// Goes it.
    pub(super) async fn walk(self, session: &Session<'_>) -> Result<Token, Box<Failure>> {
        let gone = async {
            let credentials = hop::walk_from(session, self.proof).await?;
            let duration = session.request.connection.duration;
            super::authorization::token(session, credentials, duration).await
        };
        gone.await.map_err(|own| explained(self.down, &own))
    }
}

fn explained(down: Box<Failure>, own: &Failure) -> Box<Failure> {
    down.with("own", own.words())
}

async fn pause(session: &Session<'_>) {
    let left = session.deadline().saturating_duration_since(Instant::now());
    let longest = LONGEST_PAUSE.min(left.saturating_sub(OWN_WAY));
    sleep(longest.mul_f64(fastrand::f64())).await;
}

async fn ask_for_token(session: &Session<'_>, broker: &BrokerSettings) -> Result<Token, Silence> {
    let audience = &broker.audience;
    let proof = id_token::get_for(session, &broker.source, audience).await;
    let proof = proof.map_err(Silence::Refused)?;
    let question = question(session).map_err(Silence::Refused)?;
    let bearer = Secret::new(format!("Bearer {}", proof.expose()));
    let request = Request::post(TOKEN_PATH, question).header("authorization", bearer);
    let end = Instant::now() + PATIENCE;
    for attempt in 1..=ATTEMPTS {
        let left = end.saturating_duration_since(Instant::now());
        let sent = request
            .clone()
            .send(session.transport.clone(), &broker.url, left);
        let answered = match sent.await {
            Ok(reply) => read(&reply, session, broker),
            Err(error) => Err(Silence::Down(reason_of(&error))),
        };
        let is_over = attempt == ATTEMPTS || Instant::now() + LONGEST_MOMENT > end;
        match answered {
            Err(Silence::Down(_)) if !is_over => {
                sleep(LONGEST_MOMENT.mul_f64(fastrand::f64())).await;
            }
            answered => return answered,
        }
    }
    Err(Silence::Down("it was not asked".into()))
}

fn question(session: &Session<'_>) -> Result<Vec<u8>, Box<Failure>> {
    let domain = session.request.domain;
    let bug = |error: String| row::BUG.with("reason", error);
    let mut endpoints = session.request.connection.endpoints.values();
    let root = match endpoints.find(|it| it.domain == *domain) {
        Some(endpoint) => endpoint.root(),
        None => Endpoint::of_domain(domain)
            .map_err(|error| bug(error.to_string()))?
            .root(),
    };
    let question = Question {
        url: root.into(),
        connection: session.connection().map(Into::into),
    };
    serde_json::to_vec(&question).map_err(|error| bug(error.to_string()))
}

fn read(reply: &Reply, session: &Session<'_>, broker: &BrokerSettings) -> Result<Token, Silence> {
    if reply.status == 200 {
        return token(reply, session).ok_or_else(|| Silence::Down("its answer is no token".into()));
    }
    let words = serde_json::from_slice::<Denial>(&reply.body);
    let words = words.map(|denial| short_line(&denial.error, LONGEST_WORDS));
    let reason = words.unwrap_or_else(|_| format!("HTTP {}", reply.status));
    let refused = match reply.status {
        401 => row::BROKER_REJECTS_TOKEN.with("audience", &broker.audience),
        400 | 403 => row::BROKER_REFUSED.failure(),
        _ => return Err(Silence::Down(reason)),
    };
    let refused = refused.with("broker", &broker.url).with("reason", reason);
    Err(Silence::Refused(refused))
}

/// One that counts as expired here would be asked for again and again.
fn token(reply: &Reply, session: &Session<'_>) -> Option<Token> {
    let token: Token = serde_json::from_slice::<Grant<'_>>(&reply.body)
        .ok()?
        .into();
    let is_valid = token.freshness(session.environment.now()) != Freshness::Expired;
    let is_text = super::authorization::is_token(token.secret.expose());
    (is_valid && is_text).then_some(token)
}

fn reason_of(error: &super::request::RequestError) -> String {
    match super::unreachable::unreachable_host(error) {
        Some(failure) => failure.words().to_owned(),
        None => "it did not answer in time".to_owned(),
    }
}
