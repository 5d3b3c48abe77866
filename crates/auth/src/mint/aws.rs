//! Asks AWS for a token: first credentials → one AssumeRole per hop → GetAuthorizationToken.
//! Here is the order of the steps; the steps themselves are in `source`, `hop` and `authorization`.

use std::rc::Rc;
use std::time::Duration;

use super::session::{Session, with_runtime};
use super::sign_in::SignIn;
use super::{authorization, hop};
use crate::environment::Environment;
use crate::error::Failure;
use crate::minter::{MintRequest, Minter};
use crate::token::Token;

/// The time for everything that a person has to type and to confirm.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// [`Minter`] that asks AWS.
#[derive(Debug)]
pub struct AwsMinter {
    environment: Environment,
    sign_in: Option<Rc<SignIn>>,
}

impl AwsMinter {
    /// `environment` is what our own code reads; the AWS SDK reads its own variables beside it.
    pub fn new(environment: Environment) -> Self {
        Self {
            environment,
            sign_in: None,
        }
    }

    /// The same beside a person, who is asked where there is no other way to credentials. Then there is more time.
    pub fn with_person(environment: Environment, sign_in: Rc<SignIn>) -> Self {
        Self {
            environment,
            sign_in: Some(sign_in),
        }
    }

    async fn walk(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        let person = self.sign_in.as_deref();
        let request = &MintRequest {
            deadline: person.map_or(request.deadline, |_| PATIENCE),
            ..*request
        };
        let session = Session::open_with(&self.environment, *request, person).await?;
        if !request.connection.hops.is_empty() {
            session.connect_early();
        }
        let credentials = hop::walk(&session).await?;
        let duration = request.connection.duration;
        authorization::token(&session, credentials, duration).await
    }
}

impl Minter for AwsMinter {
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        with_runtime(request, |runtime| runtime.block_on(self.walk(request)))?
    }
}
