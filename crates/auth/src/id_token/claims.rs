//! Reads what an identity token says about itself: the part of a JSON Web Token that anyone can read. Nothing is verified, so
//! it serves explanations and names of kept tokens alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// The claims that decide whom AWS lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// `https://token.actions.githubusercontent.com`
    pub issuer: String,
    /// `repo:my-org/my-app:ref:refs/heads/main`
    pub subject: String,
    /// Usually one.
    pub audiences: Vec<String>,
}

#[derive(Deserialize)]
struct Payload {
    #[serde(default)]
    iss: String,
    #[serde(default)]
    sub: String,
    #[serde(default)]
    aud: Audience,
}

#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Audience {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl Claims {
    /// Reads them; `None` for a text that is no such token.
    pub fn of(token: &str) -> Option<Self> {
        let [_, payload, _] = token.trim().split('.').collect::<Vec<_>>()[..] else {
            return None;
        };
        let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let payload: Payload = serde_json::from_slice(&json).ok()?;
        let is_whole = !payload.iss.is_empty() && !payload.sub.is_empty();
        is_whole.then_some(Self {
            issuer: payload.iss,
            subject: payload.sub,
            audiences: match payload.aud {
                Audience::None => Vec::new(),
                Audience::One(audience) => vec![audience],
                Audience::Several(audiences) => audiences,
            },
        })
    }
}

#[cfg(test)]
pub(crate) mod for_tests {
    use super::*;

    /// A token that says this, unsigned.
    pub(crate) fn token(issuer: &str, subject: &str, audience: &str, id: &str) -> String {
        let claims =
            serde_json::json!({ "iss": issuer, "sub": subject, "aud": audience, "jti": id });
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(json: &str) -> Option<Claims> {
        Claims::of(&format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(json)))
    }

    #[test]
    fn claims_are_read() {
        type Expected = Option<(&'static str, &'static str, &'static [&'static str])>;
        let rows: [(&str, Expected); 6] = [
            (
                r#"{"iss": "https://gitlab.com", "sub": "me", "aud": "aws", "exp": 1}"#,
                Some(("https://gitlab.com", "me", &["aws"])),
            ),
            (
                r#"{"iss": "i", "sub": "s", "aud": ["a", "b"]}"#,
                Some(("i", "s", &["a", "b"])),
            ),
            ("{}", None),
            (r#"{"iss": "i", "aud": "a"}"#, None),
            ("[]", None),
            ("nonsense", None),
        ];
        for (json, expected) in rows {
            let expected = expected.map(|(issuer, subject, audiences)| Claims {
                issuer: issuer.to_owned(),
                subject: subject.to_owned(),
                audiences: audiences.iter().map(|&text| text.to_owned()).collect(),
            });
            assert_eq!(claims(json), expected, "{json}");
        }
        for text in ["", "a.b", "a.b.c", "a.b.c.d", "my-web-identity-token"] {
            assert_eq!(Claims::of(text), None, "{text}");
        }
    }
}
