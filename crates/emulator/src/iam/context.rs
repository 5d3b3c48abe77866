//! A request's context: the condition keys that are known of it. Who knows them is not its business.

use std::collections::BTreeMap;

use super::pattern::Pattern;

/// The values of a request's condition keys. Keys ignore case, as IAM's do.
#[derive(Clone, Default)]
pub(crate) struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    pub(crate) fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.to_ascii_lowercase(), vec![value.into()]);
    }

    pub(crate) fn set_option(&mut self, key: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    pub(crate) fn set_list(&mut self, key: &str, values: Vec<String>) {
        self.0.insert(key.to_ascii_lowercase(), values);
    }

    pub(super) fn get(&self, key: &str) -> &[String] {
        self.0
            .get(&key.to_ascii_lowercase())
            .map_or(&[], Vec::as_slice)
    }

    /// The value of `aws:username`, or of `aws:username, 'default'` where there is none. A key with several values
    /// has no one that could be meant.
    fn variable<'a>(&'a self, text: &'a str) -> Option<&'a str> {
        let (key, default) = text.split_once(',').unwrap_or((text, ""));
        match self.get(key.trim()) {
            [value] => Some(value),
            [] => default.trim().strip_prefix('\'')?.strip_suffix('\''),
            _ => None,
        }
    }

    /// Replaces policy variables such as `${aws:username}`; an unknown one matches nothing.
    pub(super) fn expand(&self, text: &str) -> Option<Pattern> {
        let mut expanded = Pattern::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (key, after) = after.split_once('}')?;
            expanded.push(before);
            expanded.push_literal(match key {
                "*" | "?" | "$" => key,
                variable => self.variable(variable)?,
            });
            rest = after;
        }
        expanded.push(rest);
        Some(expanded)
    }
}
