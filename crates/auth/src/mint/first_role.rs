//! The session of a chain's first role. It is the same for every connection behind that role, so it is kept as tokens are,
//! and a thousand customers cost one first AssumeRole an hour. Its key has whoever asks in it: nobody gets the session of
//! another. The last role's session is never kept.

use std::cell::RefCell;
use std::time::Duration;

use aws_credential_types::Credentials;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::role_session::SESSION_SECONDS;
use super::session::Session;
use crate::cache::{CacheKey, Label, SingleFlight, Stores, TokenCache};
use crate::connection::{CacheChoice, Hop};
use crate::environment::Environment;
use crate::error::{Failure, row};
use crate::token::{Freshness, Secret, Timestamp, Token};

/// How long another process that asks for it is waited for. What is left is enough for one of our own.
const TURN: Duration = Duration::from_secs(5);

/// JSON beside the values.
const FRAME_BYTES: usize = 64;

/// The first role of one mint.
pub(super) struct FirstRole<'a> {
    role: &'a Hop,
    environment: &'a Environment,
    key: CacheKey,
    store: Box<dyn TokenCache>,
    /// Others wait meanwhile.
    turn: RefCell<Option<SingleFlight>>,
}

/// What is kept, in a token's place.
#[derive(Serialize, Deserialize)]
struct Keys<'a> {
    id: &'a str,
    key: &'a str,
    session: &'a str,
}

impl<'a> FirstRole<'a> {
    /// The first of several roles, if what it gives may be kept.
    pub(super) fn of(session: &Session<'a>) -> Option<Self> {
        let connection = session.request.connection;
        let [role, _, ..] = connection.hops.as_slice() else {
            return None;
        };
        if connection.cache == CacheChoice::Off {
            return None;
        }
        let environment = session.environment;
        Some(Self {
            role,
            environment,
            key: CacheKey::of_first_role(role, connection, environment),
            store: Stores::new(environment).open_for_sessions(connection.cache, environment),
            turn: RefCell::default(),
        })
    }

    /// The kept session. Without one it is this process's turn to ask for it, once another that does so has ended.
    pub(super) fn kept(&self, deadline: Instant) -> Option<Credentials> {
        if let Some(kept) = self.load() {
            return Some(kept);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        let turn = SingleFlight::wait(&self.key, self.environment, TURN.min(left / 2));
        let kept = self.load();
        if kept.is_none() {
            self.turn.replace(Some(turn));
        }
        kept
    }

    /// Keeps a session that was asked for at that moment, and ends the turn. A store that cannot costs the next mint a call.
    pub(super) fn keep(&self, session: &Credentials, asked_at: Timestamp) {
        if let Some(secret) = written(session) {
            let record = Token {
                secret,
                issued_at: asked_at,
                expires_at: asked_at.plus(SESSION_SECONDS.into()),
            };
            let label = Label::of_session(&self.role.role_arn);
            let _ = self.store.store(&self.key, &record, &label);
        }
        self.turn.take();
    }

    /// Forgets it: AWS takes it no longer.
    pub(super) fn forget(&self) {
        let _ = self.store.forget(&self.key);
    }

    fn load(&self) -> Option<Credentials> {
        let record = self.store.load(&self.key).ok()??;
        let is_valid = record.freshness(self.environment.now()) != Freshness::Expired;
        read(&record.secret).filter(|_| is_valid)
    }
}

/// Tells whether AWS refused the session itself, whatever it was asked for.
pub(super) fn is_refused(failure: &Failure) -> bool {
    failure.is(&[&row::CREDENTIALS_EXPIRED, &row::CREDENTIALS_REJECTED])
}

/// The buffer must not grow: growing leaves a copy behind.
fn written(session: &Credentials) -> Option<Secret> {
    let keys = Keys {
        id: session.access_key_id(),
        key: session.secret_access_key(),
        session: session.session_token()?,
    };
    let length = keys.id.len() + keys.key.len() + keys.session.len();
    let mut text = Vec::with_capacity(FRAME_BYTES + length);
    serde_json::to_writer(&mut text, &keys).ok()?;
    String::from_utf8(text).ok().map(Secret::new)
}

fn read(secret: &Secret) -> Option<Credentials> {
    let keys: Keys<'_> = serde_json::from_str(secret.expose()).ok()?;
    Some(
        Credentials::builder()
            .access_key_id(keys.id)
            .secret_access_key(keys.key)
            .session_token(keys.session)
            .provider_name("kept session")
            .build(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let session = Credentials::builder()
            .access_key_id("ASIAIOSFODNN7EXAMPLE")
            .secret_access_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
            .session_token("IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJ=")
            .provider_name("test")
            .build();
        let secret = written(&session).unwrap();
        assert!(secret.expose().bytes().all(|byte| byte.is_ascii_graphic()));
        let found = read(&secret).unwrap();
        assert_eq!(found.access_key_id(), session.access_key_id());
        assert_eq!(found.secret_access_key(), session.secret_access_key());
        assert_eq!(found.session_token(), session.session_token());
        for other in ["", "{}", "eyJ2ZXIiOjF9.a.b", r#"{"id":"a","key":"b"}"#] {
            assert!(read(&Secret::new(other.to_owned())).is_none(), "{other}");
        }
    }

    #[test]
    fn long_term_keys_are_no_session() {
        let keys = Credentials::builder()
            .access_key_id("AKIAIOSFODNN7EXAMPLE")
            .secret_access_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
            .provider_name("test")
            .build();
        assert!(written(&keys).is_none());
    }
}
