//! Errors of the bus → what they mean for a keyring: not there, locked, failed.

use std::io::{self, ErrorKind};

use crate::cache::keyring::KeyringError;
use crate::cache::keyring::bus::BusError;

/// The bus has no such service and cannot start it, or is not there itself.
const ABSENT: [&str; 6] = [
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.NoServer",
    "org.freedesktop.DBus.Error.FileNotFound",
    "org.freedesktop.DBus.Error.NotSupported",
    "org.freedesktop.DBus.Error.Spawn.",
];

pub(super) fn absent(reason: &str) -> KeyringError {
    KeyringError::Absent(reason.to_owned())
}

impl From<BusError> for KeyringError {
    fn from(error: BusError) -> Self {
        match error {
            BusError::Io(error) if is_no_socket(&error) => absent("no keyring on the session bus"),
            BusError::Io(error) => KeyringError::Failed(format!("the session bus: {error}")),
            BusError::Rejected => {
                KeyringError::Failed("the session bus refuses this user".to_owned())
            }
            BusError::Malformed => KeyringError::Failed("its reply is malformed".to_owned()),
            BusError::Refused { name, message } => of_bus(&name, &message),
        }
    }
}

fn is_no_socket(error: &io::Error) -> bool {
    let kinds = [ErrorKind::NotFound, ErrorKind::ConnectionRefused];
    kinds.contains(&error.kind())
}

fn of_bus(name: &str, message: &str) -> KeyringError {
    if name == "org.freedesktop.Secret.Error.IsLocked" {
        return KeyringError::Locked;
    }
    if ABSENT.iter().any(|absent| name.starts_with(absent)) {
        return absent("no keyring on the session bus");
    }
    KeyringError::Failed(format!("{name}: {message}"))
}
