//! D-Bus messages as bytes: a call as it is written, and a reply as it is read. Only the types that a keyring's calls
//! and replies have; `values.rs` writes and reads them.

use std::io::Read;

use zeroize::Zeroizing;

use super::BusError::{self, Malformed};
use super::values::{Reader, Value, Writer};

const METHOD_CALL: u8 = 1;
const METHOD_RETURN: u8 = 2;
const ERROR: u8 = 3;
const NO_FLAGS: u8 = 0;
const VERSION: u8 = 1;

// The fields of a header.
const PATH: u8 = 1;
const INTERFACE: u8 = 2;
const MEMBER: u8 = 3;
const ERROR_NAME: u8 = 4;
const REPLY_SERIAL: u8 = 5;
const DESTINATION: u8 = 6;
const SIGNATURE: u8 = 8;

/// The length of a header's fixed part, the length of its fields included.
const FIXED: usize = 16;

/// The body's length is here.
const BODY_LENGTH: usize = 4;

/// A keyring has no use for more; the protocol would allow 128 MiB.
const LARGEST: usize = 16 << 20;

/// A method, and the types of its arguments.
pub(crate) struct Method<'a> {
    pub(crate) destination: &'a str,
    pub(crate) path: &'a str,
    pub(crate) interface: &'a str,
    pub(crate) member: &'a str,
    pub(crate) signature: &'a str,
}

impl Method<'_> {
    /// Appends a call whose body `arguments` writes.
    pub(super) fn write(
        &self,
        buffer: &mut Vec<u8>,
        serial: u32,
        arguments: impl FnOnce(&mut Writer<'_>),
    ) {
        let start = buffer.len();
        buffer.extend([b'l', METHOD_CALL, NO_FLAGS, VERSION]);
        let mut writer = Writer { buffer, start };
        writer.number(0);
        writer.number(serial);
        writer.array(8, |fields| self.write_fields(fields));
        writer.align(8);
        let body = writer.position();
        arguments(&mut writer);
        writer.set_length(BODY_LENGTH, body);
    }

    fn write_fields(&self, fields: &mut Writer<'_>) {
        let texts = [
            (PATH, "o", self.path),
            (DESTINATION, "s", self.destination),
            (INTERFACE, "s", self.interface),
            (MEMBER, "s", self.member),
        ];
        for (field, kind, text) in texts {
            fields.align(8);
            fields.byte(field);
            fields.signature(kind);
            fields.string(text);
        }
        fields.align(8);
        fields.byte(SIGNATURE);
        fields.signature("g");
        fields.signature(self.signature);
    }
}

/// A message from the bus; only one that replies to a call is of use.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) reply_to: Option<u32>,
    pub(super) error: Option<String>,
    pub(super) signature: String,
    bytes: Zeroizing<Vec<u8>>,
    body: usize,
    is_big_endian: bool,
}

impl Message {
    /// Reads one message, and no byte of the next.
    pub(super) fn receive(socket: &mut impl Read) -> Result<Self, BusError> {
        let mut bytes = Zeroizing::new(vec![0; FIXED]);
        socket.read_exact(&mut bytes)?;
        let is_big_endian = is_big_endian(bytes[0])?;
        let body_length = Reader::new(&bytes, BODY_LENGTH, is_big_endian).number()? as usize;
        let fields_length = Reader::new(&bytes, FIXED - 4, is_big_endian).number()? as usize;
        if body_length > LARGEST || fields_length > LARGEST {
            return Err(Malformed);
        }
        let body = (FIXED + fields_length).next_multiple_of(8);
        bytes.resize(body + body_length, 0);
        socket.read_exact(&mut bytes[FIXED..])?;
        let mut message = Self {
            reply_to: None,
            error: None,
            signature: String::new(),
            bytes,
            body,
            is_big_endian,
        };
        message.read_fields()?;
        Ok(message)
    }

    fn read_fields(&mut self) -> Result<(), BusError> {
        let mut reader = Reader::new(&self.bytes, FIXED - 4, self.is_big_endian);
        let fields = reader.array(8, |field| Ok((field.byte()?, field.variant()?)))?;
        let kind = self.bytes[1];
        for field in fields {
            match field {
                (REPLY_SERIAL, Value::Number(serial)) if [METHOD_RETURN, ERROR].contains(&kind) => {
                    self.reply_to = Some(serial);
                }
                (ERROR_NAME, Value::Text(name)) if kind == ERROR => {
                    self.error = Some(name.to_owned());
                }
                (SIGNATURE, Value::Text(signature)) => self.signature = signature.to_owned(),
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn body(&self) -> Reader<'_> {
        Reader::new(&self.bytes, self.body, self.is_big_endian)
    }
}

fn is_big_endian(mark: u8) -> Result<bool, BusError> {
    match mark {
        b'l' => Ok(false),
        b'B' => Ok(true),
        _ => Err(Malformed),
    }
}
