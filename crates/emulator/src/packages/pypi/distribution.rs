//! One file of a Python project: a wheel or a source distribution, and what an index page says of it.

use anyhow::{Context, bail};
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::super::archive;
use super::normalised;
use crate::reply::escape;

pub(super) struct Distribution {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) file: String,
    pub(super) requires_python: Option<String>,
    pub(super) bytes: Bytes,
}

impl Distribution {
    /// Reads project, version and Python from a file's name and its metadata.
    pub(super) fn new(file: &str, bytes: Bytes) -> anyhow::Result<Self> {
        let (name, version) = parts(file).with_context(|| {
            format!("{file} is not named like a wheel or a tar.gz source distribution")
        })?;
        let metadata = metadata(file, &bytes)
            .with_context(|| format!("cannot read the metadata of {file}"))?;
        let header = |key: &str| {
            metadata
                .lines()
                .find_map(|line| line.strip_prefix(key))
                .map(|value| value.trim().to_owned())
        };
        if header("Name:").is_none_or(|inside| normalised(&inside) != normalised(name)) {
            bail!("the metadata of {file} names another project");
        }
        let requires_python = header("Requires-Python:");
        Ok(Self {
            name: name.to_owned(),
            version: version.to_owned(),
            file: file.to_owned(),
            requires_python,
            bytes,
        })
    }

    /// The file's path below `simple/`, and on the asset host.
    pub(super) fn path(&self) -> String {
        format!("{}/{}/{}", normalised(&self.name), self.version, self.file)
    }

    /// Its line on the project's page.
    pub(super) fn link(&self, repository: &str) -> String {
        let mut attributes = format!(
            "href=\"{repository}simple/{}#sha256={}\"",
            self.path(),
            self.sha256()
        );
        if let Some(python) = &self.requires_python {
            attributes += &format!(" data-requires-python=\"{}\"", escape(python));
        }
        format!("<a {attributes}>{}</a>", self.file)
    }

    pub(super) fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }
}

fn metadata(file: &str, bytes: &[u8]) -> anyhow::Result<String> {
    if file.ends_with(".whl") {
        return archive::text_in_zip(bytes, |path| path.ends_with(".dist-info/METADATA"));
    }
    let at_root = |path: &str| path.split_once('/').map(|(_, path)| path) == Some("PKG-INFO");
    archive::text_in_tar_gz(bytes, at_root)
}

/// `my_package-1.0.0-py3-none-any.whl` or `my_package-1.0.0.tar.gz` → `my_package` and `1.0.0`.
fn parts(file: &str) -> Option<(&str, &str)> {
    let (name, version) = match file.strip_suffix(".whl") {
        Some(wheel) => wheel_parts(wheel)?,
        None => file.strip_suffix(".tar.gz")?.rsplit_once('-')?,
    };
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._+!-".contains(letter);
    let sound = |text: &str| !text.is_empty() && text.chars().all(plain);
    (sound(name) && sound(version)).then_some((name, version))
}

/// Name, version, perhaps a build number, and the three tags.
fn wheel_parts(wheel: &str) -> Option<(&str, &str)> {
    match wheel.split('-').collect::<Vec<_>>().as_slice() {
        [name, version, _, _, _] | [name, version, _, _, _, _] => Some((name, version)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_tells_project_and_version() {
        let cases = [
            (
                "my_package-1.0.0-py3-none-any.whl",
                Some(("my_package", "1.0.0")),
            ),
            (
                "a-1!2.0+local-1-cp311-cp311-linux_x86_64.whl",
                Some(("a", "1!2.0+local")),
            ),
            ("my-package-1.0rc1.tar.gz", Some(("my-package", "1.0rc1"))),
            ("my_package-1.0.0.whl", None),
            ("my_package.tar.gz", None),
            ("my_package-1.0.0.zip", None),
            ("../x-1.0.tar.gz", None),
        ];
        for (file, expected) in cases {
            assert_eq!(parts(file), expected, "{file}");
        }
    }
}
