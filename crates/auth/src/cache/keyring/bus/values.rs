//! The values in a message, written and read one after another. Every value begins at a multiple of its alignment, counted
//! from the start of the message.

use super::BusError::{self, Malformed};

/// Appends one message to a buffer. Numbers are little-endian, which every reader must understand.
pub(crate) struct Writer<'a> {
    pub(super) buffer: &'a mut Vec<u8>,
    pub(super) start: usize,
}

impl Writer<'_> {
    pub(super) fn position(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// Pads with zeros. Structures and the entries of a dictionary begin at multiples of 8.
    pub(crate) fn align(&mut self, to: usize) {
        let padded = self.position().next_multiple_of(to);
        self.buffer.resize(self.start + padded, 0);
    }

    pub(super) fn byte(&mut self, value: u8) {
        self.buffer.push(value);
    }

    pub(super) fn number(&mut self, value: u32) {
        self.align(4);
        self.buffer.extend(value.to_le_bytes());
    }

    pub(crate) fn boolean(&mut self, value: bool) {
        self.number(value.into());
    }

    /// Writes an array of bytes.
    pub(crate) fn bytes(&mut self, value: &[u8]) {
        self.array(1, |array| array.buffer.extend(value));
    }

    /// Writes a string or the path of an object.
    pub(crate) fn string(&mut self, value: &str) {
        self.bytes(value.as_bytes());
        self.byte(0);
    }

    /// Writes a signature, which has at most 255 bytes; it precedes the value of a variant.
    pub(crate) fn signature(&mut self, value: &str) {
        self.byte(value.len() as u8);
        self.buffer.extend(value.as_bytes());
        self.byte(0);
    }

    /// Writes elements that begin at multiples of `alignment`.
    pub(crate) fn array(&mut self, alignment: usize, elements: impl FnOnce(&mut Self)) {
        self.number(0);
        let length_at = self.position() - 4;
        self.align(alignment);
        let first = self.position();
        elements(self);
        self.set_length(length_at, first);
    }

    /// Replaces the number at `at` by the count of bytes since `from`.
    pub(super) fn set_length(&mut self, at: usize, from: usize) {
        let length = (self.position() - from) as u32;
        let at = self.start + at;
        self.buffer[at..at + 4].copy_from_slice(&length.to_le_bytes());
    }
}

/// Reads a message's values one after another.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    is_big_endian: bool,
}

/// The value of a variant.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Number(u32),
    Bytes,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], position: usize, is_big_endian: bool) -> Self {
        Self {
            bytes,
            position,
            is_big_endian,
        }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], BusError> {
        let end = self.position.saturating_add(count);
        let taken = self.bytes.get(self.position..end).ok_or(Malformed)?;
        self.position = end;
        Ok(taken)
    }

    /// Skips the padding in front of a value.
    pub(crate) fn align(&mut self, to: usize) {
        self.position = self.position.next_multiple_of(to);
    }

    pub(super) fn byte(&mut self) -> Result<u8, BusError> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn number(&mut self) -> Result<u32, BusError> {
        self.align(4);
        let number = self.take(4)?.try_into().map(u32::from_le_bytes);
        let number = number.map_err(|_| Malformed)?;
        Ok(if self.is_big_endian {
            number.swap_bytes()
        } else {
            number
        })
    }

    /// Reads an array of bytes.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], BusError> {
        let length = self.number()?;
        self.take(length as usize)
    }

    /// Reads a string or the path of an object.
    pub(crate) fn string(&mut self) -> Result<&'a str, BusError> {
        let length = self.number()?;
        self.text(length as usize)
    }

    fn text(&mut self, length: usize) -> Result<&'a str, BusError> {
        let text = self.take(length)?;
        let end = self.byte()?;
        let text = str::from_utf8(text).map_err(|_| Malformed)?;
        (end == 0).then_some(text).ok_or(Malformed)
    }

    pub(crate) fn variant(&mut self) -> Result<Value<'a>, BusError> {
        let length = self.byte()?;
        match self.text(length.into())? {
            "s" | "o" => self.string().map(Value::Text),
            "u" | "b" => self.number().map(Value::Number),
            "ay" => self.bytes().map(|_| Value::Bytes),
            "g" => {
                let length = self.byte()?;
                self.text(length.into()).map(Value::Text)
            }
            _ => Err(Malformed),
        }
    }

    /// Reads elements that begin at multiples of `alignment`.
    pub(crate) fn array<T>(
        &mut self,
        alignment: usize,
        mut element: impl FnMut(&mut Self) -> Result<T, BusError>,
    ) -> Result<Vec<T>, BusError> {
        let length = self.number()? as usize;
        self.align(alignment);
        let end = self.position.saturating_add(length);
        let mut elements = Vec::new();
        while self.position < end {
            self.align(alignment);
            elements.push(element(self)?);
        }
        Ok(elements)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let mut buffer = b"not aligned".to_vec();
        let start = buffer.len();
        let mut writer = Writer {
            buffer: &mut buffer,
            start,
        };
        writer.byte(7);
        writer.number(0x0102_0304);
        writer.string("text");
        writer.signature("ay");
        writer.bytes(&[1, 2]);
        writer.array(8, |entries| {
            for text in ["a", "b"] {
                entries.align(8);
                entries.string(text);
            }
        });
        buffer.split_off(start)
    }

    fn read(bytes: &[u8]) -> Result<(u8, u32, &str, Value<'_>, Vec<&str>), BusError> {
        let mut reader = Reader::new(bytes, 0, false);
        Ok((
            reader.byte()?,
            reader.number()?,
            reader.string()?,
            reader.variant()?,
            reader.array(8, Reader::string)?,
        ))
    }

    #[test]
    fn values_are_read_as_they_are_written() {
        let bytes = written();
        let expected = (7, 0x0102_0304, "text", Value::Bytes, vec!["a", "b"]);
        assert_eq!(read(&bytes).unwrap(), expected);
        for length in 0..bytes.len() {
            let error = read(&bytes[..length]).unwrap_err();
            assert!(matches!(error, Malformed), "{length}: {error:?}");
        }
    }
}
