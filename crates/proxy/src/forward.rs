//! The product: a forward proxy that adds a connection's token to requests for its repositories, so that the build
//! behind it never has one.
#![expect(dead_code, reason = "wip")]

mod path;
mod policy;
mod reach;
mod refusal;
