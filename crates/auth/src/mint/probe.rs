//! The way to a token one step at a time, for whoever wants to see each of them, and what can be tried beside it.
//! A mint does without: it goes the same way in `aws`, and asks nothing that it does not need.

mod beside;
mod fetch;

use std::time::Duration;

use aws_credential_types::Credentials;
use tokio::runtime::Runtime;

use super::MintRequest;
use super::aws::{Dialogue, with_runtime};
use super::identity::Caller;
use crate::aws_files::Base;
use crate::connection::TokenDuration;
use crate::environment::Environment;
use crate::error::MintError;
use crate::token::Token;

pub use fetch::Reply;

/// How long a whole walk may take, as long as a mint; what is found out beside it has limits of its own.
pub const WALK_DEADLINE: Duration = Duration::from_secs(28);

/// What every policy that caps durations allows: AWS's shortest.
const SHORTEST: TokenDuration = TokenDuration::Seconds(900);

/// A chain that is walked step by step: [`Probe::start`], [`Probe::assume`] for each hop, [`Probe::token`].
pub struct Probe<'a> {
    runtime: &'a Runtime,
    dialogue: Dialogue<'a>,
    /// The first credentials, then those of each hop so far.
    sessions: Vec<Credentials>,
}

/// Where the chain starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Which source of credentials answered, in words.
    pub source: String,
    /// Whose credentials they are.
    pub caller: Caller,
}

impl Probe<'_> {
    /// Lets `walk` go the way of a mint.
    ///
    /// # Errors
    /// It cannot begin: certificate authorities, AWS's shared files, endpoint overrides.
    pub fn with<T>(
        environment: &Environment,
        request: MintRequest<'_>,
        walk: impl FnOnce(&mut Probe<'_>) -> T,
    ) -> Result<T, Box<MintError>> {
        with_runtime(&request, |runtime| {
            let dialogue = runtime.block_on(Dialogue::open(environment, request))?;
            Ok(walk(&mut Probe {
                runtime,
                dialogue,
                sessions: Vec::new(),
            }))
        })?
    }

    /// What AWS's shared files say about the way of calls, as key and value.
    pub fn ways_of_files(&self) -> Vec<(&'static str, String)> {
        self.dialogue.files.ways()
    }

    /// Finds the first credentials, and asks whose they are.
    ///
    /// # Errors
    /// There are none, or AWS does not take them.
    pub fn start(&mut self) -> Result<Start, Box<MintError>> {
        let credentials = self.runtime.block_on(self.dialogue.first_credentials())?;
        let caller = self.enter(credentials)?;
        Ok(Start {
            source: self.source(),
            caller,
        })
    }

    /// Assumes the role of hop `number` (from 1), and asks who that makes us.
    ///
    /// # Errors
    /// The role refuses, or AWS does.
    pub fn assume(&mut self, number: usize) -> Result<Caller, Box<MintError>> {
        let before = self.credentials();
        let assumed = self.dialogue.assume_role(number, before);
        let credentials = self.runtime.block_on(assumed)?;
        self.enter(credentials)
    }

    /// Whether the last role lets its caller in without the external id too; `None` if there is none, or if that
    /// cannot be told. Source: IAM guide, "How to use an external ID": whoever is let in so should refuse the role.
    pub fn works_without_external_id(&self) -> Option<bool> {
        let before = self.sessions.len().checked_sub(2)?;
        let credentials = self.sessions.get(before)?.clone();
        let tried = self.dialogue.works_without_external_id(credentials);
        self.runtime.block_on(tried)
    }

    /// Asks for the token, as the connection says.
    ///
    /// # Errors
    /// CodeArtifact gives none.
    pub fn token(&self) -> Result<Token, Box<MintError>> {
        self.token_of(self.dialogue.request.connection.duration)
    }

    /// Whether there would be a token if it lived shorter: what tells a cap from a missing permission.
    pub fn gives_shorter_token(&self) -> bool {
        self.token_of(SHORTEST).is_ok()
    }

    fn token_of(&self, duration: TokenDuration) -> Result<Token, Box<MintError>> {
        let asked = self
            .dialogue
            .authorization_token(self.credentials(), duration);
        self.runtime.block_on(asked)
    }

    fn enter(&mut self, credentials: Credentials) -> Result<Caller, Box<MintError>> {
        let caller = self
            .runtime
            .block_on(self.dialogue.caller(credentials.clone()));
        self.sessions.push(credentials);
        caller
    }

    /// Those of the last step that was taken; none before the first one, which AWS would say.
    fn credentials(&self) -> Credentials {
        let none = || Credentials::new("none", "none", None, None, "nobody");
        self.sessions.last().cloned().unwrap_or_else(none)
    }

    /// The source, and how its credentials came to be there.
    fn source(&self) -> String {
        let Ok(identity) = self.dialogue.files.identity() else {
            return String::new();
        };
        let name = self.dialogue.name_of(&identity.base).replace('`', "");
        match &identity.base {
            Base::Sso(_) => format!("{name} by `aws sso login`"),
            Base::Login { .. } => format!("{name} by `aws login`"),
            Base::Process { .. } => format!("{name} by its credential_process"),
            _ => name,
        }
    }
}
