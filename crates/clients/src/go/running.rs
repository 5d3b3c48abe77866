//! The go that a command here becomes: the one on PATH, or another one that GOTOOLCHAIN, `go.mod` or `go.work` asks for
//! (<https://go.dev/doc/toolchain>). go itself says which, and loads none for it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use codeartifact_auth::next_on_path::is_executable;

use super::env::{GOVERSION, LOCAL, OFFLINE, env, has_goauth, number};
use super::settings::setting;
use super::version::Version;
use super::{GOFLAGS, GOTOOLCHAIN, Go, goauth};
use crate::here::{self, Here};

const GOMOD: &str = "GOMOD";
const GOROOT: &str = "GOROOT";
const GOWORK: &str = "GOWORK";

/// The reasons why a command here runs no go, or an older one than it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The toolchain that runs is older than the project asks for, and none is looked for.
    TooOld { running: String, asks: Asks },
    /// A toolchain is not on PATH, and go may load none.
    NotOnPath(Asks),
    /// go loads a toolchain first, through GOPROXY.
    Loads(Asks),
    /// A toolchain that runs no helper is to be loaded.
    LoadsWithoutGoauth(String),
}

/// The line that asks for a toolchain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asks {
    /// `go.mod`, `go.work`, or GOTOOLCHAIN.
    pub(super) place: String,
    /// As in `1.28`.
    pub(super) version: String,
    /// The value of GOTOOLCHAIN.
    pub(super) toolchain: String,
}

impl Asks {
    /// Names what keeps go from becoming another one.
    pub(super) fn keeper(&self) -> String {
        match self.toolchain.as_str() {
            "" => "nothing".to_owned(),
            value => format!("{GOTOOLCHAIN}={value}"),
        }
    }
}

impl fmt::Display for Asks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} asks for go {}", self.place, self.version)
    }
}

/// The command of the toolchain that runs here, where it is not the one on PATH.
pub(super) fn other_program(here: &Here<'_>) -> Option<PathBuf> {
    let running = running(here)?;
    let local = env(here, Go::NAME, &[GOVERSION], &[LOCAL])?;
    if running.get(GOVERSION) == local.get(GOVERSION) {
        return None;
    }
    let file = format!("go{}", std::env::consts::EXE_SUFFIX);
    let program = Path::new(running.get(GOROOT)?).join("bin").join(file);
    is_executable(&program).then_some(program)
}

/// Returns what is wrong with the toolchain that the project or GOTOOLCHAIN asks for.
pub(super) fn trouble(here: &Here<'_>) -> Option<Trouble> {
    match running(here) {
        Some(said) => too_old(here, &said),
        None => missing(here),
    }
}

const PLACES: [&str; 2] = [GOMOD, GOWORK];

fn running(here: &Here<'_>) -> Option<BTreeMap<String, String>> {
    let names = [&[GOVERSION, GOROOT, GOTOOLCHAIN], &PLACES[..]].concat();
    env(here, Go::NAME, &names, &[OFFLINE])
}

/// A go that was told to stay the same refuses a newer project.
fn too_old(here: &Here<'_>, said: &BTreeMap<String, String>) -> Option<Trouble> {
    let running = number(said.get(GOVERSION)?);
    let (place, project) = changed_file(here).or_else(|| project(said))?;
    let asked = lookup(&project, "go")?;
    let is_newer = Version::parse(&asked)? > Version::parse(running)?;
    is_newer.then(|| Trouble::TooOld {
        running: running.to_owned(),
        asks: Asks {
            place,
            version: asked,
            toolchain: said.get(GOTOOLCHAIN).cloned().unwrap_or_default(),
        },
    })
}

/// `-modfile`, which go holds to its version but not to its toolchain.
fn changed_file(here: &Here<'_>) -> Option<(String, String)> {
    let words = goauth::words(&setting(GOFLAGS, here.environment)?)?;
    let mut words = words.iter().map(|word| word.trim_start_matches('-'));
    let file = words.find_map(|word| word.strip_prefix("modfile="))?;
    named(&here.directory.join(file))
}

/// go cannot become what it should without loading it.
fn missing(here: &Here<'_>) -> Option<Trouble> {
    let local = env(here, Go::NAME, &PLACES, &[LOCAL])?;
    let toolchain = setting_of(here);
    let (least, mode) = toolchain.split_once('+').unwrap_or((&toolchain, ""));
    let mut asks = least
        .strip_prefix("go")
        .map(|version| (GOTOOLCHAIN.to_owned(), version.to_owned()));
    let is_fixed = asks.is_some() && mode.is_empty();
    let project = project(&local).filter(|_| !is_fixed);
    if let Some((place, text)) = project {
        let lines = [lookup(&text, "go"), lookup(&text, "toolchain")];
        for line in lines.into_iter().flatten() {
            let version = number(&line).to_owned();
            let known = asks.as_ref().and_then(|(_, it)| Version::parse(it));
            if Version::parse(&version) > known {
                asks = Some((place.clone(), version));
            }
        }
    }
    let (place, version) = asks?;
    if !has_goauth(&version) {
        return Some(Trouble::LoadsWithoutGoauth(toolchain));
    }
    let asks = Asks {
        place,
        version,
        toolchain: toolchain.clone(),
    };
    Some(if [least, mode].contains(&"path") {
        Trouble::NotOnPath(asks)
    } else {
        Trouble::Loads(asks)
    })
}

/// GOTOOLCHAIN as go has it where no project asks for another one; its own defaults are in a file of its own.
fn setting_of(here: &Here<'_>) -> String {
    let outside = ["-C", "/", "env", GOTOOLCHAIN];
    let said = here.ask(Go::NAME, &outside, &[OFFLINE, (GOWORK, "off")]);
    let said = said.map(|said| said.trim().to_owned());
    let found = said.or_else(|| setting(GOTOOLCHAIN, here.environment));
    found.unwrap_or_default()
}

/// The file that says for which go the project is.
fn project(said: &BTreeMap<String, String>) -> Option<(String, String)> {
    let is_file = |path: &&String| !["", "off"].contains(&path.as_str());
    let work = said.get(GOWORK).filter(is_file);
    let file = work.or_else(|| said.get(GOMOD).filter(is_file))?;
    named(Path::new(file))
}

fn named(file: &Path) -> Option<(String, String)> {
    let name = file.file_name()?.to_string_lossy().into_owned();
    Some((name, here::read(file)?.text))
}

/// As go looks before it parses the file (cmd/go/internal/gover, `GoModLookup`): the first line that begins with `key`.
fn lookup(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix(key)?;
        let rest = rest.strip_prefix([' ', '\t'])?;
        let value = rest.split("//").next().unwrap_or_default();
        Some(value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_as_go_finds_them() {
        let rows = [
            ("module m\n\ngo 1.28\n", Some("1.28")),
            ("module m\r\ngo\t1.28.1 // later\r\n", Some("1.28.1")),
            ("module m\n\ngodebug x=y\n", None),
            ("// go 1.28\n", None),
            ("  go 1.28rc1", Some("1.28rc1")),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(lookup(text, "go").as_deref(), expected, "{text:?}");
        }
        assert_eq!(
            lookup("go 1.24\ntoolchain go1.28.1\n", "toolchain").as_deref(),
            Some("go1.28.1")
        );
    }
}
