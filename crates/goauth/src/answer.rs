//! A token and where it fits → the bytes that go reads (`go help goauth`). It decides nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use codeartifact_auth::token::Secret;

/// The user that CodeArtifact wants beside a token.
const USER: &str = "aws";

/// One set of credentials: URL prefixes, a blank line, header lines, a blank line. Without the last one go takes
/// nothing of the whole answer.
pub(crate) fn credentials(prefixes: &[String], token: &Secret) -> Secret {
    let pair = Secret::new(format!("{USER}:{}", token.expose()));
    let encoded = Secret::new(STANDARD.encode(pair.expose()));
    let encoded = encoded.expose();
    let prefixes = prefixes.join("\n");
    Secret::new(format!("{prefixes}\n\nAuthorization: Basic {encoded}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_those_that_go_reads() {
        let rows: [(&[&str], &str); 2] = [
            (
                &["https://h/go/my-repo/"],
                "https://h/go/my-repo/\n\nAuthorization: Basic YXdzOlRPS0VO\n\n",
            ),
            (
                &["https://h/go/my-repo/", "https://h"],
                "https://h/go/my-repo/\nhttps://h\n\nAuthorization: Basic YXdzOlRPS0VO\n\n",
            ),
        ];
        for (prefixes, expected) in rows {
            let prefixes: Vec<_> = prefixes.iter().map(|&prefix| prefix.into()).collect();
            let set = credentials(&prefixes, &Secret::new("TOKEN".into()));
            assert_eq!(set.expose(), expected);
        }
    }
}
