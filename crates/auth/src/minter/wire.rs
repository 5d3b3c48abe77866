//! The protocol between a helper and `codeartifact`: one JSON object each way, over a pipe, and nothing secret in an
//! argument. Both ends are here, so that they cannot differ within one release; the protocol's number shows a
//! mix of releases.

mod reply;

use std::io::{self, Read, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{AwsSession, MintRequest, Minter, SessionSource};
use crate::connection::Connection;
use crate::endpoint::Domain;
use crate::error::{Failure, row};
use crate::token::{Timestamp, Token};
use reply::{Reply, encode, encode_failure, encode_session, encode_token};

/// Goes up when either object changes in a way that the other side must know.
const PROTOCOL: u32 = 4;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A connection has a few kilobytes.
const LONGEST_QUESTION: u64 = 1024 * 1024;

/// The part of a message that every release can read.
#[derive(Deserialize)]
struct Sender {
    protocol: u32,
    #[serde(default)]
    version: String,
}

/// The kind of answer that is wanted.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Want {
    Token,
    Session,
}

/// A kind of answer.
pub(super) trait Payload: Sized {
    const WANT: Want;

    fn from_reply(reply: Reply<'_>) -> Option<Self>;
}

impl Payload for Token {
    const WANT: Want = Want::Token;

    fn from_reply(reply: Reply<'_>) -> Option<Self> {
        reply.token.map(Self::from)
    }
}

impl Payload for AwsSession {
    const WANT: Want = Want::Session;

    fn from_reply(reply: Reply<'_>) -> Option<Self> {
        reply.session.map(Self::from)
    }
}

#[derive(Serialize)]
struct Question<'a> {
    protocol: u32,
    version: &'a str,
    want: Want,
    domain: &'a Domain,
    connection: &'a Connection,
    deadline_ms: u64,
    after: Timestamp,
}

#[derive(Deserialize)]
struct Asked {
    want: Want,
    domain: Domain,
    connection: Connection,
    deadline_ms: u64,
    after: Timestamp,
}

/// The bytes that ask for it.
pub(super) fn question<T: Payload>(request: &MintRequest<'_>) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Question {
        protocol: PROTOCOL,
        version: VERSION,
        want: T::WANT,
        domain: request.domain,
        connection: request.connection,
        deadline_ms: u64::try_from(request.deadline.as_millis()).unwrap_or(u64::MAX),
        after: request.after,
    })
}

/// Reads what was wanted, or the failure, in a reply. The outer error: it is one of another release, or none at all.
pub(super) fn reply<T: Payload>(bytes: &[u8]) -> Result<Result<T, Box<Failure>>, Box<Failure>> {
    let sender = sender(bytes).ok_or_else(|| row::NO_ANSWER.failure())?;
    if sender.protocol != PROTOCOL {
        return Err(row::OTHER_RELEASE
            .with("ours", VERSION)
            .with("theirs", sender.version));
    }
    let answer: Reply<'_> = serde_json::from_slice(bytes).map_err(|_| row::NO_ANSWER.failure())?;
    if let Some(failure) = answer.failure {
        return Ok(Err(failure));
    }
    T::from_reply(answer)
        .map(Ok)
        .ok_or_else(|| row::NO_ANSWER.failure())
}

/// Answers one question: the other end of the pipe.
///
/// # Errors
/// The question cannot be read, or the answer cannot be written.
pub fn serve(
    input: impl Read,
    mut output: impl Write,
    minter: &(impl Minter + SessionSource),
) -> io::Result<()> {
    let mut question = Vec::new();
    input.take(LONGEST_QUESTION).read_to_end(&mut question)?;
    let answer = answer(&question, minter)?;
    output.write_all(&answer)?;
    output.flush()
}

fn answer(
    question: &[u8],
    minter: &(impl Minter + SessionSource),
) -> io::Result<Zeroizing<Vec<u8>>> {
    let sender = sender(question).ok_or_else(|| io::Error::other("the question is not ours"))?;
    if sender.protocol != PROTOCOL {
        return encode(Reply::default(), 0);
    }
    let asked: Asked = serde_json::from_slice(question)?;
    let request = MintRequest {
        domain: &asked.domain,
        connection: &asked.connection,
        deadline: Duration::from_millis(asked.deadline_ms),
        after: asked.after,
    };
    match asked.want {
        Want::Token => match minter.mint(&request) {
            Ok(token) => encode_token(&token),
            Err(failure) => encode_failure(failure),
        },
        Want::Session => match minter.session(&request) {
            Ok(session) => encode_session(&session),
            Err(failure) => encode_failure(failure),
        },
    }
}

fn sender(bytes: &[u8]) -> Option<Sender> {
    serde_json::from_slice(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{BrokerSettings, CacheChoice, Hop, Scope, TokenDuration};
    use crate::endpoint::{Endpoint, MappedHosts};
    use crate::token::Secret;

    const URL: &str = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/";

    /// Holds the request that it must be asked, and answers with a token.
    struct Expecting(Connection, Endpoint);

    impl Minter for Expecting {
        fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
            assert_eq!(request.connection, &self.0);
            assert_eq!(request.domain, &self.1.domain);
            assert_eq!(request.deadline, Duration::from_millis(1500));
            assert_eq!(request.after, Timestamp(1_799_999_999));
            Ok(Token {
                secret: Secret::new("eyJ2ZXIi\"\\".to_owned()),
                issued_at: Timestamp(1_800_000_000),
                expires_at: Timestamp(1_800_043_200),
            })
        }
    }

    impl SessionSource for Expecting {
        fn session(&self, request: &MintRequest<'_>) -> Result<AwsSession, Box<Failure>> {
            assert_eq!(request.connection, &self.0);
            Ok(AwsSession {
                access_key_id: "ASIAIOSFODNN7EXAMPLE".to_owned(),
                secret_access_key: Secret::new("a\"/b".to_owned()),
                session_token: None,
                expires_at: Some(Timestamp(1_800_003_600)),
                endpoint: "https://codeartifact.us-east-1.amazonaws.com".to_owned(),
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
            go_private: Vec::new(),
            keeps_files: true,
            store: None,
            broker: Some(BrokerSettings {
                url: "https://broker.example.com".to_owned(),
                source: "file:/token".parse().unwrap(),
                audience: "codeartifact-broker".to_owned(),
            }),
            endpoints: [(endpoint.place.as_ref().unwrap().format, endpoint.clone())].into(),
        }
    }

    #[test]
    fn a_question_arrives_whole_and_so_does_its_answer() {
        let endpoint = Endpoint::parse(URL, &MappedHosts::new()).unwrap();
        let connection = connection(&endpoint);
        let request = MintRequest {
            domain: &endpoint.domain,
            connection: &connection,
            deadline: Duration::from_millis(1500),
            after: Timestamp(1_799_999_999),
        };
        let minter = Expecting(connection.clone(), endpoint.clone());
        let token: Token = asked_and_answered(&request, &minter);
        assert_eq!(token.secret.expose(), "eyJ2ZXIi\"\\");
        assert_eq!(
            (token.issued_at.0, token.expires_at.0),
            (1_800_000_000, 1_800_043_200)
        );
        let session: AwsSession = asked_and_answered(&request, &minter);
        assert_eq!(session.secret_access_key.expose(), "a\"/b");
        assert_eq!(session.expires_at, Some(Timestamp(1_800_003_600)));
        assert!(session.session_token.is_none() && session.endpoint.starts_with("https://"));
    }

    fn asked_and_answered<T: Payload>(request: &MintRequest<'_>, minter: &Expecting) -> T {
        let question = question::<T>(request).unwrap();
        let mut answer = Vec::new();
        serve(&*question, &mut answer, minter).unwrap();
        reply(&answer).unwrap().unwrap()
    }

    #[test]
    fn another_release_is_told_from_garbage() {
        let other =
            reply::<Token>(br#"{"protocol":5,"version":"9.9.9","token":{"of":"another shape"}}"#);
        let other = other.unwrap_err();
        assert!(other.is(&[&row::OTHER_RELEASE]), "{other}");
        assert!(other.words().ends_with("is codeartifact 9.9.9"), "{other}");
        for garbage in [
            "",
            "usage: codeartifact",
            "{}",
            r#"{"protocol":4,"version":"0"}"#,
            "[4]",
        ] {
            let found = reply::<Token>(garbage.as_bytes()).unwrap_err();
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

    impl SessionSource for Unasked {
        fn session(&self, _: &MintRequest<'_>) -> Result<AwsSession, Box<Failure>> {
            unreachable!("another release is not served")
        }
    }
}
