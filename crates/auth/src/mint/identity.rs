//! Whom credentials belong to: what a person wants to see of each step. Minting does without it.

use aws_credential_types::Credentials;

use super::aws::Dialogue;
use super::refusal;
use crate::error::{MintError, Step};

/// Whoever AWS takes us for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account's 12 digits.
    pub account: String,
    /// `arn:PARTITION:sts::ACCOUNT:assumed-role/NAME/SESSION`, …
    pub arn: String,
}

impl Dialogue<'_> {
    /// Needs no permission: AWS answers even those who are denied everything.
    pub(super) async fn caller(&self, credentials: Credentials) -> Result<Caller, Box<MintError>> {
        self.step(Step::Identity, async {
            let client = aws_sdk_sts::Client::new(&self.settings_of(credentials));
            let answer = client.get_caller_identity().send().await;
            let answer = answer.map_err(|error| refusal::of_call(&error, |_| None))?;
            Ok(Caller {
                account: answer.account.unwrap_or_default(),
                arn: answer.arn.unwrap_or_default(),
            })
        })
        .await
    }
}
