//! The reply: what it looks like as JSON, and how the secrets in it are copied only where they must be.

use std::borrow::Cow;
use std::io;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{PROTOCOL, VERSION};
use crate::error::Failure;
use crate::minter::AwsSession;
use crate::token::{Secret, Timestamp, Token};

/// A reply needs less than this beside the token, so the buffer does not grow.
const FRAME_BYTES: usize = 512;

/// Has what was wanted, or a failure; neither, if the question came from another release.
#[derive(Default, Serialize, Deserialize)]
pub(in crate::minter) struct Reply<'a> {
    pub(super) protocol: u32,
    pub(super) version: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<Granted<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<Assumed<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<Box<Failure>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Granted<'a> {
    #[serde(borrow)]
    secret: Cow<'a, str>,
    issued_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Assumed<'a> {
    access_key_id: Cow<'a, str>,
    #[serde(borrow)]
    secret_access_key: Cow<'a, str>,
    #[serde(borrow)]
    session_token: Option<Cow<'a, str>>,
    expires_at: Option<Timestamp>,
    endpoint: Cow<'a, str>,
}

pub(super) fn encode_token(token: &Token) -> io::Result<Zeroizing<Vec<u8>>> {
    let answer = Reply {
        token: Some(token.into()),
        ..Reply::default()
    };
    encode(answer, token.secret.expose().len())
}

pub(super) fn encode_session(session: &AwsSession) -> io::Result<Zeroizing<Vec<u8>>> {
    let token = session.session_token.as_ref().map_or("", Secret::expose);
    let secret = session.secret_access_key.expose().len() + token.len() + session.endpoint.len();
    let answer = Reply {
        session: Some(session.into()),
        ..Reply::default()
    };
    encode(answer, secret)
}

pub(super) fn encode_failure(failure: Box<Failure>) -> io::Result<Zeroizing<Vec<u8>>> {
    let answer = Reply {
        failure: Some(failure),
        ..Reply::default()
    };
    encode(answer, 0)
}

/// `secrets` is the length of what must not be copied about while the buffer grows.
pub(super) fn encode(answer: Reply<'_>, secrets: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(FRAME_BYTES + secrets));
    let answer = Reply {
        protocol: PROTOCOL,
        version: Cow::Borrowed(VERSION),
        ..answer
    };
    serde_json::to_writer(&mut *bytes, &answer)?;
    Ok(bytes)
}

impl<'a> From<&'a Token> for Granted<'a> {
    fn from(token: &'a Token) -> Self {
        Self {
            secret: Cow::Borrowed(token.secret.expose()),
            issued_at: token.issued_at,
            expires_at: token.expires_at,
        }
    }
}

impl From<Granted<'_>> for Token {
    fn from(granted: Granted<'_>) -> Self {
        Self {
            secret: Secret::new(granted.secret.into_owned()),
            issued_at: granted.issued_at,
            expires_at: granted.expires_at,
        }
    }
}

impl<'a> From<&'a AwsSession> for Assumed<'a> {
    fn from(session: &'a AwsSession) -> Self {
        Self {
            access_key_id: Cow::Borrowed(&session.access_key_id),
            secret_access_key: Cow::Borrowed(session.secret_access_key.expose()),
            session_token: session
                .session_token
                .as_ref()
                .map(|token| Cow::Borrowed(token.expose())),
            expires_at: session.expires_at,
            endpoint: Cow::Borrowed(&session.endpoint),
        }
    }
}

impl From<Assumed<'_>> for AwsSession {
    fn from(assumed: Assumed<'_>) -> Self {
        let token = assumed.session_token;
        Self {
            access_key_id: assumed.access_key_id.into_owned(),
            secret_access_key: Secret::new(assumed.secret_access_key.into_owned()),
            session_token: token.map(|token| Secret::new(token.into_owned())),
            expires_at: assumed.expires_at,
            endpoint: assumed.endpoint.into_owned(),
        }
    }
}
