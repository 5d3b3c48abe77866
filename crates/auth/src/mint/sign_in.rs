//! A person at a terminal, who is asked while a token is got: for MFA codes, and to confirm a sign-in. What they have
//! answered serves the whole run.

use std::cell::RefCell;
use std::fmt;

use aws_credential_types::Credentials;

use crate::aws_files::{Role, SsoSignIn};
use crate::error::Failure;

/// Asks a person.
pub trait Prompt {
    /// The code that the MFA device shows; `None` if there is no answer.
    fn code(&self, device: &str, profile: &str) -> Option<String>;

    /// Says why a code is asked for again.
    fn refused(&self, failure: &Failure);

    /// Shows the page on which the person confirms the sign-in of `profile`, and opens it.
    fn confirm(&self, profile: &str, url: &str, code: &str);
}

/// The answers of one run.
pub struct SignIn {
    pub(super) prompt: Box<dyn Prompt>,
    sessions: RefCell<Vec<(Role, Outcome)>>,
    refused: RefCell<Vec<(SsoSignIn, Box<Failure>)>>,
}

type Outcome = Result<Credentials, Box<Failure>>;

impl SignIn {
    /// Nothing is answered yet.
    pub fn new(prompt: Box<dyn Prompt>) -> Self {
        Self {
            prompt,
            sessions: RefCell::default(),
            refused: RefCell::default(),
        }
    }

    /// Returns the result of asking for this role before.
    pub(super) fn outcome_of(&self, role: &Role) -> Option<Outcome> {
        let sessions = self.sessions.borrow();
        let known = sessions.iter().find(|(known, _)| known == role);
        known.map(|(_, outcome)| outcome.clone())
    }

    pub(super) fn remember(&self, role: &Role, outcome: &Outcome) {
        let mut sessions = self.sessions.borrow_mut();
        sessions.push((role.clone(), outcome.clone()));
    }

    /// Returns the failure of this sign-in, if it was not confirmed; a confirmed one is in its file.
    pub(super) fn refusal_of(&self, sign_in: &SsoSignIn) -> Option<Box<Failure>> {
        let refused = self.refused.borrow();
        let known = refused.iter().find(|(known, _)| known == sign_in);
        known.map(|(_, failure)| failure.clone())
    }

    pub(super) fn remember_refusal(&self, sign_in: &SsoSignIn, failure: &Failure) {
        let mut refused = self.refused.borrow_mut();
        refused.push((sign_in.clone(), Box::new(failure.clone())));
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SignIn")
    }
}
