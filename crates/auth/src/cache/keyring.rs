//! Tokens in the system's own keyring: how it is asked without ever waiting for a person or for ever.
//! The files below speak to each system's keyring; none of them shows a dialog.
//!
//! One entry per token: service `codeartifact-auth`, user the digits of the key.

#[cfg(not(any(target_os = "macos", windows)))]
mod bus;
#[cfg(any(target_os = "macos", windows))]
mod native;
#[cfg(any(windows, test))]
mod pieces;
#[cfg(not(any(target_os = "macos", windows)))]
mod secret_service;
mod silence;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use self::silence::Silence;
use super::{CacheError, CacheKey, Label, TokenCache, record};
use crate::environment::Environment;
use crate::token::Token;

#[cfg(any(target_os = "macos", windows))]
use native::{Address, Vault};
#[cfg(not(any(target_os = "macos", windows)))]
use secret_service::{Address, Vault};

/// As `status` names it.
pub(super) const NAME: &str = "keyring";

/// The service of all entries.
const SERVICE: &str = "codeartifact-auth";

/// A keyring answers in milliseconds, or it waits for a person to unlock it.
const DEADLINE: Duration = Duration::from_secs(2);

/// Reading or removing every entry may take longer, and is only done for `status` and `logout`.
const DEADLINE_FOR_ALL: Duration = Duration::from_secs(10);

/// Explains why a keyring is of no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyringError {
    /// No keyring is available. That is common.
    #[cfg_attr(
        all(any(target_os = "macos", windows), not(test)),
        expect(dead_code, reason = "these systems always have one")
    )]
    Absent(String),
    /// It would have to ask a person first.
    Locked,
    /// It did not answer in time.
    Slow,
    /// It answered with something else.
    Failed(String),
}

/// The keyring in one run. After its first error it is not asked again: the second question would cost the same time
/// for the same answer.
pub(super) struct Keyring {
    silence: Silence,
    address: Result<Address, KeyringError>,
    worker: RefCell<Result<Option<Sender<Task>>, KeyringError>>,
}

/// The connection is made and used on one thread of its own, so that it can be left behind when it hangs.
type Task = Box<dyn FnOnce(&mut Result<Vault, KeyringError>) + Send>;

/// An entry's bytes.
type Bytes = Zeroizing<Vec<u8>>;

impl Keyring {
    /// Looks for one, and does not touch it yet.
    pub(super) fn new(environment: &Environment) -> Self {
        Self {
            silence: Silence::of(environment),
            address: Vault::locate(environment),
            worker: RefCell::new(Ok(None)),
        }
    }

    /// Tells why tokens cannot be kept here, if they cannot.
    pub(super) fn trouble(&self) -> Option<KeyringError> {
        self.ask(DEADLINE, |vault| vault.is_usable()).err()
    }

    /// Returns every entry of ours.
    pub(super) fn contents(&self) -> Result<Vec<Bytes>, KeyringError> {
        self.ask(DEADLINE_FOR_ALL, |vault| vault.all())
    }

    /// Removes every entry of ours.
    pub(super) fn forget_all(&self) -> Result<(), KeyringError> {
        self.ask(DEADLINE_FOR_ALL, |vault| vault.remove_all())
    }

    pub(super) fn load(&self, key: &CacheKey) -> Result<Option<Token>, KeyringError> {
        let user = key.clone();
        let bytes = self.ask(DEADLINE, move |vault| vault.get(user.as_str()))?;
        Ok(bytes.and_then(|bytes| record::decode(key, &bytes)))
    }

    pub(super) fn store(
        &self,
        key: &CacheKey,
        token: &Token,
        label: &Label,
    ) -> Result<(), KeyringError> {
        let bytes = record::encode(key, token, label)
            .map_err(|error| KeyringError::Failed(error.to_string()))?;
        let (user, title) = (key.clone(), label.to_string());
        self.ask(DEADLINE, move |vault| {
            vault.set(user.as_str(), &title, &bytes)
        })
    }

    pub(super) fn forget(&self, key: &CacheKey) -> Result<(), KeyringError> {
        let user = key.clone();
        self.ask(DEADLINE, move |vault| vault.remove(user.as_str()))
    }

    fn ask<T: Send + 'static>(
        &self,
        deadline: Duration,
        question: impl FnOnce(&mut Vault) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<T, KeyringError> {
        let address = self.address.clone()?;
        let (reply, answer) = mpsc::channel();
        let task: Task = Box::new(move |vault| {
            let result = vault
                .as_mut()
                .map_err(|trouble| trouble.clone())
                .and_then(question);
            // After the deadline there is no receiver any more.
            let _ = reply.send(result);
        });
        let sent = self.worker(address)?.send(task);
        let result = match sent {
            Ok(()) => self.silence.wait(&answer, deadline),
            Err(_) => Err(KeyringError::Failed("its thread has ended".to_owned())),
        };
        if let Err(trouble) = &result {
            *self.worker.borrow_mut() = Err(trouble.clone());
        }
        result
    }

    fn worker(&self, address: Address) -> Result<Sender<Task>, KeyringError> {
        let mut worker = self.worker.borrow_mut();
        let known = worker.as_ref().map_err(KeyringError::clone)?;
        let sender = known.clone().unwrap_or_else(|| start(address));
        *worker = Ok(Some(sender.clone()));
        Ok(sender)
    }
}

/// The thread ends with the last sender, or is left behind.
fn start(address: Address) -> Sender<Task> {
    let (sender, tasks) = mpsc::channel::<Task>();
    thread::spawn(move || {
        let mut vault = Vault::open(&address);
        tasks.into_iter().for_each(|task| task(&mut vault));
    });
    sender
}

impl From<KeyringError> for CacheError {
    fn from(trouble: KeyringError) -> Self {
        let hint = if trouble == KeyringError::Locked {
            "unlock it, or choose another store, as with CODEARTIFACT_CACHE=file"
        } else {
            "choose another store, as with CODEARTIFACT_CACHE=file"
        };
        let reason = match trouble {
            KeyringError::Absent(reason) | KeyringError::Failed(reason) => reason,
            KeyringError::Locked => "it is locked".to_owned(),
            KeyringError::Slow => format!("it did not answer within {} s", DEADLINE.as_secs()),
        };
        CacheError {
            store: NAME,
            reason,
            hint: Some(hint),
        }
    }
}

/// The keyring alone: when it is of no use, tokens are not kept.
pub(super) struct KeyringStore(pub(super) Rc<Keyring>);

impl TokenCache for KeyringStore {
    fn load(&self, key: &CacheKey) -> Result<Option<Token>, CacheError> {
        Ok(self.0.load(key)?)
    }

    fn store(&self, key: &CacheKey, token: &Token, label: &Label) -> Result<(), CacheError> {
        Ok(self.0.store(key, token, label)?)
    }

    fn forget(&self, key: &CacheKey) -> Result<(), CacheError> {
        Ok(self.0.forget(key)?)
    }
}

#[cfg(all(test, not(any(target_os = "macos", windows))))]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::time::Instant;

    use super::*;
    use crate::token::Timestamp;

    #[test]
    fn a_silent_bus_costs_the_deadline_once() {
        let directory = tempfile::tempdir_in("/dev/shm").unwrap();
        let path = directory.path().join("bus");
        let _silent = UnixListener::bind(&path).unwrap();
        let address = format!("unix:path={}", path.display());
        let variables = [
            ("DBUS_SESSION_BUS_ADDRESS", address.as_str()),
            ("XDG_RUNTIME_DIR", directory.path().to_str().unwrap()),
        ];
        let at = |now| Environment::fixed(&variables, directory.path().into(), Timestamp(now));
        let ask = |now: u64, times: u32| {
            let keyring = Keyring::new(&at(now));
            let began = Instant::now();
            for _ in 0..times {
                assert_eq!(keyring.trouble(), Some(KeyringError::Slow));
            }
            began.elapsed()
        };
        let took = ask(1000, 3);
        assert!(took >= DEADLINE && took < 2 * DEADLINE, "{took:?}");
        // The next processes know of it, for a minute.
        let took = ask(1059, 1);
        assert!(took < DEADLINE / 2, "{took:?}");
        let took = ask(1060, 1);
        assert!(took >= DEADLINE, "{took:?}");
    }
}
