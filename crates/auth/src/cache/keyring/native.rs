//! The macOS Keychain and the Windows Credential Manager, through keyring-core.
//!
//! What differs: the Keychain ties an entry to the executable that made it and would ask a person before another
//! one reads it, so each executable has its own and no dialog may open. Windows takes 2,560 bytes per entry.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use super::{Bytes, KeyringError, SERVICE};
use crate::environment::Environment;

/// There is one keyring, and the system knows where.
#[derive(Clone)]
pub(super) struct Address;

pub(super) struct Vault {
    store: Arc<CredentialStore>,
    #[expect(dead_code, reason = "held for as long as no dialog may open")]
    silence: system::Silence,
}

impl Vault {
    pub(super) fn locate(_environment: &Environment) -> Result<Address, KeyringError> {
        Ok(Address)
    }

    pub(super) fn open(_address: &Address) -> Result<Self, KeyringError> {
        Ok(Self {
            silence: system::silence()?,
            store: system::store()?,
        })
    }

    /// Reading a missing entry is the only test, and it changes nothing.
    pub(super) fn is_usable(&self) -> Result<(), KeyringError> {
        self.get("0").map(|_| ())
    }

    pub(super) fn get(&self, user: &str) -> Result<Option<Bytes>, KeyringError> {
        system::read(user, |name| self.get_entry(name))
    }

    pub(super) fn set(&self, user: &str, _title: &str, bytes: &[u8]) -> Result<(), KeyringError> {
        system::write(user, bytes, |name, piece| self.set_entry(name, piece))
    }

    /// Further pieces are never read without the first.
    pub(super) fn remove(&self, user: &str) -> Result<(), KeyringError> {
        found(self.entry(user)?.delete_credential()).map(|_| ())
    }

    pub(super) fn all(&self) -> Result<Vec<Bytes>, KeyringError> {
        let users = self
            .entries()?
            .into_iter()
            .filter_map(|entry| entry.get_specifiers());
        let users = users.filter_map(|(_, user)| system::key_of(&user).map(str::to_owned));
        users
            .filter_map(|user| self.get(&user).transpose())
            .collect()
    }

    pub(super) fn remove_all(&self) -> Result<(), KeyringError> {
        self.entries()?
            .iter()
            .try_for_each(|entry| found(entry.delete_credential()).map(|_| ()))
    }

    fn entries(&self) -> Result<Vec<Entry>, KeyringError> {
        Ok(self.store.search(&HashMap::from([system::OURS]))?)
    }

    fn entry(&self, name: &str) -> Result<Entry, KeyringError> {
        let modifiers = HashMap::from_iter(system::MODIFIERS);
        Ok(self
            .store
            .build(SERVICE, &system::user(name)?, Some(&modifiers))?)
    }

    fn get_entry(&self, name: &str) -> Result<Option<Bytes>, KeyringError> {
        let secret = found(self.entry(name)?.get_secret())?;
        Ok(secret.map(Zeroizing::new))
    }

    /// An entry that another version of this executable made cannot be changed by this one, but it can be replaced.
    fn set_entry(&self, name: &str, bytes: &[u8]) -> Result<(), KeyringError> {
        let entry = self.entry(name)?;
        if entry.set_secret(bytes).is_ok() {
            return Ok(());
        }
        found(entry.delete_credential())?;
        Ok(entry.set_secret(bytes)?)
    }
}

fn found<T>(result: Result<T, Error>) -> Result<Option<T>, KeyringError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl From<Error> for KeyringError {
    /// By its `Display`: its `Debug` form holds the secret bytes. Ambiguous entries cannot be had here.
    fn from(error: Error) -> Self {
        match error {
            Error::NoStorageAccess(_) => KeyringError::Locked,
            Error::BadEncoding(_) | Error::BadDataFormat(..) => {
                KeyringError::Failed("its entry is damaged".to_owned())
            }
            error => KeyringError::Failed(error.to_string()),
        }
    }
}

#[cfg(target_os = "macos")]
mod system {
    use security_framework::os::macos::keychain::{KeychainUserInteractionLock, SecKeychain};

    use super::{Arc, Bytes, CredentialStore, KeyringError, SERVICE};

    pub(super) type Silence = KeychainUserInteractionLock;

    pub(super) const OURS: (&str, &str) = ("service", SERVICE);
    pub(super) const MODIFIERS: [(&str, &str); 0] = [];

    pub(super) fn silence() -> Result<Silence, KeyringError> {
        SecKeychain::disable_user_interaction()
            .map_err(|error| KeyringError::Failed(error.to_string()))
    }

    pub(super) fn store() -> Result<Arc<CredentialStore>, KeyringError> {
        let store: Arc<CredentialStore> = apple_native_keyring_store::keychain::Store::new()?;
        Ok(store)
    }

    /// The key, and whose entry it is.
    pub(super) fn user(name: &str) -> Result<String, KeyringError> {
        Ok(format!("{name} {}", executable()?))
    }

    /// The key in a user of ours; `None` for another executable's.
    pub(super) fn key_of(user: &str) -> Option<&str> {
        let (key, whose) = user.split_once(' ')?;
        (whose == executable().ok()?).then_some(key)
    }

    pub(super) fn read(
        user: &str,
        mut get: impl FnMut(&str) -> Result<Option<Bytes>, KeyringError>,
    ) -> Result<Option<Bytes>, KeyringError> {
        get(user)
    }

    pub(super) fn write(
        user: &str,
        bytes: &[u8],
        mut set: impl FnMut(&str, &[u8]) -> Result<(), KeyringError>,
    ) -> Result<(), KeyringError> {
        set(user, bytes)
    }

    fn executable() -> Result<String, KeyringError> {
        let path = std::env::current_exe().and_then(std::fs::canonicalize);
        let path = path.map_err(|error| KeyringError::Failed(error.to_string()))?;
        Ok(path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned())
    }
}

#[cfg(windows)]
mod system {
    use super::super::pieces;
    use super::{Arc, CredentialStore, KeyringError};

    /// The Credential Manager never asks.
    pub(super) struct Silence;

    /// Entries are found by the name that the store makes of user and service.
    pub(super) const OURS: (&str, &str) =
        ("pattern", "^[0-9a-f]{64}(-[0-9]+)?[.]codeartifact-auth$");

    /// Not roaming with the user's profile to other machines.
    pub(super) const MODIFIERS: [(&str, &str); 1] = [("persistence", "Local")];

    pub(super) use pieces::{read, write};

    pub(super) fn silence() -> Result<Silence, KeyringError> {
        Ok(Silence)
    }

    pub(super) fn store() -> Result<Arc<CredentialStore>, KeyringError> {
        let store: Arc<CredentialStore> = windows_native_keyring_store::Store::new()?;
        Ok(store)
    }

    pub(super) fn user(name: &str) -> Result<String, KeyringError> {
        Ok(name.to_owned())
    }

    pub(super) fn key_of(user: &str) -> Option<&str> {
        pieces::is_first(user).then_some(user)
    }
}
