//! An npm registry: packuments, and the tarballs they name. No search, no audit, no dist-tag editing.

mod package;
mod release;
mod upload;

use std::collections::BTreeMap;

use anyhow::Context;
use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};

use super::tree::Folder;
use super::{PackageAnswer, PackageFormat, Publication, respond};
use package::NpmPackage;
use release::NpmRelease;

#[derive(Default)]
pub(super) struct Npm {
    packages: BTreeMap<String, NpmPackage>,
}

impl PackageFormat for Npm {
    fn load(&mut self, sources: &Folder) -> anyhow::Result<()> {
        for folder in sources.folders()? {
            if folder.name().starts_with('@') {
                for scoped in folder.folders()? {
                    self.load_package(&format!("{}/{}", folder.name(), scoped.name()), &scoped)?;
                }
            } else {
                self.load_package(folder.name(), &folder)?;
            }
        }
        Ok(())
    }

    fn get(&self, path: &str, repository: &str) -> PackageAnswer {
        if self.file(path).is_some() {
            return PackageAnswer::File(path.to_owned());
        }
        let document = self.document(path, repository);
        document.map_or(PackageAnswer::Missing, |document| {
            PackageAnswer::Document(respond::JSON, document.to_string())
        })
    }

    fn file(&self, path: &str) -> Option<Bytes> {
        let (name, _) = path.split_once("/-/")?;
        let release = self
            .packages
            .get(name)?
            .releases
            .values()
            .find(|release| release.path() == path)?;
        Some(release.tarball.clone())
    }

    fn publish(&mut self, path: &str, upload: &Request<Bytes>) -> anyhow::Result<Publication> {
        // npm audit and its relatives ask by POST; a registry that cannot answer says 404, and they go on.
        if path.starts_with("-/") {
            return Ok(Publication::Missing);
        }
        if upload.method() != Method::PUT || split_name(path).1.is_some() {
            return Ok(Publication::NotAllowed);
        }
        let (release, tags) = upload::read(path, upload.body())?;
        let package = self.packages.entry(path.to_owned()).or_default();
        if package.releases.contains_key(&release.version) {
            return Ok(Publication::Exists(release.id()));
        }
        package.releases.insert(release.version.clone(), release);
        package.tags.extend(tags);
        Ok(Publication::Stored)
    }
}

impl Npm {
    fn document(&self, path: &str, repository: &str) -> Option<Value> {
        if path == "-/ping" {
            return Some(json!({}));
        }
        if let Some(path) = path.strip_prefix("-/package/") {
            let package = self.packages.get(path.strip_suffix("/dist-tags")?)?;
            return Some(json!(package.tags()));
        }
        let (name, version) = split_name(path);
        let package = self.packages.get(name)?;
        match version {
            None => Some(package.packument(name, repository)),
            Some(version) => package.manifest(version, repository),
        }
    }

    fn load_package(&mut self, name: &str, folder: &Folder) -> anyhow::Result<()> {
        let package = self.packages.entry(name.to_owned()).or_default();
        for version in folder.folders()? {
            let release =
                NpmRelease::from_tree(name, &version).with_context(|| version.to_string())?;
            package.releases.insert(release.version.clone(), release);
        }
        for file in folder.loose_files()? {
            let release = NpmRelease::from_tarball(name, file.bytes.into())
                .with_context(|| format!("{folder}/{}", file.path))?;
            package.releases.insert(release.version.clone(), release);
        }
        Ok(())
    }
}

/// `@scope/name/version` → `@scope/name` and `version`.
fn split_name(path: &str) -> (&str, Option<&str>) {
    let slashes = if path.starts_with('@') { 1 } else { 0 };
    match path.match_indices('/').nth(slashes) {
        Some((at, _)) => (&path[..at], Some(&path[at + 1..])),
        None => (path, None),
    }
}

#[cfg(test)]
mod tests {
    use super::super::CREATED;
    use super::super::tree::testing::folder;
    use super::*;

    const MANIFEST: &str =
        r#"{"name": "my-package", "version": "1.0.0", "dependencies": {"@my-scope/a": "^1.0.0"}}"#;
    const NEWER: &str = r#"{"name": "my-package", "version": "1.10.0"}"#;
    const OLDER: &str = r#"{"name": "my-package", "version": "1.9.0"}"#;
    const PREVIEW: &str = r#"{"name": "my-package", "version": "2.0.0-rc.1"}"#;
    const SCOPED: &str = r#"{"name": "@my-scope/a", "version": "1.0.0"}"#;

    fn registry() -> Npm {
        let (_keep, folder) = folder(&[
            ("my-package/1.0.0/package.json", MANIFEST),
            ("my-package/1.10.0/package.json", NEWER),
            ("my-package/1.9.0/package.json", OLDER),
            ("my-package/2.0.0-rc.1/package.json", PREVIEW),
            ("@my-scope/a/1.0.0/package.json", SCOPED),
        ]);
        let mut npm = Npm::default();
        npm.load(&folder).unwrap();
        npm
    }

    fn document(npm: &Npm, path: &str) -> Value {
        match npm.get(path, "https://r.example/npm/my-repo/") {
            PackageAnswer::Document(_, text) => serde_json::from_str(&text).unwrap(),
            _ => panic!("{path} is no document"),
        }
    }

    #[test]
    fn a_packument_names_every_version_and_the_latest() {
        let packument = document(&registry(), "my-package");
        assert_eq!(packument["dist-tags"], json!({ "latest": "1.10.0" }));
        assert_eq!(packument["versions"].as_object().unwrap().len(), 4);
        assert_eq!(
            packument["versions"]["1.0.0"]["dependencies"]["@my-scope/a"],
            "^1.0.0"
        );
        assert_eq!(packument["time"]["1.0.0"], CREATED);
        let tarball = &packument["versions"]["1.0.0"]["dist"]["tarball"];
        assert_eq!(
            tarball,
            "https://r.example/npm/my-repo/my-package/-/my-package-1.0.0.tgz"
        );
    }

    #[test]
    fn paths() {
        let npm = registry();
        for (path, version) in [
            ("my-package/1.9.0", "1.9.0"),
            ("my-package/latest", "1.10.0"),
            ("@my-scope/a/1.0.0", "1.0.0"),
        ] {
            assert_eq!(document(&npm, path)["version"], version, "{path}");
        }
        for path in [
            "my-package/-/my-package-1.9.0.tgz",
            "@my-scope/a/-/a-1.0.0.tgz",
        ] {
            assert!(
                matches!(npm.get(path, ""), PackageAnswer::File(file) if file == path),
                "{path}"
            );
            assert!(npm.file(path).is_some(), "{path}");
        }
        for path in [
            "",
            "npm",
            "pnpm",
            "@my-scope",
            "my-package/3.0.0",
            "my-package/-/my-package-3.0.0.tgz",
            "-/all",
        ] {
            assert!(
                matches!(npm.get(path, ""), PackageAnswer::Missing),
                "{path}"
            );
        }
        assert_eq!(document(&npm, "-/ping"), json!({}));
        let tags = document(&npm, "-/package/my-package/dist-tags");
        assert_eq!(tags, json!({ "latest": "1.10.0" }));
    }

    #[test]
    fn a_version_is_published_once() {
        let mut npm = registry();
        let release = NpmRelease::from_tree(
            "my-package",
            &folder(&[(
                "package.json",
                r#"{"name": "my-package", "version": "9.0.0"}"#,
            )])
            .1,
        );
        assert!(release.is_err(), "the folder's name is not the version");

        let request = |method, body: &str| {
            Request::builder()
                .method(method)
                .body(Bytes::from(body.to_owned()))
                .unwrap()
        };
        let body = upload::tests::body("my-package", "3.0.0", "next");
        assert!(matches!(
            npm.publish("my-package", &request(Method::PUT, &body))
                .unwrap(),
            Publication::Stored
        ));
        assert!(
            matches!(npm.publish("my-package", &request(Method::PUT, &body)).unwrap(), Publication::Exists(what) if what == "my-package@3.0.0")
        );
        let tags = &document(&npm, "my-package")["dist-tags"];
        assert_eq!(
            (&tags["next"], &tags["latest"]),
            (&json!("3.0.0"), &json!("3.0.0"))
        );

        let audit = npm
            .publish(
                "-/npm/v1/security/advisories/bulk",
                &request(Method::POST, "{}"),
            )
            .unwrap();
        assert!(matches!(audit, Publication::Missing));
        assert!(matches!(
            npm.publish("my-package", &request(Method::DELETE, ""))
                .unwrap(),
            Publication::NotAllowed
        ));
        assert!(npm.publish("other", &request(Method::PUT, &body)).is_err());
    }

    #[test]
    fn a_bad_package_is_named() {
        let cases = [
            (("my-package/1.0.0/index.js", ""), "has no package.json"),
            (
                ("my-package/1.0.1/package.json", MANIFEST),
                "says my-package 1.0.0",
            ),
            (
                ("other/1.0.0/package.json", MANIFEST),
                "says my-package 1.0.0",
            ),
            (("my-package/1.0.0/package.json", "{"), "package.json"),
            (("my-package/a.tgz", "no tar"), "a.tgz"),
        ];
        for (file, expected) in cases {
            let (_keep, folder) = folder(&[file]);
            let error = format!("{:#}", Npm::default().load(&folder).unwrap_err());
            assert!(
                error.contains(expected) && error.contains(file.0.split_once('/').unwrap().0),
                "{error}"
            );
        }
    }
}
