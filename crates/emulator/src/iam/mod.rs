//! IAM: policy documents and the decision they lead to. Knows no user, role or session by name;
//! the callers bring those.

mod condition;
mod evaluate;
mod pattern;
mod policy;
mod principal;
mod scan;

pub(crate) use condition::Context;
pub(crate) use evaluate::{Denial, Question, Resource, Subject, decide};
pub(crate) use pattern::matches;
pub(crate) use policy::{Kind, Policy};
pub(crate) use principal::Identity;
