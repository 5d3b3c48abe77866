//! Authorization tokens for AWS CodeArtifact: URL → connection → cache → role chain → token.
//!
//! [`Authenticator::token`] is the whole journey. The modules are its stages, in this order.

pub mod cache;
pub mod connection;
pub mod endpoint;
pub mod environment;
pub mod error;
pub mod mint;
pub mod successor;
pub mod token;

pub use error::Error;
