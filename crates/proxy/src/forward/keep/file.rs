//! The files of a repository that never change, by their paths: what is kept of them, and which index has their hash.
//! Swift's and generic packages have no path of this kind.

use codeartifact_auth::endpoint::Format;
use percent_encoding::percent_decode_str;

use crate::forward::package;
use crate::forward::reach::Room;

/// What has the hashes of a package's files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Index {
    /// A document of the repository, by its path below the root.
    Document(String),
    /// What CodeArtifact's API lists of a version: NuGet's own documents have no hash of a file as it is served.
    Listing { package: String, version: String },
}

/// A file that never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Its name in the store: domain, format, repository and path.
    pub(crate) key: String,
    pub(crate) index: Index,
    /// What the index calls it: a version, or a file's name.
    pub(crate) name: String,
}

impl File {
    /// Reads the path below a repository's root.
    pub(crate) fn of_path(room: &Room, rest: &str) -> Option<Self> {
        let path = percent_decode_str(rest).decode_utf8().ok()?;
        let (document, name) = match room.format {
            Format::Npm => npm(&path)?,
            Format::Pypi => pypi(&path)?,
            Format::Cargo => cargo(&path)?,
            Format::Ruby => ruby(&path)?,
            Format::Maven => maven(&path)?,
            Format::Nuget => return nuget(room, &path),
            Format::Go | Format::Swift | Format::Generic => return None,
        };
        Some(Self::new(room, &path, Index::Document(document), name))
    }

    fn new(room: &Room, path: &str, index: Index, name: String) -> Self {
        let domain = &room.domain;
        Self {
            key: format!(
                "{}/{}/{}/{}/{}/{path}",
                domain.owner,
                domain.region,
                domain.name,
                room.format.name(),
                room.repository
            ),
            index,
            name,
        }
    }
}

/// `NAME/-/FILE-VERSION.tgz`: the packument has a hash for each version.
fn npm(path: &str) -> Option<(String, String)> {
    let package = package::of_path(Format::Npm, path)?;
    Some((package.name.replace('/', "%2f"), package.version?))
}

/// `simple/NAME/VERSION/FILE`.
fn pypi(path: &str) -> Option<(String, String)> {
    let ["simple", name, _version, file] = path.split('/').collect::<Vec<_>>()[..] else {
        return None;
    };
    let is_file = !file.is_empty() && !file.ends_with(".metadata");
    is_file.then(|| (format!("simple/{name}/"), file.to_owned()))
}

/// `…/NAME/VERSION/download`. Source of the index's layout: cargo's reference, "Index Files".
fn cargo(path: &str) -> Option<(String, String)> {
    let package = package::of_path(Format::Cargo, path)?;
    let name = package.name.to_ascii_lowercase();
    if !name.is_ascii() {
        return None;
    }
    let folder = match name.len() {
        0 => return None,
        1 => "1".to_owned(),
        2 => "2".to_owned(),
        3 => format!("3/{}", &name[..1]),
        _ => format!("{}/{}", &name[..2], &name[2..4]),
    };
    Some((format!("{folder}/{name}"), package.version?))
}

/// `gems/FILE`. A version may have a platform behind it, so the name is what comes before the first number.
fn ruby(path: &str) -> Option<(String, String)> {
    let file = path.strip_prefix("gems/")?;
    let stem = file.strip_suffix(".gem")?;
    let is_version = |at: &usize| stem[at + 1..].starts_with(|it: char| it.is_ascii_digit());
    let mut dashes = stem.match_indices('-').map(|(at, _)| at);
    let end = dashes.find(is_version)?;
    Some((format!("info/{}", &stem[..end]), stem[end + 1..].to_owned()))
}

/// Every file of a released version; its own `.sha1` beside it is the index.
fn maven(path: &str) -> Option<(String, String)> {
    const CHANGING: [&str; 5] = [".sha1", ".md5", ".sha256", ".sha512", ".asc"];
    let package = package::of_path(Format::Maven, path)?;
    let changes = CHANGING.iter().any(|end| path.ends_with(end));
    let is_release = !package.version?.ends_with("-SNAPSHOT");
    (is_release && !changes).then(|| (format!("{path}.sha1"), String::new()))
}

/// `…/ID/VERSION/FILE.nupkg`. CodeArtifact lists files in lower case ("Package asset name normalization").
fn nuget(room: &Room, path: &str) -> Option<File> {
    let package = package::of_path(Format::Nuget, path)?;
    let file = path.rsplit('/').next()?.to_ascii_lowercase();
    let index = Index::Listing {
        package: package.name.to_ascii_lowercase(),
        version: package.version?.to_ascii_lowercase(),
    };
    let is_archive = file.ends_with(".nupkg");
    is_archive.then(|| File::new(room, path, index, file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use codeartifact_auth::endpoint::Domain;

    fn room(format: Format) -> Room {
        Room {
            root: "/".to_owned(),
            domain: Domain {
                name: "my-domain".to_owned(),
                owner: "111122223333".to_owned(),
                region: "us-east-1".to_owned(),
            },
            format,
            repository: "my-repo".to_owned(),
            publishes: false,
            is_of_modules: false,
        }
    }

    #[test]
    fn which_files_are_kept_and_by_which_index() {
        use Format::{Cargo, Maven, Npm, Nuget, Pypi, Ruby};
        let rows = [
            (Npm, "my-package/-/my-package-1.0.0.tgz", "my-package 1.0.0"),
            (Npm, "@s%2fp/-/p-1.0.0.tgz", "@s%2fp 1.0.0"),
            (Npm, "@s/p/-/p-1.0.0.tgz", "@s%2fp 1.0.0"),
            (Npm, "my-package", ""),
            (
                Pypi,
                "simple/my-package/1.0/my_package-1.0-py3-none-any.whl",
                "simple/my-package/ my_package-1.0-py3-none-any.whl",
            ),
            (
                Pypi,
                "simple/my-package/1.0/my_package-1.0-py3-none-any.whl.metadata",
                "",
            ),
            (Pypi, "simple/my-package/", ""),
            (Cargo, "my-crate/1.0.0/download", "my/-c/my-crate 1.0.0"),
            (Cargo, "abc/1.0.0/download", "3/a/abc 1.0.0"),
            (Cargo, "config.json", ""),
            (Ruby, "gems/my-gem-1.0.0.gem", "info/my-gem 1.0.0"),
            (
                Ruby,
                "gems/my-gem-1.0.0-x86_64-linux.gem",
                "info/my-gem 1.0.0-x86_64-linux",
            ),
            (Ruby, "info/my-gem", ""),
            (
                Maven,
                "com/example/a/1.0/a-1.0.jar",
                "com/example/a/1.0/a-1.0.jar.sha1 ",
            ),
            (Maven, "com/example/a/1.0/a-1.0.jar.sha1", ""),
            (
                Maven,
                "com/example/a/1.0-SNAPSHOT/a-1.0-20260101.1-1.jar",
                "",
            ),
            (Maven, "com/example/a/maven-metadata.xml", ""),
            (
                Nuget,
                "v3/flat/A/1.0.0/A.1.0.0.nupkg",
                "a@1.0.0 a.1.0.0.nupkg",
            ),
            (Nuget, "v3/flat/a/1.0.0/a.nuspec", ""),
            (Nuget, "v3/registrations/a/index.json", ""),
        ];
        for (format, path, expected) in rows {
            let found = File::of_path(&room(format), path);
            let found = found.map(|file| match file.index {
                Index::Document(path) => format!("{path} {}", file.name),
                Index::Listing { package, version } => format!("{package}@{version} {}", file.name),
            });
            assert_eq!(found.unwrap_or_default(), expected, "{path}");
        }
    }
}
