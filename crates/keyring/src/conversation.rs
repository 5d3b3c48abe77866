//! One call of keyring: who answers it, and with what. The process round it is `codeartifact_helper`'s.

use std::io;
use std::path::PathBuf;

use codeartifact_auth::endpoint::{Endpoint, Format, MappedHosts, resembles_ours};
use codeartifact_auth::error::{EndpointError, Exit, row};
use codeartifact_auth::{Authenticator, Error, visible};
use codeartifact_helper::{End, Helper, Io};

use crate::arguments::{self, Form, Mode, Request};
use crate::{Keyring, next, reply, usage};

/// Answers, or lets the next keyring answer.
pub(crate) fn answer(io: &mut Io<'_>) -> End {
    let request = arguments::parse(&io.texts());
    match request.service() {
        Some(service) => serve(io, &request, service),
        None => pass_on(io, &request),
    }
}

fn serve(io: &mut Io<'_>, request: &Request, service: &str) -> End {
    let authenticator = match io.authenticator() {
        Ok(authenticator) => authenticator,
        Err(error) => return serve_without(io, request, service, &error),
    };
    match codeartifact_helper::endpoint(&authenticator, service) {
        Ok(Some(endpoint)) => {
            warn_of_no_index(io, request, service, &endpoint);
            answer_ourselves(io, request, &authenticator, &endpoint)
        }
        Ok(None) => pass_on(io, request),
        Err(error) => fail(io, service, &error),
    }
}

/// A configuration that cannot be read must not take the user's other passwords away.
fn serve_without(io: &mut Io<'_>, request: &Request, service: &str, error: &Error) -> End {
    let end = fail(io, service, error);
    match Endpoint::parse(service, &MappedHosts::new()) {
        Err(EndpointError::NotCodeArtifact(_)) => pass_on(io, request),
        _ => end,
    }
}

/// Given the URL that uploads go to, pip would only say that nothing matches. It alone asks for JSON.
fn warn_of_no_index(io: &mut Io<'_>, request: &Request, service: &str, endpoint: &Endpoint) {
    let by_pip = matches!(
        request,
        Request::Get {
            form: Form::Json,
            ..
        }
    );
    let in_pypi = matches!(&endpoint.place, Some(place) if place.format == Format::Pypi);
    let root = endpoint.root();
    if by_pip && in_pypi && segments(service) == segments(&root) {
        fail(io, service, &row::URL_NOT_AN_INDEX.with("url", root).into());
    }
}

fn answer_ourselves(
    io: &mut Io<'_>,
    request: &Request,
    authenticator: &Authenticator,
    endpoint: &Endpoint,
) -> End {
    match request {
        Request::Get {
            user, mode, form, ..
        } => {
            warn_of_user(io, user.as_deref(), *mode);
            get(io, authenticator, endpoint, *mode, *form)
        }
        Request::Set { .. } => set(io, endpoint),
        _ => forget(io, authenticator, endpoint),
    }
}

/// A client that knows a user sends that one with our password. uv shows this line, and says nothing else than 401.
fn warn_of_user(io: &mut Io<'_>, user: Option<&str>, mode: Mode) {
    let user = user.filter(|it| !it.is_empty() && *it != reply::USER);
    if let (Some(user), Mode::Password) = (user, mode) {
        let user = visible::one_line(user);
        io.say(&format!(
            "CodeArtifact's user is aws, not {user}: write the URL as https://aws@…, or give aws as the user name"
        ));
    }
}

fn get(
    io: &mut Io<'_>,
    authenticator: &Authenticator,
    endpoint: &Endpoint,
    mode: Mode,
    form: Form,
) -> End {
    match authenticator.token(endpoint, None) {
        Ok(answer) => {
            io.warn(&answer.warnings);
            io.finish(reply::render(&answer.token.secret, mode, form).expose())
        }
        Err(error) => fail(io, &endpoint.root(), &error),
    }
}

/// Stdin is read first, so that `echo … | keyring set …` does not die of a closed pipe.
fn set(io: &mut Io<'_>, endpoint: &Endpoint) -> End {
    let _ = io.stdin(|stdin| io::copy(stdin, &mut io::sink()));
    let host = endpoint.host();
    io.say(&format!(
        "nothing stored for {host}: its tokens are fetched when they are needed"
    ));
    Exit::Done.into()
}

fn forget(io: &mut Io<'_>, authenticator: &Authenticator, endpoint: &Endpoint) -> End {
    match authenticator.forget(endpoint, None) {
        Ok(warnings) => {
            io.warn(&warnings);
            Exit::Done.into()
        }
        Err(error) => fail(io, &endpoint.root(), &error),
    }
}

fn pass_on(io: &mut Io<'_>, request: &Request) -> End {
    match next::command(io.arguments(), io.environment()) {
        Some(next) => End::becoming(next),
        None => alone(io, request),
    }
}

/// Answers as keyring does when it keeps nothing.
fn alone(io: &mut Io<'_>, request: &Request) -> End {
    match request {
        Request::Get { service, .. } => alone_with(io, service),
        Request::Set { service } | Request::Del { service } => {
            io.say(&format!(
                "`{service}` is not CodeArtifact's, and no other keyring is on PATH"
            ));
            Exit::Nothing.into()
        }
        Request::Disable => {
            io.say("no other keyring on PATH to disable");
            Exit::Nothing.into()
        }
        Request::PrintCompletion => {
            io.complain("Install keyring[completion] for completion support.\n");
            Exit::Nothing.into()
        }
        Request::OfBackend => refuse(
            io,
            "Unable to load specified keyring: no other keyring is on PATH",
        ),
        Request::Wrong(message) => refuse(io, message),
        Request::Help => io.finish(&usage::help()),
        Request::ListBackends => io.finish(&format!("{} (priority: 10)\n", Keyring::NAME)),
        Request::Diagnose => {
            let places = places(io);
            io.finish(&places)
        }
    }
}

/// Clients ask for every index, so a host that is not ours is no news; one that was meant to be ours is.
fn alone_with(io: &mut Io<'_>, service: &str) -> End {
    match resembles_ours(service) {
        Some(misspelt) => fail(io, service, &misspelt.into()),
        None => Exit::Nothing.into(),
    }
}

fn refuse(io: &mut Io<'_>, message: &str) -> End {
    io.complain(&usage::error(message));
    Exit::Usage.into()
}

/// Shows the paths of configuration and data, as keyring's `diagnose` does.
fn places(io: &Io<'_>) -> String {
    let shown = |path: Option<PathBuf>| match path {
        Some(path) if path.exists() => path.display().to_string(),
        Some(path) => format!("{} (absent)", path.display()),
        None => "(none)".to_owned(),
    };
    let config = shown(io.environment().configuration_file());
    let data = shown(io.environment().state_directory());
    format!("config path: {config}\ndata root: {data}\n")
}

/// pip and uv take 1 for "no credentials"; another code would mean nothing to them.
fn fail(io: &mut Io<'_>, what: &str, error: &Error) -> End {
    io.fail(what, None, error);
    Exit::Nothing.into()
}

/// The number of pieces that a URL's host and path have.
fn segments(url: &str) -> usize {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    rest.split('/').filter(|piece| !piece.is_empty()).count()
}

#[cfg(test)]
mod tests;
