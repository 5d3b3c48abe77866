//! go: how `setup` leads it to a repository and to our helper, how it is tried, and what its settings explain. Its
//! settings are asked of go itself (`asked`); our helper reads its files (`settings`), for it may run nothing.
//!
//! Sources: `go help goauth`, `go help environment`, and the Go modules reference on GOPROXY and GOPRIVATE; tried with
//! go 1.23, 1.24, 1.26 and 1.27.

mod asked;
mod env;
mod env_file;
mod goauth;
mod judged;
mod running;
pub mod settings;
mod setup;
mod values;
mod version;

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::error::Exit;

use crate::finding::Finding;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::plan::Plan;
use crate::setting::{Origin, Setting};
use crate::setup::Setup;
use crate::trial::{self, Program, Scratch, Trial};
use crate::variables::Variables;
use crate::{Client, Help, SetupOption};
use asked::Asked;
use env::has_goauth;
use judged::{Judged, NO_GOAUTH};

pub use settings::{proxies, setting};

/// The list of module proxies.
pub const GOPROXY: &str = "GOPROXY";
/// The list of commands that answer for its servers.
const GOAUTH: &str = "GOAUTH";
/// Patterns of modules that go fetches past every proxy and checks nowhere.
const GOPRIVATE: &str = "GOPRIVATE";
/// Patterns of modules that go fetches past every proxy, instead of those of [`GOPRIVATE`].
const GONOPROXY: &str = "GONOPROXY";
/// Patterns of modules that its checksum database is not asked about.
const GONOSUMDB: &str = "GONOSUMDB";
/// The checksum database; `off` for none.
const GOSUMDB: &str = "GOSUMDB";
/// The file of defaults, instead of the one in the platform's configuration directory; `off` for none.
const GOENV: &str = "GOENV";
/// Options for every command.
const GOFLAGS: &str = "GOFLAGS";
/// Another go that this one becomes.
const GOTOOLCHAIN: &str = "GOTOOLCHAIN";

const CHECK: &str = "client_go";

const EXAMPLE: &str = "\
Example:
  codeartifact setup go acme --private example.com/private

GOPROXY then has the repository alone: anyone can publish the name of a private module that it does not have on a
proxy behind it. Make the public proxy an upstream of the repository. --private says which modules the public checksum
database must not be asked about.";

/// go's room.
pub(crate) struct Go;

impl Go {
    const NAME: &'static str = "go";
}

impl Client for Go {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn check(&self) -> &'static str {
        CHECK
    }

    fn format(&self) -> Format {
        Format::Go
    }

    fn help(&self) -> Help {
        Help {
            about: "Let go ask us for modules' tokens and read the repository, by its env file",
            notes: EXAMPLE,
            options: &[SetupOption::Private, SetupOption::Fallback],
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        let asked = Asked::of(here);
        let origin = origin(here);
        let urls = settings::entries(asked.get(GOPROXY)).into_iter();
        let endpoints = urls.filter_map(|(url, _)| judged::endpoint(here, url));
        let setting = |endpoint| Setting {
            name: None,
            endpoint,
            origin: origin.clone(),
        };
        Ok(endpoints.map(setting).collect())
    }

    fn intended(&self, here: &Here<'_>) -> Vec<Setting> {
        crate::python::named_in(here, settings::default_file(here.environment))
    }

    fn winning(&self, here: &Here<'_>) -> Vec<&'static str> {
        let is_set = |name: &&str| here.environment.variable(name).is_some();
        [GOENV, GOPROXY].into_iter().filter(is_set).collect()
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        setup::write(plan, setup)
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        setup::undo(plan, setup)
    }

    /// The netrc has the login: it is what go reads unless told otherwise, and all that go before 1.24 reads.
    fn variables(&self, variables: &mut Variables<'_>) {
        if let Some(endpoint) = variables.endpoint(Format::Go) {
            let there = setting(GOPROXY, variables.here.environment);
            variables.offer_beside(GOPROXY, &endpoint.root(), there);
        }
    }

    /// The toolchain that a project asks for, where it is on this machine.
    fn programs(&self, here: &Here<'_>) -> Vec<Program> {
        let mut programs = Program::on_path(Self::NAME, here);
        if let (Some(first), Some(other)) = (programs.first_mut(), running::other_program(here)) {
            first.path = other;
        }
        programs
    }

    /// Not in the current directory: a module there may keep its dependencies, and lock go to those.
    fn trials(&self, here: &Here<'_>, _: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
        let module = format!("example.com/{}", trial::PACKAGE);
        let trial = Trial::of(&["list", "-m", "-versions", &module]).in_scratch();
        let trial = trial.with(GOFLAGS, flags(Asked::of(here).get(GOFLAGS)));
        let trial = trial
            .with(GOTOOLCHAIN, "local")
            .with("GOCACHE", scratch.path("cache"));
        vec![trial.with("GOMODCACHE", scratch.path("modules"))]
    }

    fn leftovers(&self) -> &Leftovers {
        &Leftovers {
            sends: "go sends it and asks no helper",
            variables: &[GOPROXY],
            user: |here| settings::env_file(here.environment).into_iter().collect(),
            ..Leftovers::NONE
        }
    }

    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        Judged::of(here).map_or_else(Vec::new, |it| it.findings())
    }

    fn reason(&self, _: &Here<'_>, version: Option<&str>) -> Option<Finding> {
        let version = version.filter(|version| !has_goauth(version))?;
        let text = format!("go {version} {NO_GOAUTH}");
        let finding = Finding::failed(CHECK, Self::NAME, text, Exit::Configuration);
        Some(finding.hint("update go; until then `codeartifact exec -- go …` gives it a netrc"))
    }

    fn caveat(&self, here: &Here<'_>) -> Option<Finding> {
        Judged::of(here)?.caveat()
    }

    fn risks(&self, here: &Here<'_>) -> Vec<Finding> {
        Judged::of(here).map_or_else(Vec::new, |it| it.risks())
    }
}

/// Returns where GOPROXY is set.
fn origin(here: &Here<'_>) -> Origin {
    let variable = Origin::Variable(GOPROXY.to_owned());
    if here.environment.text(GOPROXY).is_some() {
        return variable;
    }
    let file = settings::env_file(here.environment);
    let found = file.and_then(|file| {
        let line = settings::line_of(&here::read(&file)?.text, GOPROXY)?;
        Some(Origin::File(file, Some(line)))
    });
    found.unwrap_or(variable)
}

/// The user's own options, without those about the module in the current directory.
fn flags(users: &str) -> String {
    let words = goauth::words(users);
    // go says itself what is wrong with them.
    let Some(words) = words else {
        return users.to_owned();
    };
    let is_about_module = |word: &str| {
        let name = word.trim_start_matches('-');
        ["mod=", "modfile=", "overlay="]
            .iter()
            .any(|it| name.starts_with(it))
    };
    let kept = words.into_iter().filter(|word| !is_about_module(word));
    let kept = kept.map(|word| {
        if word.contains([' ', '\t']) {
            format!("'{word}'")
        } else {
            word
        }
    });
    let kept = kept.chain(["-modcacherw".to_owned()]);
    kept.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_options_are_used_but_those_about_the_module_here() {
        let rows = [
            ("", "-modcacherw"),
            ("-mod=vendor -tags=a", "-tags=a -modcacherw"),
            ("--modfile=x.mod", "-modcacherw"),
            ("'-tags=a b'", "'-tags=a b' -modcacherw"),
            ("-mod vendor", "-mod vendor -modcacherw"),
            ("'-tags=a", "'-tags=a"),
        ];
        for (users, expected) in rows {
            assert_eq!(flags(users), expected, "{users}");
        }
    }
}
