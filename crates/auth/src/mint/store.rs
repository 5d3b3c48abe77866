//! Tokens that hosts share by Valkey or Redis: what another host has got need not be asked of AWS again. It is asked on a miss of
//! the helper's own cache, only for connections with roles, whose tokens do not depend on who begins. A store that is down,
//! slow, full or full of nonsense costs a moment and is said once; AWS is asked then.

mod seal;
mod server;

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::aws_files;
use crate::cache::CacheKey;
use crate::connection::StoreSettings;
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::error::{Failure, row};
use crate::minter::MintRequest;
use crate::token::{Freshness, Secret, Timestamp, Token};
use crate::user_file::read_token;
use seal::Keys;
use server::Server;

/// A mint is over by then; the lock of a host that died is not waited for longer.
const LOCK: Duration = Duration::from_secs(30);

/// How long another host's mint is waited for. What is left is enough for one of our own.
const TURN: Duration = Duration::from_secs(12);

/// Between two looks, with as much again by chance.
const LOOK: Duration = Duration::from_millis(100);

/// Records end this much before their tokens.
const MARGIN: u64 = 30;

/// The store of one mint.
pub(super) struct Store<'a> {
    settings: &'a StoreSettings,
    request: MintRequest<'a>,
    environment: &'a Environment,
    name: String,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    token: &'a str,
    issued_at: Timestamp,
    expires_at: Timestamp,
}

/// A store that answers, and where the lock of this mint is.
struct Open {
    server: Server,
    keys: Keys,
    mine: String,
}

impl<'a> Store<'a> {
    /// The store that a request may use, if its connection has one.
    pub(super) fn of(request: &MintRequest<'a>, environment: &'a Environment) -> Option<Self> {
        let settings = request.connection.store.as_ref()?;
        if request.connection.hops.is_empty() {
            return None;
        }
        let endpoint = Endpoint::of_domain(request.domain).ok()?;
        let key = CacheKey::of_roles(&endpoint, request.connection);
        Some(Self {
            settings,
            request: *request,
            environment,
            name: format!("codeartifact:1:{key}"),
        })
    }

    /// A token of another host's, or a new one by `mint`, which other hosts then share. What is wrong with the store is told.
    pub(super) fn token(
        &self,
        mint: impl FnOnce() -> Result<Token, Box<Failure>>,
        tell: impl Fn(&Failure),
    ) -> Result<Token, Box<Failure>> {
        let told = |reason: String| {
            let failure = row::STORE_UNUSABLE.with("store", &self.settings.url);
            tell(&failure.with("reason", reason));
        };
        let mut open = match self.open() {
            Ok(open) => open,
            Err(reason) => {
                told(reason);
                return mint();
            }
        };
        let is_ours = match self.wait(&mut open) {
            Ok(Turn::Shared(token)) => return Ok(token),
            Ok(Turn::Mine) => true,
            Ok(Turn::Nobodys) => false,
            Err(reason) => {
                told(reason);
                return mint();
            }
        };
        let minted = mint();
        if let Ok(token) = &minted
            && let Err(reason) = self.keep(&mut open, token)
        {
            told(reason);
        }
        if is_ours {
            open.server.release(&self.lock(), &open.mine);
        }
        minted
    }

    fn open(&self) -> Result<Open, String> {
        let path = aws_files::home(self.environment, &self.settings.keys);
        let wrong = |reason: String| format!("{}: {reason}", path.display());
        let text = read_token(&path).map_err(|error| wrong(error.to_string()))?;
        let keys = Keys::parse(&text).map_err(wrong)?;
        let server = Server::connect(self.settings, self.environment)?;
        let mine = format!("{:032x}", fastrand::u128(..));
        Ok(Open { server, keys, mine })
    }

    /// Waits for another host's token, or for the turn to mint.
    fn wait(&self, open: &mut Open) -> Result<Turn, String> {
        let end = Instant::now() + TURN.min(self.request.deadline / 2);
        loop {
            if let Some(token) = self.load(open)? {
                return Ok(Turn::Shared(token));
            }
            if open.server.lock(&self.lock(), &open.mine, LOCK)? {
                // The one before us may have kept its token between our two questions.
                return Ok(match self.load(open)? {
                    Some(token) => {
                        open.server.release(&self.lock(), &open.mine);
                        Turn::Shared(token)
                    }
                    None => Turn::Mine,
                });
            }
            if Instant::now() >= end {
                return Ok(Turn::Nobodys);
            }
            sleep(LOOK + LOOK.mul_f64(fastrand::f64()));
        }
    }

    /// The kept token, if it is fresh and not one that is refused already.
    fn load(&self, open: &mut Open) -> Result<Option<Token>, String> {
        let Some(record) = open.server.get(&self.name)? else {
            return Ok(None);
        };
        let Some(text) = open.keys.open(&self.name, &record) else {
            return Ok(None);
        };
        let Ok(record) = serde_json::from_slice::<Record<'_>>(&text) else {
            return Ok(None);
        };
        let token = Token {
            secret: Secret::new(record.token.to_owned()),
            issued_at: record.issued_at,
            expires_at: record.expires_at,
        };
        let is_fresh = token.freshness(self.environment.now()) == Freshness::Fresh;
        let is_wanted = token.issued_at >= self.request.after;
        Ok((is_fresh && is_wanted).then_some(token))
    }

    fn keep(&self, open: &mut Open, token: &Token) -> Result<(), String> {
        let record = serde_json::to_vec(&Record {
            token: token.secret.expose(),
            issued_at: token.issued_at,
            expires_at: token.expires_at,
        });
        let record = zeroize::Zeroizing::new(record.unwrap_or_default());
        let left = token.remaining(self.environment.now());
        let life = Duration::from_secs(left.saturating_sub(MARGIN));
        match open.keys.seal(&self.name, &record) {
            Some(sealed) if !life.is_zero() => open.server.set(&self.name, &sealed, life),
            _ => Ok(()),
        }
    }

    fn lock(&self) -> String {
        format!("{}:lock", self.name)
    }
}

/// Whose turn it is.
enum Turn {
    Shared(Token),
    /// We have the lock.
    Mine,
    /// The host that has it takes too long. Two mints do no harm.
    Nobodys,
}
