//! One run by cargo: our greeting, then an answer to each line until cargo closes the pipe. The lines themselves are in
//! `message`.

use std::time::Duration;

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::error::Exit;
use codeartifact_auth::report::without_userinfo;
use codeartifact_auth::{Authenticator, Error};
use codeartifact_helper::Io;

use crate::message::{self, Answer, Request, VERSION};

/// cargo starts a provider when it has a request, and ends it after the answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers cargo until it has no more requests.
pub(crate) fn hold(io: &mut Io<'_>) -> Exit {
    if io.texts() != ["--cargo-plugin"] {
        io.say("usage: codeartifact-cargo --cargo-plugin (cargo runs this)");
        return Exit::Usage;
    }
    io.print(message::hello().expose());
    let mut lines = io.lines();
    while let Some(line) = lines.next(PATIENCE) {
        let answer = answer(io, &line);
        io.print(answer.line().expose());
    }
    Exit::Done
}

fn answer(io: &mut Io<'_>, line: &str) -> Answer {
    let request: Request = match serde_json::from_str(line) {
        Ok(request) => request,
        Err(error) => return Answer::Failed(format!("cannot read cargo's request: {error}")),
    };
    if request.v != VERSION {
        return Answer::Failed(format!(
            "cannot speak version {} of the protocol",
            request.v
        ));
    }
    let url = &request.registry.index_url;
    let answered =
        io.authenticator().and_then(|authenticator| {
            match codeartifact_helper::endpoint(&authenticator, url)? {
                Some(endpoint) => answer_about(io, &request.kind, &authenticator, &endpoint),
                None => Ok(Answer::UrlNotSupported),
            }
        });
    answered.unwrap_or_else(|error| {
        // Cargo passes our stderr on: the reason and the hint are there.
        io.fail(url, None, &error);
        Answer::Failed(format!("no token for {}", without_userinfo(url)))
    })
}

/// cargo never asks twice about a token that was refused. A person does, by `cargo login`.
fn answer_about(
    io: &mut Io<'_>,
    kind: &str,
    authenticator: &Authenticator,
    endpoint: &Endpoint,
) -> Result<Answer, Error> {
    match kind {
        "get" => {
            let found = authenticator.token(endpoint, None)?;
            io.warn(&found.warnings);
            let ask_again_at = found.token.ask_again_at(io.environment().now());
            Ok(Answer::Token(found.token.secret, ask_again_at))
        }
        "login" => {
            let found = authenticator.replace(endpoint, None)?;
            io.warn(&found.warnings);
            Ok(Answer::Done("login"))
        }
        "logout" => {
            io.warn(&authenticator.forget(endpoint, None)?);
            Ok(Answer::Done("logout"))
        }
        _ => Ok(Answer::OperationNotSupported),
    }
}

#[cfg(test)]
mod tests;
