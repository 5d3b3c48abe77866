//! The way to a token one step at a time, for a person who wants to see each, and what can be tried beside it.
//! A mint does without: it goes the same way in `aws`, and asks nothing that it does not need.

mod beside;
mod fetch;

use std::future::Future;
use std::time::Duration;

use aws_credential_types::Credentials;
use tokio::runtime::Runtime;

use super::broker::{self, Answered};
use super::identity::{self, Caller};
use super::request::Reply;
use super::session::{Session, with_runtime};
use super::source::{self, Proof};
use super::{authorization, hop, id_token, source_failure};
use crate::aws_files::Base;
use crate::connection::TokenDuration;
use crate::endpoint::Format;
use crate::environment::Environment;
use crate::error::Failure;
use crate::minter::MintRequest;
use crate::token::{Secret, Token};

/// The time for all the steps, as long as for a mint; what is found out beside them has limits of its own.
pub const WALK_DEADLINE: Duration = Duration::from_secs(28);

/// The duration that every policy allows: AWS's shortest.
const SHORTEST: TokenDuration = TokenDuration::Seconds(900);

/// A chain that is walked step by step: [`Probe::start`], [`Probe::assume`] for each hop, [`Probe::token`].
pub struct Probe<'a> {
    runtime: &'a Runtime,
    session: Session<'a>,
    /// The first credentials, then those of each hop so far.
    proofs: Vec<Proof>,
}

/// The start of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The source of credentials that answered, in words.
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
    ) -> Result<T, Box<Failure>> {
        with_runtime(&request, |runtime| {
            let session = runtime.block_on(Session::open(environment, request))?;
            Ok(walk(&mut Probe {
                runtime,
                session,
                proofs: Vec::new(),
            }))
        })?
    }

    /// Returns the settings of AWS's shared files that decide how calls are sent, as key and value.
    pub fn ways_of_files(&self) -> Vec<(&'static str, String)> {
        self.session.files.ways()
    }

    /// Asks the connection's broker for the token; `None` if there is no broker.
    ///
    /// # Errors
    /// It refuses, or could not be asked.
    pub fn of_broker(&self) -> Option<Result<Token, Box<Failure>>> {
        let broker = self.session.request.connection.broker.as_ref()?;
        let asked = self.runtime.block_on(broker::ask(&self.session, broker));
        Some(match asked {
            Ok(Answered::Token(token)) => Ok(token),
            Ok(Answered::OwnWay(own_way)) => Err(own_way.reason()),
            Err(failure) => Err(failure),
        })
    }

    /// Finds the first credentials, and asks whose they are.
    ///
    /// # Errors
    /// There are none, or AWS rejects them.
    pub fn start(&mut self) -> Result<Start, Box<Failure>> {
        let proof = self.runtime.block_on(source::first(&self.session))?;
        if self.session.request.connection.hops.is_empty() {
            proof.clone().keys(&self.session)?;
        }
        let caller = match &proof {
            Proof::IdToken(token) => Ok(Caller {
                account: String::new(),
                arn: id_token::shown(token),
            }),
            Proof::Keys(keys) => self.ask_who(keys),
        };
        self.proofs.push(proof);
        Ok(Start {
            source: self.source(),
            caller: caller?,
        })
    }

    /// Assumes the role of hop `number` (from 1), and asks who that makes us.
    ///
    /// # Errors
    /// The role refuses, or AWS does.
    pub fn assume(&mut self, number: usize) -> Result<Caller, Box<Failure>> {
        let none = || Proof::Keys(self.latest());
        let before = self.proofs.last().cloned().unwrap_or_else(none);
        let assumed = hop::assume_role(&self.session, number, before);
        let keys = self.runtime.block_on(assumed)?;
        let caller = self.ask_who(&keys);
        self.proofs.push(Proof::Keys(keys));
        caller
    }

    /// Tells whether the last role trusts its caller without the external id too; `None` if it has none, or if that
    /// stays open. Source: IAM guide, "How to use an external ID": such a role should not be used.
    pub fn works_without_external_id(&self) -> Option<bool> {
        let before = self.proofs.len().checked_sub(2)?;
        let Proof::Keys(keys) = self.proofs.get(before)?.clone() else {
            return None;
        };
        let tried = hop::works_without_external_id(&self.session, keys);
        self.runtime.block_on(tried)
    }

    /// Asks for the token, as the connection says.
    ///
    /// # Errors
    /// CodeArtifact gives none.
    pub fn token(&self) -> Result<Token, Box<Failure>> {
        self.token_of(self.session.request.connection.duration)
    }

    /// Tells whether there would be a token if it lived shorter, which tells a cap from a missing permission.
    pub fn gives_shorter_token(&self) -> bool {
        self.token_of(SHORTEST).is_ok()
    }

    /// Gets `path` below `root`, a repository of this domain, in the way of the format's clients.
    ///
    /// # Errors
    /// There is no answer.
    pub fn fetch(
        &self,
        root: &str,
        path: &str,
        format: Format,
        token: &Secret,
    ) -> Result<Reply, Box<Failure>> {
        let fetched = fetch::fetch(&self.session, root, path, format, token);
        self.runtime.block_on(fetched)
    }

    /// The names of the domain's repositories, if they may be listed.
    pub fn repositories(&self) -> Option<Vec<String>> {
        self.ask(beside::repositories(&self.session, self.latest()))
    }

    /// The names of the domains that the account which owns this one has in its Region, if they may be listed.
    pub fn domains(&self) -> Option<Vec<String>> {
        self.ask(beside::domains(&self.session, self.latest()))
    }

    /// The upstreams of one of the domain's repositories, if they may be read.
    pub fn upstreams(&self, repository: &str) -> Option<Vec<String>> {
        self.ask(beside::upstreams(&self.session, repository, self.latest()))
    }

    /// Another Region in which the account has a domain of this name.
    pub fn other_region(&self) -> Option<String> {
        self.ask(beside::other_region(&self.session, self.latest()))
    }

    fn ask<T>(&self, question: impl Future<Output = Option<T>>) -> Option<T> {
        self.runtime.block_on(beside::in_time(question))
    }

    fn token_of(&self, duration: TokenDuration) -> Result<Token, Box<Failure>> {
        let asked = authorization::token(&self.session, self.latest(), duration);
        self.runtime.block_on(asked)
    }

    fn ask_who(&self, keys: &Credentials) -> Result<Caller, Box<Failure>> {
        let asked = identity::caller(&self.session, keys.clone());
        self.runtime.block_on(asked)
    }

    /// Those of the last step that was taken; none before the first one, which AWS would say.
    fn latest(&self) -> Credentials {
        match self.proofs.last() {
            Some(Proof::Keys(keys)) => keys.clone(),
            _ => Credentials::new("none", "none", None, None, "nobody"),
        }
    }

    /// The source, and how its credentials came to be there.
    fn source(&self) -> String {
        if let Some(source) = &self.session.request.connection.source {
            return format!("identity token of {source}");
        }
        let Ok(identity) = self.session.files.identity() else {
            return String::new();
        };
        let base = &identity.base;
        let name = source_failure::name_of(base, &self.session.files).replace('`', "");
        match (source_failure::command_of(base), base) {
            (Some(command), _) => format!("{name} by `{command}`"),
            (None, Base::Process { .. }) => format!("{name} by its credential_process"),
            (None, _) => name,
        }
    }
}
