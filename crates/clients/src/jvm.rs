//! Builds on the JVM in which a script of ours asks for logins: Gradle and sbt. A setup writes it once, for all builds of the
//! user. What differs are the fields of [`Jvm`]; each client has a room of its own.

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;

use crate::finding::Finding;
use crate::here::Here;
use crate::leftover::Leftovers;
use crate::link;
use crate::named;
use crate::plan::Plan;
use crate::setting::Setting;
use crate::setup::Setup;
use crate::variables::Variables;
use crate::{Client, Help};

/// It prints a token for a URL.
pub(crate) const PROGRAM: &str = "codeartifact";

/// Such a client.
pub(crate) struct Jvm {
    pub(crate) name: &'static str,
    pub(crate) check: &'static str,
    /// A line for `setup --help`.
    pub(crate) about: &'static str,
    pub(crate) notes: &'static str,
    /// Files of a project that name repositories.
    pub(crate) files: &'static [&'static str],
    /// The files that our script is written to.
    pub(crate) scripts: fn(&Environment) -> anyhow::Result<Vec<PathBuf>>,
    /// Its text, with the program and the mapped hosts. Neither a path nor a host may end the text that it is put in.
    pub(crate) script: fn(&Path, &[&str]) -> anyhow::Result<String>,
    /// Says by which line a build names a repository of this name and URL.
    pub(crate) advice: fn(&str, &str) -> String,
    /// What it does with our script, and what is missing without.
    pub(crate) asks: &'static str,
    pub(crate) lacks: &'static str,
    pub(crate) variables: fn(&mut Variables<'_>),
    pub(crate) leftovers: Leftovers,
}

impl Client for Jvm {
    fn name(&self) -> &'static str {
        self.name
    }

    fn check(&self) -> &'static str {
        self.check
    }

    fn format(&self) -> Format {
        Format::Maven
    }

    fn help(&self) -> Help {
        Help {
            about: self.about,
            notes: self.notes,
            options: &[],
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        let directories = here.directories().into_iter();
        let files = directories.flat_map(|folder| self.files.iter().map(move |it| folder.join(it)));
        Ok(named::in_files(files, here))
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let environment = setup.here.environment;
        let program = link::program(PROGRAM, environment)?;
        let hosts: Vec<_> = setup.here.hosts().keys().map(String::as_str).collect();
        let text = (self.script)(&program, &hosts)?;
        for file in (self.scripts)(environment)? {
            plan.put(&file, Some(&text))?;
        }
        if setup.options.name.is_some() || setup.options.url.is_some() {
            let repository = setup.repository(Format::Maven)?;
            let url = repository.endpoint.client_url();
            plan.remark(&(self.advice)(&repository.name, &url));
        }
        Ok(())
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let mut files = (self.scripts)(setup.here.environment)?.into_iter();
        files.try_for_each(|file| plan.put(&file, None))
    }

    fn needs_repository(&self) -> bool {
        false
    }

    fn variables(&self, variables: &mut Variables<'_>) {
        (self.variables)(variables);
    }

    fn leftovers(&self) -> &Leftovers {
        &self.leftovers
    }

    /// No trial is made: such a client starts for longer than one lasts.
    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        let is_used = self.settings(here).is_ok_and(|found| !found.is_empty());
        let scripts = (self.scripts)(here.environment).unwrap_or_default();
        let is_there = !scripts.is_empty() && scripts.iter().all(|file| file.is_file());
        let finding = if is_there {
            Finding::ok(self.check, self.name, self.asks)
        } else {
            let text = format!("sends no token of ours: {}", self.lacks);
            let failed = Finding::failed(self.check, self.name, text, Exit::Configuration);
            failed.hint(format!("codeartifact setup {}", self.name))
        };
        is_used.then_some(finding).into_iter().collect()
    }
}
