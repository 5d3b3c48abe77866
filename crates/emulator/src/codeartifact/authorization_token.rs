//! GetAuthorizationToken: two permissions are asked for, one of CodeArtifact and one of STS, and the token's
//! lifetime does not depend on the session's unless the call asks for that with a duration of 0.

use serde_json::{Value, json};

use super::query::{Query, invalid};
use crate::clock::Seconds;
use crate::journal::Entry;
use crate::principal::PrincipalKind;
use crate::reply::Refusal;
use crate::tokens::Lifetime;

const DEFAULT: Seconds = 43200;

pub(super) fn get(query: &Query<'_>, entry: &mut Entry) -> Result<Value, Refusal> {
    let domain = query.domain()?;
    let duration = duration(query.call.parameter("duration").as_deref())?;
    let principal = &query.signer.principal;
    if matches!(principal.kind, PrincipalKind::Root) {
        let text = "The account root user cannot request an authorization token";
        return Err(Refusal::new(403, "AccessDeniedException", text));
    }
    query.require_domain(&domain)?;
    require_bearer_token(query, duration)?;
    query.existing(&domain)?;

    let lifetime = lifetime(query, duration);
    let emulator = query.emulator;
    let token = emulator.tokens.issue(
        &query.signer,
        domain,
        &lifetime,
        emulator.scenario.token_size,
    );
    entry.note_issued(&token);
    // AWS sends seconds with a fraction.
    let expiration = lifetime.stated_expiry as f64;
    Ok(json!({ "authorizationToken": token, "expiration": expiration }))
}

/// 0, or 900 to 43200.
fn duration(text: Option<&str>) -> Result<Seconds, Refusal> {
    let Some(text) = text else { return Ok(DEFAULT) };
    match text.parse() {
        Ok(seconds @ (0 | 900..=DEFAULT)) => Ok(seconds),
        Ok(_) => Err(invalid(
            "'durationSeconds' must be 0, or between 900 and 43200".to_owned(),
        )),
        Err(_) => Err(invalid("'durationSeconds' is not a number".to_owned())),
    }
}

/// `sts:GetServiceBearerToken`, whose conditions see the duration as it was asked for: 0 stays 0.
/// It has no resource of its own, so a policy must name `*`.
fn require_bearer_token(query: &Query<'_>, duration: Seconds) -> Result<(), Refusal> {
    let mut context = query.context();
    context.set("sts:AWSServiceName", "codeartifact.amazonaws.com");
    context.set("sts:DurationSeconds", duration.to_string());
    let principal = &query.signer.principal;
    query.require(
        "sts:GetServiceBearerToken",
        "*",
        &principal.account,
        None,
        &context,
    )
}

fn lifetime(query: &Query<'_>, duration: Seconds) -> Lifetime {
    let issued_at = query.call.now;
    let period = query.signer.principal.period();
    let stated_expiry = match (duration, period) {
        (0, Some((_, expires_at))) => expires_at,
        // AWS does not document 0 for a user's long-term keys; the default is as good as any.
        (0, None) => issued_at + DEFAULT,
        (seconds, _) => issued_at + seconds,
    };
    let expires_at = query
        .call
        .effects
        .expire
        .map_or(stated_expiry, |seconds| issued_at + seconds);
    Lifetime {
        issued_at,
        stated_expiry,
        expires_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, expected) in [
            (None, Some(43200)),
            (Some("0"), Some(0)),
            (Some("900"), Some(900)),
            (Some("43200"), Some(43200)),
            (Some("1"), None),
            (Some("899"), None),
            (Some("43201"), None),
            (Some("-1"), None),
            (Some("12h"), None),
        ] {
            assert_eq!(duration(text).ok(), expected, "{text:?}");
        }
    }
}
