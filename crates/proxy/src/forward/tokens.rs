//! What AWS grants a run, tokens and sessions, one for each domain, in this process's memory alone: a cache that the same
//! user can read would give them to the build. One is got when the first request needs it, and again when it ages or is
//! refused.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use codeartifact_auth::endpoint::Domain;
use codeartifact_auth::minter::AwsSession;
use codeartifact_auth::token::{Freshness, Timestamp, Token};
use tokio::sync::Mutex as AsyncMutex;

/// A failure is not tried again before this has passed: every request of a build would wait for it.
const PAUSE: Duration = Duration::from_secs(10);

/// Other hosts' of any age will do, as long as they are fresh.
const ANY_AGE: Timestamp = Timestamp(0);

/// A session is replaced this much before its end, and is not used when less than a minute is left.
const SESSION_STALE: u64 = 10 * 60;
const SESSION_EXPIRED: u64 = 60;

/// Asks AWS, which blocks, for one that is not older than this; a failure is said in words.
pub(crate) type Ask<T> = dyn Fn(&Domain, Timestamp) -> Result<T, String> + Send + Sync;

/// Reads the clock.
pub(crate) type Clock = dyn Fn() -> Timestamp + Send + Sync;

pub(crate) type Tokens = Grants<Token>;
pub(crate) type Sessions = Grants<AwsSession>;

/// What AWS grants for a time.
pub(crate) trait Granted: Clone + Send + 'static {
    fn freshness(&self, now: Timestamp) -> Freshness;

    /// When it was got, if that is known.
    fn issued_at(&self) -> Timestamp;

    /// The secret that tells one grant from another.
    fn secret(&self) -> &str;
}

impl Granted for Token {
    fn freshness(&self, now: Timestamp) -> Freshness {
        Token::freshness(self, now)
    }

    fn issued_at(&self) -> Timestamp {
        self.issued_at
    }

    fn secret(&self) -> &str {
        self.secret.expose()
    }
}

impl Granted for AwsSession {
    fn freshness(&self, now: Timestamp) -> Freshness {
        match self.expires_at.map(|end| end.since(now)) {
            Some(..=SESSION_EXPIRED) => Freshness::Expired,
            Some(..=SESSION_STALE) => Freshness::Stale,
            _ => Freshness::Fresh,
        }
    }

    /// No two hosts share a session.
    fn issued_at(&self) -> Timestamp {
        Timestamp(0)
    }

    fn secret(&self) -> &str {
        self.secret_access_key.expose()
    }
}

pub(crate) struct Grants<T> {
    ask: Arc<Ask<T>>,
    clock: Box<Clock>,
    slots: Mutex<BTreeMap<Domain, Arc<Slot<T>>>>,
}

/// What is granted for one domain.
struct Slot<T> {
    granted: Mutex<Option<T>>,
    /// Held by the one who asks; the last failure, and when it was.
    turn: AsyncMutex<Option<(Instant, String)>>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self {
            granted: Mutex::new(None),
            turn: AsyncMutex::default(),
        }
    }
}

impl<T: Clone> Slot<T> {
    fn granted(&self) -> Option<T> {
        let granted = self.granted.lock();
        granted.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, granted: Option<T>) {
        *self.granted.lock().unwrap_or_else(PoisonError::into_inner) = granted;
    }
}

impl<T: Granted> Grants<T> {
    pub(crate) fn new(ask: Arc<Ask<T>>, clock: Box<Clock>) -> Self {
        Self {
            ask,
            clock,
            slots: Mutex::default(),
        }
    }

    /// The moment, as everything here counts it.
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The one that is here, whatever its age.
    pub(crate) fn peek(&self, domain: &Domain) -> Option<T> {
        self.slot(domain).granted()
    }

    /// A valid one. Of many requests at once, the first gets it and the others wait; where an ageing one is still valid, they
    /// go on with that.
    ///
    /// # Errors
    /// There is none, in words for a person.
    pub(crate) async fn get(&self, domain: &Domain) -> Result<T, String> {
        let slot = self.slot(domain);
        let (known, freshness) = self.known(&slot);
        let mut turn = match (known, freshness) {
            (Some(known), Freshness::Fresh) => return Ok(known),
            (Some(known), Freshness::Stale) => match slot.turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(known),
            },
            _ => slot.turn.lock().await,
        };
        // Somebody else may have had the turn meanwhile.
        match self.known(&slot) {
            (Some(known), Freshness::Fresh) => Ok(known),
            (Some(known), Freshness::Stale) => Ok(self
                .renew(&slot, &mut turn, domain, ANY_AGE)
                .await
                .unwrap_or(known)),
            _ => self.renew(&slot, &mut turn, domain, ANY_AGE).await,
        }
    }

    /// Another one than was refused: got once, however many requests that one was refused for.
    ///
    /// # Errors
    /// As [`Grants::get`].
    pub(crate) async fn replace(&self, domain: &Domain, refused: &T) -> Result<T, String> {
        let slot = self.slot(domain);
        let mut turn = slot.turn.lock().await;
        match slot.granted() {
            Some(known) if known.secret() != refused.secret() => Ok(known),
            _ => {
                slot.set(None);
                let after = refused.issued_at().plus(1);
                self.renew(&slot, &mut turn, domain, after).await
            }
        }
    }

    fn known(&self, slot: &Slot<T>) -> (Option<T>, Freshness) {
        let known = slot.granted();
        let freshness = known.as_ref().map(|known| known.freshness(self.now()));
        (known, freshness.unwrap_or(Freshness::Expired))
    }

    async fn renew(
        &self,
        slot: &Slot<T>,
        failed: &mut Option<(Instant, String)>,
        domain: &Domain,
        after: Timestamp,
    ) -> Result<T, String> {
        if let Some((_, words)) = failed.as_ref().filter(|(at, _)| at.elapsed() < PAUSE) {
            return Err(words.clone());
        }
        let (ask, asked) = (Arc::clone(&self.ask), domain.clone());
        let granted = tokio::task::spawn_blocking(move || ask(&asked, after)).await;
        match granted.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(granted) => {
                *failed = None;
                slot.set(Some(granted.clone()));
                Ok(granted)
            }
            Err(words) => {
                *failed = Some((Instant::now(), words.clone()));
                Err(words)
            }
        }
    }

    fn slot(&self, domain: &Domain) -> Arc<Slot<T>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(domain.clone()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

    use codeartifact_auth::token::Secret;

    use super::*;

    const HOUR: u64 = 3600;

    fn domain() -> Domain {
        Domain {
            name: "d".into(),
            owner: "111122223333".into(),
            region: "us-east-1".into(),
        }
    }

    /// Tokens that live an hour, a clock that a test sets, and how many were minted.
    fn tokens(fails_from: usize) -> (Tokens, Arc<AtomicU64>, Arc<AtomicUsize>) {
        let (clock, mints) = (
            Arc::new(AtomicU64::new(1_800_000_000)),
            Arc::new(AtomicUsize::new(0)),
        );
        let (read, count) = (Arc::clone(&clock), Arc::clone(&mints));
        let now = move || Timestamp(read.load(Ordering::Relaxed));
        let issue = now.clone();
        let mint = move |_: &Domain, _: Timestamp| {
            let number = count.fetch_add(1, Ordering::Relaxed) + 1;
            if number >= fails_from {
                return Err(format!("no token {number}"));
            }
            Ok(Token {
                secret: Secret::new(format!("token {number}")),
                issued_at: issue(),
                expires_at: issue().plus(HOUR),
            })
        };
        (Tokens::new(Arc::new(mint), Box::new(now)), clock, mints)
    }

    fn wait<T>(future: impl Future<Output = T>) -> T {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap().block_on(future)
    }

    #[test]
    fn a_token_is_got_once_and_again_when_it_ages() {
        wait(async {
            let (tokens, clock, mints) = tokens(usize::MAX);
            for (advance, expected) in [(0, 1), (44 * 60, 1), (2 * 60, 2), (2 * HOUR, 3)] {
                clock.fetch_add(advance, Ordering::Relaxed);
                let token = tokens.get(&domain()).await.unwrap();
                assert_eq!(token.secret(), format!("token {expected}"));
                assert_eq!(mints.load(Ordering::Relaxed), expected);
            }
        });
    }

    #[test]
    fn an_ageing_token_serves_while_another_one_is_got() {
        wait(async {
            let (begun, go_on) = (
                std::sync::mpsc::channel::<()>(),
                std::sync::mpsc::channel::<()>(),
            );
            let (is_begun, waits) = (begun.0, Mutex::new(go_on.1));
            let count = AtomicUsize::new(0);
            let issued = Timestamp(1_800_000_000);
            let mint = move |_: &Domain, _: Timestamp| {
                let number = count.fetch_add(1, Ordering::Relaxed) + 1;
                if number == 2 {
                    is_begun.send(()).unwrap();
                    waits.lock().unwrap().recv().unwrap();
                }
                Ok(Token {
                    secret: Secret::new(format!("token {number}")),
                    issued_at: issued,
                    expires_at: issued.plus(HOUR * number as u64),
                })
            };
            let clock = Arc::new(AtomicU64::new(issued.0));
            let read = Arc::clone(&clock);
            let now = move || Timestamp(read.load(Ordering::Relaxed));
            let tokens = Arc::new(Tokens::new(Arc::new(mint), Box::new(now)));
            assert_eq!(tokens.get(&domain()).await.unwrap().secret(), "token 1");
            clock.fetch_add(50 * 60, Ordering::Relaxed);
            let renewing = Arc::clone(&tokens);
            let renewed = tokio::spawn(async move { renewing.get(&domain()).await.unwrap() });
            tokio::task::yield_now().await;
            begun.1.recv().unwrap();
            assert_eq!(tokens.get(&domain()).await.unwrap().secret(), "token 1");
            go_on.0.send(()).unwrap();
            assert_eq!(renewed.await.unwrap().secret(), "token 2");
            assert_eq!(tokens.peek(&domain()).unwrap().secret(), "token 2");
        });
    }

    #[test]
    fn a_refused_token_is_replaced_once() {
        wait(async {
            let (tokens, _, mints) = tokens(usize::MAX);
            let first = tokens.get(&domain()).await.unwrap();
            for _ in 0..5 {
                let next = tokens.replace(&domain(), &first).await.unwrap();
                assert_eq!(next.secret(), "token 2");
            }
            assert_eq!(mints.load(Ordering::Relaxed), 2);
        });
    }

    #[test]
    fn a_failure_is_remembered_and_an_older_token_serves() {
        wait(async {
            let (tokens, clock, mints) = tokens(2);
            tokens.get(&domain()).await.unwrap();
            clock.fetch_add(50 * 60, Ordering::Relaxed);
            for _ in 0..3 {
                assert_eq!(tokens.get(&domain()).await.unwrap().secret(), "token 1");
            }
            clock.fetch_add(HOUR, Ordering::Relaxed);
            assert_eq!(tokens.get(&domain()).await.unwrap_err(), "no token 2");
            assert_eq!(mints.load(Ordering::Relaxed), 2);
        });
    }

    #[test]
    fn a_session_is_replaced_before_its_end() {
        let session = |expires_at| AwsSession {
            access_key_id: "ASIAIOSFODNN7EXAMPLE".to_owned(),
            secret_access_key: Secret::new("k".to_owned()),
            session_token: None,
            expires_at,
            endpoint: String::new(),
        };
        let rows = [
            (None, Freshness::Fresh),
            (Some(601), Freshness::Fresh),
            (Some(600), Freshness::Stale),
            (Some(60), Freshness::Expired),
            (Some(0), Freshness::Expired),
        ];
        for (left, expected) in rows {
            let session = session(left.map(|left| Timestamp(1000 + left)));
            assert_eq!(session.freshness(Timestamp(1000)), expected, "{left:?}");
        }
    }
}
