//! Shared by the Python clients: a file of theirs gets our lines, they ask a keyring for the token, and that
//! is tried in the end. What differs from client to client are the fields of [`Python`]; each has a room of its own.

pub(crate) mod keyring;
pub(crate) mod library;
pub(crate) mod project;
mod wanted;

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;

use crate::error::UserError;
use crate::finding::Finding;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::plan::{Marks, Plan};
use crate::setting::Setting;
use crate::setup::{Level, Setup};
use crate::text::Text;
use crate::trial::{Program, Scratch, Trial};
use crate::variables::{USER, Variables};
use crate::words::without_passwords;
use crate::{Client, Help, SetupOption};

pub(crate) use project::named_in;
pub(crate) use wanted::{Wanted, free_name, with_user};

/// Our back end, as a file. No registry has a package of ours, so no hint names one that a stranger could register.
pub(crate) const WHEEL: &str = "./codeartifact_keyring-….whl";

/// The name of what all repositories of a file share.
pub(crate) const SHARED: &str = "(keyring)";

pub(crate) const NOTE: &str = "\
What is written stands between two marks, without any token; what it replaces is kept in a file of our own, and --undo
gives back the file as it was. poetry, hatch and twine ask Python's keyring library, so the wheel that
install/python builds has to be in their environment: `pipx inject poetry ./codeartifact_keyring-….whl`.";

/// A Python client.
pub(crate) struct Python {
    pub(crate) name: &'static str,
    pub(crate) check: &'static str,
    /// A line for `setup --help`.
    pub(crate) about: &'static str,
    pub(crate) notes: &'static str,
    /// Its projects have a configuration of their own.
    pub(crate) has_project: bool,
    pub(crate) asks: Asks,
    /// The user's own file, or the project's.
    pub(crate) file: fn(&Here<'_>, Level) -> Option<PathBuf>,
    /// Writes our part into it; returns what the user should know.
    pub(crate) edit: fn(&mut Text, &Wanted<'_>) -> Result<Vec<String>, UserError>,
    /// It has one repository, so another one's lines make room.
    pub(crate) has_one: bool,
    /// What other tools, which run the client, need besides.
    pub(crate) beside: fn(&Here<'_>) -> Vec<String>,
    /// Why there is no file of a project.
    pub(crate) no_project: &'static str,
    /// Variables that win over the file.
    pub(crate) winning: &'static [&'static str],
    /// Variables that it takes instead of asking a keyring, beside those that hold nothing but a password.
    pub(crate) passwords: &'static [&'static str],
    pub(crate) settings: fn(&Here<'_>) -> anyhow::Result<Vec<Setting>>,
    /// Refuses names of which its variables make one.
    pub(crate) require_distinct_names: fn(&Here<'_>) -> anyhow::Result<()>,
    pub(crate) variables: fn(&mut Variables<'_>),
    pub(crate) leftovers: Leftovers,
    pub(crate) findings: fn(&Here<'_>) -> Vec<Finding>,
    pub(crate) reason: fn(&Here<'_>, Option<&str>) -> Option<Finding>,
    pub(crate) risks: fn(&Here<'_>) -> Vec<Finding>,
    pub(crate) intended: fn(&Here<'_>) -> Vec<Setting>,
    /// Its commands beside the one on PATH.
    pub(crate) programs: fn(&Here<'_>) -> Vec<Program>,
    pub(crate) trials: fn(&Here<'_>, &[Setting], &Scratch<'_>) -> Vec<Trial>,
}

/// How a client asks for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// A command named `keyring`.
    Command,
    /// Python's keyring library, in the client's own environment.
    Library,
}

impl Python {
    /// A room without anything in it, for the fields that a client has no use for.
    pub(crate) const EMPTY: Python = Python {
        name: "",
        check: "",
        about: "",
        notes: "",
        has_project: false,
        asks: Asks::Command,
        file: |_, _| None,
        edit: |_, _| Ok(Vec::new()),
        has_one: false,
        beside: |_| Vec::new(),
        no_project: "no project here: run this in its directory",
        winning: &[],
        passwords: &[],
        settings: |_| Ok(Vec::new()),
        require_distinct_names: |_| Ok(()),
        variables: |_| {},
        leftovers: Leftovers::NONE,
        findings: |_| Vec::new(),
        reason: |_, _| None,
        risks: |_| Vec::new(),
        intended: |_| Vec::new(),
        programs: |_| Vec::new(),
        trials: |_, _, _| Vec::new(),
    };

    fn file(&self, setup: &Setup<'_>) -> anyhow::Result<PathBuf> {
        let level = setup.options.level;
        let missing = match level {
            Level::User => "no home directory for its configuration",
            Level::Project => self.no_project,
        };
        let file = (self.file)(setup.here, level);
        let missing = || UserError::new(format!("{}: there is {missing}", self.name));
        let file = file.ok_or_else(missing)?;
        if level == Level::Project {
            let file = setup.here.directory.join(&file);
            let folder = file.parent().unwrap_or(&setup.here.directory);
            here::require_inside(folder, &file)?;
        }
        Ok(file)
    }

    /// What is set in the environment and wins over what a setup writes. A name with `*` stands for any such.
    fn overruled(&self, here: &Here<'_>) -> Vec<String> {
        let name = self.name;
        let over_file = self
            .winning
            .iter()
            .map(|it| (*it, format!("{name}'s file")));
        let over_keyring = self.passwords.iter().chain(self.leftovers.passwords);
        let over_keyring = over_keyring.map(|it| (*it, "a keyring".to_owned()));
        let set = over_file.chain(over_keyring).flat_map(|(pattern, what)| {
            let names = set_like(pattern, here.environment).into_iter();
            names.map(move |name| (name, what.clone()))
        });
        let told = set.map(|(name, what)| {
            format!("{name} is set in the environment, which wins over {what}; unset it")
        });
        told.collect()
    }

    fn marks<'a>(&'a self, name: Option<&'a str>) -> Marks<'a> {
        Marks {
            client: self.name,
            name,
            shared: Some(SHARED),
        }
    }
}

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
            options: match self.has_project {
                true => &[SetupOption::Project],
                false => &[],
            },
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        (self.settings)(here)
    }

    fn require_distinct_names(&self, here: &Here<'_>) -> anyhow::Result<()> {
        (self.require_distinct_names)(here)
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
            remarks = (self.edit)(text, &wanted)?;
            Ok(())
        })?;
        remarks.iter().for_each(|remark| plan.remark(remark));
        for remark in self.overruled(setup.here) {
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
        let is_lost = plan.give_back(&file, setup.here.environment, &marks)?;
        if is_lost || plan.is_empty() {
            let left = left_behind(&file, setup.here);
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
        match self.asks {
            Asks::Command => (self.reason)(here, version),
            Asks::Library => Some(library::finding(self.check, self.name, here.environment)),
        }
    }
}

/// The variables of this name that are set, an empty one too: a client may take that for a password. The user name that
/// CodeArtifact wants is no harm.
fn set_like(pattern: &str, environment: &Environment) -> Vec<String> {
    let (start, end) = pattern.split_once('*').unwrap_or((pattern, ""));
    let is_meant = |name: &str| name == pattern || pattern.contains('*') && name.ends_with(end);
    let set = environment.starting_with(start).into_iter();
    let set = set.filter(|(name, value)| is_meant(name) && value != USER);
    set.map(|(name, _)| name).collect()
}

/// Where a file is not as a setup left it, or nothing of a setup is known here, a line that names CodeArtifact may be
/// ours or the user's own. So it is only told.
fn left_behind(file: &Path, here: &Here<'_>) -> Vec<String> {
    // Not the line itself: `aws codeartifact login` puts a token into it.
    let left = project::named_in(here, Some(file.to_owned())).into_iter();
    left.map(|setting| {
        format!(
            "{} names {} and stays: it is not as a setup wrote it; delete it if you do not want it",
            setting.origin,
            setting.endpoint.root()
        )
    })
    .collect()
}

/// Says that a value makes room for ours. A password in it is not shown.
pub(crate) fn replaced(key: &str, before: &str) -> String {
    let shown = without_passwords(before);
    format!("{key} was {shown}; --undo brings it back")
}

/// A file in the folder of a client that asks the library `platformdirs`.
pub(crate) fn in_platform_folder(environment: &Environment, file: &str) -> Option<PathBuf> {
    Some(environment.user_configuration()?.join(file))
}

/// A file in the folder that pip and uv take on Unix, macOS included.
pub(crate) fn below_dot_config(environment: &Environment, file: &str) -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        environment.user_configuration()
    } else {
        environment.dot_config()
    };
    Some(folder?.join(file))
}

#[cfg(test)]
pub(crate) mod for_tests {
    use codeartifact_auth::endpoint::{Endpoint, MappedHosts};
    use codeartifact_auth::token::Timestamp;

    use super::*;
    use crate::setup::Repository;
    use crate::text::Outcome;

    pub(crate) fn acme() -> Repository {
        named("acme", "my-repo")
    }

    pub(crate) fn globex() -> Repository {
        named("globex", "other-repo")
    }

    fn named(name: &str, repository: &str) -> Repository {
        let host = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        let url = format!("{host}/pypi/{repository}/simple/");
        Repository {
            name: name.to_owned(),
            endpoint: Endpoint::parse(&url, &MappedHosts::new()).unwrap(),
        }
    }

    /// What is wanted of an edit, without any mapped host.
    pub(crate) fn with_wanted<T>(
        repository: &Repository,
        client: &str,
        level: Level,
        work: impl FnOnce(&Wanted<'_>) -> T,
    ) -> T {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let here = Here::at(home.path().to_owned(), &environment);
        work(&Wanted {
            here: &here,
            repository,
            level,
            mark: &format!("{client} {}", repository.name),
            shared: &format!("{client} {SHARED}"),
        })
    }

    /// The text after a room's edit, and its remarks; what was there comes back to the byte.
    pub(crate) fn edited(
        room: &Python,
        before: &str,
        repository: &Repository,
        level: Level,
    ) -> Result<(String, Vec<String>), String> {
        let mut text = Text::parse(before);
        let edit = |wanted: &Wanted<'_>| (room.edit)(&mut text, wanted);
        let remarks = with_wanted(repository, room.name, level, edit);
        let remarks = remarks.map_err(|error| error.to_string())?;
        let after = text.to_string();
        put_back(&mut text);
        assert_eq!(text.to_string(), before, "undone");
        Ok((after, remarks))
    }

    fn put_back(text: &mut Text) {
        for (mark, part) in text.parts().to_vec().iter().rev() {
            assert_eq!(text.put_back(part, mark).unwrap(), Outcome::Back);
        }
    }

    /// The text after an edit of any client, which putting back what was there has to undo.
    pub(crate) fn undone_with(
        before: &str,
        edit: impl Fn(&mut Text) -> Result<(), UserError>,
    ) -> String {
        let mut text = Text::parse(before);
        edit(&mut text).unwrap();
        let after = text.to_string();
        put_back(&mut text);
        assert_eq!(text.to_string(), before, "undone");
        after
    }
}
