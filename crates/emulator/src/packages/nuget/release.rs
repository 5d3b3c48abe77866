//! One version of a NuGet package: its archive, and what its `.nuspec` says.

use anyhow::Context;
use bytes::Bytes;
use serde_json::{Value, json};

use super::super::tree::{Folder, SourceFile};
use super::super::{archive, text};

pub(super) struct NugetRelease {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) archive: Bytes,
    /// Names with their ranges.
    dependencies: Vec<(String, String)>,
}

impl NugetRelease {
    /// Reads `NAME/VERSION/…`; without a `.nuspec` one is made of these.
    pub(super) fn from_tree(name: &str, folder: &Folder) -> anyhow::Result<Self> {
        let mut files = folder.files()?;
        if !files.iter().any(|file| file.path.ends_with(".nuspec")) {
            let nuspec = nuspec(name, folder.name());
            files.push(SourceFile::new(format!("{name}.nuspec"), nuspec));
        }
        // The package format wants it first (Open Packaging Conventions).
        files.insert(
            0,
            SourceFile::new("[Content_Types].xml", content_types(&files)),
        );
        let release = Self::from_archive(archive::zip("", &files)?)?;
        anyhow::ensure!(
            release.name == name && release.version == folder.name(),
            "its .nuspec says {} {}",
            release.name,
            release.version
        );
        Ok(release)
    }

    pub(super) fn from_archive(archive: Bytes) -> anyhow::Result<Self> {
        let is_nuspec = |path: &str| path.ends_with(".nuspec") && !path.contains('/');
        let nuspec = archive::text_in_zip(&archive, is_nuspec)?;
        let of = |name: &str| {
            let found = text::element(&nuspec, name).map(str::to_owned);
            found.with_context(|| format!("the .nuspec has no {name}"))
        };
        let dependencies = nuspec.split("<dependency ").skip(1).filter_map(|element| {
            let range = text::attribute(element, "version").unwrap_or_default();
            Some((text::attribute(element, "id")?.to_owned(), range.to_owned()))
        });
        Ok(Self {
            name: of("id")?,
            version: of("version")?,
            dependencies: dependencies.collect(),
            archive,
        })
    }

    /// All of one group, for any framework.
    pub(super) fn dependency_groups(&self) -> Value {
        let dependencies = self.dependencies.iter();
        let dependencies: Vec<_> = dependencies
            .map(|(id, range)| json!({ "id": id, "range": range }))
            .collect();
        json!([{ "dependencies": dependencies }])
    }
}

fn nuspec(name: &str, version: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<package><metadata><id>{name}</id><version>{version}</version>\
         <authors>emulator</authors><description>{name}</description></metadata></package>\n"
    )
}

fn content_types(files: &[SourceFile]) -> String {
    let mut endings: Vec<_> = files
        .iter()
        .filter_map(|file| Some(file.path.rsplit_once('.')?.1))
        .collect();
    endings.sort_unstable();
    endings.dedup();
    let rows = endings.iter().map(|ending| {
        format!("<Default Extension=\"{ending}\" ContentType=\"application/octet-stream\"/>")
    });
    let rows: String = rows.collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{rows}</Types>\n"
    )
}
