//! Which file of each Python client a setup changes: the user's own, or the project's. It reads nothing.

use std::path::PathBuf;

use codeartifact_auth::environment::Environment;

use super::Place;
use crate::commands::user_files;

/// pip's project is the virtual environment that is active.
pub(super) fn pip(environment: &Environment, place: Place) -> Option<PathBuf> {
    match place {
        Place::User => user_files::pip(environment),
        Place::Project => user_files::pip_of_site(environment),
    }
}

/// uv: a project's `uv.toml` hides the table in its `pyproject.toml`.
pub(super) fn uv(environment: &Environment, place: Place) -> Option<PathBuf> {
    match place {
        Place::User => user_files::uv(environment),
        Place::Project => Some(PathBuf::from("uv.toml"))
            .filter(|file| file.is_file())
            .or_else(pyproject),
    }
}

pub(super) fn poetry(environment: &Environment, place: Place) -> Option<PathBuf> {
    match place {
        Place::User => in_platform_folder(environment, "pypoetry"),
        Place::Project => pyproject(),
    }
}

pub(super) fn pdm(environment: &Environment, place: Place) -> Option<PathBuf> {
    match place {
        Place::User => in_platform_folder(environment, "pdm"),
        Place::Project => pyproject(),
    }
}

pub(super) fn hatch(environment: &Environment, _: Place) -> Option<PathBuf> {
    in_platform_folder(environment, "hatch")
}

pub(super) fn twine(environment: &Environment, _: Place) -> Option<PathBuf> {
    Some(environment.home()?.join(".pypirc"))
}

/// Of the working directory alone: what lies above it may be somebody else's.
fn pyproject() -> Option<PathBuf> {
    Some(PathBuf::from("pyproject.toml")).filter(|file| file.is_file())
}

fn in_platform_folder(environment: &Environment, client: &str) -> Option<PathBuf> {
    Some(user_files::platform_folder(environment, client)?.join("config.toml"))
}
