//! The Secret Service of Linux and BSD desktops (GNOME Keyring, KWallet, KeePassXC), over the session bus.
//!
//! Not through keyring-core: its stores for the Secret Service unlock what they find, which opens a dialog and waits
//! for a year. Items look as theirs do, so that other tools built on it find them.
//!
//! The session is `plain`: the key exchange of an encrypted one takes as long as all the rest together, and hides a
//! secret only from those who read the bus, which is a socket between processes of one user. So no other bus is used.

use std::collections::HashMap;

use dbus_secret_service::{EncryptionType, Error, Item, SecretService};
use zeroize::Zeroizing;

use super::{Bytes, SERVICE, Trouble};
use crate::environment::Environment;

/// No time for prompts: whatever would need one fails instead.
const NO_PROMPTS: u64 = 0;

const CONTENT_TYPE: &str = "application/octet-stream";

/// The bus has no such service and cannot start it, or is not there itself.
const ABSENT: [&str; 6] = [
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.NoServer",
    "org.freedesktop.DBus.Error.FileNotFound",
    "org.freedesktop.DBus.Error.NotSupported",
    "org.freedesktop.DBus.Error.Spawn.",
];

pub(super) struct Vault(SecretService);

impl Vault {
    /// Where no session bus is announced the bus library is not even touched: it would try to start one.
    pub(super) fn is_in_reach(environment: &Environment) -> Result<(), Trouble> {
        let announced = environment.text("DBUS_SESSION_BUS_ADDRESS");
        let announced = announced.filter(|address| !address.starts_with("autolaunch:"));
        let usual = environment
            .runtime_directory()
            .map(|directory| directory.join("bus"));
        match announced {
            Some(address) if is_local(&address) => Ok(()),
            Some(_) => Err(Trouble::Absent(
                "the session bus is not a local socket".to_owned(),
            )),
            None if usual.is_some_and(|socket| socket.exists()) => Ok(()),
            None => Err(Trouble::Absent("no session bus".to_owned())),
        }
    }

    pub(super) fn open() -> Result<Self, Trouble> {
        Ok(Self(SecretService::connect_with_max_prompt_timeout(
            EncryptionType::Plain,
            NO_PROMPTS,
        )?))
    }

    pub(super) fn is_usable(&self) -> Result<(), Trouble> {
        match self.0.get_default_collection()?.is_locked()? {
            true => Err(Trouble::Locked),
            false => Ok(()),
        }
    }

    pub(super) fn get(&self, user: &str) -> Result<Option<Bytes>, Trouble> {
        let found = self.find(&of(user))?;
        found.first().map(secret).transpose()
    }

    /// An existing item is written over where it is: a second one in another collection would hide behind it.
    pub(super) fn set(&self, user: &str, title: &str, bytes: &[u8]) -> Result<(), Trouble> {
        if let Some(item) = self.find(&of(user))?.first() {
            return Ok(item.set_secret(bytes, CONTENT_TYPE)?);
        }
        self.is_usable()?;
        let collection = self.0.get_default_collection()?;
        collection.create_item(title, of(user), bytes, true, CONTENT_TYPE)?;
        Ok(())
    }

    pub(super) fn remove(&self, user: &str) -> Result<(), Trouble> {
        remove(&self.find(&of(user))?)
    }

    pub(super) fn all(&self) -> Result<Vec<Bytes>, Trouble> {
        self.find(&ours())?.iter().map(secret).collect()
    }

    pub(super) fn remove_all(&self) -> Result<(), Trouble> {
        remove(&self.find(&ours())?)
    }

    /// Items that can be read now; if there are only locked ones, that is what stands in the way.
    fn find(&self, attributes: &HashMap<&str, &str>) -> Result<Vec<Item<'_>>, Trouble> {
        let found = self.0.search_items(attributes.clone())?;
        match found.unlocked.is_empty() && !found.locked.is_empty() {
            true => Err(Trouble::Locked),
            false => Ok(found.unlocked),
        }
    }
}

/// A D-Bus address is a list; every entry of it may be the one that is used.
fn is_local(address: &str) -> bool {
    address.split(';').all(|entry| entry.starts_with("unix:"))
}

fn ours() -> HashMap<&'static str, &'static str> {
    HashMap::from([("service", SERVICE)])
}

fn of(user: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", user)])
}

fn secret(item: &Item<'_>) -> Result<Bytes, Trouble> {
    Ok(Zeroizing::new(item.get_secret()?))
}

fn remove(items: &[Item<'_>]) -> Result<(), Trouble> {
    Ok(items.iter().try_for_each(Item::delete)?)
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::Locked | Error::Prompt => Trouble::Locked,
            Error::NoResult => Trouble::Absent("the keyring has no default collection".to_owned()),
            Error::Unavailable => Trouble::Absent("no keyring on the session bus".to_owned()),
            Error::Dbus(error) => of_bus(
                error.name().unwrap_or_default(),
                error.message().unwrap_or_default(),
            ),
            error => Trouble::Failed(error.to_string()),
        }
    }
}

fn of_bus(name: &str, message: &str) -> Trouble {
    if name == "org.freedesktop.Secret.Error.IsLocked" {
        return Trouble::Locked;
    }
    match ABSENT.iter().any(|absent| name.starts_with(absent)) {
        true => Trouble::Absent("no keyring on the session bus".to_owned()),
        false => Trouble::Failed(format!("{name}: {message}")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::token::Timestamp;

    #[test]
    fn only_a_bus_on_a_local_socket_is_used() {
        let rows = [
            ("unix:path=/run/user/1000/bus", true),
            ("unix:abstract=/tmp/dbus-x,guid=0;unix:path=/run/bus", true),
            ("tcp:host=example.com,port=1234", false),
            ("unix:path=/run/bus;tcp:host=example.com,port=1234", false),
            ("autolaunch:", false),
            ("", false),
        ];
        for (address, expected) in rows {
            let variables = [("DBUS_SESSION_BUS_ADDRESS", address)];
            let environment =
                Environment::fixed(&variables, Path::new("/nonexistent").into(), Timestamp(0));
            let found = Vault::is_in_reach(&environment);
            assert_eq!(found.is_ok(), expected, "{address}: {found:?}");
        }
    }
}
