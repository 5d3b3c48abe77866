//! One run: a URL on stdin, an answer on stdout. The documents themselves are in `message`.

use std::io::Read as _;

use codeartifact_auth::Error;
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Secret;
use codeartifact_helper::Io;

use crate::message::{self, NOTHING, Request};

const USAGE: &str = "usage: codeartifact-bazel get, with {\"uri\": URL} on stdin";
/// Longer than any URL.
const LONGEST_REQUEST: u64 = 1 << 20;

/// Answers, or fails: a tool shows then what is on stderr.
pub(crate) fn hold(io: &mut Io<'_>) -> Exit {
    if io.texts() != ["get"] {
        io.say(USAGE);
        return Exit::Usage;
    }
    let Some(request) = request(io) else {
        io.say(USAGE);
        return Exit::Usage;
    };
    match answer(io, &request.uri) {
        Ok(answer) => {
            io.print(answer.expose());
            Exit::Done
        }
        Err(error) => io.fail(&request.uri, None, &error),
    }
}

fn request(io: &mut Io<'_>) -> Option<Request> {
    let mut text = String::new();
    let read = io.stdin(|stdin| stdin.take(LONGEST_REQUEST).read_to_string(&mut text));
    read.ok()?;
    serde_json::from_str(&text).ok()
}

/// Nothing for another host, that of the assets too: S3 refuses a URL of its own that comes with a login.
fn answer(io: &mut Io<'_>, uri: &str) -> Result<Secret, Error> {
    let authenticator = io.authenticator()?;
    let Some(endpoint) = codeartifact_helper::endpoint(&authenticator, uri)? else {
        return Ok(Secret::new(NOTHING.to_owned()));
    };
    let found = authenticator.token(&endpoint, None)?;
    io.warn(&found.warnings);
    let format = endpoint.place.map_or(Format::Generic, |place| place.format);
    let authorization = format.authorization(&found.token.secret);
    let ask_again_at = found.token.ask_again_at(io.environment().now());
    Ok(message::answer(&authorization, ask_again_at))
}

#[cfg(test)]
mod tests;
