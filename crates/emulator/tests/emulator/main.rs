//! The emulator as its users see it: a process on a port, asked over HTTP by a client that shares no code with
//! it. Requests are signed with AWS's own signer.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where and stop"
)]

mod allowed;
mod client;
mod command;
mod faults;
mod like_aws;
mod process;
mod refused;
mod sign_in;
mod sources;
mod tls;
mod tokens;
mod transport;
mod web_identity;
