//! Finds pip's files, and pip itself: the one on PATH, and that of the active environment.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;

use super::{PIP, PIP_CONFIG_FILE};
use crate::here::Here;
use crate::python;
use crate::trial::Program;

/// The virtual environment that is active.
const VIRTUAL_ENV: &str = "VIRTUAL_ENV";
/// The same of conda.
const CONDA_PREFIX: &str = "CONDA_PREFIX";

const FILE: &str = if cfg!(windows) { "pip.ini" } else { "pip.conf" };

/// "User" of its chapter on configuration files.
pub(super) fn user_file(environment: &Environment) -> Option<PathBuf> {
    if cfg!(target_os = "macos") {
        let library = environment.home()?.join("Library/Application Support/pip");
        if library.is_dir() {
            return Some(library.join(FILE));
        }
    }
    python::below_dot_config(environment, &format!("pip/{FILE}"))
}

/// "Site", if a virtual environment is active.
pub(super) fn site_file(environment: &Environment) -> Option<PathBuf> {
    Some(active(environment)?.join(FILE))
}

/// The environment that is active. One that was activated within one of conda's counts.
fn active(environment: &Environment) -> Option<PathBuf> {
    let mut names = [VIRTUAL_ENV, CONDA_PREFIX].into_iter();
    let found = names.find_map(|name| environment.variable(name));
    found.filter(|it| !it.is_empty()).map(PathBuf::from)
}

/// pip's files, the weakest first. A file that `PIP_CONFIG_FILE` names takes the place of the user's.
pub(super) fn files(here: &Here<'_>) -> Vec<PathBuf> {
    let environment = here.environment;
    let named = environment.variable(PIP_CONFIG_FILE).map(PathBuf::from);
    if named.as_deref() == Some(Path::new(if cfg!(windows) { "nul" } else { "/dev/null" })) {
        return Vec::new();
    }
    let mut files = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf"]
        .map(PathBuf::from)
        .to_vec();
    if !named.as_ref().is_some_and(|named| named.exists()) {
        let old_folder = if cfg!(windows) { "pip" } else { ".pip" };
        let old = environment
            .home()
            .map(|home| home.join(old_folder).join(FILE));
        files.extend(old.into_iter().chain(user_file(environment)));
    }
    files.extend(site_file(environment).into_iter().chain(named));
    files
}

/// pip of the virtual environment that is active, which may be another one than that on PATH; where it has none, the
/// one on PATH works on it. Without both, that of the Python on PATH.
pub(super) fn of_environment(here: &Here<'_>) -> Vec<Program> {
    let environment = here.environment;
    let Some(programs) = programs_of_venv(environment) else {
        return of_python(here).into_iter().collect();
    };
    let on_path = Program::on_path(PIP.name, here);
    if on_path.iter().any(|it| it.path.parent() == Some(&programs)) {
        return Vec::new();
    }
    let file = |name: &str| programs.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let python = file("python");
    let venv = |path, arguments: &[&str]| Program {
        path,
        arguments: arguments.iter().map(|&it| it.to_owned()).collect(),
        place: Some("venv"),
    };
    if file("pip").is_file() {
        return vec![venv(python, &["-m", "pip"])];
    }
    let works_on = on_path.into_iter().filter(|_| python.is_file());
    works_on
        .map(|pip| venv(pip.path, &["--python", &python.to_string_lossy()]))
        .collect()
}

/// Fails where there is no pip to be imported.
const FINDS_PIP: &str =
    "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)";

/// `python -m pip`, where no command is named pip.
fn of_python(here: &Here<'_>) -> Option<Program> {
    let is_found = |name: &str| next_on_path::find(OsStr::new(name), here.environment);
    if is_found(PIP.name).is_some() {
        return None;
    }
    let path = ["python3", "python"].into_iter().find_map(is_found)?;
    let arguments = ["-m", PIP.name].map(str::to_owned).to_vec();
    // An installation without pip is no client. Not asked for its version, which takes ten times as long.
    here.ask(&path.to_string_lossy(), &["-c", FINDS_PIP], &[])?;
    Some(Program {
        path,
        arguments,
        place: Some("python -m pip"),
    })
}

/// Returns the folder of the active virtual environment's programs.
fn programs_of_venv(environment: &Environment) -> Option<PathBuf> {
    Some(active(environment)?.join(python::PROGRAMS))
}

/// Returns the folder of programs in pip's own environment; pip passes over a `keyring` there.
pub(super) fn own_programs(environment: &Environment) -> Vec<PathBuf> {
    let of_venv = programs_of_venv(environment);
    let names = ["pip", "pip3"].into_iter();
    let mut found = names.filter_map(|name| next_on_path::find(OsStr::new(name), environment));
    let of_pip = found
        .next()
        .and_then(|pip| Some(pip.canonicalize().ok()?.parent()?.to_owned()));
    of_venv
        .into_iter()
        .chain(of_pip.map(scripts_beside))
        .collect()
}

/// Debian and Fedora put what their Python's pip installs into `/usr/local/bin`.
fn scripts_beside(directory: PathBuf) -> PathBuf {
    if directory == Path::new("/usr/bin") {
        PathBuf::from("/usr/local/bin")
    } else {
        directory
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn a_named_file_takes_the_place_of_the_users() {
        let home = tempfile::tempdir().unwrap();
        let named = home.path().join("ci.conf");
        std::fs::write(&named, "").unwrap();
        let has_users = |named: &str| {
            let variables = [("PIP_CONFIG_FILE", named)];
            let environment = Environment::fixed(&variables, home.path().to_owned(), Timestamp(0));
            let here = Here::at(home.path().to_owned(), &environment);
            files(&here).contains(&user_file(&environment).unwrap())
        };
        assert!(!has_users(named.to_str().unwrap()));
        assert!(has_users("/no/such/file"));
        assert!(!has_users("/dev/null"));
    }
}
