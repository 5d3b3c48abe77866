//! Sealed records by name: tokens, and what is kept in a token's place. Whose turn it is to ask AWS is in `store.rs`.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::seal::Keys;
use super::server::Server;
use crate::aws_files;
use crate::connection::StoreSettings;
use crate::environment::Environment;
use crate::token::{Secret, Timestamp, Token};
use crate::user_file::read_token;

/// Records end this much before their tokens.
const MARGIN: u64 = 30;

/// A store that answers, and the keys of its records.
pub(in crate::mint) struct Records {
    pub(super) server: Server,
    keys: Keys,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    token: &'a str,
    issued_at: Timestamp,
    expires_at: Timestamp,
}

impl Records {
    /// # Errors
    /// The file of keys cannot be used, or the server does not answer, in words.
    pub(in crate::mint) fn open(
        settings: &StoreSettings,
        environment: &Environment,
    ) -> Result<Self, String> {
        let path = aws_files::home(environment, &settings.keys);
        let wrong = |reason: String| format!("{}: {reason}", path.display());
        let text = read_token(&path).map_err(|error| wrong(error.to_string()))?;
        let keys = Keys::parse(&text).map_err(wrong)?;
        let server = Server::connect(settings, environment)?;
        Ok(Self { server, keys })
    }

    /// The record of that name. What these keys do not open is none.
    ///
    /// # Errors
    /// The server does not answer, in words.
    pub(in crate::mint) fn load(&mut self, name: &str) -> Result<Option<Token>, String> {
        let sealed = self.server.get(name)?;
        let text = sealed.and_then(|sealed| self.keys.open(name, &sealed));
        Ok(text.and_then(|text| {
            let record: Record<'_> = serde_json::from_slice(&text).ok()?;
            Some(Token {
                secret: Secret::new(record.token.to_owned()),
                issued_at: record.issued_at,
                expires_at: record.expires_at,
            })
        }))
    }

    /// Keeps it until a moment before it ends.
    ///
    /// # Errors
    /// The server does not take it, in words.
    pub(in crate::mint) fn keep(
        &mut self,
        name: &str,
        token: &Token,
        now: Timestamp,
    ) -> Result<(), String> {
        let record = serde_json::to_vec(&Record {
            token: token.secret.expose(),
            issued_at: token.issued_at,
            expires_at: token.expires_at,
        });
        let record = Zeroizing::new(record.unwrap_or_default());
        let left = token.remaining(now);
        let life = Duration::from_secs(left.saturating_sub(MARGIN));
        match self.keys.seal(name, &record) {
            Some(sealed) if !life.is_zero() => self.server.set(name, &sealed, life),
            _ => Ok(()),
        }
    }
}
