//! The session of a chain's first role. It is the same for every connection behind that role, so it is kept as tokens are, and
//! shared by hosts that share tokens: a thousand customers cost one first AssumeRole an hour. Its key has whoever asks in it:
//! nobody gets the session of another. The last role's session is never kept.

use std::cell::RefCell;
use std::time::Duration;

use aws_credential_types::Credentials;
use tokio::time::Instant;

use super::role_session::SESSION_SECONDS;
use super::session::Session;
use super::store::Records;
use crate::cache::{CacheKey, Label, SingleFlight, Stores, TokenCache};
use crate::connection::{CacheChoice, Hop, StoreSettings};
use crate::environment::Environment;
use crate::error::{Failure, row};
use crate::token::{Freshness, Secret, Timestamp, Token};

/// How long another process that asks for it is waited for. What is left is enough for one of our own.
const TURN: Duration = Duration::from_secs(5);

/// Keys and session tokens of AWS are in base64.
const BETWEEN: char = ',';

/// The first role of one mint.
pub(super) struct FirstRole<'a> {
    role: &'a Hop,
    environment: &'a Environment,
    key: CacheKey,
    store: Box<dyn TokenCache>,
    /// Where other hosts find it.
    shared: Option<&'a StoreSettings>,
    /// Others wait meanwhile.
    turn: RefCell<Option<SingleFlight>>,
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
            shared: connection.store.as_ref(),
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
        let kept = self.load().or_else(|| self.load_shared());
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
            self.keep_here(&record);
            if let Some(mut records) = self.records() {
                let _ = records.keep(&self.shared_name(), &record, asked_at);
            }
        }
        self.turn.take();
    }

    /// Forgets it: AWS takes it no longer.
    pub(super) fn forget(&self) {
        let _ = self.store.forget(&self.key);
    }

    fn load(&self) -> Option<Credentials> {
        let record = self.store.load(&self.key).ok()??;
        self.valid(&record)
    }

    /// The session that another host got.
    fn load_shared(&self) -> Option<Credentials> {
        let record = self.records()?.load(&self.shared_name()).ok()??;
        let session = self.valid(&record)?;
        self.keep_here(&record);
        Some(session)
    }

    fn valid(&self, record: &Token) -> Option<Credentials> {
        let is_valid = record.freshness(self.environment.now()) != Freshness::Expired;
        read(&record.secret).filter(|_| is_valid)
    }

    fn keep_here(&self, record: &Token) {
        let label = Label::of_session(&self.role.role_arn);
        let _ = self.store.store(&self.key, record, &label);
    }

    /// The store of hosts. One that is of no use has been told of when the token was looked for.
    fn records(&self) -> Option<Records> {
        Records::open(self.shared?, self.environment).ok()
    }

    fn shared_name(&self) -> String {
        format!("codeartifact:1:session:{}", self.key)
    }
}

/// Tells whether AWS refused the session itself, whatever it was asked for.
pub(super) fn is_refused(failure: &Failure) -> bool {
    failure.is(&[&row::CREDENTIALS_EXPIRED, &row::CREDENTIALS_REJECTED])
}

/// The three values, with a character between them that none of them has. The buffer must not grow: growing leaves a copy
/// behind.
fn written(session: &Credentials) -> Option<Secret> {
    let values = [
        session.access_key_id(),
        session.secret_access_key(),
        session.session_token()?,
    ];
    let length: usize = values.iter().map(|value| value.len() + 1).sum();
    let mut text = String::with_capacity(length);
    for value in values {
        text.push_str(value);
        text.push(BETWEEN);
    }
    text.pop();
    Some(Secret::new(text))
}

fn read(secret: &Secret) -> Option<Credentials> {
    let values: Vec<_> = secret.expose().split(BETWEEN).collect();
    let [id, key, session] = values.as_slice() else {
        return None;
    };
    let keys = Credentials::builder()
        .access_key_id(*id)
        .secret_access_key(*key)
        .session_token(*session)
        .provider_name("kept session");
    Some(keys.build())
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
