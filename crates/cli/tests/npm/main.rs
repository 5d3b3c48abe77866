//! `codeartifact-npm` as a process: what it says, what it leaves, what it becomes, and what survives when it is killed.
//! No AWS here: every token is in the cache already. With AWS and real clients it is tested in tests/end-to-end.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test ends where something is not as expected"
)]

mod conversation;
mod headers;
mod sandbox;
mod writers;
