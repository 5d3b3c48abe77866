//! Helps an end-to-end test: a [`Sandbox`] to run real programs in, an [`Emulator`] to stand in for AWS, its [`Journal`] to see
//! what happened, a [`Broker`] and an [`Issuer`] of identity tokens, the [`install`] steps that several tests take, and what is
//! [`kept`]. It knows nothing of the crates under test: it runs their binaries, as a user does.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test helper fails by panicking"
)]

mod broker;
mod certificate;
mod emulator;
pub mod fixture;
pub mod install;
mod issuer;
mod journal;
pub mod kept;
mod outcome;
mod programs;
mod sandbox;
pub mod terminal;

pub use broker::Broker;
pub use certificate::certify;
pub use emulator::Emulator;
pub use issuer::Issuer;
pub use journal::{Entry, Journal};
pub use outcome::Outcome;
pub use programs::{TOOLS, asked_for, helpers};
pub use sandbox::Sandbox;
