//! A token for each registry found, asked for once per domain and connection. How long that may take is the
//! [`Authenticator`]'s to watch.

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::token::Secret;
use codeartifact_auth::{Authenticator, Error, Warning};
use codeartifact_clients::node::without_scheme;
use codeartifact_clients::setting::{Origin, Setting};

use crate::variables::{Answers, owner};

/// No project needs more lines. Each is looked for in all of a file.
const MOST_LINES: usize = 128;

/// A registry to have a token line for.
#[derive(Debug)]
pub(crate) struct WantedRegistry {
    /// `//host/path/`, as npm writes it in the key.
    pub registry: String,
    pub endpoint: Endpoint,
    /// Everywhere it is named.
    pub origins: Vec<Origin>,
}

/// The token line that a registry should have.
#[derive(Debug)]
pub(crate) struct TokenLine {
    pub registry: String,
    pub token: Secret,
}

/// The effort to get tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// From the cache alone: the command asks no registry.
    Cache,
    /// From AWS if need be, but not again soon after that has failed: the command is called all the time.
    Quick,
    /// From AWS if need be.
    Full,
}

/// The lines to write, and the problems to report.
#[derive(Default)]
pub(crate) struct Gathered {
    pub lines: Vec<TokenLine>,
    pub answers: Answers,
    pub warnings: Vec<Warning>,
    /// The first endpoint of each domain that no token could be had for.
    pub failures: Vec<(Endpoint, Error)>,
    /// The seconds since AWS failed, where it was not asked again.
    pub failed_before: Option<u64>,
}

/// One entry per registry, shorter paths first: what holds below a longer path is written last.
pub(crate) fn wanted<'s>(found: impl Iterator<Item = &'s Setting>) -> Vec<WantedRegistry> {
    let mut wanted: Vec<WantedRegistry> = Vec::new();
    for Setting {
        endpoint, origin, ..
    } in found
    {
        let registry = without_scheme(&endpoint.root());
        match wanted.iter_mut().find(|wanted| wanted.registry == registry) {
            Some(known) if known.origins.contains(origin) => {}
            Some(known) => known.origins.push(origin.clone()),
            None => wanted.push(WantedRegistry {
                registry,
                endpoint: endpoint.clone(),
                origins: vec![origin.clone()],
            }),
        }
    }
    wanted.sort_by_key(|wanted| wanted.registry.len());
    wanted
}

/// Adds a registry's other key beside it.
pub(crate) fn respell(wanted: &mut Vec<WantedRegistry>, spellings: &[(String, Endpoint)]) {
    for (registry, endpoint) in spellings {
        let mut known = wanted.iter();
        let same = known.find(|it| it.endpoint.root() == endpoint.root());
        if let Some(origins) = same.map(|it| it.origins.clone())
            && wanted.iter().all(|it| it.registry != *registry)
        {
            wanted.push(WantedRegistry {
                registry: registry.clone(),
                endpoint: endpoint.clone(),
                origins,
            });
        }
    }
}

/// Asks for every token, minting where needed. A token opens every repository of its domain that its connection may
/// read, so each pair of these is asked for once.
pub(crate) fn gather(
    authenticator: &Authenticator,
    wanted: &[WantedRegistry],
    effort: Effort,
) -> Gathered {
    let mut gathered = Gathered::default();
    for wanted in wanted {
        if gathered.lines.len() >= MOST_LINES {
            break;
        }
        let endpoint = &wanted.endpoint;
        let owner = owner(authenticator, endpoint);
        let mut answers = gathered.answers.iter();
        let known = answers.find(|(other, _)| Some(other) == owner.as_ref());
        let token = match known {
            Some((_, token)) => token.clone(),
            None => {
                let token = gathered.ask(authenticator, endpoint, effort);
                gathered
                    .answers
                    .extend(owner.map(|owner| (owner, token.clone())));
                token
            }
        };
        gathered.lines.extend(token.map(|token| TokenLine {
            registry: wanted.registry.clone(),
            token,
        }));
    }
    gathered
}

impl Gathered {
    fn ask(
        &mut self,
        authenticator: &Authenticator,
        endpoint: &Endpoint,
        effort: Effort,
    ) -> Option<Secret> {
        if effort != Effort::Full {
            let kept = fresh(authenticator, endpoint);
            if kept.is_some() || effort == Effort::Cache {
                return kept;
            }
            if let Ok(Some(ago)) = authenticator.failed_recently(endpoint, None) {
                self.failed_before = Some(ago);
                let answer = authenticator.cached(endpoint, None).ok()?;
                return answer.map(|answer| answer.token.secret);
            }
        }
        match authenticator.token(endpoint, None) {
            Ok(answer) => {
                self.warnings.extend(answer.warnings);
                Some(answer.token.secret)
            }
            Err(error) => {
                let failure = error.failure();
                let mut known = self.failures.iter().map(|(_, known)| known.failure());
                if !known.any(|known| failure.repeats(&known)) {
                    self.failures.push((endpoint.clone(), error));
                }
                None
            }
        }
    }
}

/// The token that is kept for a registry, if it needs no replacing.
pub(crate) fn fresh(authenticator: &Authenticator, endpoint: &Endpoint) -> Option<Secret> {
    let answer = authenticator.fresh(endpoint, None).ok()??;
    Some(answer.token.secret)
}
