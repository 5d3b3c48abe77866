//! go's settings by its own word (`go env -json`), and its version. Where go is not there, or must not be run, its
//! files are read instead (`settings`).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;

use super::env::{GOVERSION, LOCAL, OFFLINE, env, number};
use super::running::other_program;
use super::settings::setting;
use super::values::Values;
use super::{GOAUTH, GOENV, GOFLAGS, GONOPROXY, GONOSUMDB, GOPRIVATE, GOPROXY, GOSUMDB, Go};
use crate::here::Here;
use crate::plan::output_of;

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
