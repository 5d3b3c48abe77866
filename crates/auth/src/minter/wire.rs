//! The protocol between a helper and `codeartifact`: one JSON object each way, over a pipe, and nothing secret in an
//! argument. Both ends are in this file, so that they cannot differ within one release; the protocol's number shows a
//! mix of releases.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{MintRequest, Minter};
use crate::connection::Connection;
use crate::endpoint::Domain;
use crate::error::{Failure, row};
use crate::token::{Secret, Timestamp, Token};

/// Goes up when either object changes in a way that the other side must know.
const PROTOCOL: u32 = 2;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A connection has a few kilobytes.
const LONGEST_QUESTION: u64 = 1024 * 1024;

/// A reply needs less than this beside the token, so the buffer does not grow.
const FRAME_BYTES: usize = 512;

/// The part of a message that every release can read.
#[derive(Deserialize)]
struct Sender {
    protocol: u32,
    #[serde(default)]
    version: String,
}

#[derive(Serialize)]
struct Question<'a> {
    protocol: u32,
    version: &'a str,
    domain: &'a Domain,
    connection: &'a Connection,
    deadline_ms: u64,
}

#[derive(Deserialize)]
struct Asked {
    domain: Domain,
    connection: Connection,
    deadline_ms: u64,
}

/// Has a token or a failure; neither, if the question came from another release.
#[derive(Serialize, Deserialize)]
struct Answer<'a> {
    protocol: u32,
    version: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    token: Option<Granted<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<Box<Failure>>,
}

#[derive(Serialize, Deserialize)]
struct Granted<'a> {
    #[serde(borrow)]
    secret: Cow<'a, str>,
    issued_at: Timestamp,
    expires_at: Timestamp,
}

/// The bytes that ask for a token.
pub(super) fn question(request: &MintRequest<'_>) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Question {
        protocol: PROTOCOL,
        version: VERSION,
        domain: request.domain,
        connection: request.connection,
        deadline_ms: u64::try_from(request.deadline.as_millis()).unwrap_or(u64::MAX),
    })
}

/// Reads the token or the failure in a reply. The outer error: it is a reply of another release, or none at all.
pub(super) fn reply(bytes: &[u8]) -> Result<Result<Token, Box<Failure>>, Box<Failure>> {
    let sender = sender(bytes).ok_or_else(|| row::NO_ANSWER.failure())?;
    if sender.protocol != PROTOCOL {
        return Err(row::OTHER_RELEASE
            .with("ours", VERSION)
            .with("theirs", sender.version));
    }
    let answer: Answer<'_> = serde_json::from_slice(bytes).map_err(|_| row::NO_ANSWER.failure())?;
    match (answer.token, answer.failure) {
        (Some(granted), None) => Ok(Ok(granted.into())),
        (None, Some(failure)) => Ok(Err(failure)),
        _ => Err(row::NO_ANSWER.failure()),
    }
}

/// Answers one question: the other end of the pipe.
///
/// # Errors
/// The question cannot be read, or the answer cannot be written.
pub fn serve(input: impl Read, mut output: impl Write, minter: &dyn Minter) -> io::Result<()> {
    let mut question = Vec::new();
    input.take(LONGEST_QUESTION).read_to_end(&mut question)?;
    let answer = answer(&question, minter)?;
    output.write_all(&answer)?;
    output.flush()
}

fn answer(question: &[u8], minter: &dyn Minter) -> io::Result<Zeroizing<Vec<u8>>> {
    let sender = sender(question).ok_or_else(|| io::Error::other("the question is not ours"))?;
    if sender.protocol != PROTOCOL {
        return encode(None, None);
    }
    let asked: Asked = serde_json::from_slice(question)?;
    let minted = minter.mint(&MintRequest {
        domain: &asked.domain,
        connection: &asked.connection,
        deadline: Duration::from_millis(asked.deadline_ms),
    });
    match minted {
        Ok(token) => encode(Some(&token), None),
        Err(failure) => encode(None, Some(failure)),
    }
}

fn encode(token: Option<&Token>, failure: Option<Box<Failure>>) -> io::Result<Zeroizing<Vec<u8>>> {
    let secret = token.map_or(0, |token| token.secret.expose().len());
    let mut bytes = Zeroizing::new(Vec::with_capacity(FRAME_BYTES + secret));
    let answer = Answer {
        protocol: PROTOCOL,
        version: Cow::Borrowed(VERSION),
        token: token.map(Granted::from),
        failure,
    };
    serde_json::to_writer(&mut *bytes, &answer)?;
    Ok(bytes)
}

fn sender(bytes: &[u8]) -> Option<Sender> {
    serde_json::from_slice(bytes).ok()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{CacheChoice, Hop, Scope, TokenDuration};
    use crate::endpoint::{Endpoint, MappedHosts};

    const URL: &str = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/";

    /// Holds the request that it must be asked, and answers with a token.
    struct Expecting(Connection, Endpoint);

    impl Minter for Expecting {
        fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
            assert_eq!(request.connection, &self.0);
            assert_eq!(request.domain, &self.1.domain);
            assert_eq!(request.deadline, Duration::from_millis(1500));
            Ok(Token {
                secret: Secret::new("eyJ2ZXIi\"\\".to_owned()),
                issued_at: Timestamp(1_800_000_000),
                expires_at: Timestamp(1_800_043_200),
            })
        }
    }

    fn connection(endpoint: &Endpoint) -> Connection {
        Connection {
            name: Some("acme".to_owned()),
            account_id: None,
            profile: Some("integration".to_owned()),
            source: None,
            audience: None,
            hops: vec![Hop {
                role_arn: "arn:aws:iam::111122223333:role/Reader".to_owned(),
                external_id: Some("k3JvWmQx7TzB".to_owned()),
            }],
            duration: TokenDuration::Seconds(900),
            cache: CacheChoice::Off,
            scope: Scope::Repositories,
            only_if_named: false,
            endpoints: [(endpoint.place.as_ref().unwrap().format, endpoint.clone())].into(),
        }
    }

    #[test]
    fn a_question_arrives_whole_and_so_does_its_answer() {
        let endpoint = Endpoint::parse(URL, &MappedHosts::new()).unwrap();
        let connection = connection(&endpoint);
        let question = question(&MintRequest {
            domain: &endpoint.domain,
            connection: &connection,
            deadline: Duration::from_millis(1500),
        });
        let minter = Expecting(connection, endpoint);
        let mut answer = Vec::new();
        serve(&*question.unwrap(), &mut answer, &minter).unwrap();
        let token = reply(&answer).unwrap().unwrap();
        assert_eq!(token.secret.expose(), "eyJ2ZXIi\"\\");
        assert_eq!(
            (token.issued_at.0, token.expires_at.0),
            (1_800_000_000, 1_800_043_200)
        );
    }

    #[test]
    fn another_release_is_told_from_garbage() {
        let other = reply(br#"{"protocol":3,"version":"9.9.9","token":{"of":"another shape"}}"#);
        let other = other.unwrap_err();
        assert!(other.is(&[&row::OTHER_RELEASE]), "{other}");
        assert!(other.words().ends_with("is codeartifact 9.9.9"), "{other}");
        for garbage in [
            "",
            "usage: codeartifact",
            "{}",
            r#"{"protocol":2,"version":"0"}"#,
            "[2]",
        ] {
            let found = reply(garbage.as_bytes()).unwrap_err();
            assert!(found.is(&[&row::NO_ANSWER]), "{garbage}");
        }
    }

    #[test]
    fn a_question_of_another_release_is_answered_with_our_version_alone() {
        let answer = answer(br#"{"protocol":7}"#, &Unasked).unwrap();
        let expected = format!(r#"{{"protocol":{PROTOCOL},"version":"{VERSION}"}}"#);
        assert_eq!(String::from_utf8_lossy(&answer), expected);
    }

    struct Unasked;

    impl Minter for Unasked {
        fn mint(&self, _: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
            unreachable!("another release is not served")
        }
    }
}
