//! Shows where a repository is named, as people find it: a variable, or a file and line, from the home directory on.

use std::path::Path;

use codeartifact_auth::endpoint::{Endpoint, MappedHosts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::user_file::read_regular;
use codeartifact_clients::setting::{Origin, Setting};

/// `~/.config/pip/pip.conf:3`, `PIP_INDEX_URL`
pub(super) fn of(setting: &Setting, environment: &Environment) -> String {
    match &setting.origin {
        Origin::File(file, line) => {
            let line = line.or_else(|| line_of(&setting.endpoint, file));
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            format!("{}{line}", shown(file, environment))
        }
        Origin::Variable(name) | Origin::Option(name) => name.clone(),
    }
}

/// Not every client tells the line.
fn line_of(endpoint: &Endpoint, file: &Path) -> Option<usize> {
    let text = String::from_utf8(read_regular(file).ok()?).ok()?;
    let names = |line: &str| {
        let is_end = |it: char| it.is_whitespace() || "\"'=,".contains(it);
        let words = line.split(is_end);
        let mut urls = words.filter_map(|it| Endpoint::parse(it, &MappedHosts::new()).ok());
        !line.trim_start().starts_with('#') && urls.any(|it| it.root() == endpoint.root())
    };
    Some(text.lines().position(names)? + 1)
}

fn shown(file: &Path, environment: &Environment) -> String {
    let home = environment.home();
    match home.and_then(|home| file.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(below) => format!("~/{}", below.display()),
        None => file.display().to_string(),
    }
}
