//! Where the Python clients keep the user's own configuration, by their own documentation: for those who write it
//! (`setup`) and those who look into it (`test`, `exec`). It reads nothing.

use std::path::PathBuf;

use codeartifact_auth::environment::{Environment, VIRTUAL_ENV};

const PIP: &str = if cfg!(windows) { "pip.ini" } else { "pip.conf" };

/// pip: "User" of its chapter on configuration files.
pub(crate) fn pip(environment: &Environment) -> Option<PathBuf> {
    if cfg!(target_os = "macos") {
        let library = environment.home()?.join("Library/Application Support/pip");
        if library.is_dir() {
            return Some(library.join(PIP));
        }
    }
    Some(below_dot_config(environment)?.join("pip").join(PIP))
}

/// pip: "User" as older versions had it, which is still read.
pub(crate) fn pip_of_old(environment: &Environment) -> Option<PathBuf> {
    let folder = if cfg!(windows) { "pip" } else { ".pip" };
    Some(environment.home()?.join(folder).join(PIP))
}

/// pip: "Site", if a virtual environment is active.
pub(crate) fn pip_of_site(environment: &Environment) -> Option<PathBuf> {
    Some(PathBuf::from(environment.variable(VIRTUAL_ENV)?).join(PIP))
}

pub(crate) fn uv(environment: &Environment) -> Option<PathBuf> {
    Some(below_dot_config(environment)?.join("uv/uv.toml"))
}

/// The folder of a client that asks the library `platformdirs`: `pypoetry`, `pdm`, `hatch`.
pub(crate) fn platform_folder(environment: &Environment, client: &str) -> Option<PathBuf> {
    Some(environment.user_configuration()?.join(client))
}

/// What pip and uv take on Unix, macOS included.
fn below_dot_config(environment: &Environment) -> Option<PathBuf> {
    match cfg!(windows) {
        true => environment.user_configuration(),
        false => environment.dot_config(),
    }
}
