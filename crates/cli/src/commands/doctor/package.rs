//! Explains why one package does not resolve: it is looked for in its repository, then there as a package of another format, then
//! in the domain's other repositories, as far as those may be listed and read.

mod versions;

use codeartifact_auth::endpoint::{Format, RepositoryRef};
use codeartifact_auth::error::{Failure, Step, row};
use codeartifact_auth::mint::Probe;
use codeartifact_auth::token::Token;

use super::Report;
use super::repository::RepositoryReader;
use super::spelling::page_of;
use super::walk::Walk;
use crate::arguments::Package;
use codeartifact_clients::finding::Finding;
use codeartifact_clients::words::counted;

/// As many as a person reads in a hint.
const SHOWN_VERSIONS: usize = 5;

/// Domains have up to 1,000 repositories; nobody waits for all of them.
const MOST_OTHERS: usize = 50;

/// Looks for the package through the subject's repository of its format, or else the first one: each has all formats.
pub(super) fn check(
    package: &Package,
    walk: &Walk<'_>,
    probe: &Probe<'_>,
    token: &Token,
    report: &mut Report<'_>,
) {
    let has_place = |format: Option<Format>| {
        walk.targets().find(|target| {
            let place = target.endpoint.place.as_ref();
            place.is_some_and(|place| format.is_none_or(|format| place.format == format))
        })
    };
    let Some(target) = has_place(Some(package.format)).or_else(|| has_place(None)) else {
        return;
    };
    let Some(place) = &target.endpoint.place else {
        return;
    };
    let search = PackageSearch {
        package,
        reader: RepositoryReader {
            walk,
            probe,
            token,
            target,
            place,
        },
    };
    let label = format!("{}:{}", package.format, package.name);
    let found = report.during(&label, || search.run());
    report.add(match found {
        Ok(text) => Finding::ok("package", label, text),
        Err(error) => Finding::of("package", label, &error),
    });
}

struct PackageSearch<'a> {
    package: &'a Package,
    reader: RepositoryReader<'a>,
}

impl PackageSearch<'_> {
    fn run(&self) -> Result<String, Box<Failure>> {
        let Package {
            format, version, ..
        } = self.package;
        let repository = &self.reader.place.repository;
        let Some(existing) = self.versions(*format, repository)? else {
            return Err(self.absent(self.elsewhere()));
        };
        let newest: Vec<_> = existing
            .iter()
            .rev()
            .take(SHOWN_VERSIONS)
            .cloned()
            .collect();
        match version {
            Some(version) if !existing.contains(version) => {
                Err(self.absent(row::VERSION_ABSENT.with("existing", newest.join(", "))))
            }
            Some(version) => Ok(format!("{version} is in {repository}")),
            None => Ok(format!(
                "{} in {repository}: {}",
                counted(existing.len(), "version"),
                newest.join(", ")
            )),
        }
    }

    /// Of the package in a repository, the oldest first; `None` if it is not there.
    fn versions(
        &self,
        format: Format,
        repository: &str,
    ) -> Result<Option<Vec<String>>, Box<Failure>> {
        let place = RepositoryRef {
            format,
            repository: repository.to_owned(),
        };
        let path = page_of(format, &self.package.name);
        let reply = self.reader.get(&place, &path)?;
        match reply.status {
            404 => Ok(None),
            _ => self
                .reader
                .judge(&reply)
                .map(|()| Some(versions::of(format, &self.package.name, &reply.body))),
        }
    }

    /// A repository that cannot be read counts as empty: it is no more than a place where the package might have been.
    fn has(&self, format: Format, repository: &str) -> bool {
        let found = self.versions(format, repository);
        found.is_ok_and(|versions| versions.is_some_and(|versions| !versions.is_empty()))
    }

    fn elsewhere(&self) -> Box<Failure> {
        let here = &self.reader.place.repository;
        let format = self.package.format;
        let mut formats = Package::FORMATS
            .into_iter()
            .filter(|other| *other != format);
        if let Some(format) = formats.find(|other| self.has(*other, here)) {
            return row::PACKAGE_OF_OTHER_FORMAT.with("format", format);
        }
        let others = self.reader.probe.repositories().unwrap_or_default();
        let mut others = others
            .into_iter()
            .filter(|name| name != here)
            .take(MOST_OTHERS);
        let Some(repository) = others.find(|name| self.has(format, name)) else {
            return row::PACKAGE_ABSENT.failure();
        };
        let row = match self.reader.probe.upstreams(here) {
            Some(upstreams) if !upstreams.contains(&repository) => &row::UPSTREAM_NOT_CONNECTED,
            _ => &row::PACKAGE_ELSEWHERE,
        };
        row.with("repository", repository)
    }

    fn absent(&self, failure: Box<Failure>) -> Box<Failure> {
        let Package { name, version, .. } = self.package;
        let version = version.as_ref().map(|version| format!("@{version}"));
        let package = format!("{name}{}", version.unwrap_or_default());
        let place = RepositoryRef {
            format: self.package.format,
            repository: self.reader.place.repository.clone(),
        };
        let step = Step::package(&package, &self.reader.target.endpoint.root_of(&place));
        failure.at(&step, self.reader.walk.subject.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_as_people_write_them() {
        let rows = [
            ("npm:my-package", Ok((Format::Npm, "my-package", None))),
            (
                "npm:@my-scope/my-package@1.0.0",
                Ok((Format::Npm, "@my-scope/my-package", Some("1.0.0"))),
            ),
            (
                "go:example.com/private/greeting@v1.0.0",
                Ok((Format::Go, "example.com/private/greeting", Some("v1.0.0"))),
            ),
            ("my-package", Err("write FORMAT:NAME, as in npm:my-package")),
            ("maven:my-package", Err("the format is npm, pypi or go")),
            ("npm:", Err("the name or the version is missing")),
            ("npm:my-package@", Err("the name or the version is missing")),
            ("npm:my package", Err("the name or the version is missing")),
        ];
        for (text, expected) in rows {
            let expected = expected.map(|(format, name, version)| Package {
                format,
                name: name.to_owned(),
                version: version.map(str::to_owned),
            });
            assert_eq!(text.parse(), expected, "{text}");
        }
    }
}
