//! One version of a crate: its archive, and the line that the index says of it.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use bytes::Bytes;
use semver::Version;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::archive;
use super::super::tree::{self, Folder};

pub(super) struct CrateRelease {
    pub(super) name: String,
    pub(super) version: Version,
    pub(super) archive: Bytes,
    dependencies: Vec<Value>,
    features: Value,
}

#[derive(Deserialize)]
struct Manifest {
    package: PackageTable,
    #[serde(flatten)]
    dependencies: Dependencies,
    /// By platform.
    #[serde(default)]
    target: BTreeMap<String, Dependencies>,
    #[serde(default)]
    features: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Dependencies {
    #[serde(default)]
    dependencies: BTreeMap<String, Dependency>,
    #[serde(default)]
    build_dependencies: BTreeMap<String, Dependency>,
}

#[derive(Deserialize)]
struct PackageTable {
    name: String,
    version: Version,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Dependency {
    Version(String),
    Table(DependencyTable),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct DependencyTable {
    version: String,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    optional: bool,
    #[serde(default = "yes")]
    default_features: bool,
    package: Option<String>,
}

fn yes() -> bool {
    true
}

impl CrateRelease {
    /// Reads `NAME/VERSION/…` with a Cargo.toml that says the same.
    pub(super) fn from_tree(name: &str, folder: &Folder) -> anyhow::Result<Self> {
        let files = folder.files()?;
        let manifest = tree::find(&files, "Cargo.toml").context("has no Cargo.toml")?;
        let archive = archive::tar_gz(&format!("{name}-{}", folder.name()), &files)?;
        let release = Self::new(manifest.text()?, archive)?;
        if (release.name.as_str(), release.version.to_string().as_str()) != (name, folder.name()) {
            bail!("its Cargo.toml says {} {}", release.name, release.version);
        }
        Ok(release)
    }

    /// Reads an archive that `cargo package` made.
    pub(super) fn from_crate(archive: Bytes) -> anyhow::Result<Self> {
        let is_manifest = |path: &str| {
            path.split_once('/')
                .is_some_and(|(_, path)| path == "Cargo.toml")
        };
        Self::new(&archive::text_in_tar_gz(&archive, is_manifest)?, archive)
    }

    fn new(manifest: &str, archive: Bytes) -> anyhow::Result<Self> {
        let manifest: Manifest = toml::from_str(manifest).context("cannot read Cargo.toml")?;
        let mut dependencies = manifest.dependencies.index(None);
        for (target, of_target) in &manifest.target {
            dependencies.extend(of_target.index(Some(target)));
        }
        let PackageTable { name, version } = manifest.package;
        Ok(Self {
            name,
            version,
            archive,
            dependencies,
            features: json!(manifest.features),
        })
    }

    pub(super) fn index_line(&self) -> Value {
        json!({
            "name": self.name, "vers": self.version.to_string(), "deps": self.dependencies, "features": self.features,
            "cksum": hex::encode(Sha256::digest(&self.archive)), "yanked": false,
        })
    }
}

impl Dependencies {
    fn index(&self, target: Option<&str>) -> Vec<Value> {
        let normal = self
            .dependencies
            .iter()
            .map(|(name, dependency)| dependency.index(name, "normal", target));
        let build = self
            .build_dependencies
            .iter()
            .map(|(name, dependency)| dependency.index(name, "build", target));
        normal.chain(build).collect()
    }
}

impl Dependency {
    /// As the index has it. No registry is named: like everything in CodeArtifact, public crates too, a dependency is
    /// looked for in the same repository.
    fn index(&self, name: &str, kind: &str, target: Option<&str>) -> Value {
        let mut entry = json!({
            "name": name, "req": "", "features": [], "optional": false, "default_features": true,
            "target": target, "kind": kind, "registry": null, "package": null,
        });
        match self {
            Self::Version(version) => entry["req"] = json!(version),
            Self::Table(table) => {
                entry["req"] = json!(table.version);
                entry["features"] = json!(table.features);
                entry["optional"] = json!(table.optional);
                entry["default_features"] = json!(table.default_features);
                entry["package"] = json!(table.package);
            }
        }
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tree::testing::folder;
    use super::*;

    #[test]
    fn an_index_line_tells_dependencies_and_checksum() {
        let manifest = r#"
            [package]
            name = "a"
            version = "1.0.0"
            [dependencies]
            b = "1"
            c = { version = "2", package = "d", optional = true, default-features = false, features = ["f"] }
            [build-dependencies]
            e = "3"
            [target.'cfg(unix)'.dependencies]
            g = "4"
            [features]
            default = ["c"]
        "#;
        let line = CrateRelease::new(manifest, Bytes::new())
            .unwrap()
            .index_line();
        let field = |key: &str| {
            line["deps"]
                .as_array()
                .unwrap()
                .iter()
                .map(|dependency| dependency[key].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(field("name"), ["b", "c", "e", "g"]);
        assert_eq!(field("req"), ["1", "2", "3", "4"]);
        assert_eq!(field("kind"), ["normal", "normal", "build", "normal"]);
        assert_eq!(
            field("package"),
            [json!(null), json!("d"), json!(null), json!(null)]
        );
        assert_eq!(field("default_features"), [true, false, true, true]);
        assert_eq!(line["deps"][3]["target"], "cfg(unix)");
        assert_eq!(line["features"], json!({ "default": ["c"] }));
        assert_eq!(
            line["cksum"],
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn a_bad_crate_is_named() {
        let manifest = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n";
        for (path, expected) in [
            ("1.0.0/src/lib.rs", "has no Cargo.toml"),
            ("1.1.0/Cargo.toml", "says a 1.0.0"),
        ] {
            let (_keep, folder) = folder(&[(path, manifest)]);
            let error = CrateRelease::from_tree("a", &folder.folders().unwrap()[0])
                .err()
                .unwrap()
                .to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
