//! Asking AWS for a new token: the [`Minter`] trait. How AWS is asked is in `mint/aws.rs`; what else a person may ask
//! it, in `mint/listing.rs` and `mint/probe.rs`.

mod authorities;
mod authorization;
mod aws;
mod hop;
mod identity;
mod listing;
mod machine;
mod probe;
mod profile_path;
mod refusal;
mod session;
mod settings;
mod shared_files;
mod source;
mod source_failure;
mod sources;
mod standard_input;
mod transport;
mod unreachable;

use std::time::Duration;

use crate::connection::Connection;
use crate::endpoint::Domain;
use crate::error::Failure;
use crate::token::Token;

pub use aws::AwsMinter;
pub use identity::Caller;
pub use listing::{ListRequest, Listing, Repository};
pub use probe::{Probe, Reply, Start, WALK_DEADLINE};

/// What a mint needs to know.
#[derive(Debug, Clone, Copy)]
pub struct MintRequest<'a> {
    /// The domain the token is for.
    pub domain: &'a Domain,
    /// The first credentials, the role chain, the token's duration and scope.
    pub connection: &'a Connection,
    /// The whole of it must end within this time.
    pub deadline: Duration,
}

/// Gets a new token. A trait, because tests have one on which the next failure can be set.
pub trait Minter {
    /// Gets a new token; never a cached one.
    ///
    /// # Errors
    /// [`Failure`]: the step that failed, why, and what to do about it.
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>>;
}
