//! Tokens that hosts share by Valkey or Redis: what another host has got need not be asked of AWS again. It is asked on a miss of
//! the helper's own cache, only for connections with roles, whose tokens do not depend on who begins. A store that is down,
//! slow, full or full of nonsense costs a moment and is said once; AWS is asked then.

mod records;
mod seal;
mod server;

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::cache::CacheKey;
use crate::connection::StoreSettings;
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::error::{Failure, row};
use crate::minter::MintRequest;
use crate::token::{Freshness, Token};
pub(super) use records::Records;

/// A mint is over by then; the lock of a host that died is not waited for longer.
const LOCK: Duration = Duration::from_secs(30);

/// How long another host's mint is waited for. What is left is enough for one of our own.
const TURN: Duration = Duration::from_secs(12);

/// Between two looks, with as much again by chance.
const LOOK: Duration = Duration::from_millis(100);

/// The store of one mint.
pub(super) struct Store<'a> {
    settings: &'a StoreSettings,
    request: MintRequest<'a>,
    environment: &'a Environment,
    name: String,
}

/// A store that answers, and where the lock of this mint is.
struct Open {
    records: Records,
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
            && let Err(reason) = open.records.keep(&self.name, token, self.environment.now())
        {
            told(reason);
        }
        if is_ours {
            open.records.server.release(&self.lock(), &open.mine);
        }
        minted
    }

    fn open(&self) -> Result<Open, String> {
        Ok(Open {
            records: Records::open(self.settings, self.environment)?,
            mine: format!("{:032x}", fastrand::u128(..)),
        })
    }

    /// Waits for another host's token, or for the turn to mint.
    fn wait(&self, open: &mut Open) -> Result<Turn, String> {
        let end = Instant::now() + TURN.min(self.request.deadline / 2);
        loop {
            if let Some(token) = self.load(open)? {
                return Ok(Turn::Shared(token));
            }
            if open.records.server.lock(&self.lock(), &open.mine, LOCK)? {
                // The one before us may have kept its token between our two questions.
                return Ok(match self.load(open)? {
                    Some(token) => {
                        open.records.server.release(&self.lock(), &open.mine);
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
        let is_good = |token: &Token| {
            let is_fresh = token.freshness(self.environment.now()) == Freshness::Fresh;
            is_fresh && token.issued_at >= self.request.after
        };
        Ok(open.records.load(&self.name)?.filter(is_good))
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
