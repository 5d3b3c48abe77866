//! The last step: GetAuthorizationToken, and until when its answer may be used here.

use aws_credential_types::Credentials;
use aws_sdk_codeartifact::operation::get_authorization_token::GetAuthorizationTokenOutput;

use super::call;
use super::role_session::SESSION_SECONDS;
use super::session::Session;
use crate::connection::{Connection, TokenDuration};
use crate::error::{Call, Failure, Step, row};
use crate::token::{LONGEST_LIFE_SECONDS, Secret, Timestamp, Token};

/// Asks for the token. Domain, owner and duration are always sent: the domain may be another account's, and
/// a policy that caps the duration refuses a call that leaves it out.
pub(super) async fn token(
    session: &Session<'_>,
    credentials: Credentials,
    duration: TokenDuration,
) -> Result<Token, Box<Failure>> {
    let asked = ask_for_token(session, credentials, duration);
    let step = Step::token(session.request.domain);
    session.step(step, asked).await
}

async fn ask_for_token(
    session: &Session<'_>,
    credentials: Credentials,
    duration: TokenDuration,
) -> Result<Token, Box<Failure>> {
    let client = call::codeartifact(&session.settings_of(credentials));
    let request = client
        .get_authorization_token()
        .domain(&session.request.domain.name)
        .domain_owner(&session.request.domain.owner)
        .duration_seconds(match duration {
            TokenDuration::Seconds(seconds) => seconds.into(),
            TokenDuration::Session => 0,
        });
    let account = session.account_after(session.request.connection.hops.len());
    let send = async || {
        let issued_at = session.environment.now();
        let answer = request.clone().send().await?;
        Ok((answer, issued_at))
    };
    let asked = session.send(Call::GetAuthorizationToken, account, send);
    let (answer, issued_at) = asked.await?;
    let life = longest_life(duration, session.request.connection);
    read(answer, issued_at, life).ok_or_else(|| row::ANSWER_GARBLED.with("status", 200))
}

/// The life that was asked for, as far as it is known beforehand.
fn longest_life(duration: TokenDuration, connection: &Connection) -> u64 {
    match duration {
        TokenDuration::Seconds(seconds) => seconds.into(),
        TokenDuration::Session if connection.hops.is_empty() => LONGEST_LIFE_SECONDS,
        TokenDuration::Session => SESSION_SECONDS.into(),
    }
}

/// The server's expiry is by its clock. If ours is behind, the asked-for life counted from our own moment ends
/// before the server's does by our clock; so the earlier of the two is never too late.
fn read(answer: GetAuthorizationTokenOutput, issued_at: Timestamp, life: u64) -> Option<Token> {
    let text = answer.authorization_token.filter(|text| is_token(text))?;
    let own = issued_at.plus(life);
    let server = answer.expiration.map_or(own, |moment| {
        Timestamp(moment.secs().try_into().unwrap_or(0))
    });
    Some(Token {
        secret: Secret::new(text),
        issued_at,
        expires_at: own.min(server),
    })
}

/// The longest that an `.npmrc`, a header or a record takes; AWS's have two or three kilobytes.
const LONGEST_TOKEN: usize = 64 * 1024;

/// It goes into headers, URLs and line-based protocols: nothing but visible ASCII may be in it.
pub(super) fn is_token(text: &str) -> bool {
    (1..=LONGEST_TOKEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::DateTime;

    use super::*;

    const NOW: u64 = 1_800_000_000;
    const HOUR: u64 = 3600;

    fn answer(token: Option<&str>, expiration: Option<f64>) -> GetAuthorizationTokenOutput {
        GetAuthorizationTokenOutput::builder()
            .set_authorization_token(token.map(str::to_owned))
            .set_expiration(expiration.map(DateTime::from_secs_f64))
            .build()
    }

    #[test]
    fn a_wrong_clock_never_serves_past_the_servers_expiry() {
        let now = NOW as f64;
        let hours = |hours: f64| Some(now + hours * HOUR as f64);
        let rows = [
            // what, server's expiry, life asked for, expires
            ("clocks agree", hours(12.0), 12 * HOUR, NOW + 12 * HOUR),
            ("fraction of a second", Some(now + 899.9), 900, NOW + 899),
            (
                "ours is an hour behind",
                hours(13.0),
                12 * HOUR,
                NOW + 12 * HOUR,
            ),
            (
                "ours is an hour ahead",
                hours(11.0),
                12 * HOUR,
                NOW + 11 * HOUR,
            ),
            (
                "ours is a day ahead",
                hours(-12.0),
                12 * HOUR,
                NOW - 12 * HOUR,
            ),
            ("the server does not say", None, 900, NOW + 900),
            ("the server says nonsense", Some(-5.0), 900, 0),
        ];
        for (what, expiration, life, expires) in rows {
            let token = read(
                answer(Some("eyJ2ZXIiOjF9.a.b.c.d"), expiration),
                Timestamp(NOW),
                life,
            )
            .unwrap();
            assert_eq!(token.expires_at, Timestamp(expires), "{what}");
            assert_eq!(token.issued_at, Timestamp(NOW), "{what}");
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let long = "x".repeat(LONGEST_TOKEN + 1);
        for text in [
            None,
            Some(""),
            Some("two words"),
            Some("line\n"),
            Some("é"),
            Some(long.as_str()),
        ] {
            assert!(
                read(answer(text, None), Timestamp(NOW), 900).is_none(),
                "{text:?}"
            );
        }
    }
}
