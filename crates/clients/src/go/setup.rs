//! `setup go`: what changes in go's env file, and what the user has to know besides.

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::{Endpoint, Format};

use super::asked::Toolchain;
use super::env::has_goauth;
use super::env_file;
use super::goauth::COMMAND;
use super::judged::is_ours;
use super::settings;
use super::values::{SetupRequest, Values, elements, fallbacks};
use super::{GOENV, Go};
use crate::error::{UsageError, UserError};
use crate::here::Here;
use crate::plan::Plan;
use crate::setup::Setup;

pub(super) fn write(plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
    let endpoint = setup.repository(Format::Go)?.endpoint;
    let repository = endpoint.root();
    let (here, options) = (setup.here, setup.options);
    check(&options.private)?;
    let go = Toolchain::ask(here.environment)?;
    check_version(&go.version)?;
    let keeps = |entry: &str| options.fallback || is_ours(here, entry);
    let wanted = SetupRequest {
        repository: &repository,
        private: &options.private,
        keeps: &keeps,
    };
    let mut change = None;
    plan.edit(&file(&go.env_file)?, |text| {
        change = Some(env_file::set_up(text, &wanted, &go.defaults)?);
        Ok(())
    })?;
    if let Some((before, after)) = change {
        remark_on_host(plan, &endpoint, here);
        remark_on_proxies(plan, &before, &after, &|entry| is_ours(here, entry));
        remark_on_sums(plan, &after, &go, setup);
        remark_on_variables(plan, &after, setup);
    }
    Ok(())
}

pub(super) fn undo(plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
    let options = setup.options;
    let is_named = options.name.is_some() || options.url.is_some();
    let repository = is_named.then(|| setup.repository(Format::Go)).transpose()?;
    let repository = repository.map(|repository| repository.endpoint.root());
    // go may be gone by now, and only what a value was before needs its word.
    let defaults = Toolchain::ask(setup.here.environment).map(|go| go.defaults);
    let defaults = defaults.unwrap_or_else(|_| Values::of(|_| String::new()));
    let Some(file) = settings::env_file(setup.here.environment) else {
        return Ok(());
    };
    plan.edit(&file, |text| {
        env_file::take_back(text, repository.as_deref(), &defaults)
    })
}

/// A pattern with a line break would be a line of its own.
fn check(private: &[String]) -> Result<(), UsageError> {
    let wrong = private.iter().find(|it| it.contains(char::is_control));
    wrong.map_or(Ok(()), |it| {
        Err(UsageError::new(format!("{it:?} is no pattern of modules")))
    })
}

fn check_version(version: &str) -> Result<(), UserError> {
    if has_goauth(version) {
        Ok(())
    } else {
        Err(UserError::new(format!(
            "go {version} runs no credential helper: GOAUTH came with go 1.24\n  hint: update go; until then \
             `codeartifact exec -- go …` gives it a netrc"
        )))
    }
}

fn file(env_file: &str) -> Result<PathBuf, UserError> {
    match env_file {
        "" | "off" => Err(UserError::new(format!(
            "go reads no settings file ({GOENV} is `{env_file}`)\n  hint: unset {GOENV}, then run this again"
        ))),
        path => Ok(Path::new(path).to_owned()),
    }
}

/// A trial sees what go sends. Who answers at a host of AWS's own, it does not see.
fn remark_on_host(plan: &mut Plan, endpoint: &Endpoint, here: &Here<'_>) {
    if !here.hosts().contains_key(endpoint.host()) {
        plan.remark(
            "CodeArtifact has no Go format: run go by `codeartifact exec --proxy`, which serves modules out of generic \
             packages, or have a Go proxy of your own answer there",
        );
    }
}

fn remark_on_proxies(
    plan: &mut Plan,
    before: &Values,
    after: &Values,
    is_ours: &dyn Fn(&str) -> bool,
) {
    let kept = fallbacks(&after.goproxy, is_ours);
    if !kept.is_empty() {
        plan.remark(&leak(&kept, &after.gonosumdb));
        return;
    }
    let dropped = fallbacks(&before.goproxy, is_ours);
    if !dropped.is_empty() {
        plan.remark(&format!(
            "modules come from the repository alone, no longer from {}: make the public proxy its upstream, or keep \
             what follows with --fallback",
            shown(&dropped)
        ));
    }
}

/// Warns of what `--fallback` may give away.
pub(super) fn leak(fallbacks: &[&str], private: &str) -> String {
    let modules = match private {
        "" => "a private module".to_owned(),
        patterns => format!("a module of {patterns}"),
    };
    let unverified = match private {
        "" => "",
        _ => ", and what anyone publishes under that name is used unverified",
    };
    format!(
        "{modules} that the repository does not have is asked for at {}: its name leaks there{unverified}",
        shown(fallbacks)
    )
}

fn shown(proxies: &[&str]) -> String {
    crate::words::without_passwords(&proxies.join(", then "))
}

fn remark_on_sums(plan: &mut Plan, after: &Values, go: &Toolchain, setup: &Setup<'_>) {
    if after.gonosumdb.is_empty() && go.verifies && setup.options.private.is_empty() {
        plan.remark(
            "go asks the checksum database about every module, and refuses those it does not know; name private ones \
             with --private",
        );
    }
}

fn remark_on_variables(plan: &mut Plan, after: &Values, setup: &Setup<'_>) {
    let environment = setup.here.environment;
    for name in Values::NAMES {
        let wins = environment.text(name);
        if wins.is_some_and(|value| elements(name, &value) != elements(name, after.get(name))) {
            plan.remark(&format!(
                "{name} is set in the environment, which wins over go's file; unset it"
            ));
        }
    }
    plan.remark_missing(Go::NAME, COMMAND, environment);
}
