//! Asks AWS for a token: first credentials → one AssumeRole per hop → GetAuthorizationToken.
//! Where a broker is named, it is asked before.
//! Here is the order of the steps; the steps themselves are in `source`, `hop` and `authorization`.

use std::rc::Rc;
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;

use super::broker::{self, Answered};
use super::session::{Session, with_runtime};
use super::sign_in::SignIn;
use super::store::Store;
use super::{authorization, hop, settings};
use crate::environment::Environment;
use crate::error::{Failure, Step};
use crate::minter::{AwsSession, MintRequest, Minter, SessionSource};
use crate::token::{Secret, Timestamp, Token};

/// The time for everything that a person has to type and to confirm.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// [`Minter`] that asks AWS.
#[derive(Debug)]
pub struct AwsMinter {
    environment: Environment,
    sign_in: Option<Rc<SignIn>>,
    tell: fn(&Failure),
}

impl AwsMinter {
    /// `environment` is what our own code reads; the AWS SDK reads its own variables beside it.
    pub fn new(environment: Environment) -> Self {
        Self {
            environment,
            sign_in: None,
            tell: |_| {},
        }
    }

    /// The same that tells of what went wrong beside AWS.
    #[must_use]
    pub fn telling(self, tell: fn(&Failure)) -> Self {
        Self { tell, ..self }
    }

    /// The same beside a person, who is asked where there is no other way to credentials. Then there is more time.
    pub fn with_person(environment: Environment, sign_in: Rc<SignIn>) -> Self {
        Self {
            environment,
            sign_in: Some(sign_in),
            tell: |_| {},
        }
    }

    async fn walk(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        let person = self.sign_in.as_deref();
        let request = &MintRequest {
            deadline: person.map_or(request.deadline, |_| PATIENCE),
            ..*request
        };
        let session = Session::open_with(&self.environment, *request, person).await?;
        if let Some(broker) = &request.connection.broker {
            return match broker::ask(&session, broker).await? {
                Answered::Token(token) => Ok(token),
                Answered::OwnWay(own_way) => own_way.walk(&session).await,
            };
        }
        if !request.connection.hops.is_empty() {
            session.connect_early();
        }
        let credentials = hop::walk(&session).await?;
        let duration = request.connection.duration;
        authorization::token(&session, credentials, duration).await
    }
}

impl AwsMinter {
    async fn assume(&self, request: &MintRequest<'_>) -> Result<AwsSession, Box<Failure>> {
        let session = Session::open(&self.environment, *request).await?;
        let endpoint = settings::codeartifact_url(session.settings(), &request.domain.region)
            .map_err(|failure| failure.at(&Step::start(), session.connection()))?;
        let credentials = hop::walk(&session).await?;
        Ok(session_of(&credentials, endpoint))
    }
}

fn session_of(credentials: &Credentials, endpoint: String) -> AwsSession {
    let expiry = credentials.expiry();
    let expiry = expiry.and_then(|expiry| expiry.duration_since(UNIX_EPOCH).ok());
    let token = credentials.session_token();
    AwsSession {
        access_key_id: credentials.access_key_id().to_owned(),
        secret_access_key: Secret::new(credentials.secret_access_key().to_owned()),
        session_token: token.map(|token| Secret::new(token.to_owned())),
        expires_at: expiry.map(|since| Timestamp(since.as_secs())),
        endpoint,
    }
}

impl SessionSource for AwsMinter {
    fn session(&self, request: &MintRequest<'_>) -> Result<AwsSession, Box<Failure>> {
        with_runtime(request, |runtime| runtime.block_on(self.assume(request)))?
    }
}

impl Minter for AwsMinter {
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        let is_alone = self.sign_in.is_none() && request.connection.broker.is_none();
        match Store::of(request, &self.environment).filter(|_| is_alone) {
            Some(store) => store.token(|| self.ask_aws(request), self.tell),
            None => self.ask_aws(request),
        }
    }
}

impl AwsMinter {
    fn ask_aws(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        with_runtime(request, |runtime| runtime.block_on(self.walk(request)))?
    }
}
