//! Ruby's Marshal format 4.8, as far as gem's indexes need it. Source: Ruby's documentation, "Marshal Format".

/// A value of Ruby's.
pub(super) enum Value<'a> {
    Nil,
    Number(u8),
    Text(&'a str),
    List(Vec<Value<'a>>),
    EmptyHash,
    /// An object that gives this to `marshal_load` of its class.
    Object(&'static str, Box<Value<'a>>),
    /// An object that gives these bytes to `_load` of its class.
    Loaded(&'static str, Vec<u8>),
}

/// `Gem::Version`.
pub(super) fn version(text: &str) -> Value<'_> {
    Value::Object(
        "Gem::Version",
        Box::new(Value::List(vec![Value::Text(text)])),
    )
}

/// A whole document.
pub(super) fn dump(value: &Value<'_>) -> Vec<u8> {
    let mut bytes = vec![4, 8];
    write(&mut bytes, value);
    bytes
}

fn write(bytes: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Nil => bytes.push(b'0'),
        Value::Number(number) => {
            bytes.push(b'i');
            write_number(bytes, usize::from(*number));
        }
        Value::Text(text) => {
            bytes.extend(b"I\"");
            write_counted(bytes, text.as_bytes());
            // It is UTF-8.
            bytes.extend(b"\x06:\x06ET");
        }
        Value::List(values) => {
            bytes.push(b'[');
            write_number(bytes, values.len());
            values.iter().for_each(|value| write(bytes, value));
        }
        Value::EmptyHash => bytes.extend(b"{\0"),
        Value::Object(class, content) => {
            bytes.extend(b"U:");
            write_counted(bytes, class.as_bytes());
            write(bytes, content);
        }
        Value::Loaded(class, content) => {
            bytes.extend(b"u:");
            write_counted(bytes, class.as_bytes());
            write_counted(bytes, content);
        }
    }
}

fn write_counted(bytes: &mut Vec<u8>, content: &[u8]) {
    write_number(bytes, content.len());
    bytes.extend(content);
}

/// One byte up to 122, else how many follow and then these, the least first.
fn write_number(bytes: &mut Vec<u8>, number: usize) {
    let little = number.to_le_bytes();
    let length = little
        .iter()
        .rposition(|it| *it != 0)
        .map_or(0, |it| it + 1);
    match (number, u8::try_from(length)) {
        (0, _) => bytes.push(0),
        (1..=122, _) => bytes.push(little[0] + 5),
        (_, Ok(count)) => {
            bytes.push(count);
            bytes.extend(&little[..length]);
        }
        (_, Err(_)) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Ruby writes them.
    #[test]
    fn values_as_ruby_writes_them() {
        let long = "a".repeat(300);
        let rows = [
            (Value::Nil, b"\x04\x080".to_vec()),
            (Value::Number(4), b"\x04\x08i\x09".to_vec()),
            (Value::Number(200), b"\x04\x08i\x01\xc8".to_vec()),
            (Value::Text("a"), b"\x04\x08I\"\x06a\x06:\x06ET".to_vec()),
            (
                Value::List(vec![Value::EmptyHash]),
                b"\x04\x08[\x06{\0".to_vec(),
            ),
            (
                version("1.0"),
                b"\x04\x08U:\x11Gem::Version[\x06I\"\x081.0\x06:\x06ET".to_vec(),
            ),
            (
                Value::Text(&long),
                [b"\x04\x08I\"\x02\x2c\x01", long.as_bytes(), b"\x06:\x06ET"].concat(),
            ),
        ];
        for (value, expected) in rows {
            assert_eq!(dump(&value), expected);
        }
    }
}
