//! The stores and the turns as other crates see them, on real files, keyrings and processes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod child;
mod contract;
mod files;
#[cfg(target_os = "linux")]
mod keyring;
mod samples;
#[cfg(target_os = "linux")]
mod session;
mod turns;
