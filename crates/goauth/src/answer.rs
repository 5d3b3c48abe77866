//! A token and where it fits → the bytes that go reads (`go help goauth`). It decides nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use codeartifact_auth::token::Secret;

/// The user that CodeArtifact wants beside a token.
const USER: &str = "aws";

/// One set of credentials: URL prefixes, a blank line, header lines, a blank line. Without the last one go takes
/// nothing of the whole answer.
pub(crate) fn credentials(prefix: &str, token: &Secret) -> Secret {
    let pair = Secret::new(format!("{USER}:{}", token.expose()));
    let encoded = Secret::new(STANDARD.encode(pair.expose()));
    let encoded = encoded.expose();
    Secret::new(format!("{prefix}\n\nAuthorization: Basic {encoded}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_those_that_go_reads() {
        let set = credentials("https://h/go/my-repo/", &Secret::new("TOKEN".into()));
        let expected = "https://h/go/my-repo/\n\nAuthorization: Basic YXdzOlRPS0VO\n\n";
        assert_eq!(set.expose(), expected);
    }
}
