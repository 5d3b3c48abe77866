//! Ends a sentence, in private.

/// The sentence with an exclamation mark.
pub fn punctuate(sentence: &str) -> String {
    format!("{sentence}!")
}
