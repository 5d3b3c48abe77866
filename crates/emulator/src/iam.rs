//! IAM: policy documents and the decision they lead to. Knows no user, role or session by name;
//! the callers bring those.

mod condition;
mod context;
mod evaluate;
mod operator;
mod pattern;
mod policy;
mod principal;
mod question;
mod scan;
mod texts;

pub(crate) use context::Context;
pub(crate) use evaluate::{Resource, Subject, decide};
pub(crate) use pattern::matches;
pub(crate) use policy::{Policy, PolicyKind};
pub(crate) use principal::Identity;
pub(crate) use question::{Denial, Question};
