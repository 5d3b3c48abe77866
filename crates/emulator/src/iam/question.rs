//! A question to IAM, and a denial as its answer: which policy it came from, and what came nearest to allowing.
//! `evaluate` finds the answer.

use super::context::Context;

/// The action, the resource, and what is known of the request.
pub(crate) struct Question<'a> {
    pub(crate) action: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) context: &'a Context,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum DenialCause {
    IdentityDenies,
    SessionDenies,
    ResourceDenies,
    IdentitySilent,
    SessionSilent,
    ResourceSilent,
}

#[derive(Debug)]
pub(crate) struct Denial {
    pub(crate) cause: DenialCause,
    /// The statement that denied, or that came nearest to allowing.
    pub(crate) detail: String,
}

impl Denial {
    /// AWS's words for it, as CodeArtifact gives them; STS keeps silent.
    pub(crate) fn because(&self, action: &str) -> String {
        match self.cause {
            DenialCause::IdentityDenies => {
                "with an explicit deny in an identity-based policy".to_owned()
            }
            DenialCause::SessionDenies => "with an explicit deny in a session policy".to_owned(),
            DenialCause::ResourceDenies => {
                "with an explicit deny in a resource-based policy".to_owned()
            }
            DenialCause::IdentitySilent => {
                format!("because no identity-based policy allows the {action} action")
            }
            DenialCause::SessionSilent => {
                format!("because no session policy allows the {action} action")
            }
            DenialCause::ResourceSilent => {
                format!("because no resource-based policy allows the {action} action")
            }
        }
    }
}

impl std::fmt::Display for Denial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let policy = match self.cause {
            DenialCause::IdentityDenies => "a permissions policy of the caller denies it",
            DenialCause::SessionDenies => "the session policy denies it",
            DenialCause::ResourceDenies => "the resource's or trust policy denies it",
            DenialCause::IdentitySilent => "no permissions policy of the caller allows it",
            DenialCause::SessionSilent => "the session policy does not allow it",
            DenialCause::ResourceSilent => "the resource's or trust policy does not allow it",
        };
        write!(f, "{policy}: {}", self.detail)
    }
}
