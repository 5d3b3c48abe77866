//! Shared by the Python clients: a file of theirs gets our lines, they ask a keyring for the token, and that
//! is tried in the end. What differs from client to client are the fields of [`Python`]; each has a room of its own.

pub(crate) mod keyring;
pub(crate) mod library;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::user_file::read_regular;
use toml_edit::{Array, Document, DocumentMut, Item, Table, TableLike, value};

use crate::error::UserError;
use crate::finding::Finding;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::plan::Plan;
use crate::setting::{Origin, Setting};
use crate::setup::{Level, Repository, Setup};
use crate::text::Text;
use crate::trial::{self, Program, Scratch, Trial};
use crate::variables::Variables;
use crate::words::without_passwords;
use crate::{Client, Help, SetupOption, toml};

/// Part of the host of every domain, in every Region.
const CODEARTIFACT: &str = ".d.codeartifact.";

/// Our back end, as a file. No registry has a package of ours, so no hint names one that a stranger could register.
pub(crate) const WHEEL: &str = "./codeartifact_keyring-….whl";

/// The name of what all repositories of a file share.
pub(crate) const SHARED: &str = "(keyring)";

pub(crate) const NOTE: &str = "\
What is written stands between two marks, without any token; what was set before is kept as a comment. --undo gives
back the file as it was. poetry, hatch and twine ask Python's keyring library, so the wheel that
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
    pub(crate) edit: fn(&mut Text, &Repository, Level) -> Result<Vec<String>, UserError>,
    /// Variables that win over the file.
    pub(crate) winning: &'static [&'static str],
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
        edit: |_, _, _| Ok(Vec::new()),
        winning: &[],
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
            Level::User => "there is no home directory for its configuration",
            Level::Project => "there is no project here: run this in its directory",
        };
        let file = (self.file)(setup.here, level);
        let file = file.ok_or_else(|| UserError::new(format!("{}: {missing}", self.name)))?;
        if level == Level::Project {
            here::require_inside(&setup.here.directory, &file)?;
        }
        Ok(file)
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
        let mut remarks = Vec::new();
        plan.edit(&file, |text| {
            remarks = (self.edit)(text, &repository, setup.options.level)?;
            Ok(())
        })?;
        remarks.iter().for_each(|remark| plan.remark(remark));
        for name in self.winning(setup.here) {
            let file = format!("{}'s file", self.name);
            plan.remark(&format!(
                "{name} is set in the environment, which wins over {file}; unset it"
            ));
        }
        Ok(())
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let file = self.file(setup)?;
        let name = setup.written_name(Format::Pypi)?;
        let mut remarks = Vec::new();
        plan.edit(&file, |text| {
            text.remove_with_shared(name.as_deref(), SHARED)?;
            remarks = left_behind(text, &file);
            Ok(())
        })?;
        remarks.iter().for_each(|remark| plan.remark(remark));
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

/// A client that writes its file anew drops comments, our marks among them (`pip config set` does). What is left then
/// may be the user's own, so it is only told.
fn left_behind(text: &Text, file: &Path) -> Vec<String> {
    if !text.names().is_empty() {
        return Vec::new();
    }
    // Not the line itself: `aws codeartifact login` puts a token into it.
    let lines = text.lines().into_iter().zip(1..);
    let left = lines.filter(|(line, _)| line.contains(CODEARTIFACT));
    left.map(|(_, number)| {
        format!(
            "{}:{number} names CodeArtifact and stays, since no marks of ours stand round it; delete it if you want",
            file.display(),
        )
    })
    .collect()
}

/// Says that a value makes room for ours. A password in it is neither shown nor kept.
pub(crate) fn replaced(key: &str, before: &str) -> String {
    let shown = without_passwords(before);
    let after = if shown == before {
        "--undo brings it back"
    } else {
        "its password is not kept, so --undo leaves it out"
    };
    format!("{key} was {shown}; {after}")
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

/// Of the working directory alone: what lies above it may be another project's.
pub(crate) fn pyproject() -> Option<PathBuf> {
    Some(PathBuf::from("pyproject.toml")).filter(|file| file.is_file())
}

/// The repositories that an array of tables in this directory's `pyproject.toml` names.
///
/// # Errors
/// The file is there and cannot be read.
pub(crate) fn sources(here: &Here<'_>, path: &[&str]) -> anyhow::Result<Vec<Setting>> {
    let file = here.directory.join("pyproject.toml");
    let text = match read_regular(&file) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| unreadable(&error.to_string()))?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(&error.to_string())),
    };
    let document = Document::parse(text).map_err(|error| unreadable(error.message()))?;
    let tables = toml::tables(&document, path).into_iter();
    let found = tables.filter_map(|table| {
        Some(Setting {
            name: toml::string(table, "name").map(str::to_owned),
            endpoint: here.endpoint(toml::string(table, "url")?)?,
            origin: Origin::File(file.clone(), None),
        })
    });
    Ok(found.collect())
}

/// A project like this directory's, whose one dependency is a package that no repository has. Its own dependencies would
/// be asked for first.
pub(crate) fn with_one_dependency(here: &Here<'_>) -> Option<DocumentMut> {
    let text =
        String::from_utf8(read_regular(&here.directory.join("pyproject.toml")).ok()?).ok()?;
    let mut document: DocumentMut = text.parse().ok()?;
    let tables: [&[&str]; 4] = [
        &["tool", "poetry", "dependencies"],
        &["tool", "poetry", "group"],
        &["tool", "pdm", "dev-dependencies"],
        &["dependency-groups"],
    ];
    for path in tables {
        if let Some((last, above)) = path.split_last() {
            let mut table = Some(document.as_table_mut() as &mut dyn TableLike);
            for key in above {
                table = table.and_then(|it| it.get_mut(key)?.as_table_like_mut());
            }
            table.map(|it| it.remove(last));
        }
    }
    let project = project(trial::PACKAGE);
    document.insert("project", project["project"].clone());
    Some(document)
}

/// A project without settings.
pub(crate) fn project(dependency: &str) -> DocumentMut {
    let mut project = Table::new();
    project.insert("name", value("codeartifact-trial"));
    project.insert("version", value("1"));
    project.insert("requires-python", value(">=3.9"));
    project.insert("dependencies", value(Array::from_iter([dependency])));
    let mut document = DocumentMut::new();
    document.insert("project", Item::Table(project));
    document
}

/// The repositories of which a file has the URL, wherever it is in there.
pub(crate) fn named_in(here: &Here<'_>, file: Option<PathBuf>) -> Vec<Setting> {
    let Some(file) = file.and_then(|file| here::read(&file)) else {
        return Vec::new();
    };
    let lines = file.text.lines().zip(1..);
    let lines = lines.filter(|(line, _)| !line.trim_start().starts_with('#'));
    let found = lines.filter_map(|(line, number)| {
        let is_end = |it: char| it.is_whitespace() || "\"'=,".contains(it);
        let endpoint = line.split(is_end).find_map(|word| here.endpoint(word))?;
        Some(Setting {
            name: None,
            endpoint,
            origin: Origin::File(PathBuf::from(&file.name), Some(number)),
        })
    });
    found.collect()
}

/// A local file of a client's settings beside the project, for its copy.
pub(crate) fn copied(trial: Trial, name: &'static str, here: &Here<'_>) -> Trial {
    match read_regular(&here.directory.join(name)) {
        Ok(content) => trial.writing(name, content),
        Err(_) => trial,
    }
}

fn unreadable(reason: &str) -> anyhow::Error {
    UserError::new(format!("cannot read pyproject.toml: {reason}")).into()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn a_file_names_repositories_wherever_they_are_in_it() {
        let host = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("pip.conf");
        let text = format!(
            "[global]\nindex-url={host}/pypi/aa/simple/\n# {host}/pypi/bb/simple/\nurl = \"{host}/pypi/cc/\"\n"
        );
        fs::write(&file, text).unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let here = Here::at(home.path().to_owned(), &environment);
        let found = named_in(&here, Some(file.clone())).into_iter();
        let found: Vec<_> = found.map(|it| (it.endpoint.root(), it.origin)).collect();
        let expected = [("aa", 2), ("cc", 4)].map(|(name, line)| {
            (
                format!("{host}/pypi/{name}/"),
                Origin::File(file.clone(), Some(line)),
            )
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_copy_of_a_project_keeps_its_settings_and_none_of_its_dependencies() {
        let home = tempfile::tempdir().unwrap();
        let text = "[project]\nname = \"a\"\ndependencies = [\"b\"]\n[tool.poetry.dependencies]\nc = \"*\"\n[[tool.poetry.source]]\nname = \"d\"\n";
        fs::write(home.path().join("pyproject.toml"), text).unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let copy = with_one_dependency(&Here::at(home.path().to_owned(), &environment));
        let copy = copy.unwrap().to_string();
        assert!(
            copy.contains("dependencies = [\"codeartifact-doctor\"]"),
            "{copy}"
        );
        assert!(
            copy.contains("[[tool.poetry.source]]\nname = \"d\""),
            "{copy}"
        );
        assert!(!copy.contains("\"b\"") && !copy.contains("\"*\""), "{copy}");
    }
}

#[cfg(test)]
pub(crate) mod for_tests {
    use codeartifact_auth::endpoint::{Endpoint, MappedHosts};

    use crate::error::UserError;
    use crate::setup::Repository;
    use crate::text::Text;

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

    /// The text after an edit, which taking our part away has to undo.
    pub(crate) fn undone(
        before: &str,
        edit: impl Fn(&mut Text) -> Result<Vec<String>, UserError>,
    ) -> String {
        undone_with(before, |text| edit(text).map(drop))
    }

    /// The same of any client.
    pub(crate) fn undone_with(
        before: &str,
        edit: impl Fn(&mut Text) -> Result<(), UserError>,
    ) -> String {
        let mut text = Text::parse(before);
        edit(&mut text).unwrap();
        let after = text.to_string();
        edit(&mut text).unwrap();
        assert_eq!(text.to_string(), after, "a second time");
        text.remove(None).unwrap();
        assert_eq!(text.to_string(), before, "undone");
        after
    }
}
