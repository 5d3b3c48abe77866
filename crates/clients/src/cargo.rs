//! cargo: `setup` names a registry and the credential provider that answers for it. The settings are read from cargo's
//! files ([`config`]), since no stable command of cargo's prints them; how they change is in `edit`.
//!
//! Sources: The Cargo Book, "Configuration", "Registry Authentication"; AWS's user guide on Cargo. Tried with cargo 1.95.

mod config;
mod edit;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
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
use config::{Config, Registry};

/// The credential provider, as cargo finds it on PATH.
const COMMAND: &str = "codeartifact-cargo";
/// Where cargo keeps the user's settings, instead of `~/.cargo`.
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
        let registries = Config::of(here).registries.into_iter();
        let found = registries.filter_map(|registry| {
            Some(Setting {
                endpoint: here.endpoint(&registry.index)?,
                name: Some(registry.name),
                origin: registry.origin,
            })
        });
        Ok(found.collect())
    }

    fn winning(&self, here: &Here<'_>) -> Vec<&'static str> {
        let name = CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS;
        let is_set = here.environment.variable(name).is_some();
        is_set.then_some(name).into_iter().collect()
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let repository = setup.repository(Format::Cargo)?;
        let file = file(setup)?;
        let mut before = None;
        let name = Some(&*repository.name);
        plan.set_up(&file, setup.here.environment, &marks(name), |text| {
            before = edit::add(text, &repository, setup.options.global)?;
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
        let has_registries = variables.sources(Self::NAME).next().is_some();
        let mut is_needed = has_registries;
        if let Some((name, endpoint)) = variables.target_of(Format::Cargo) {
            let name = format!("CARGO_REGISTRIES_{}_INDEX", shouted(&name));
            is_needed |= variables.offer(&name, &endpoint.client_url());
        }
        if is_needed {
            let providers = format!("cargo:token {COMMAND}");
            variables.offer(CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS, &providers);
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
        Level::Project => Some(PathBuf::from(".cargo")),
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

/// cargo asks the registry's own provider, else the global ones.
fn judged(registry: &Registry, global: &[Vec<String>], program: Option<&Path>) -> Finding {
    let (name, index) = (&registry.name, &registry.index);
    let failed = |text: String| Finding::failed(CHECK, Cargo::NAME, text, Exit::Configuration);
    if !index.starts_with("sparse+") || !index.ends_with('/') {
        let text = format!("the index of {name} has to begin with `sparse+` and to end with `/`");
        return failed(text).hint("codeartifact setup cargo");
    }
    let own = registry.provider.as_slice();
    let providers = if own.is_empty() { global } else { own };
    let mut words = providers.iter().flatten();
    let named = words.find(|word| word.rsplit(['/', '\\']).next() == Some(COMMAND));
    let from_stdout = providers
        .iter()
        .any(|it| it.first().is_some_and(|it| it == "cargo:token-from-stdout"));
    match (named, program) {
        (Some(path), _) if path.contains(['/', '\\']) => {
            Finding::ok(CHECK, Cargo::NAME, format!("asks {path}"))
        }
        (Some(_), Some(path)) => {
            Finding::ok(CHECK, Cargo::NAME, format!("asks {}", path.display()))
        }
        (Some(_), None) => {
            let text = format!("sends no token: {name} names {COMMAND}, which is not on PATH");
            failed(text).hint("put its directory on PATH")
        }
        (None, _) if from_stdout => Finding::ok(
            CHECK,
            Cargo::NAME,
            "asks a command by cargo:token-from-stdout",
        ),
        (None, _) => {
            let text =
                format!("sends no token of ours: no credential provider of {name} is {COMMAND}");
            failed(text).hint("codeartifact setup cargo")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::State;
    use crate::setting::Origin;

    #[test]
    fn the_provider_of_a_registry_is_its_own_or_a_global_one() {
        let program = Some("/bin/codeartifact-cargo");
        let silent = "no credential provider of acme";
        let command = "cargo:token-from-stdout codeartifact token";
        let rows = [
            (COMMAND, "", program, "asks /bin/codeartifact-cargo"),
            (
                "/opt/codeartifact-cargo",
                "",
                None,
                "asks /opt/codeartifact-cargo",
            ),
            (
                "",
                "cargo:token;codeartifact-cargo",
                program,
                "asks /bin/codeartifact-cargo",
            ),
            (command, "cargo:token", None, "asks a command"),
            (COMMAND, "", None, "not on PATH"),
            ("", "cargo:token", program, silent),
            ("cargo:token", COMMAND, program, silent),
            ("", "", program, silent),
        ];
        for (own, global, program, text) in rows {
            let registry = registry("sparse+https://ours/cargo/my-repo/", own);
            let finding = judged(&registry, &providers(global), program.map(Path::new));
            assert_eq!(
                finding.state == State::Ok,
                text.starts_with("asks"),
                "{own} {global}"
            );
            assert!(finding.text.contains(text), "{}", finding.text);
        }
    }

    #[test]
    fn an_index_that_cargo_cannot_use_is_told() {
        for index in [
            "https://ours/cargo/my-repo/",
            "sparse+https://ours/cargo/my-repo",
        ] {
            let finding = judged(&registry(index, COMMAND), &[], None);
            assert!(finding.text.contains("`sparse+`"), "{}", finding.text);
        }
    }

    fn registry(index: &str, provider: &str) -> Registry {
        Registry {
            name: "acme".to_owned(),
            index: index.to_owned(),
            provider: providers(provider),
            origin: Origin::Variable(String::new()),
        }
    }

    fn providers(text: &str) -> Vec<Vec<String>> {
        let providers = text.split(';').filter(|it| !it.is_empty());
        let words = |provider: &str| provider.split(' ').map(str::to_owned).collect();
        providers.map(words).collect()
    }
}
