//! One call: which program is meant, a login for each server that it may ask, and the way to it. A server without a token
//! is told and left out: the program then says itself what it lacks.

use std::ffi::OsString;

use codeartifact_auth::Authenticator;
use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::error::Exit;
use codeartifact_auth::memory_file::MemoryFile;
use codeartifact_auth::next_on_path::Successor;
use codeartifact_auth::token::Secret;
use codeartifact_clients::here::Here;
use codeartifact_clients::ruby::{self, GEM_HOST_API_KEY, GEMRC, Sources};
use codeartifact_helper::{End, Io, endpoint, next_program};

use crate::offline::may_ask;
use crate::played;

/// Parts the files of `GEMRC`.
const SEPARATOR: &str = if cfg!(windows) { ";" } else { ":" };

pub(crate) fn run(io: &mut Io<'_>) -> End {
    let mut words = words(io);
    let Some(program) = words.first().and_then(|name| played(name)) else {
        io.say("which program? `codeartifact-ruby bundle install` becomes Bundler");
        return Exit::Usage.into();
    };
    let arguments: Vec<_> = words[1..]
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let logins = if may_ask(program, &arguments) {
        Logins::of(io, program, &arguments)
    } else {
        Logins::default()
    };
    if let Some(sources) = &logins.sources {
        words.truncate(1);
        words.extend(sources.arguments.iter().map(OsString::from));
    }
    let Some(command) = next_program(&words, io.environment()) else {
        io.say(&format!("no other `{program}` is on PATH"));
        return Exit::NoCommand.into();
    };
    End::becoming(logins.give_to(command.into()))
}

/// The call in full: by a link, the program's name is ours.
fn words(io: &Io<'_>) -> Vec<OsString> {
    let by_link = played(io.program()).map(OsString::from);
    by_link
        .into_iter()
        .chain(io.arguments().iter().cloned())
        .collect()
}

/// The logins of one call.
#[derive(Default)]
struct Logins {
    variables: Vec<(String, Secret)>,
    /// gem's sources, where they are in the file.
    sources: Option<Sources>,
    gemrc: Option<MemoryFile>,
}

impl Logins {
    fn of(io: &mut Io<'_>, program: &str, arguments: &[String]) -> Self {
        let mut logins = Self::default();
        let environment = io.environment().clone();
        let Some(directory) = io.directory().map(ToOwned::to_owned) else {
            return logins;
        };
        let here = Here::at(directory, &environment);
        let pushed = ruby::pushed_to(arguments, &here);
        let sources = Sources::of(arguments, &here).filter(|_| program == "gem");
        let repositories = ruby::repositories(&here);
        if pushed.is_none() && sources.is_none() && repositories.is_empty() {
            return logins;
        }
        match io.authenticator() {
            Err(error) => {
                io.fail("the Gemfile's servers", None, &error);
            }
            Ok(authenticator) if program == "gem" => {
                logins.push(io, &authenticator, pushed.as_ref());
                logins.read(io, &authenticator, &here, sources);
            }
            Ok(authenticator) => logins.bundle(io, &authenticator, repositories),
        }
        logins
    }

    /// A value that the user has set stays.
    fn bundle(
        &mut self,
        io: &mut Io<'_>,
        authenticator: &Authenticator,
        repositories: Vec<Endpoint>,
    ) {
        for server in ruby::servers(repositories) {
            let mut names = server.variables.iter();
            if names.all(|name| io.environment().variable(name).is_none())
                && let Some(token) = token(io, authenticator, &server.endpoint.root())
            {
                let names = server.variables.into_iter();
                self.variables
                    .extend(names.map(|name| (name, ruby::login(&token))));
            }
        }
    }

    fn push(&mut self, io: &mut Io<'_>, authenticator: &Authenticator, server: Option<&Endpoint>) {
        if let Some(server) = server
            && io.environment().variable(GEM_HOST_API_KEY).is_none()
            && let Some(token) = token(io, authenticator, &server.root())
        {
            let key = ruby::api_key(&token);
            self.variables.push((GEM_HOST_API_KEY.to_owned(), key));
        }
    }

    /// The file is read behind those that the user names. Where there can be none, gem says what it lacks.
    fn read(
        &mut self,
        io: &mut Io<'_>,
        authenticator: &Authenticator,
        here: &Here<'_>,
        sources: Option<Sources>,
    ) {
        let Some(sources) = sources else {
            return;
        };
        let text = sources.gemrc(here, |url| token(io, authenticator, url));
        self.gemrc = MemoryFile::new("gemrc", text.expose().as_bytes()).ok();
        if let Some(file) = &self.gemrc {
            let users = io.environment().text(GEMRC);
            let files = users.iter().map(String::as_str).chain([file.path()]);
            let files = files.collect::<Vec<_>>().join(SEPARATOR);
            self.variables.push((GEMRC.to_owned(), Secret::new(files)));
            self.sources = Some(sources);
        }
    }

    fn give_to(self, mut program: Successor) -> Successor {
        for (name, value) in &self.variables {
            program.command.env(name, value.expose());
        }
        if let Some(file) = self.gemrc {
            program.keep(file);
        }
        program
    }
}

fn token(io: &mut Io<'_>, authenticator: &Authenticator, root: &str) -> Option<Secret> {
    let found = endpoint(authenticator, root).and_then(|ours| match ours {
        Some(ours) => authenticator.token(&ours, None).map(Some),
        None => Ok(None),
    });
    match found {
        Ok(found) => found.map(|found| {
            io.warn(&found.warnings);
            found.token.secret
        }),
        Err(error) => {
            io.fail(root, None, &error);
            None
        }
    }
}
