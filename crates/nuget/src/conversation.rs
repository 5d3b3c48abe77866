//! One run by NuGet: handshakes both ways, then an answer to each request until NuGet closes. The lines themselves are in
//! `message`.

use std::time::Duration;

use codeartifact_auth::error::Exit;
use codeartifact_auth::{Authenticator, Error};
use codeartifact_helper::Io;

use crate::message::{self, Answer, Message, Question};

/// NuGet closes a plugin that it has not asked for a while, and its end closes the pipe.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// Well below the five seconds after which NuGet gives up.
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);

/// Answers NuGet until it has no more requests.
pub(crate) fn hold(io: &mut Io<'_>) -> Exit {
    if io.texts() != ["-Plugin"] {
        io.say("usage: nuget-plugin-codeartifact -Plugin (NuGet runs this)");
        return Exit::Usage;
    }
    io.print(message::handshake().expose());
    let mut lines = io.lines();
    while let Some(line) = lines.next(PATIENCE) {
        // Their answer to our handshake and what is no message need none.
        let message = serde_json::from_str::<Message>(&line).ok();
        let Some(request) = message.filter(|message| message.kind == "Request") else {
            continue;
        };
        match answer(io, &request) {
            Some(answer) => io.print(request.answer(&answer).expose()),
            None if request.method == "Close" => break,
            None => io.print(request.fault().expose()),
        }
    }
    Exit::Done
}

fn answer(io: &mut Io<'_>, request: &Message) -> Option<Answer> {
    Some(match request.method.as_str() {
        "Handshake" => Answer::Handshake,
        "Initialize" | "SetLogLevel" | "MonitorNuGetProcessExit" | "SetCredentials" => {
            Answer::Success
        }
        "GetOperationClaims" => {
            Answer::Claims(request.payload["PackageSourceRepository"].is_null())
        }
        "GetAuthenticationCredentials" => {
            match serde_json::from_value::<Question>(request.payload.clone()) {
                Ok(question) => credentials(io, request, &question),
                Err(error) => Answer::Error(format!("cannot read NuGet's request: {error}")),
            }
        }
        _ => return None,
    })
}

fn credentials(io: &mut Io<'_>, request: &Message, question: &Question) -> Answer {
    match token(io, request, question) {
        Ok(answer) => answer,
        Err(error) => {
            io.fail(&question.uri, None, &error);
            Answer::Error(error.to_string())
        }
    }
}

/// Each with an authenticator of its own: a plugin lives as long as NuGet, a lookup is given 30 seconds.
fn token(io: &mut Io<'_>, request: &Message, question: &Question) -> Result<Answer, Error> {
    let authenticator = io.authenticator()?;
    let Some(endpoint) = codeartifact_helper::endpoint(&authenticator, &question.uri)? else {
        return Ok(Answer::NotFound);
    };
    let kept = authenticator.fresh(&endpoint, None)?;
    let found = match kept.filter(|_| !question.is_retry) {
        Some(kept) => kept,
        None => io.print_meanwhile(request.progress().expose(), SIGN_OF_LIFE, |_| {
            let ask = if question.is_retry {
                Authenticator::replace
            } else {
                Authenticator::token
            };
            ask(&authenticator, &endpoint, None)
        })?,
    };
    io.warn(&found.warnings);
    Ok(Answer::Token(found.token.secret))
}

#[cfg(test)]
mod tests;
