//! One call: which program is meant, a login for each server that it may ask, and the way to it. A server without a token
//! is told and left out: the program then says itself what it lacks.

use std::ffi::OsString;

use codeartifact_auth::Authenticator;
use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Secret;
use codeartifact_clients::here::Here;
use codeartifact_clients::ruby::{self, GEM_HOST_API_KEY};
use codeartifact_helper::{End, Io, endpoint, next_program};

use crate::offline::may_ask;
use crate::played;

pub(crate) fn run(io: &mut Io<'_>) -> End {
    let words = words(io);
    let Some(program) = words.first().and_then(|name| played(name)) else {
        io.say("which program? `codeartifact-ruby bundle install` becomes Bundler");
        return Exit::Usage.into();
    };
    let Some(mut command) = next_program(&words, io.environment()) else {
        io.say(&format!("no other `{program}` is on PATH"));
        return Exit::NoCommand.into();
    };
    let arguments: Vec<_> = words[1..]
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    if may_ask(program, &arguments) {
        for (name, value) in variables(io, &arguments) {
            command.env(name, value.expose());
        }
    }
    End::becoming(command)
}

/// The call in full: by a link, the program's name is ours.
fn words(io: &Io<'_>) -> Vec<OsString> {
    let by_link = played(io.program()).map(OsString::from);
    by_link
        .into_iter()
        .chain(io.arguments().iter().cloned())
        .collect()
}

/// A value that the user has set stays.
fn variables(io: &mut Io<'_>, arguments: &[String]) -> Vec<(String, Secret)> {
    let Some(directory) = io.directory().map(ToOwned::to_owned) else {
        return Vec::new();
    };
    let here = Here::at(directory, io.environment());
    let pushed = ruby::pushed_to(arguments, &here);
    let servers = ruby::servers(&here);
    if pushed.is_none() && servers.is_empty() {
        return Vec::new();
    }
    let authenticator = match io.authenticator() {
        Ok(authenticator) => authenticator,
        Err(error) => {
            io.fail("the Gemfile's servers", None, &error);
            return Vec::new();
        }
    };
    let mut variables = Vec::new();
    for server in &servers {
        let name = ruby::variable(server.host());
        if io.environment().variable(&name).is_none()
            && let Some(token) = token(io, &authenticator, server)
        {
            variables.push((name, ruby::login(&token)));
        }
    }
    if let Some(server) = pushed
        && io.environment().variable(GEM_HOST_API_KEY).is_none()
        && let Some(token) = token(io, &authenticator, &server)
    {
        variables.push((GEM_HOST_API_KEY.to_owned(), ruby::api_key(&token)));
    }
    variables
}

fn token(io: &mut Io<'_>, authenticator: &Authenticator, server: &Endpoint) -> Option<Secret> {
    let root = server.root();
    let found = endpoint(authenticator, &root).and_then(|ours| match ours {
        Some(ours) => authenticator.token(&ours, None).map(Some),
        None => Ok(None),
    });
    match found {
        Ok(found) => found.map(|found| {
            io.warn(&found.warnings);
            found.token.secret
        }),
        Err(error) => {
            io.fail(&root, None, &error);
            None
        }
    }
}
