//! The command `keyring` that pip, uv and pdm look for on PATH: a link to ours, where nothing of that name is yet.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use codeartifact_auth::environment::Environment;
use codeartifact_auth::successor;

use super::{Place, check, files, remark};
use crate::commands::setup::plan::Plan;
use crate::commands::setup::text;
use crate::output::Hindrance;

pub(super) const COMMAND: &str = "keyring";
const PROGRAM: &str = "codeartifact-keyring";

/// Plans the link, unless the `keyring` that is found answers for CodeArtifact already. Returns remarks.
///
/// # Errors
/// Our program is missing, or somebody else's is in the link's place.
pub(super) fn link(plan: &mut Plan, environment: &Environment) -> Result<String, Hindrance> {
    let ours = successor::beside_us(PROGRAM, environment);
    let found = successor::find(OsStr::new(COMMAND), environment);
    if found
        .as_deref()
        .is_some_and(|found| answers(found, ours.as_deref()))
    {
        return Ok(String::new());
    }
    let ours = ours.ok_or_else(|| {
        Hindrance::new(&format!(
            "`{PROGRAM}` is not installed beside this program, nor on PATH"
        ))
    })?;
    let Some(link) = place(environment) else {
        return Ok(String::new());
    };
    match fs::symlink_metadata(&link) {
        Err(_) => plan.link(link.clone(), ours),
        Ok(_) if successor::is_same_program(&link, &ours) => {}
        Ok(_) => return Err(foreign(&link)),
    }
    Ok(order(&link, found.as_deref()))
}

/// Plans that the link goes, if it is ours.
pub(super) fn unlink(plan: &mut Plan, environment: &Environment) {
    let ours = successor::beside_us(PROGRAM, environment);
    let is_ours = |link: &PathBuf| {
        let is_link = fs::symlink_metadata(link).is_ok_and(|found| found.is_symlink());
        is_link && ours.is_some_and(|ours| successor::is_same_program(link, &ours))
    };
    if let Some(link) = place(environment).filter(is_ours) {
        plan.unlink(link);
    }
}

/// Whether another client than that of `file` was set up to ask the command.
pub(super) fn is_needed_besides(file: &Path, environment: &Environment) -> bool {
    let all = [files::pip, files::uv, files::pdm].map(|file| file(environment, Place::User));
    let others = all.into_iter().flatten().filter(|other| other != file);
    let mut texts = others.filter_map(|other| fs::read_to_string(other).ok());
    texts.any(|text| !text::Text::parse(&text).names().is_empty())
}

/// Ours, or Python's keyring with our back end in it.
fn answers(found: &Path, ours: Option<&Path>) -> bool {
    ours.is_some_and(|ours| successor::is_same_program(found, ours))
        || check::lists_our_back_end(found)
}

fn place(environment: &Environment) -> Option<PathBuf> {
    let name = COMMAND.to_owned() + std::env::consts::EXE_SUFFIX;
    Some(environment.home()?.join(".local/bin").join(name))
}

fn foreign(link: &Path) -> Hindrance {
    Hindrance::new(&format!(
        "{} is another keyring, and stays\n  hint: `pipx inject keyring codeartifact-keyring` lets that one answer for \
         CodeArtifact; or link {PROGRAM} as `{COMMAND}` in a directory that stands before it on PATH",
        link.display()
    ))
}

fn order(link: &Path, found: Option<&Path>) -> String {
    let directory = link.parent().unwrap_or(link).display();
    match found {
        Some(found) if found != link => remark(&format!(
            "{} may be found first; put {directory} before it on PATH",
            found.display()
        )),
        _ => String::new(),
    }
}
