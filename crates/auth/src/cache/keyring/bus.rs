//! A D-Bus client as small as a keyring needs it: calls and their replies over one local socket. It handles no
//! signals, offers no objects, passes no file descriptors, and needs no runtime. It waits as long as the other side
//! takes: a caller that needs a deadline uses a thread.
//!
//! Calls are queued, the authentication ahead of them, and written together when a reply is first waited for. So a
//! conversation takes one round trip for each reply that a later call depends on.
//!
//! The libraries do not fit: libdbus is C, zbus needs an async runtime, and rustbus never returns from a connection
//! that the bus closes.

mod address;
mod message;
mod values;

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;

use rustix::process::geteuid;
use zeroize::{Zeroize, Zeroizing};

pub(super) use address::Address;
use message::Message;
pub(super) use message::Method;
pub(super) use values::{Reader, Value, Writer};

/// Queued bytes fit in without growing, which would leave a copy of a secret behind.
const ROOM: usize = 4096;

/// The length of a bus's identifier, in hexadecimal digits.
const IDENTIFIER: usize = 32;

/// Explains why a call has no reply to use.
#[derive(Debug)]
pub(super) enum BusError {
    /// The socket cannot be connected to, or the other side hangs up.
    Io(io::Error),
    /// The bus does not let this user in.
    Rejected,
    /// The reply breaks the protocol, or has other types than expected.
    Malformed,
    /// The reply is an error.
    Refused { name: String, message: String },
}

/// A connection to the bus.
pub(super) struct Bus {
    socket: UnixStream,
    queued: Zeroizing<Vec<u8>>,
    is_authenticated: bool,
    /// The serial number of the last call.
    last: u32,
    replies: HashMap<u32, Message>,
}

impl Bus {
    /// Connects, and sends nothing yet.
    pub(super) fn connect(address: &Address) -> Result<Self, BusError> {
        let mut bus = Self {
            socket: address.connect()?,
            queued: Zeroizing::new(Vec::with_capacity(ROOM)),
            is_authenticated: false,
            last: 0,
            replies: HashMap::new(),
        };
        bus.queued.extend(authentication().as_bytes());
        let hello = Method {
            destination: "org.freedesktop.DBus",
            path: "/org/freedesktop/DBus",
            interface: "org.freedesktop.DBus",
            member: "Hello",
            signature: "",
        };
        bus.call(&hello, |_| {});
        Ok(bus)
    }

    /// Queues a call, and returns its serial number. `arguments` writes what the method's signature says.
    pub(super) fn call(
        &mut self,
        method: &Method<'_>,
        arguments: impl FnOnce(&mut Writer<'_>),
    ) -> u32 {
        self.last += 1;
        method.write(&mut self.queued, self.last, arguments);
        self.last
    }

    /// Calls, and waits for the reply.
    pub(super) fn ask<T>(
        &mut self,
        method: &Method<'_>,
        arguments: impl FnOnce(&mut Writer<'_>),
        signature: &str,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, BusError>,
    ) -> Result<T, BusError> {
        let call = self.call(method, arguments);
        self.reply(call, signature, read)
    }

    /// Sends what is queued and waits for the reply to `call`. `read` reads what `signature` says.
    pub(super) fn reply<T>(
        &mut self,
        call: u32,
        signature: &str,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, BusError>,
    ) -> Result<T, BusError> {
        self.send()?;
        let message = self.wait(call)?;
        let mut body = message.body();
        if let Some(name) = &message.error {
            return Err(BusError::Refused {
                name: name.clone(),
                message: body.string().unwrap_or_default().to_owned(),
            });
        }
        if message.signature != signature {
            return Err(BusError::Malformed);
        }
        read(&mut body)
    }

    fn send(&mut self) -> Result<(), BusError> {
        self.socket.write_all(&self.queued)?;
        self.queued.zeroize();
        if !self.is_authenticated {
            check_authentication(&mut self.socket)?;
            self.is_authenticated = true;
        }
        Ok(())
    }

    /// Replies may come in any order, and signals between them.
    fn wait(&mut self, call: u32) -> Result<Message, BusError> {
        loop {
            if let Some(message) = self.replies.remove(&call) {
                return Ok(message);
            }
            let message = Message::receive(&mut self.socket)?;
            if let Some(answered) = message.reply_to {
                self.replies.insert(answered, message);
            }
        }
    }
}

/// Names the user to the bus, which checks it with the kernel.
fn authentication() -> String {
    let user = geteuid().as_raw().to_string();
    let user: String = user.bytes().map(|digit| format!("{digit:02x}")).collect();
    format!("\0AUTH EXTERNAL {user}\r\nBEGIN\r\n")
}

/// Reads the line `OK <identifier>` that precedes the messages, and no byte of them.
fn check_authentication(socket: &mut UnixStream) -> Result<(), BusError> {
    let mut answer = [0; 3];
    socket.read_exact(&mut answer)?;
    if answer != *b"OK " {
        return Err(BusError::Rejected);
    }
    let mut identifier = [0; IDENTIFIER + 2];
    socket.read_exact(&mut identifier)?;
    let is_whole = identifier.ends_with(b"\r\n");
    is_whole.then_some(()).ok_or(BusError::Malformed)
}

impl From<io::Error> for BusError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::thread;

    use super::*;

    /// Asks a bus that answers with these bytes and hangs up.
    fn ask(answer: Vec<u8>) -> Result<String, BusError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("bus");
        let listener = UnixListener::bind(&path).unwrap();
        let server = thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            assert!(socket.read(&mut [0; 4096]).unwrap() > 0);
            socket.write_all(&answer).unwrap();
        });
        let mut bus = Bus::connect(&Address::of_path(&path).unwrap()).unwrap();
        let method = Method {
            destination: "com.example",
            path: "/",
            interface: "com.example",
            member: "Get",
            signature: "",
        };
        let reply = bus.ask(&method, |_| {}, "s", |reply| Ok(reply.string()?.to_owned()));
        server.join().unwrap();
        reply
    }

    fn accepting(messages: &[&[u8]]) -> Vec<u8> {
        let line = format!("OK {}\r\n", "0".repeat(IDENTIFIER));
        [line.as_bytes(), &messages.concat()].concat()
    }

    const SIGNAL: &[u8] = b"l\x04\0\x01\0\0\0\0\x01\0\0\0\0\0\0\0";
    const HELLO: &[u8] = b"l\x02\0\x01\0\0\0\0\x01\0\0\0\x08\0\0\0\x05\x01u\0\x01\0\0\0";
    const REPLY: &[u8] = b"l\x02\0\x01\x07\0\0\0\x01\0\0\0\x0f\0\0\0\
        \x05\x01u\0\x02\0\0\0\x08\x01g\0\x01s\0\0\x02\0\0\0ok\0";
    const BIG_ENDIAN: &[u8] = b"B\x02\0\x01\0\0\0\x07\0\0\0\x01\0\0\0\x0f\
        \x05\x01u\0\0\0\0\x02\x08\x01g\0\x01s\0\0\0\0\0\x02ok\0";
    const OTHER_TYPE: &[u8] = b"l\x02\0\x01\x04\0\0\0\x01\0\0\0\x0f\0\0\0\
        \x05\x01u\0\x02\0\0\0\x08\x01g\0\x01u\0\0\x02\0\0\0";

    #[test]
    fn the_reply_to_a_call_is_found_among_other_messages() {
        for messages in [
            &[HELLO, REPLY][..],
            &[REPLY, HELLO],
            &[HELLO, SIGNAL, REPLY],
            &[HELLO, BIG_ENDIAN],
        ] {
            assert_eq!(ask(accepting(messages)).unwrap(), "ok", "{messages:?}");
        }
    }

    #[test]
    fn a_bus_that_hangs_up_is_an_error_at_once() {
        let whole = accepting(&[HELLO, REPLY]);
        for length in 0..whole.len() {
            let error = ask(whole[..length].to_vec()).unwrap_err();
            assert!(matches!(error, BusError::Io(_)), "{length}: {error:?}");
        }
    }

    #[test]
    fn an_answer_against_the_protocol_is_an_error() {
        let too_long = b"l\x02\0\x01\xff\xff\xff\xff\x01\0\0\0\0\0\0\0";
        for messages in [
            &[OTHER_TYPE][..],
            &[b"HTTP/1.1 400 Bad Request\r\n"],
            &[too_long],
        ] {
            let error = ask(accepting(messages)).unwrap_err();
            assert!(matches!(error, BusError::Malformed), "{error:?}");
        }
        let error = ask(b"REJECTED EXTERNAL\r\n".to_vec()).unwrap_err();
        assert!(matches!(error, BusError::Rejected), "{error:?}");
    }
}
