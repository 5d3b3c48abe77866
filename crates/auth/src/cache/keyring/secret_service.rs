//! The Secret Service of Linux and BSD desktops (GNOME Keyring, KWallet, KeePassXC), over the session bus.
//!
//! Not through keyring-core: its stores for the Secret Service unlock what they find, which opens a dialog and waits
//! for a year. Items look as theirs do, so that other tools built on it find them.
//!
//! The session is `plain`: the key exchange of an encrypted one takes as long as all the rest together, and hides a
//! secret only from those who read the bus, which is a socket between processes of one user. So no other bus is used.
//!
//! A read takes three round trips: one that connects and greets, one that opens the session and searches, and one for
//! the secret. The greeting asks for what needs no caller to be known: GNOME Keyring (42 to 51) may answer a caller's
//! first call before it has taken note of the caller, and then dies of `OpenSession` and denies `SearchItems`. It did
//! so for one caller in 700 on two cores (work item 196 of gnome-keyring).

mod refused;
mod values;

pub(super) use super::bus::Address;
use super::bus::{Bus, BusError, Method, Reader, Value, Writer};
use super::{Bytes, KeyringError};
use crate::environment::Environment;
use refused::absent;
use values::{of_service, path, read_entry, write_attributes, write_secret};

/// Stands for "no object" where a reply holds a path.
const NOTHING: &str = "/";

pub(super) struct Vault {
    bus: Bus,
    session: Session,
}

/// How far the session is.
enum Session {
    /// The first call of all is not answered yet.
    Greeting(u32),
    /// The call that opens it is made.
    Opening(u32),
    /// Its path.
    Open(String),
}

impl Vault {
    /// Finds the session bus. Where none is announced, none is started.
    pub(super) fn locate(environment: &Environment) -> Result<Address, KeyringError> {
        let announced = environment.text("DBUS_SESSION_BUS_ADDRESS");
        let announced = announced.filter(|address| !address.starts_with("autolaunch:"));
        if let Some(list) = announced {
            return Address::parse(&list)
                .ok_or_else(|| absent("the session bus is not a local socket"));
        }
        let usual = environment
            .runtime_directory()
            .map(|directory| directory.join("bus"));
        usual
            .filter(|socket| socket.exists())
            .and_then(|socket| Address::of_path(&socket))
            .ok_or_else(|| absent("no session bus"))
    }

    /// Connects to the bus, and asks the keyring nothing yet.
    pub(super) fn open(address: &Address) -> Result<Self, KeyringError> {
        let mut bus = Bus::connect(address)?;
        let get = Method {
            interface: "org.freedesktop.DBus.Properties",
            ..of_service("Get", "ss")
        };
        let greeting = bus.call(&get, |arguments| {
            arguments.string("org.freedesktop.Secret.Service");
            arguments.string("Collections");
        });
        Ok(Self {
            bus,
            session: Session::Greeting(greeting),
        })
    }

    pub(super) fn is_usable(&mut self) -> Result<(), KeyringError> {
        let collection = self.default_collection()?;
        let get = Method {
            path: &collection,
            interface: "org.freedesktop.DBus.Properties",
            ..of_service("Get", "ss")
        };
        let property = |arguments: &mut Writer<'_>| {
            arguments.string("org.freedesktop.Secret.Collection");
            arguments.string("Locked");
        };
        let is_locked = self
            .bus
            .ask(&get, property, "v", |reply| match reply.variant()? {
                Value::Number(number) => Ok(number != 0),
                _ => Err(BusError::Malformed),
            })?;
        if is_locked {
            return Err(KeyringError::Locked);
        }
        Ok(())
    }

    pub(super) fn get(&mut self, user: &str) -> Result<Option<Bytes>, KeyringError> {
        let mut items = self.search(Some(user))?;
        items.truncate(1);
        Ok(self.secrets(&items)?.pop())
    }

    /// An existing item is written over where it is: a second one in another collection would hide behind it.
    pub(super) fn set(
        &mut self,
        user: &str,
        title: &str,
        bytes: &[u8],
    ) -> Result<(), KeyringError> {
        if let Some(item) = self.search(Some(user))?.first() {
            return self.overwrite(item, bytes);
        }
        self.is_usable()?;
        self.create(user, title, bytes)
    }

    pub(super) fn remove(&mut self, user: &str) -> Result<(), KeyringError> {
        let items = self.search(Some(user))?;
        self.delete(&items)
    }

    pub(super) fn all(&mut self) -> Result<Vec<Bytes>, KeyringError> {
        let items = self.search(None)?;
        self.secrets(&items)
    }

    pub(super) fn remove_all(&mut self) -> Result<(), KeyringError> {
        let items = self.search(None)?;
        self.delete(&items)
    }

    /// Finds items that can be read now; if there are only locked ones, the keyring counts as locked.
    fn search(&mut self, user: Option<&str>) -> Result<Vec<String>, KeyringError> {
        let (unlocked, locked) = self.greeted()?.ask(
            &of_service("SearchItems", "a{ss}"),
            |arguments| write_attributes(arguments, user),
            "aoao",
            |reply| Ok((reply.array(4, path)?, reply.array(4, path)?)),
        )?;
        if unlocked.is_empty() && !locked.is_empty() {
            return Err(KeyringError::Locked);
        }
        Ok(unlocked)
    }

    fn secrets(&mut self, items: &[String]) -> Result<Vec<Bytes>, KeyringError> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let session = self.session()?;
        let arguments = |arguments: &mut Writer<'_>| {
            arguments.array(4, |array| items.iter().for_each(|item| array.string(item)));
            arguments.string(&session);
        };
        let get = of_service("GetSecrets", "aoo");
        let read = |reply: &mut Reader<'_>| reply.array(8, read_entry);
        Ok(self.bus.ask(&get, arguments, "a{o(oayays)}", read)?)
    }

    fn overwrite(&mut self, item: &str, bytes: &[u8]) -> Result<(), KeyringError> {
        let session = self.session()?;
        let set = Method {
            path: item,
            interface: "org.freedesktop.Secret.Item",
            ..of_service("SetSecret", "(oayays)")
        };
        let secret = |arguments: &mut Writer<'_>| write_secret(arguments, &session, bytes);
        Ok(self.bus.ask(&set, secret, "", |_| Ok(()))?)
    }

    fn create(&mut self, user: &str, title: &str, bytes: &[u8]) -> Result<(), KeyringError> {
        let session = self.session()?;
        let collection = self.default_collection()?;
        let create = Method {
            path: &collection,
            interface: "org.freedesktop.Secret.Collection",
            ..of_service("CreateItem", "a{sv}(oayays)b")
        };
        let arguments = |arguments: &mut Writer<'_>| {
            arguments.array(8, |properties| {
                properties.string("org.freedesktop.Secret.Item.Label");
                properties.signature("s");
                properties.string(title);
                properties.align(8);
                properties.string("org.freedesktop.Secret.Item.Attributes");
                properties.signature("a{ss}");
                write_attributes(properties, Some(user));
            });
            write_secret(arguments, &session, bytes);
            arguments.boolean(true);
        };
        let prompt = self.bus.ask(&create, arguments, "oo", |reply| {
            reply.string()?;
            path(reply)
        })?;
        without(&prompt)
    }

    fn delete(&mut self, items: &[String]) -> Result<(), KeyringError> {
        let delete = |item| Method {
            path: item,
            interface: "org.freedesktop.Secret.Item",
            ..of_service("Delete", "")
        };
        let calls: Vec<_> = items
            .iter()
            .map(|item| self.bus.call(&delete(item), |_| {}))
            .collect();
        calls.into_iter().try_for_each(|call| {
            let prompt = self.bus.reply(call, "o", path)?;
            without(&prompt)
        })
    }

    fn default_collection(&mut self) -> Result<String, KeyringError> {
        let read_alias = of_service("ReadAlias", "s");
        let default = |arguments: &mut Writer<'_>| arguments.string("default");
        let collection = self.greeted()?.ask(&read_alias, default, "o", path)?;
        if collection == NOTHING {
            return Err(absent("the keyring has no default collection"));
        }
        Ok(collection)
    }

    /// The bus, once the keyring knows this caller.
    fn greeted(&mut self) -> Result<&mut Bus, KeyringError> {
        if let Session::Greeting(call) = self.session {
            self.bus.reply(call, "v", |_| Ok(()))?;
            let open = of_service("OpenSession", "sv");
            let opening = self.bus.call(&open, |arguments| {
                arguments.string("plain");
                arguments.signature("s");
                arguments.string("");
            });
            self.session = Session::Opening(opening);
        }
        Ok(&mut self.bus)
    }

    fn session(&mut self) -> Result<String, KeyringError> {
        self.greeted()?;
        let call = match &self.session {
            Session::Open(session) => return Ok(session.clone()),
            Session::Greeting(call) | Session::Opening(call) => *call,
        };
        let session = self.bus.reply(call, "vo", |reply| {
            reply.variant()?;
            path(reply)
        })?;
        self.session = Session::Open(session.clone());
        Ok(session)
    }
}

/// Refuses a prompt, by which the keyring wants to ask a person first. It is never shown.
fn without(prompt: &str) -> Result<(), KeyringError> {
    if prompt == NOTHING {
        Ok(())
    } else {
        Err(KeyringError::Locked)
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
            let found = Vault::locate(&environment);
            assert_eq!(found.is_ok(), expected, "{address}: {found:?}");
        }
    }
}
