//! Answers the questions of the trait for all Python clients.

use std::path::PathBuf;

use codeartifact_auth::endpoint::Format;

use super::{Asks, Python, SHARED, Wanted, byte_order, keyring, library, told};
use crate::finding::Finding;
use crate::here::Here;
use crate::leftover::Leftovers;
use crate::plan::Plan;
use crate::setting::Setting;
use crate::setup::{Level, Setup};
use crate::trial::{Program, Scratch, Trial};
use crate::variables::Variables;
use crate::{Client, Help, SetupOption};

impl Client for Python {
    fn name(&self) -> &'static str {
        self.name
    }

    fn check(&self) -> &'static str {
        self.check
    }

    fn format(&self) -> Format {
        Format::Pypi
    }

    fn help(&self) -> Help {
        Help {
            about: self.about,
            notes: self.notes,
            options: if self.has_project {
                &[SetupOption::Project]
            } else {
                &[]
            },
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        (self.settings)(here)
    }

    fn require_harmless(&self, here: &Here<'_>) -> anyhow::Result<()> {
        (self.require_harmless)(here)
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let (file, repository) = (self.file(setup)?, setup.repository(Format::Pypi)?);
        if self.asks == Asks::Command {
            keyring::link(plan, setup.here.environment)?;
        }
        let environment = setup.here.environment;
        let marks = self.marks(
            Some(&repository.name)
                .filter(|_| !self.has_one)
                .map(|it| &**it),
        );
        let wanted = Wanted {
            here: setup.here,
            repository: &repository,
            level: setup.options.level,
            mark: &marks.mark(&repository.name),
            shared: &marks.mark(SHARED),
        };
        let mut remarks = Vec::new();
        plan.set_up(&file, environment, &marks, |text| {
            byte_order::require_none(self, text)?;
            remarks = (self.edit)(text, &wanted)?;
            Ok(())
        })?;
        if let Some(file) = self.passwords_file(setup.here) {
            plan.set_up(&file, environment, &marks, |text| {
                Ok((self.drop_passwords)(text, &wanted)?)
            })?;
        }
        remarks.iter().for_each(|remark| plan.remark(remark));
        for remark in told::overruled(self, setup.here) {
            plan.remark(&remark);
        }
        for remark in (self.beside)(setup.here) {
            plan.remark(&remark);
        }
        Ok(())
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let file = self.file(setup)?;
        let name = setup.written_name(Format::Pypi)?;
        let marks = self.marks(name.as_deref());
        let mut is_lost = plan.give_back(&file, setup.here.environment, &marks)?;
        if let Some(file) = self.passwords_file(setup.here) {
            is_lost |= plan.give_back(&file, setup.here.environment, &marks)?;
        }
        if is_lost || plan.is_empty() {
            let left = told::left_behind(&file, setup.here, is_lost);
            left.iter().for_each(|remark| plan.remark(remark));
        }
        if self.asks == Asks::Command && !keyring::is_needed_besides(&file, setup.here) {
            keyring::unlink(plan, setup.here.environment);
        }
        Ok(())
    }

    fn intended(&self, here: &Here<'_>) -> Vec<Setting> {
        (self.intended)(here)
    }

    fn winning(&self, here: &Here<'_>) -> Vec<&'static str> {
        let is_set = |name: &&str| here.environment.variable(name).is_some();
        self.winning.iter().copied().filter(is_set).collect()
    }

    fn programs(&self, here: &Here<'_>) -> Vec<Program> {
        let mut programs = Program::on_path(self.name, here);
        let others = (self.programs)(here).into_iter();
        programs.extend(
            others
                .filter(|other| !programs.contains(other))
                .collect::<Vec<_>>(),
        );
        programs
    }

    fn trials(&self, here: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
        (self.trials)(here, settings, scratch)
    }

    fn keyring_file(&self, here: &Here<'_>) -> Option<PathBuf> {
        (self.file)(here, Level::User).filter(|_| self.asks == Asks::Command)
    }

    fn variables(&self, variables: &mut Variables<'_>) {
        (self.variables)(variables);
    }

    fn leftovers(&self) -> &Leftovers {
        &self.leftovers
    }

    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        (self.findings)(here)
    }

    fn risks(&self, here: &Here<'_>) -> Vec<Finding> {
        (self.risks)(here)
    }

    fn reason(&self, here: &Here<'_>, version: Option<&str>) -> Option<Finding> {
        if let Some(finding) = byte_order::finding(self, here) {
            return Some(finding);
        }
        match self.asks {
            Asks::Command => (self.reason)(here, version),
            Asks::Library => Some(library::finding(self.check, self.name, here.environment)),
        }
    }
}
