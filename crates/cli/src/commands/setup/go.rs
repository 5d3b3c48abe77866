//! `codeartifact setup go`: leads the go command to a repository and to our helper, through `go env -w`.
//! What the settings become is in `go_settings`; here go is asked and told.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::process::Command;

use anyhow::Context;
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::{Environment, GOAUTH, GONOSUMDB, GOPROXY};
use codeartifact_auth::successor;

use super::go_settings::{COMMAND, Settings};
use super::plan::Plan;
use super::step::output_of;
use super::{carry_out, repository};
use crate::arguments::SetupGoArguments;
use crate::commands::authenticator;
use crate::output::Output;

const NAMES: [&str; 3] = [GOAUTH, GOPROXY, GONOSUMDB];

pub(super) fn run(
    arguments: &SetupGoArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let authenticator = authenticator(environment)?;
    let repository = repository::meant(&arguments.common, Format::Go, &authenticator)?;
    let proxy = repository.endpoint.root();
    let (before, defaults) = (written()?, defaults()?);
    let after = match arguments.common.undo {
        false => before.with(&proxy, &arguments.private)?,
        true => before.without(&[proxy], &arguments.private),
    };
    let remarks = warnings(arguments, environment);
    carry_out(
        plan(&before, &after, &defaults),
        &arguments.common,
        "go",
        remarks,
    )
}

/// What `go env -w` has written, or go's defaults; variables of this process do not count, since they are not ours
/// to change.
fn written() -> anyhow::Result<Settings> {
    let mut go = Command::new("go");
    NAMES.iter().for_each(|name| {
        go.env_remove(name);
    });
    ask(go)
}

/// What go has when nothing is written, so that a setting that is back there can be unset.
fn defaults() -> anyhow::Result<Settings> {
    let mut go = Command::new("go");
    NAMES.iter().for_each(|name| {
        go.env_remove(name);
    });
    go.env("GOENV", "off");
    ask(go)
}

fn ask(mut go: Command) -> anyhow::Result<Settings> {
    go.args(["env", "-json"]).args(NAMES);
    let mut values: BTreeMap<String, String> = serde_json::from_slice(&output_of(&mut go)?)
        .context("`go env -json` printed something else than JSON")?;
    let mut take = |name| values.remove(name).unwrap_or_default();
    Ok(Settings {
        goauth: take(GOAUTH),
        goproxy: take(GOPROXY),
        gonosumdb: take(GONOSUMDB),
    })
}

/// A value that is go's default again is unset, so that undoing leaves no trace.
fn plan(before: &Settings, after: &Settings, defaults: &Settings) -> Plan {
    let mut plan = Plan::default();
    for name in NAMES {
        let value = value_of(after, name);
        if value == value_of(before, name) {
            continue;
        }
        let mut go = Command::new("go");
        go.env_remove(name);
        match value.is_empty() || value == value_of(defaults, name) {
            true => go.args(["env", "-u", name]),
            false => go.args(["env", "-w", &format!("{name}={value}")]),
        };
        plan.run(go);
    }
    plan
}

fn value_of<'a>(settings: &'a Settings, name: &str) -> &'a str {
    match name {
        GOAUTH => &settings.goauth,
        GOPROXY => &settings.goproxy,
        _ => &settings.gonosumdb,
    }
}

/// What would keep the settings from working.
fn warnings(arguments: &SetupGoArguments, environment: &Environment) -> String {
    if arguments.common.undo {
        return String::new();
    }
    let mut text: String = NAMES
        .into_iter()
        .filter(|name| environment.variable(name).is_some())
        .map(|name| format!("codeartifact: {name} is set in the environment, which wins over what go keeps; unset it\n"))
        .collect();
    if successor::find(OsStr::new(COMMAND), environment).is_none() {
        text += &format!("codeartifact: go will not find `{COMMAND}`: put its directory on PATH\n");
    }
    text
}
