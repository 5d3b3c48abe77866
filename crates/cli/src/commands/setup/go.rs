//! `codeartifact setup go`: leads the go command to a repository and to our helper, through `go env -w`.
//! What the settings become is in `go_settings`; here go is asked and told.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::process::Command;

use anyhow::{Context, bail};
use codeartifact_auth::endpoint::{Endpoint, Format};
use codeartifact_auth::environment::{Environment, GOAUTH, GONOSUMDB, GOPROXY};
use codeartifact_auth::successor;
use codeartifact_auth::{Authenticator, Error};

use super::go_settings::{COMMAND, Settings};
use crate::arguments::SetupGoArguments;
use crate::output::{Output, Usage};

const NAMES: [&str; 3] = [GOAUTH, GOPROXY, GONOSUMDB];

pub(super) fn run(
    arguments: &SetupGoArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let authenticator = Authenticator::new(environment.clone())?;
    let proxy = endpoint(arguments, &authenticator)?.root();
    let (before, defaults) = (written()?, defaults()?);
    let after = match arguments.undo {
        false => before.with(&proxy, &arguments.private)?,
        true => before.without(&[proxy], &arguments.private),
    };
    let changes = changes(&before, &after);
    if !arguments.dry_run {
        for (name, value) in &changes {
            write(name, value, &defaults)?;
        }
    }
    Ok(Output::done(
        tell(&changes, arguments.dry_run),
        warnings(arguments, environment),
    ))
}

/// The repository to read: the URL given, or the one that the connection has for Go.
fn endpoint(
    arguments: &SetupGoArguments,
    authenticator: &Authenticator,
) -> anyhow::Result<Endpoint> {
    if let Some(url) = &arguments.url {
        return Ok(authenticator.endpoint(url)?);
    }
    let named = arguments.name.as_deref();
    let configuration = authenticator.connections().configuration();
    let configuration = configuration.map_err(Error::from)?;
    let mut found = configuration
        .connections()
        .filter(|connection| named.is_none() || connection.name.as_deref() == named)
        .filter_map(|connection| connection.endpoints.get(&Format::Go));
    match (found.next(), found.next()) {
        (Some(endpoint), None) => Ok(endpoint.clone()),
        (None, _) => Err(Usage::new(
            "no connection of that name has a `go` URL; name the repository with --url",
        )
        .into()),
        (Some(_), Some(_)) => {
            Err(Usage::new("several connections have a `go` URL; name the one you mean").into())
        }
    }
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
    let mut values: BTreeMap<String, String> = serde_json::from_slice(&output_of(go)?)
        .context("`go env -json` printed something else than JSON")?;
    let mut take = |name| values.remove(name).unwrap_or_default();
    Ok(Settings {
        goauth: take(GOAUTH),
        goproxy: take(GOPROXY),
        gonosumdb: take(GONOSUMDB),
    })
}

/// A value that is go's default again is unset, so that undoing leaves no trace.
fn write(name: &str, value: &str, defaults: &Settings) -> anyhow::Result<()> {
    let mut go = Command::new("go");
    go.env_remove(name);
    match value.is_empty() || value == value_of(defaults, name) {
        true => go.args(["env", "-u", name]),
        false => go.args(["env", "-w", &format!("{name}={value}")]),
    };
    output_of(go).map(drop)
}

fn output_of(mut go: Command) -> anyhow::Result<Vec<u8>> {
    let output = go
        .output()
        .context("cannot run `go`: is it installed and on PATH?")?;
    if !output.status.success() {
        bail!(
            "go refused: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(output.stdout)
}

fn value_of<'a>(settings: &'a Settings, name: &str) -> &'a str {
    match name {
        GOAUTH => &settings.goauth,
        GOPROXY => &settings.goproxy,
        _ => &settings.gonosumdb,
    }
}

fn changes(before: &Settings, after: &Settings) -> Vec<(&'static str, String)> {
    NAMES
        .into_iter()
        .filter(|name| value_of(before, name) != value_of(after, name))
        .map(|name| (name, value_of(after, name).to_owned()))
        .collect()
}

fn tell(changes: &[(&'static str, String)], dry_run: bool) -> String {
    if changes.is_empty() {
        return "go: nothing to change\n".to_owned();
    }
    let verb = match dry_run {
        true => "would set",
        false => "set",
    };
    changes
        .iter()
        .map(|(name, value)| format!("go: {verb} {name}={value}\n"))
        .collect()
}

/// What would keep the settings from working.
fn warnings(arguments: &SetupGoArguments, environment: &Environment) -> String {
    if arguments.undo {
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
