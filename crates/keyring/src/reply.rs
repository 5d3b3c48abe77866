//! A token → the bytes that `keyring get` prints for it. Which client asks does not matter, only its options.

use codeartifact_auth::token::Secret;

use crate::arguments::{Form, Mode};

/// The user that CodeArtifact wants beside a token, whatever name the client had in its URL.
pub(crate) const USER: &str = "aws";

/// The whole answer. One newline at the end: uv takes a second one as part of the password.
pub(crate) fn render(token: &Secret, mode: Mode, form: Form) -> Secret {
    let token = token.expose();
    Secret::new(match (form, mode) {
        (Form::Plain, Mode::Password) => format!("{token}\n"),
        (Form::Plain, Mode::Creds) => format!("{USER}\n{token}\n"),
        (Form::Json, Mode::Password) => format!("{{\"password\": {}}}\n", json(token).expose()),
        (Form::Json, Mode::Creds) => format!(
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
        use Form::{Json, Plain};
        use Mode::{Creds, Password};
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
        for (mode, form, expected) in rows {
            assert_eq!(render(&token, mode, form).expose(), expected);
        }
    }

    #[test]
    fn json_is_escaped() {
        let token = Secret::new("a\"b\\c".into());
        let reply = render(&token, Mode::Password, Form::Json);
        assert_eq!(reply.expose(), "{\"password\": \"a\\\"b\\\\c\"}\n");
    }
}
