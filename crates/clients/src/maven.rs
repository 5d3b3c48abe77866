//! Maven: `setup` installs an extension for all of the user's builds, which gives each repository of ours its login by
//! the URL. No project, no `settings.xml` and no `<server>` changes: an id there is chosen by the project, and would lead
//! a token to any host. What the extension is made of is in [`jar`].
//!
//! Sources: Maven's scripts (`~/.mavenrc`, `MAVEN_OPTS`), its reference on user properties (4), `maven.ext.class.path` in
//! MavenCli. Tried with Maven 3.8.7, 3.9.16 and 4.0.0-rc-5; Windows' files are from its scripts, not tried.

mod jar;
mod rc;

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::user_file::read_regular;

use crate::error::UserError;
use crate::finding::Finding;
use crate::here::Here;
use crate::leftover::Leftovers;
use crate::link;
use crate::named;
use crate::plan::Plan;
use crate::setting::Setting;
use crate::setup::Setup;
use crate::trial::{self, Program, Scratch, Trial};
use crate::variables::Variables;
use crate::{Client, Help};

/// The options of the machine that runs Maven.
const MAVEN_OPTS: &str = "MAVEN_OPTS";
/// Maven reads no `.mavenrc`.
const MAVEN_SKIP_RC: &str = "MAVEN_SKIP_RC";
/// Answers the extension.
const HELPER: &str = "codeartifact-bazel";

const CHECK: &str = "client_maven";

const NOTES: &str = "\
Example:
  codeartifact setup maven
  mvn deploy

It is once for all projects and connections. Repositories stay where they are named, in pom.xml or settings.xml; a <server>
with a password is no longer needed for them.";

/// Maven's room.
pub(crate) struct Maven;

impl Maven {
    const NAME: &str = "maven";
}

impl Client for Maven {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn check(&self) -> &'static str {
        CHECK
    }

    fn format(&self) -> Format {
        Format::Maven
    }

    fn help(&self) -> Help {
        Help {
            about: "Maven: an extension that gives each CodeArtifact repository its login",
            notes: NOTES,
            options: &[],
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        let projects = here.directories().into_iter();
        let projects = projects.map(|folder| folder.join("pom.xml"));
        let files = projects.chain(user_settings(here));
        Ok(named::in_files(files, here))
    }

    fn winning(&self, here: &Here<'_>) -> Vec<&'static str> {
        let is_set = here.environment.variable(MAVEN_SKIP_RC).is_some();
        is_set.then_some(MAVEN_SKIP_RC).into_iter().collect()
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let environment = setup.here.environment;
        let jar = installed(environment)?;
        let helper = link::program(HELPER, environment)?;
        plan.put_bytes(&jar, Some(&jar::asking(&helper)))?;
        rc::add(plan, &jar, environment)?;
        if setup.options.name.is_some() || setup.options.url.is_some() {
            let repository = setup.repository(Format::Maven)?;
            let (name, url) = (&repository.name, repository.endpoint.client_url());
            plan.remark(&format!(
                "name the repository in pom.xml or settings.xml: <repository><id>{name}</id><url>{url}</url></repository>"
            ));
        }
        Ok(())
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let environment = setup.here.environment;
        rc::remove(plan, environment)?;
        plan.put_bytes(&installed(environment)?, None)
    }

    fn needs_repository(&self) -> bool {
        false
    }

    fn programs(&self, here: &Here<'_>) -> Vec<Program> {
        Program::on_path("mvn", here)
    }

    /// The extension, which a project cannot lead to another host. What the user has in the variable stays.
    fn variables(&self, variables: &mut Variables<'_>) {
        let environment = variables.here.environment;
        let is_named = || {
            let settings = self.settings(variables.here);
            settings.is_ok_and(|settings| !settings.is_empty())
        };
        if variables.endpoint(Format::Maven).is_none() && !is_named() {
            return;
        }
        let helper = link::program(HELPER, environment);
        if let Some(jar) = helper.ok().and_then(|helper| loadable(&helper, variables)) {
            let there = environment.text(MAVEN_OPTS).unwrap_or_default();
            variables.set(MAVEN_OPTS, &rc::with_extension(&there, &jar));
        }
    }

    /// A project whose parent is in the repository: the first thing that Maven loads, before any plugin.
    fn trials(&self, _: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
        let project = scratch.path("pom.xml");
        let local = format!("-Dmaven.repo.local={}", scratch.path("repository"));
        let trial = |setting: &Setting| {
            let trial = Trial::of(&["-B", "-e", "-f", &project, &local, "validate"]);
            let text = child_of_absent(&setting.endpoint.client_url());
            trial.in_scratch().slow().writing("pom.xml", text)
        };
        settings.iter().map(trial).collect()
    }

    fn leftovers(&self) -> &Leftovers {
        &Leftovers {
            sends: "Maven sends it where its extension of ours is not loaded",
            project: &["pom.xml", ".mvn/settings.xml", ".mvn/maven.config"],
            user: user_settings,
            ..Leftovers::NONE
        }
    }

    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        let is_used = self
            .settings(here)
            .is_ok_and(|settings| !settings.is_empty());
        let finding = judged(here.environment);
        Some(finding).into_iter().filter(|_| is_used).collect()
    }
}

/// Beside Maven's own files: this folder is there on every system, and its path has no space unless the home has one.
fn installed(environment: &Environment) -> anyhow::Result<PathBuf> {
    Ok(folder(environment)?.join("codeartifact.jar"))
}

fn folder(environment: &Environment) -> anyhow::Result<PathBuf> {
    let home = environment.home();
    let home = home.ok_or_else(|| UserError::new("maven: there is no home directory"))?;
    Ok(home.join(".m2"))
}

/// The path of the extension: the installed one if it is what we would install, else one in memory.
fn loadable(helper: &Path, variables: &mut Variables<'_>) -> Option<String> {
    let bytes = jar::asking(helper);
    let installed = installed(variables.here.environment).ok()?;
    if read_regular(&installed).is_ok_and(|there| there == bytes) {
        return Some(installed.display().to_string());
    }
    variables.hand_over("codeartifact.jar", &bytes)
}

fn user_settings(here: &Here<'_>) -> Vec<PathBuf> {
    let folder = folder(here.environment);
    let names = ["settings.xml", "settings-security.xml"];
    let files = folder.map(|folder| names.map(|name| folder.join(name)).to_vec());
    files.unwrap_or_default()
}

fn child_of_absent(url: &str) -> String {
    let parent = trial::PACKAGE;
    format!(
        "<project><modelVersion>4.0.0</modelVersion>\n<parent><groupId>com.example</groupId><artifactId>{parent}</artifactId>\
         <version>1</version><relativePath/></parent>\n<artifactId>codeartifact-trial</artifactId>\n\
         <repositories><repository><id>codeartifact-trial</id><url>{url}</url></repository></repositories>\n</project>\n"
    )
}

fn judged(environment: &Environment) -> Finding {
    let failed = |text: String| {
        let finding = Finding::failed(CHECK, Maven::NAME, text, Exit::Configuration);
        finding.hint("codeartifact setup maven")
    };
    let Ok(jar) = installed(environment) else {
        return failed("there is no home directory".to_owned());
    };
    let is_loaded = rc::is_added(environment);
    let is_given = environment.text(MAVEN_OPTS);
    let is_given = is_given.is_some_and(|options| options.contains(rc::PROPERTY));
    if (jar.is_file() && is_loaded) || is_given {
        Finding::ok(CHECK, Maven::NAME, format!("asks {HELPER}"))
    } else {
        failed("sends no token of ours: its extension of ours is not installed".to_owned())
    }
}
