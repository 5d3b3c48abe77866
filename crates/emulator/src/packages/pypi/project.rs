//! A project's description: the `[project]` table of pyproject.toml, or just the names of its folders, and the
//! metadata text made from it (core metadata 2.1).

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::super::tree::{self, Folder};
use super::normalised;

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Project {
    pub(super) name: String,
    pub(super) version: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    requires_python: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
    #[serde(default)]
    optional_dependencies: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) scripts: BTreeMap<String, String>,
    #[serde(skip)]
    pub(super) distributions: Vec<DistributionKind>,
}

/// The distributions that are made of a tree: `[tool.codeartifact-emulator] distributions = ["wheel", "sdist"]`.
#[derive(Deserialize, Clone, Copy, PartialEq, Debug)]
#[serde(rename_all = "lowercase")]
pub(super) enum DistributionKind {
    Wheel,
    Sdist,
}

#[derive(Deserialize)]
struct PyProject {
    project: Option<Project>,
    #[serde(default)]
    tool: Tool,
}

#[derive(Deserialize, Default)]
struct Tool {
    #[serde(rename = "codeartifact-emulator")]
    emulator: Option<Wanted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    distributions: Vec<DistributionKind>,
}

impl Project {
    /// Reads `NAME/VERSION/…`; a pyproject.toml must say the same.
    pub(super) fn read(name: &str, folder: &Folder) -> anyhow::Result<Self> {
        let files = folder.files()?;
        let text = tree::find(&files, "pyproject.toml").map_or(Ok(""), tree::SourceFile::text)?;
        let file: PyProject = toml::from_str(text).context("cannot read pyproject.toml")?;
        let mut project = file
            .project
            .unwrap_or_else(|| Self::named(name, folder.name()));
        if normalised(&project.name) != normalised(name) || project.version != folder.name() {
            bail!(
                "its pyproject.toml says {} {}",
                project.name,
                project.version
            );
        }
        project.distributions = file.tool.emulator.map_or_else(
            || vec![DistributionKind::Wheel],
            |wanted| wanted.distributions,
        );
        Ok(project)
    }

    fn named(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            ..Self::default()
        }
    }

    /// `my_package-1.0.0`, as file names begin.
    pub(super) fn stem(&self) -> String {
        format!(
            "{}-{}",
            normalised(&self.name).replace('-', "_"),
            self.version
        )
    }

    /// The text of METADATA and of PKG-INFO.
    pub(super) fn metadata(&self) -> String {
        let mut lines = vec![
            "Metadata-Version: 2.1".to_owned(),
            format!("Name: {}", self.name),
            format!("Version: {}", self.version),
        ];
        lines.extend(
            self.description
                .iter()
                .map(|text| format!("Summary: {text}")),
        );
        lines.extend(
            self.requires_python
                .iter()
                .map(|python| format!("Requires-Python: {python}")),
        );
        lines.extend(
            self.dependencies
                .iter()
                .map(|dependency| format!("Requires-Dist: {dependency}")),
        );
        for (extra, dependencies) in &self.optional_dependencies {
            lines.push(format!("Provides-Extra: {extra}"));
            lines.extend(
                dependencies
                    .iter()
                    .map(|dependency| format!("Requires-Dist: {}", with_extra(dependency, extra))),
            );
        }
        lines.join("\n") + "\n"
    }
}

/// `a>=1; python_version>"3"` → `a>=1; (python_version>"3") and extra == "EXTRA"`.
fn with_extra(dependency: &str, extra: &str) -> String {
    match dependency.split_once(';') {
        Some((dependency, marker)) => {
            format!("{dependency}; ({}) and extra == \"{extra}\"", marker.trim())
        }
        None => format!("{dependency}; extra == \"{extra}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tree::testing::folder;
    use super::*;

    fn read(name: &str, version: &str, pyproject: &str) -> anyhow::Result<Project> {
        let (_keep, folder) = folder(&[(&format!("{version}/pyproject.toml"), pyproject)]);
        Project::read(name, &folder.folders()?.remove(0))
    }

    #[test]
    fn metadata_comes_from_pyproject() {
        let pyproject = r#"
            [build-system]
            requires = []
            [project]
            name = "My.Package"
            version = "1.0.0"
            description = "Greets"
            requires-python = ">=3.8"
            dependencies = ["other>=1.0"]
            [project.optional-dependencies]
            more = ["a", "b; python_version > '3'"]
            [tool.other]
            key = 1
        "#;
        let project = read("my-package", "1.0.0", pyproject).unwrap();
        let expected = "Metadata-Version: 2.1\nName: My.Package\nVersion: 1.0.0\nSummary: Greets\nRequires-Python: >=3.8\n\
            Requires-Dist: other>=1.0\nProvides-Extra: more\nRequires-Dist: a; extra == \"more\"\n\
            Requires-Dist: b; (python_version > '3') and extra == \"more\"\n";
        assert_eq!(project.metadata(), expected);
        assert_eq!(
            (project.stem().as_str(), project.distributions),
            ("my_package-1.0.0", vec![DistributionKind::Wheel])
        );
    }

    #[test]
    fn without_a_project_table_the_folders_tell() {
        let project = read(
            "a",
            "2.0",
            "[tool.codeartifact-emulator]\ndistributions = [\"sdist\"]",
        )
        .unwrap();
        assert_eq!(
            project.metadata(),
            "Metadata-Version: 2.1\nName: a\nVersion: 2.0\n"
        );
        assert_eq!(project.distributions, [DistributionKind::Sdist]);
    }

    #[test]
    fn mistakes() {
        let cases = [
            ("[project]\nname = \"b\"\nversion = \"1.0\"", "says b 1.0"),
            ("[project]\nname = \"a\"\nversion = \"1.1\"", "says a 1.1"),
            ("[project]\nname = \"a\"", "missing field `version`"),
            (
                "[tool.codeartifact-emulator]\ndistributions = [\"egg\"]",
                "unknown variant `egg`",
            ),
            (
                "[tool.codeartifact-emulator]\nwheel = true",
                "unknown field `wheel`",
            ),
        ];
        for (pyproject, expected) in cases {
            let error = format!("{:#}", read("a", "1.0", pyproject).err().unwrap());
            assert!(error.contains(expected), "{error}");
        }
    }
}
