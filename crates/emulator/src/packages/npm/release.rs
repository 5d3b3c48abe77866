//! One version of an npm package: its tarball, and what its packument says of it.

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use semver::Version;
use serde_json::{Map, Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha512};

use super::super::archive;
use super::super::tree::{self, Folder};

pub(super) struct NpmRelease {
    pub(super) name: String,
    pub(super) version: Version,
    pub(super) tarball: Bytes,
    manifest: Map<String, Value>,
}

impl NpmRelease {
    /// Reads `NAME/VERSION/…` with a package.json that says the same.
    pub(super) fn from_tree(name: &str, folder: &Folder) -> anyhow::Result<Self> {
        let files = folder.files()?;
        let manifest = tree::find(&files, "package.json").context("has no package.json")?;
        let release = Self::new(manifest.text()?, archive::tar_gz("package", &files)?)?;
        if (release.name.as_str(), release.version.to_string().as_str()) != (name, folder.name()) {
            bail!("its package.json says {} {}", release.name, release.version);
        }
        Ok(release)
    }

    /// Reads a ready tarball; its first folder may have any name.
    pub(super) fn from_tarball(name: &str, tarball: Bytes) -> anyhow::Result<Self> {
        let is_manifest = |path: &str| {
            path.split_once('/')
                .is_some_and(|(_, path)| path == "package.json")
        };
        let manifest = archive::text_in_tar_gz(&tarball, is_manifest)?;
        let release = Self::new(&manifest, tarball)?;
        if release.name != name {
            bail!("its package.json says {}", release.name);
        }
        Ok(release)
    }

    fn new(manifest: &str, tarball: Bytes) -> anyhow::Result<Self> {
        let manifest: Map<String, Value> =
            serde_json::from_str(manifest).context("cannot read package.json")?;
        let text = |key: &str| {
            let value = manifest.get(key).and_then(Value::as_str);
            value
                .with_context(|| format!("package.json has no {key}"))
                .map(str::to_owned)
        };
        let version = text("version")?;
        let version =
            Version::parse(&version).with_context(|| format!("{version} is not a version"))?;
        Ok(Self {
            name: text("name")?,
            version,
            tarball,
            manifest,
        })
    }

    pub(super) fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// The tarball's path below the repository; the scope is not part of the file's name.
    pub(super) fn path(&self) -> String {
        let file = self
            .name
            .rsplit_once('/')
            .map_or(self.name.as_str(), |(_, file)| file);
        format!("{}/-/{file}-{}.tgz", self.name, self.version)
    }

    /// The package.json with what a registry adds.
    pub(super) fn manifest(&self, repository: &str) -> Value {
        let mut manifest = self.manifest.clone();
        let dist = json!({
            "tarball": format!("{repository}{}", self.path()),
            "integrity": self.integrity(),
            "shasum": hex::encode(Sha1::digest(&self.tarball)),
        });
        manifest.extend([
            ("_id".to_owned(), json!(self.id())),
            ("dist".to_owned(), dist),
        ]);
        Value::Object(manifest)
    }

    pub(super) fn integrity(&self) -> String {
        format!("sha512-{}", STANDARD.encode(Sha512::digest(&self.tarball)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_scoped_tarball_has_no_scope_in_the_file() {
        let cases = [
            ("my-package", "my-package/-/my-package-1.0.0.tgz"),
            ("@my-scope/a", "@my-scope/a/-/a-1.0.0.tgz"),
        ];
        for (name, path) in cases {
            let release = NpmRelease::new(
                &format!(r#"{{"name":"{name}","version":"1.0.0"}}"#),
                Bytes::new(),
            )
            .unwrap();
            assert_eq!(release.path(), path);
        }
    }

    /// Digests of the empty text, from the standards.
    #[test]
    fn digests() {
        let release = NpmRelease::new(r#"{"name":"a","version":"1.0.0"}"#, Bytes::new()).unwrap();
        let dist = &release.manifest("https://r.example/")["dist"];
        assert_eq!(dist["shasum"], "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        let sha512 = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";
        assert_eq!(dist["integrity"], sha512);
    }

    #[test]
    fn a_manifest_needs_name_and_version() {
        for manifest in [
            "",
            "[]",
            "{}",
            r#"{"name":"a"}"#,
            r#"{"name":"a","version":"1"}"#,
            r#"{"name":1,"version":"1.0.0"}"#,
        ] {
            assert!(
                NpmRelease::new(manifest, Bytes::new()).is_err(),
                "{manifest}"
            );
        }
    }
}
