//! The tokens of a run, one for each domain, in this process's memory alone: a cache that the same user can read would
//! give them to the build. A token is got when the first request needs it, and again when it ages or is refused.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use codeartifact_auth::endpoint::Domain;
use codeartifact_auth::token::{Freshness, Secret, Timestamp, Token};
use tokio::sync::Mutex as AsyncMutex;

/// A failure is not tried again before this has passed: every request of a build would wait for it.
const PAUSE: Duration = Duration::from_secs(10);

/// Asks AWS for a token, which blocks; a failure is said in words.
pub(crate) type Mint = dyn Fn(&Domain) -> Result<Token, String> + Send + Sync;

/// Reads the clock.
pub(crate) type Clock = dyn Fn() -> Timestamp + Send + Sync;

pub(crate) struct Tokens {
    mint: Arc<Mint>,
    clock: Box<Clock>,
    slots: Mutex<BTreeMap<Domain, Arc<AsyncMutex<Slot>>>>,
}

#[derive(Default)]
struct Slot {
    token: Option<Token>,
    failed: Option<(Instant, String)>,
}

impl Tokens {
    pub(crate) fn new(mint: Arc<Mint>, clock: Box<Clock>) -> Self {
        Self {
            mint,
            clock,
            slots: Mutex::default(),
        }
    }

    /// A valid token. Of many requests at once, the first gets it and the others wait.
    ///
    /// # Errors
    /// There is none, in words for a person.
    pub(crate) async fn get(&self, domain: &Domain) -> Result<Secret, String> {
        let slot = self.slot(domain);
        let mut slot = slot.lock().await;
        let found = slot.token.clone();
        let (older, freshness) = match found {
            Some(token) => (Some(token.secret.clone()), token.freshness((self.clock)())),
            None => (None, Freshness::Expired),
        };
        match (older, freshness) {
            (Some(secret), Freshness::Fresh) => Ok(secret),
            (Some(secret), Freshness::Stale) => {
                Ok(self.renew(&mut slot, domain).await.unwrap_or(secret))
            }
            _ => self.renew(&mut slot, domain).await,
        }
    }

    /// Another token than the one that was refused: minted once, however many requests that one was refused for.
    ///
    /// # Errors
    /// As [`Tokens::get`].
    pub(crate) async fn replace(
        &self,
        domain: &Domain,
        refused: &Secret,
    ) -> Result<Secret, String> {
        let slot = self.slot(domain);
        let mut slot = slot.lock().await;
        match &slot.token {
            Some(token) if token.secret.expose() != refused.expose() => Ok(token.secret.clone()),
            _ => {
                slot.token = None;
                self.renew(&mut slot, domain).await
            }
        }
    }

    async fn renew(&self, slot: &mut Slot, domain: &Domain) -> Result<Secret, String> {
        if let Some((at, words)) = slot.failed.as_ref().filter(|(at, _)| at.elapsed() < PAUSE) {
            let _ = at;
            return Err(words.clone());
        }
        let (mint, asked) = (Arc::clone(&self.mint), domain.clone());
        let minted = tokio::task::spawn_blocking(move || mint(&asked)).await;
        match minted.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(token) => {
                slot.failed = None;
                Ok(slot.token.insert(token).secret.clone())
            }
            Err(words) => {
                slot.failed = Some((Instant::now(), words.clone()));
                Err(words)
            }
        }
    }

    fn slot(&self, domain: &Domain) -> Arc<AsyncMutex<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(domain.clone()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

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
        let mint = move |_: &Domain| {
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
                let secret = tokens.get(&domain()).await.unwrap();
                assert_eq!(secret.expose(), format!("token {expected}"));
                assert_eq!(mints.load(Ordering::Relaxed), expected);
            }
        });
    }

    #[test]
    fn a_refused_token_is_replaced_once() {
        wait(async {
            let (tokens, _, mints) = tokens(usize::MAX);
            let first = tokens.get(&domain()).await.unwrap();
            for _ in 0..5 {
                let next = tokens.replace(&domain(), &first).await.unwrap();
                assert_eq!(next.expose(), "token 2");
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
                assert_eq!(tokens.get(&domain()).await.unwrap().expose(), "token 1");
            }
            clock.fetch_add(HOUR, Ordering::Relaxed);
            assert_eq!(tokens.get(&domain()).await.unwrap_err(), "no token 2");
            assert_eq!(mints.load(Ordering::Relaxed), 2);
        });
    }
}
