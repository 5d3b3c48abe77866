//! A room for each package manager: all we know about its settings, its variables, its files and its ways. Everything
//! that is done for every client is a loop over [`ALL`]: `setup`, `exec`, `logout`, the findings about this machine, the
//! search for tokens that were left somewhere. It asks for no token and prints nothing.
//!
//! A new client is a file here that implements [`Client`], and its line in [`ALL`].

mod aside;
mod bun;
mod cargo;
pub mod error;
pub mod finding;
pub mod go;
mod gradle;
mod hatch;
pub mod here;
mod ini;
mod jvm;
pub mod leftover;
pub mod link;
pub mod logins;
mod maven;
mod named;
mod netrc;
pub mod node;
mod npm;
mod nuget;
mod pdm;
mod pip;
pub mod plan;
mod pnpm;
mod poetry;
mod python;
mod renovate;
pub mod ruby;
mod sbt;
pub mod setting;
pub mod setup;
mod text;
mod toml;
pub mod trial;
mod twine;
mod uv;
pub mod variables;
pub mod words;
mod written_token;
mod yarn;

use std::path::PathBuf;

use codeartifact_auth::endpoint::{Endpoint, Format};

use finding::Finding;
use here::Here;
use leftover::Leftovers;
use plan::Plan;
use setting::Setting;
use setup::Setup;
use trial::{Program, Scratch, Trial};
use variables::Variables;

/// Every client that we know.
pub const ALL: &[&dyn Client] = &[
    &pip::PIP,
    &uv::UV,
    &poetry::POETRY,
    &pdm::PDM,
    &hatch::HATCH,
    &twine::TWINE,
    &npm::NPM,
    &pnpm::PNPM,
    &yarn::YARN,
    &bun::BUN,
    &go::Go,
    &cargo::Cargo,
    &nuget::Nuget,
    &maven::Maven,
    &gradle::GRADLE,
    &sbt::SBT,
    &ruby::Ruby,
];

/// A package manager.
pub trait Client: Sync {
    /// As its command is called.
    fn name(&self) -> &'static str;

    /// The key of its findings, for programs: `client_pip`.
    fn check(&self) -> &'static str;

    /// The format that it reads from a repository.
    fn format(&self) -> Format;

    /// The help of its setup, and the options that this has.
    fn help(&self) -> Help;

    /// The CodeArtifact repositories that it would use here, and where each is named.
    ///
    /// # Errors
    /// Something that it needs to read is broken, in a way that a project has to know of.
    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>>;

    /// Refuses a project that would lead a login away: by one name for servers of two hosts, or by a proxy of its own.
    ///
    /// # Errors
    /// It would.
    fn require_harmless(&self, _here: &Here<'_>) -> anyhow::Result<()> {
        Ok(())
    }

    /// The repositories that its own file names, and that it would not use here.
    fn intended(&self, _here: &Here<'_>) -> Vec<Setting> {
        Vec::new()
    }

    /// The variables that win over its own file, and are set.
    fn winning(&self, _here: &Here<'_>) -> Vec<&'static str> {
        Vec::new()
    }

    /// Plans what leads it to a repository.
    ///
    /// # Errors
    /// It cannot be done, or not as asked for.
    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()>;

    /// Plans that this goes again.
    ///
    /// # Errors
    /// Our part cannot be told from the user's.
    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()>;

    /// Its setup is for one repository, which a connection or a URL has to name.
    fn needs_repository(&self) -> bool {
        self.format() != Format::Npm
    }

    /// Returns why what its setup has put on PATH is not found there: until it is, a trial after the setup shows nothing.
    fn unreached(&self, _here: &Here<'_>) -> Option<Finding> {
        None
    }

    /// Its commands on this machine.
    fn programs(&self, here: &Here<'_>) -> Vec<Program> {
        Program::on_path(self.name(), here)
    }

    /// Returns the trials with these settings, the best first: the first trial that asks a repository decides about
    /// that one. Empty where it cannot be tried here.
    fn trials(
        &self,
        _here: &Here<'_>,
        _settings: &[Setting],
        _scratch: &Scratch<'_>,
    ) -> Vec<Trial> {
        Vec::new()
    }

    /// Each of its trials is for other packages: what one has shown to be well, another may show not to be.
    fn tries_packages(&self) -> bool {
        false
    }

    /// The user's file that leads it to a `keyring` command, for a client that asks one.
    fn keyring_file(&self, _here: &Here<'_>) -> Option<PathBuf> {
        None
    }

    /// Sets what it needs in the environment of a command.
    fn variables(&self, _variables: &mut Variables<'_>) {}

    /// Returns where a token of its may have been left.
    fn leftovers(&self) -> &Leftovers {
        &Leftovers::NONE
    }

    /// Says what keeps it from sending a fresh token, by its settings. Nothing where it does not use CodeArtifact.
    /// It explains what a trial has shown, and decides only where there is no trial.
    fn findings(&self, _here: &Here<'_>) -> Vec<Finding> {
        Vec::new()
    }

    /// Returns why it asks no helper, where its settings are not the reason: its version, or what is missing beside it.
    fn reason(&self, _here: &Here<'_>, _version: Option<&str>) -> Option<Finding> {
        None
    }

    /// Returns why an install fails, or some do, even though it sends a fresh token. No trial shows it.
    fn caveat(&self, _here: &Here<'_>) -> Option<Finding> {
        None
    }

    /// Says what should be fixed even though it sends a fresh token.
    fn risks(&self, _here: &Here<'_>) -> Vec<Finding> {
        Vec::new()
    }

    /// Takes away the tokens that we wrote for it, of the endpoints that are meant. Returns the files that had one.
    ///
    /// # Errors
    /// The file cannot be changed.
    fn log_out(
        &self,
        _here: &Here<'_>,
        _is_meant: &dyn Fn(&Endpoint) -> bool,
    ) -> anyhow::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
}

/// The help of a client's setup.
pub struct Help {
    /// One line.
    pub about: &'static str,
    /// Examples and what else there is to say, behind the options.
    pub notes: &'static str,
    /// The options beside those that every setup has.
    pub options: &'static [SetupOption],
}

/// Options that not every client's setup has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupOption {
    /// `--project`
    Project,
    /// `--scope` and `--default`
    Scopes,
    /// `--private`
    Private,
    /// `--global`
    Global,
    /// `--fallback`
    Fallback,
}
