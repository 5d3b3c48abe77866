//! Trials: a client is run with its real settings, and a stand-in of the repository writes down what it sends.
//!
//! [`Trials`] is an HTTPS proxy on loopback with a certificate authority of its own, which a client's variables lead
//! to. It answers for repositories as CodeArtifact does and for every other host with 404; only AWS's own services
//! are reached through it, so that a credential helper can mint. No repository gets a request, and no client is
//! known here: its command comes from the caller, and [`judge`] turns what was seen into a [`Verdict`].

mod answer;
mod authority;
mod hosts;
mod process;
mod seen;
mod server;
mod trials;
mod upstream;
mod variables;
mod verdict;

pub use hosts::{HostKind, host_kind};
pub use seen::{SeenRequest, SentCredentials};
pub use trials::{Observed, Trials};
pub use verdict::{Expected, Verdict, judge};
