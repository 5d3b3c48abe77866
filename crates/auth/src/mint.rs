//! Asking AWS for a new token: the [`Minter`] trait. How AWS is asked is in `mint/aws.rs`; what a person may ask it
//! beside that, in `mint/listing.rs`.

mod authorities;
mod authorization;
mod aws;
mod cli_cache;
mod codes;
mod hop;
mod identity;
mod listing;
mod machine;
mod moment;
mod probe;
mod process;
mod proxy;
mod refusal;
mod settings;
mod shared_files;
mod source;
mod source_failure;
mod sso;
mod transport;
mod unreachable;
mod warm_up;

use std::time::Duration;

use crate::connection::Connection;
use crate::endpoint::Domain;
use crate::error::MintError;
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

/// Whoever can get a new token. A trait, because tests have one on which the next failure can be set.
pub trait Minter {
    /// Gets a new token; never a cached one.
    ///
    /// # Errors
    /// [`MintError`]: the step that failed, and what decision follows.
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<MintError>>;
}
