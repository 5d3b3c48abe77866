//! The client's side: whether the package managers here find our helpers, and what they would send instead of a fresh
//! token. Half of all failures lie there, and every client hides them behind "no matching distribution" or a 401.
//!
//! One file per client. Its judgement is a function of what `desk` reads: variables, PATH, files of the project and of
//! the user. Nothing is run, and a client that does not use CodeArtifact here is not spoken of.

mod desk;
mod go;
mod keyring;
mod leftover;
mod netrc;
mod npm;
mod pip;
mod uv;

use codeartifact_auth::endpoint::MappedHosts;
use codeartifact_auth::environment::Environment;

use super::Finding;
use desk::Desk;

/// Looks at every client, as it would run in this directory.
pub(super) fn check(environment: &Environment, hosts: &MappedHosts) -> Vec<Finding> {
    let Some(desk) = Desk::here(environment, hosts) else {
        return Vec::new();
    };
    let checks = [
        pip::check,
        uv::check,
        npm::check,
        go::check,
        leftover::check,
    ];
    checks.into_iter().flat_map(|check| check(&desk)).collect()
}
