//! Asks AWS for a token: first credentials → one AssumeRole per hop → GetAuthorizationToken.
//! Here is the order of the steps; the steps themselves are in `source`, `hop` and `authorization`.

use super::session::{Session, with_runtime};
use super::{authorization, hop, source};
use crate::environment::Environment;
use crate::error::Failure;
use crate::minter::{MintRequest, Minter};
use crate::token::Token;

/// [`Minter`] that asks AWS.
#[derive(Debug)]
pub struct AwsMinter {
    environment: Environment,
}

impl AwsMinter {
    /// `environment` is what our own code reads; the AWS SDK reads its own variables beside it.
    pub fn new(environment: Environment) -> Self {
        Self { environment }
    }

    async fn walk(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        let session = Session::open(&self.environment, *request).await?;
        if !request.connection.hops.is_empty() {
            session.connect_early();
        }
        let mut credentials = source::first_credentials(&session).await?;
        for number in 1..=request.connection.hops.len() {
            credentials = hop::assume_role(&session, number, credentials).await?;
        }
        let duration = request.connection.duration;
        authorization::token(&session, credentials, duration).await
    }
}

impl Minter for AwsMinter {
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        with_runtime(request, |runtime| runtime.block_on(self.walk(request)))?
    }
}
