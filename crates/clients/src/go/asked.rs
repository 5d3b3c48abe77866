//! go's settings by its own word (`go env -json`), and its version. Where go is not there, or must not be run, its
//! files are read instead (`settings`).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;

use super::running::other_program;
use super::settings::setting;
use super::values::Values;
use super::{GOAUTH, GOENV, GOFLAGS, GONOPROXY, GONOSUMDB, GOPRIVATE, GOPROXY, GOSUMDB, Go};
use crate::here::Here;
use crate::plan::output_of;

/// Without a toolchain that `go.mod` asks for: go would load it.
pub(super) const LOCAL: (&str, &str) = ("GOTOOLCHAIN", "local");

/// go becomes another toolchain only if that is on this machine.
pub(super) const OFFLINE: (&str, &str) = (GOPROXY, "off");

pub(super) const GOVERSION: &str = "GOVERSION";

/// Settings as they are in effect.
pub(super) struct Asked(BTreeMap<String, String>);

impl Asked {
    const NAMES: [&'static str; 8] = [
        GOPROXY, GOAUTH, GOPRIVATE, GONOPROXY, GONOSUMDB, GOSUMDB, GOFLAGS, GOENV,
    ];

    pub(super) fn of(here: &Here<'_>) -> Self {
        let other = other_program(here).map(|path| path.display().to_string());
        let program = other.as_deref().unwrap_or(Go::NAME);
        Self(
            env(here, program, &Self::NAMES, &[LOCAL]).unwrap_or_else(|| {
                let read = |name: &str| Some((name.to_owned(), setting(name, here.environment)?));
                Self::NAMES.into_iter().filter_map(read).collect()
            }),
        )
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// Returns what a go says of these settings; `None` where it says nothing.
pub(super) fn env(
    here: &Here<'_>,
    program: &str,
    names: &[&str],
    variables: &[(&str, &str)],
) -> Option<BTreeMap<String, String>> {
    let arguments = [&["env", "-json"], names].concat();
    serde_json::from_str(&here.ask(program, &arguments, variables)?).ok()
}

/// A go, as far as a setup has to know it.
pub(super) struct Toolchain {
    /// As in `1.27.3`.
    pub(super) version: String,
    /// The file of settings; `off` for none.
    pub(super) env_file: String,
    /// The checksum database is asked.
    pub(super) verifies: bool,
    /// The values that are in effect without that file.
    pub(super) defaults: Values,
}

impl Toolchain {
    pub(super) fn ask(environment: &Environment) -> anyhow::Result<Self> {
        let go = next_on_path::find(Go::NAME.as_ref(), environment).context("go is not on PATH")?;
        let ask = |names: &[&str], variables: &[(&str, &str)]| ask(&go, names, variables);
        let names = [GOVERSION, GOENV, GOSUMDB];
        // Another toolchain only where it is there already.
        let now = ask(&names, &[OFFLINE]).or_else(|_| ask(&names, &[LOCAL]))?;
        // go takes an empty variable for one that is not set.
        let unset = Values::NAMES.map(|name| (name, ""));
        let without = [&[LOCAL, (GOENV, "off")], &unset[..]].concat();
        let defaults = ask(&Values::NAMES, &without)?;
        let of = |values: &BTreeMap<String, String>, name: &str| values.get(name).cloned();
        Ok(Self {
            version: number(&of(&now, GOVERSION).unwrap_or_default()).to_owned(),
            env_file: of(&now, GOENV).unwrap_or_default(),
            verifies: of(&now, GOSUMDB).is_none_or(|database| database != "off"),
            defaults: Values::of(|name| of(&defaults, name).unwrap_or_default()),
        })
    }
}

fn ask(
    go: &Path,
    names: &[&str],
    variables: &[(&str, &str)],
) -> anyhow::Result<BTreeMap<String, String>> {
    let mut go = Command::new(go);
    go.args(["env", "-json"]).args(names);
    let said = output_of(go.envs(variables.iter().copied()))?;
    serde_json::from_slice(&said).context("`go env -json` printed something else than JSON")
}

pub(super) fn number(version: &str) -> &str {
    version.strip_prefix("go").unwrap_or(version)
}

/// Tells if this go runs the commands of GOAUTH, as go 1.24 was the first to do. A version that cannot be read is a
/// development build.
pub(super) fn has_goauth(version: &str) -> bool {
    let mut numbers = number(version).split('.').map(|it| {
        let digits = it.find(|it: char| !it.is_ascii_digit()).unwrap_or(it.len());
        it[..digits].parse::<u32>().ok()
    });
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(1), Some(minor)) => minor >= 24,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goauth_came_with_1_24() {
        let rows = [
            ("1.23.9", false),
            ("go1.9", false),
            ("1.24rc1", true),
            ("go1.24", true),
            ("1.27.3", true),
            ("2.0", true),
            ("devel", true),
            ("", true),
        ];
        for (version, expected) in rows {
            assert_eq!(has_goauth(version), expected, "{version}");
        }
    }
}
