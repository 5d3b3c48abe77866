//! The product: a forward proxy that adds a connection's token to requests for its repositories, so that the build
//! behind it never has one. `codeartifact exec --proxy` and `codeartifact proxy` start it. It has no AWS code: on the first
//! request it starts the `codeartifact` beside it to mint.
//!
//! A request's way: [`server`] (who asks, for which host) → [`relay`] → [`policy`] (may it, and for which repository)
//! → [`tokens`] → [`origin`] → [`asset`] (redirects) → the client, while [`journal`] notes it.

mod address;
mod api;
mod asking;
mod asset;
pub(crate) mod body;
mod child;
mod command;
mod compare;
mod doors;
mod files;
mod golang;
mod headers;
mod idle;
#[cfg(target_os = "linux")]
mod isolate;
mod journal;
mod keep;
mod memory;
mod narrowed;
mod netrc;
mod note;
mod origin;
mod others;
mod package;
mod path;
mod peer;
mod policy;
mod proxy;
mod reach;
mod refusal;
mod relay;
mod report;
mod run;
mod server;
mod settings;
mod signals;
mod stop;
mod tokens;

pub use child::is_identity;
pub use golang::package as go_package;
pub use note::Note;
pub use others::Others;
pub use settings::{Purpose, Settings};

pub(crate) use doors::secret;
pub(crate) use golang::Modules;
#[cfg(target_os = "linux")]
pub(crate) use isolate::stage;
pub(crate) use journal::Journal;
pub(crate) use narrowed::narrowed;
pub(crate) use origin::Origin;
pub(crate) use proxy::Proxy;
pub(crate) use reach::Reach;
pub(crate) use refusal::Refusal;
pub(crate) use report::{announce, say, stopped};
pub(crate) use run::{keep, run};
pub(crate) use server::{Reception, http, receive};
pub(crate) use signals::Ending;
pub(crate) use stop::Stop;
pub(crate) use tokens::{Granted, Grants, Sessions, Tokens};
