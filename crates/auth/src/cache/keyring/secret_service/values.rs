//! Methods of the service, and the structures in its calls and replies.

use crate::cache::keyring::bus::{BusError, Method, Reader, Writer};
use crate::cache::keyring::{Bytes, SERVICE};

const SERVICE_PATH: &str = "/org/freedesktop/secrets";

const CONTENT_TYPE: &str = "application/octet-stream";

/// A method of the service itself; those of other objects have another path and interface.
pub(super) fn of_service<'a>(member: &'a str, signature: &'a str) -> Method<'a> {
    Method {
        destination: "org.freedesktop.secrets",
        path: SERVICE_PATH,
        interface: "org.freedesktop.Secret.Service",
        member,
        signature,
    }
}

/// Writes the attributes that name one entry of ours, or that all of them have.
pub(super) fn write_attributes(arguments: &mut Writer<'_>, user: Option<&str>) {
    let user = user.map(|user| ("username", user));
    arguments.array(8, |entries| {
        for (name, value) in [("service", SERVICE)].into_iter().chain(user) {
            entries.align(8);
            entries.string(name);
            entries.string(value);
        }
    });
}

/// Writes the structure of session, parameters of the encryption, value and content type.
pub(super) fn write_secret(arguments: &mut Writer<'_>, session: &str, bytes: &[u8]) {
    arguments.align(8);
    arguments.string(session);
    arguments.bytes(&[]);
    arguments.bytes(bytes);
    arguments.string(CONTENT_TYPE);
}

/// Reads an item's path and its secret, and returns the secret's value.
pub(super) fn read_entry(reply: &mut Reader<'_>) -> Result<Bytes, BusError> {
    reply.string()?;
    reply.align(8);
    reply.string()?;
    reply.bytes()?;
    let value = Bytes::new(reply.bytes()?.to_vec());
    reply.string()?;
    Ok(value)
}

pub(super) fn path(reply: &mut Reader<'_>) -> Result<String, BusError> {
    Ok(reply.string()?.to_owned())
}
