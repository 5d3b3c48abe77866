//! One version of a gem: a tar of its metadata and its files, as `gem build` makes it.

use anyhow::Context;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::super::archive;
use super::super::tree::{Folder, SourceFile};

pub(super) struct Gem {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) archive: Bytes,
}

impl Gem {
    /// Reads `NAME/VERSION/…`.
    pub(super) fn from_tree(name: &str, folder: &Folder) -> anyhow::Result<Self> {
        let files = folder.files()?;
        let metadata = archive::gzip(metadata(name, folder.name(), &files).as_bytes())?;
        let data = archive::tar_gz("", &files)?;
        let parts = [
            SourceFile::new("metadata.gz", metadata),
            SourceFile::new("data.tar.gz", data),
        ];
        Ok(Self {
            name: name.to_owned(),
            version: folder.name().to_owned(),
            archive: archive::tar("", &parts)?.into(),
        })
    }

    pub(super) fn from_archive(archive: Bytes) -> anyhow::Result<Self> {
        let metadata = archive::bytes_in_tar(archive.as_ref(), |path| path == "metadata.gz")?;
        let metadata = archive::gunzip(&metadata).context("its metadata are not gzipped text")?;
        let value = |key: &str| {
            let line = metadata.lines().find_map(|line| line.strip_prefix(key));
            let value = line.map(|value| value.trim_matches(['\'', '"', ' ']).to_owned());
            value.with_context(|| format!("its metadata have no `{key}`"))
        };
        Ok(Self {
            name: value("name: ")?,
            // The first one, which is its own.
            version: value("  version: ")?,
            archive,
        })
    }

    pub(super) fn file_name(&self) -> String {
        format!("{}.gem", self.full_name())
    }

    pub(super) fn full_name(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// A version with a letter comes before the release.
    pub(super) fn is_prerelease(&self) -> bool {
        self.version.contains(char::is_alphabetic)
    }

    pub(super) fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.archive))
    }
}

fn metadata(name: &str, version: &str, files: &[SourceFile]) -> String {
    let files: String = files
        .iter()
        .map(|file| format!("- {}\n", file.path))
        .collect();
    let any = "!ruby/object:Gem::Requirement\n  requirements:\n  - - \">=\"\n    - !ruby/object:Gem::Version\n      version: '0'\n";
    format!(
        "--- !ruby/object:Gem::Specification\nname: {name}\nversion: !ruby/object:Gem::Version\n  version: '{version}'\n\
         platform: ruby\nauthors:\n- emulator\nbindir: bin\ncert_chain: []\ndate: 2024-01-01 00:00:00.000000000 Z\n\
         dependencies: []\nexecutables: []\nextensions: []\nextra_rdoc_files: []\nfiles:\n{files}licenses: []\nmetadata: {{}}\n\
         rdoc_options: []\nrequire_paths:\n- lib\nrequired_ruby_version: {any}required_rubygems_version: {any}\
         requirements: []\nrubygems_version: 3.3.15\nspecification_version: 4\nsummary: {name}\ntest_files: []\n"
    )
}
