//! cargo: `setup` names a registry and the credential provider that answers for it. The settings are read from cargo's
//! files ([`config`]), since no stable command of cargo's prints them; how they change is in `edit`.
//!
//! Sources: The Cargo Book, "Configuration", "Registry Authentication"; AWS's user guide on Cargo. Tried with cargo 1.95.

mod config;
mod edit;
mod judged;
mod known;

use std::ffi::OsStr;
use std::path::PathBuf;

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;
use codeartifact_auth::user_file::read_regular;

use crate::error::UserError;
use crate::finding::Finding;
use crate::here::Here;
use crate::leftover::Leftovers;
use crate::plan::{Marks, Plan};
use crate::setting::Setting;
use crate::setup::{Level, Setup};
use crate::trial::{self, Scratch, Trial};
use crate::variables::{Variables, shouted};
use crate::{Client, Help, SetupOption};
use config::Config;
use edit::Wanted;
use judged::judged;

/// The credential provider, as cargo finds it on PATH.
const COMMAND: &str = "codeartifact-cargo";
/// The folder of the user's settings, instead of `~/.cargo`.
const CARGO_HOME: &str = "CARGO_HOME";
/// The providers of all registries that have none of their own; the last one is asked first.
const CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS: &str =
    "CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS";

const CHECK: &str = "client_cargo";

const NOTES: &str = "\
Example:
  codeartifact setup cargo acme
  cargo add --registry acme my-crate

A crate names the registry that it comes from, so nothing else changes. --global lets cargo ask for every CodeArtifact
registry, whatever its name, beside the providers that you have.";

/// cargo's room.
pub(crate) struct Cargo;

impl Cargo {
    const NAME: &str = "cargo";
}

impl Client for Cargo {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn check(&self) -> &'static str {
        CHECK
    }

    fn format(&self) -> Format {
        Format::Cargo
    }

    fn help(&self) -> Help {
        Help {
            about: "cargo: a registry, and the credential provider that answers for it",
            notes: NOTES,
            options: &[SetupOption::Project, SetupOption::Global],
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        let ours = known::ours(here).into_iter();
        let settings = ours.map(|(registry, endpoint)| Setting {
            endpoint,
            name: Some(registry.name),
            origin: registry.origin,
        });
        Ok(settings.collect())
    }

    fn winning(&self, here: &Here<'_>) -> Vec<&'static str> {
        let name = CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS;
        let is_set = here.environment.variable(name).is_some();
        is_set.then_some(name).into_iter().collect()
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let repository = setup.repository(Format::Cargo)?;
        let file = file(setup)?;
        let known = known::elsewhere(setup.here, &repository.endpoint, &file);
        if let Some(known) = &known {
            known::require_ours(known, setup.options.level, &file)?;
            let (name, origin) = (&known.name, &known.origin);
            plan.remark(&format!(
                "this repository is the registry {name} already ({origin})"
            ));
        }
        let wanted = Wanted {
            repository: &repository,
            elsewhere: known.as_ref().map(|it| it.name.as_str()),
            global: setup.options.global,
        };
        let mut before = None;
        let name = Some(&*repository.name);
        plan.set_up(&file, setup.here.environment, &marks(name), |text| {
            before = edit::add(text, &wanted)?;
            Ok(())
        })?;
        if let Some(before) = before {
            plan.remark(&format!("{before}; --undo brings it back"));
        }
        plan.remark_missing(Self::NAME, COMMAND, setup.here.environment);
        Ok(())
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let name = setup.written_name(Format::Cargo)?;
        let marks = marks(name.as_deref());
        plan.give_back(&file(setup)?, setup.here.environment, &marks)?;
        Ok(())
    }

    /// The provider answers for our hosts alone, wherever the project leads cargo; so no token is in a variable.
    fn variables(&self, variables: &mut Variables<'_>) {
        let ours = known::ours(variables.here);
        let mut is_needed = !ours.is_empty();
        if let Some((name, endpoint)) = variables.target_of(Format::Cargo)
            && !ours.iter().any(|(_, it)| it == endpoint)
        {
            let name = format!("CARGO_REGISTRIES_{}_INDEX", shouted(&name));
            is_needed |= variables.offer(&name, &endpoint.client_url());
        }
        if is_needed {
            let providers = format!("cargo:token {COMMAND}");
            variables.offer(CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS, &providers);
        }
        // A registry with a provider of its own does not come to the global one.
        let others = ours.iter().filter(|(it, _)| it.has_other_provider());
        for (registry, _) in others {
            let name = shouted(&registry.name);
            variables.offer(
                &format!("CARGO_REGISTRIES_{name}_CREDENTIAL_PROVIDER"),
                COMMAND,
            );
        }
    }

    /// A crate of its own with one dependency for each registry, under the settings of this directory and of the user:
    /// what cargo keeps of an index goes to the scratch folder.
    fn trials(&self, here: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
        let names = settings.iter().filter_map(|it| it.name.as_deref());
        let manifest = scratch.path("Cargo.toml");
        let trial = |name: &str| {
            let trial = Trial::of(&["fetch", "--manifest-path", &manifest]);
            let trial = trial.writing("Cargo.toml", dependent_on(name));
            let trial = trial.writing("src/lib.rs", "");
            let trial = with_copied_home(trial, here).with(CARGO_HOME, scratch.path("home"));
            trial
                .with("CARGO_NET_RETRY", "0")
                .with("RUSTUP_AUTO_INSTALL", "0")
        };
        names.map(trial).collect()
    }

    fn leftovers(&self) -> &Leftovers {
        &Leftovers {
            sends: "cargo sends it and asks no helper",
            project: &[".cargo/config.toml", ".cargo/config"],
            passwords: &["CARGO_REGISTRIES_*_TOKEN"],
            user: |here| {
                let home = home(here.environment);
                let named = |home: PathBuf| config::FILES_OF_HOME.map(|name| home.join(name));
                home.map(named).into_iter().flatten().collect()
            },
            ..Leftovers::NONE
        }
    }

    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        let config = Config::of(here);
        let program = next_on_path::find(OsStr::new(COMMAND), here.environment);
        let ours = config.registries.iter();
        let ours = ours.filter(|registry| here.is_ours(&registry.index));
        ours.map(|registry| judged(registry, &config.providers, program.as_deref()))
            .collect()
    }
}

/// The user's folder.
fn home(environment: &Environment) -> Option<PathBuf> {
    let named = environment.variable(CARGO_HOME).map(PathBuf::from);
    named.or_else(|| Some(environment.home()?.join(".cargo")))
}

/// The file that a setup changes.
fn marks(name: Option<&str>) -> Marks<'_> {
    Marks {
        client: Cargo::NAME,
        name,
        shared: Some(edit::SHARED),
    }
}

fn file(setup: &Setup<'_>) -> anyhow::Result<PathBuf> {
    let folder = match setup.options.level {
        Level::Project => Some(setup.here.directory.join(".cargo")),
        Level::User => home(setup.here.environment),
    };
    let folder = folder.ok_or_else(|| UserError::new("cargo: there is no home directory"))?;
    Ok(config::file_in(&folder))
}

fn dependent_on(registry: &str) -> String {
    let (package, name) = (trial::PACKAGE, toml_edit::Value::from(registry));
    format!(
        "[package]\nname = \"codeartifact-trial\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
         [dependencies]\n{package} = {{ version = \"1\", registry = {name} }}\n\n[workspace]\n"
    )
}

/// The user's settings and tokens, as they are.
fn with_copied_home(trial: Trial, here: &Here<'_>) -> Trial {
    let Some(home) = home(here.environment) else {
        return trial;
    };
    config::COPIES.iter().fold(trial, |trial, (copy, name)| {
        match read_regular(&home.join(name)) {
            Ok(content) => trial.writing(copy, content),
            Err(_) => trial,
        }
    })
}
