//! The product is the program `codeartifact-proxy` ([`main`]): [`forward`] adds the token on its way, so that a build never has
//! one, and `broker` hands tokens out to a fleet's jobs. Beside it are
//! trials: a client is run with its real settings, and a stand-in of the repository writes down what it sends.
//!
//! [`Trials`] is an HTTPS proxy on loopback with a certificate authority of its own, which a client's variables lead
//! to. It answers for repositories as CodeArtifact does and for every other host with 404; only AWS's own services
//! are reached through it, so that a credential helper can mint. No repository gets a request, and no client is
//! known here: its command comes from the caller, and [`judge`] turns what was seen into a [`Verdict`].
//!
//! ```no_run
//! # use std::{process::Command, time::Duration};
//! # use codeartifact_auth::{endpoint::MappedHosts, environment::Environment, token::Secret};
//! # use codeartifact_proxy::{Expected, Trials, judge};
//! # fn main() -> std::io::Result<()> {
//! # let (environment, mapped, token) = (Environment::of_process(), MappedHosts::new(), Secret::new(String::new()));
//! let trials = Trials::start(&environment, mapped)?;
//! let mut command = Command::new("pip");
//! command.args(["download", "--no-deps", "--no-cache-dir", "--no-input", "--dest", ".", "some-package"]);
//! let good = token.clone();
//! let observed = trials.run(command, Duration::from_secs(15), move |sent| sent.is_one_of([&good]))?;
//! let verdict = judge(&observed, &Expected {
//!     host: "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com",
//!     path: "/pypi/my-repo/",
//!     tokens: &[&token],
//!     expired: &[],
//! });
//! # let _ = verdict; Ok(()) }
//! ```

mod answer;
mod authority;
mod broker;
mod connection;
pub mod forward;
mod hosts;
mod java;
mod listener;
mod process;
mod program;
mod repository;
mod run;
mod seen;
mod tls;
mod trials;
mod upstream;
mod variables;
mod verdict;

pub use hosts::{HostKind, host_kind};
pub use program::{PROGRAM, Task, main};
pub use seen::{SeenRequest, SentCredentials};
pub use trials::{Observed, Trials};
pub use verdict::{Expected, Verdict, judge};
