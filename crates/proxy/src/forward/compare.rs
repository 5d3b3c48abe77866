//! Comparing what a stranger sends with a secret.

/// Tells if both are the same, without telling by its time how much is right.
pub(crate) fn is_same(sent: &str, expected: &str) -> bool {
    let pairs = sent.bytes().zip(expected.bytes());
    let difference = pairs.fold(0, |all, (one, other)| all | (one ^ other));
    sent.len() == expected.len() && difference == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_must_be_right() {
        let rows = [
            ("5ec7e7", true),
            ("5ec7e", false),
            ("5ec7e70", false),
            ("5ec7e8", false),
            ("", false),
        ];
        for (sent, expected) in rows {
            assert_eq!(is_same(sent, "5ec7e7"), expected, "{sent}");
        }
    }
}
