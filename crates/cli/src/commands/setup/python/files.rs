//! Where each Python client keeps the user's configuration, by its own documentation. It reads nothing.

use std::path::PathBuf;

use codeartifact_auth::environment::{Environment, VIRTUAL_ENV};

use super::Place;

/// pip: "User" and, for a virtual environment, "Site" of its chapter on configuration files.
pub(super) fn pip(environment: &Environment, place: Place) -> Option<PathBuf> {
    let name = if cfg!(windows) { "pip.ini" } else { "pip.conf" };
    if place == Place::Project {
        return Some(PathBuf::from(environment.variable(VIRTUAL_ENV)?).join(name));
    }
    if cfg!(target_os = "macos") {
        let library = environment.home()?.join("Library/Application Support/pip");
        if library.is_dir() {
            return Some(library.join(name));
        }
    }
    Some(below_dot_config(environment)?.join("pip").join(name))
}

/// uv: a project's `uv.toml` hides the table in its `pyproject.toml`.
pub(super) fn uv(environment: &Environment, place: Place) -> Option<PathBuf> {
    match place {
        Place::User => Some(below_dot_config(environment)?.join("uv/uv.toml")),
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

/// What pip and uv take on Unix, macOS included.
fn below_dot_config(environment: &Environment) -> Option<PathBuf> {
    match cfg!(windows) {
        true => environment.user_configuration(),
        false => environment.dot_config(),
    }
}

/// The library `platformdirs`, which the others use.
fn in_platform_folder(environment: &Environment, name: &str) -> Option<PathBuf> {
    Some(
        environment
            .user_configuration()?
            .join(name)
            .join("config.toml"),
    )
}
