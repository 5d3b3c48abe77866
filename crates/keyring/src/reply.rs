//! A token → the bytes that `keyring get` prints for it. Which client asks does not matter, only its options.

use codeartifact_auth::token::Secret;

use crate::arguments::{Mode, Output};

/// The user that CodeArtifact wants beside a token, whatever name the client had in its URL.
const USER: &str = "aws";

/// The whole answer. One newline at the end: uv takes a second one as part of the password.
pub(crate) fn render(token: &Secret, mode: Mode, output: Output) -> Secret {
    let token = token.expose();
    Secret::new(match (output, mode) {
        (Output::Plain, Mode::Password) => format!("{token}\n"),
        (Output::Plain, Mode::Creds) => format!("{USER}\n{token}\n"),
        (Output::Json, Mode::Password) => format!("{{\"password\": {}}}\n", json(token).expose()),
        (Output::Json, Mode::Creds) => format!(
            "{{\"username\": \"{USER}\", \"password\": {}}}\n",
            json(token).expose()
        ),
    })
}

fn json(text: &str) -> Secret {
    Secret::new(serde_json::to_string(text).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_those_of_keyring() {
        use Mode::{Creds, Password};
        use Output::{Json, Plain};
        let rows = [
            (Password, Plain, "eyJ2.a-_=\n"),
            (Creds, Plain, "aws\neyJ2.a-_=\n"),
            (Password, Json, "{\"password\": \"eyJ2.a-_=\"}\n"),
            (
                Creds,
                Json,
                "{\"username\": \"aws\", \"password\": \"eyJ2.a-_=\"}\n",
            ),
        ];
        let token = Secret::new("eyJ2.a-_=".into());
        for (mode, output, expected) in rows {
            assert_eq!(render(&token, mode, output).expose(), expected);
        }
    }

    #[test]
    fn json_is_escaped() {
        let token = Secret::new("a\"b\\c".into());
        let reply = render(&token, Mode::Password, Output::Json);
        assert_eq!(reply.expose(), "{\"password\": \"a\\\"b\\\\c\"}\n");
    }
}
