//! Asks AWS: for tokens ([`AwsMinter`], in `mint/aws.rs`), and what a person may ask beside that ([`Probe`], [`Listing`]).
//! Only the program `codeartifact` has this module, by the feature `aws`; the helpers start that program (`minter`).

mod authorities;
mod authorization;
mod aws;
mod broker;
mod call;
mod cli_cache;
mod device;
mod error_body;
mod first_role;
mod hop;
mod id_token;
mod identity;
mod instance;
mod listing;
mod login;
mod machine;
mod mfa;
mod moment;
mod probe;
mod process;
mod proxy;
mod publish;
mod refusal;
mod request;
mod role_session;
mod session;
mod settings;
mod shared_files;
mod sign_in;
mod source;
mod source_failure;
mod sso;
mod store;
mod transport;
mod unreachable;

pub use aws::AwsMinter;
pub use identity::Caller;
pub use listing::{ListRequest, Listing, Repository};
pub use machine::is_instance;
pub use probe::{Probe, Start, WALK_DEADLINE};
pub use publish::{Asset, Publication, Published};
pub use request::Reply;
pub use sign_in::{Prompt, SignIn};
