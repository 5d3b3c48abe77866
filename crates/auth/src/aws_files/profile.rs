//! The settings of one section.

use super::syntax::{Settings, Value};

/// A profile, or a section that one refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile(pub(super) Settings);

impl Profile {
    /// The value of a setting, as it is written. A nested block is no text.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.0.get(key)? {
            Value::Text(text) => Some(text),
            Value::Block(_) => None,
        }
    }

    /// The value of a setting, unless it is empty.
    pub fn filled(&self, key: &str) -> Option<&str> {
        self.text(key).filter(|text| !text.is_empty())
    }

    /// A setting inside a nested block.
    pub fn nested(&self, block: &str, key: &str) -> Option<&str> {
        match self.0.get(block)? {
            Value::Text(_) => None,
            Value::Block(settings) => settings.get(key).map(String::as_str),
        }
    }

    /// Tells whether the setting is there, with whatever value.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The settings that are text.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(key, value)| match value {
            Value::Text(text) => Some((key.as_str(), text.as_str())),
            Value::Block(_) => None,
        })
    }
}
