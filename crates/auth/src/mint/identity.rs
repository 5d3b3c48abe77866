//! Whom credentials belong to: what a person wants to see of each step. Minting does without it.

use aws_credential_types::Credentials;

use super::call;
use super::session::Session;
use crate::error::{Call, Failure, Step};

/// The caller, as AWS names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account's 12 digits.
    pub account: String,
    /// `arn:PARTITION:sts::ACCOUNT:assumed-role/NAME/SESSION`, …
    pub arn: String,
}

/// Needs no permission: AWS answers even those who are denied everything.
pub(super) async fn caller(
    session: &Session<'_>,
    credentials: Credentials,
) -> Result<Caller, Box<Failure>> {
    let client = call::sts(&session.settings_of(credentials));
    let asked = async {
        let send = || client.get_caller_identity().send();
        let answer = session.send(Call::Any, None, send).await?;
        Ok(Caller {
            account: answer.account.unwrap_or_default(),
            arn: answer.arn.unwrap_or_default(),
        })
    };
    session.step(Step::identity(), asked).await
}
