//! The shape that most elements of a policy share: one string, or a list of strings.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// One string or a list of them; IAM lets numbers and booleans stand unquoted in conditions.
pub(super) struct Texts(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = match Value::deserialize(deserializer)? {
            Value::Array(list) => list,
            single => vec![single],
        };
        let texts = values.into_iter().map(|value| match value {
            Value::String(text) => Ok(text),
            Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
            other => Err(serde::de::Error::custom(format!(
                "expected a string or a list of strings, found {other}"
            ))),
        });
        texts.collect::<Result<_, _>>().map(Self)
    }
}
