//! Greets, in private.

/// A greeting for the named person.
pub fn greet(name: &str) -> String {
    my_other_crate::punctuate(&format!("Hello, {name}"))
}
