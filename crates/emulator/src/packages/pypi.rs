//! A Python package index: the HTML pages of PEP 503, as CodeArtifact serves them (no JSON, no separate metadata files),
//! and the upload that twine and its relatives speak.

mod build;
mod distribution;
mod project;
mod upload;

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Context;
use bytes::Bytes;
use http::{Method, Request};

use super::tree::Folder;
use super::{PackageAnswer, PackageFormat, Publication, respond};
use distribution::Distribution;
use project::Project;

#[derive(Default)]
pub(super) struct PyPi {
    /// Files by their name, by their project's normalised name.
    projects: BTreeMap<String, BTreeMap<String, Distribution>>,
}

impl PackageFormat for PyPi {
    fn load(&mut self, sources: &Folder) -> anyhow::Result<()> {
        for project in sources.folders()? {
            for version in project.folders()? {
                let made = Project::read(project.name(), &version)
                    .and_then(|project| build::all(&project, &version.files()?));
                self.add(made.with_context(|| version.to_string())?);
            }
            for file in project.loose_files()? {
                let made = Distribution::new(&file.path, file.bytes.into())
                    .with_context(|| format!("{project}/{}", file.path))?;
                self.add([made]);
            }
        }
        Ok(())
    }

    fn get(&self, path: &str, repository: &str) -> PackageAnswer {
        let Some(path) = path.strip_prefix("simple") else {
            return PackageAnswer::Missing;
        };
        match path
            .trim_matches('/')
            .split('/')
            .collect::<Vec<_>>()
            .as_slice()
        {
            [""] => PackageAnswer::Document(respond::HTML, self.index()),
            [name] => self.project_page(name, repository),
            [name, version, file] => match self.distribution(name, version, file) {
                Some(distribution) => PackageAnswer::File(distribution.path()),
                None => PackageAnswer::Missing,
            },
            _ => PackageAnswer::Missing,
        }
    }

    fn file(&self, path: &str) -> Option<Bytes> {
        let (name, path) = path.split_once('/')?;
        let (version, file) = path.split_once('/')?;
        Some(self.distribution(name, version, file)?.bytes.clone())
    }

    fn publish(&mut self, path: &str, upload: &Request<Bytes>) -> anyhow::Result<Publication> {
        if upload.method() != Method::POST || !path.is_empty() {
            return Ok(Publication::NotAllowed);
        }
        let distribution = upload::read(upload)?;
        if self
            .projects
            .get(&normalised(&distribution.name))
            .is_some_and(|files| files.contains_key(&distribution.file))
        {
            return Ok(Publication::Exists(distribution.file));
        }
        self.add([distribution]);
        Ok(Publication::Stored)
    }
}

impl PyPi {
    fn add(&mut self, distributions: impl IntoIterator<Item = Distribution>) {
        for distribution in distributions {
            let files = self
                .projects
                .entry(normalised(&distribution.name))
                .or_default();
            files.insert(distribution.file.clone(), distribution);
        }
    }

    fn distribution(&self, name: &str, version: &str, file: &str) -> Option<&Distribution> {
        self.projects
            .get(&normalised(name))?
            .get(file)
            .filter(|distribution| distribution.version == version)
    }

    fn index(&self) -> String {
        page(
            "Simple index",
            self.projects
                .keys()
                .map(|name| format!("<a href=\"{name}/\">{name}</a>")),
        )
    }

    fn project_page(&self, name: &str, repository: &str) -> PackageAnswer {
        let name = normalised(name);
        let Some(files) = self.projects.get(&name) else {
            return PackageAnswer::Missing;
        };
        let links = files
            .values()
            .map(|distribution| distribution.link(repository));
        PackageAnswer::Document(respond::HTML, page(&format!("Links for {name}"), links))
    }
}

/// PEP 503: lower case, each run of `-`, `_` and `.` one `-`.
fn normalised(name: &str) -> String {
    let mut normalised = String::new();
    for letter in name.chars() {
        match letter {
            '-' | '_' | '.' if normalised.ends_with('-') => {}
            '-' | '_' | '.' => normalised.push('-'),
            letter => normalised.push(letter.to_ascii_lowercase()),
        }
    }
    normalised
}

fn page(title: &str, links: impl Iterator<Item = String>) -> String {
    let mut page =
        format!("<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n<body>\n");
    for link in links {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "{link}<br/>");
    }
    page + "</body>\n</html>\n"
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::super::tree::testing::folder;
    use super::*;

    fn index() -> PyPi {
        let project =
            "[project]\nname = \"My.Package\"\nversion = \"1.0.0\"\nrequires-python = \">=3.8\"\n";
        let (_keep, folder) = folder(&[
            ("My.Package/1.0.0/pyproject.toml", project),
            ("My.Package/1.0.0/my_package.py", ""),
            ("other/2.0/other/__init__.py", ""),
        ]);
        let mut index = PyPi::default();
        index.load(&folder).unwrap();
        index
    }

    fn text(index: &PyPi, path: &str) -> Option<String> {
        match index.get(path, "https://r.example/pypi/my-repo/") {
            PackageAnswer::Document(_, text) => Some(text),
            _ => None,
        }
    }

    #[test]
    fn a_project_is_found_by_any_spelling_and_links_to_its_files() {
        let index = index();
        let file = "my-package/1.0.0/my_package-1.0.0-py3-none-any.whl";
        let digest = hex::encode(Sha256::digest(index.file(file).unwrap()));
        for path in [
            "simple/my-package/",
            "simple/my-package",
            "simple/My_.Package/",
        ] {
            let page = text(&index, path).unwrap();
            let link = format!(
                "<a href=\"https://r.example/pypi/my-repo/simple/{file}#sha256={digest}\" data-requires-python=\"&gt;=3.8\">"
            );
            assert!(page.contains(&link), "{path}: {page}");
        }
        assert!(
            matches!(index.get(&format!("simple/{file}"), ""), PackageAnswer::File(path) if path == file)
        );
        assert!(
            text(&index, "simple/")
                .unwrap()
                .contains("<a href=\"other/\">other</a>")
        );
    }

    #[test]
    fn what_is_not_there() {
        for path in [
            "",
            "simple/pip/",
            "simple/other/2.1/other-2.0-py3-none-any.whl",
            "simple/other/2.0",
            "pypi/other/json",
        ] {
            assert!(
                matches!(index().get(path, ""), PackageAnswer::Missing),
                "{path}"
            );
        }
    }

    #[test]
    fn a_file_is_uploaded_once() {
        let mut index = index();
        let bytes = index.file("other/2.0/other-2.0-py3-none-any.whl").unwrap();
        let (upload, again) = (
            upload::tests::request("other-3.0.tar.gz", None),
            upload::tests::request("other-3.0.tar.gz", None),
        );
        assert!(matches!(
            index.publish("", &upload).unwrap(),
            Publication::Stored
        ));
        assert!(
            matches!(index.publish("", &again).unwrap(), Publication::Exists(file) if file == "other-3.0.tar.gz")
        );
        let page = text(&index, "simple/other/").unwrap();
        assert!(
            page.contains("other-2.0-py3") && page.contains("other-3.0.tar.gz"),
            "{page}"
        );
        assert!(matches!(
            index.publish("legacy/", &upload).unwrap(),
            Publication::NotAllowed
        ));
        assert_eq!(
            index.file("other/2.0/other-2.0-py3-none-any.whl").unwrap(),
            bytes
        );
    }

    #[test]
    fn a_bad_file_is_named() {
        for (file, expected) in [
            ("a/a.txt", "is not named like"),
            ("a/a-1.0.tar.gz", "cannot read the metadata"),
            ("a/1.0/readme", "no modules"),
        ] {
            let (_keep, folder) = folder(&[(file, "")]);
            let error = format!("{:#}", PyPi::default().load(&folder).unwrap_err());
            assert!(error.contains(expected) && error.contains("/a/"), "{error}");
        }
    }
}
