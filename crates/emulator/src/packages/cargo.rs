//! A Cargo registry with a sparse index: config.json, index files, downloads and `cargo publish`. No search, no yank.

mod release;
mod upload;

use std::collections::BTreeMap;

use anyhow::Context;
use bytes::Bytes;
use http::{Method, Request};
use semver::Version;
use serde_json::json;

use super::tree::Folder;
use super::{PackageAnswer, PackageFormat, Publication, respond};
use release::CrateRelease;

/// Crates are downloaded here, below the repository, and (with `/new`) published.
const CRATES: &str = "api/v1/crates";

#[derive(Default)]
pub(super) struct Cargo {
    /// By name in lower case, as the index knows them.
    crates: BTreeMap<String, BTreeMap<Version, CrateRelease>>,
}

impl PackageFormat for Cargo {
    fn load(&mut self, sources: &Folder) -> anyhow::Result<()> {
        for folder in sources.folders()? {
            for version in folder.folders()? {
                self.add(
                    CrateRelease::from_tree(folder.name(), &version)
                        .with_context(|| version.to_string())?,
                );
            }
            for file in folder.loose_files()? {
                self.add(
                    CrateRelease::from_crate(file.bytes.into())
                        .with_context(|| format!("{folder}/{}", file.path))?,
                );
            }
        }
        Ok(())
    }

    fn get(&self, path: &str, repository: &str) -> PackageAnswer {
        if path == "config.json" {
            return PackageAnswer::Document(respond::JSON, config(repository));
        }
        if let Some(crate_and_version) = path
            .strip_prefix(CRATES)
            .and_then(|path| path.strip_suffix("/download"))
        {
            let name = crate_and_version.trim_matches('/').to_owned();
            return self
                .file(&name)
                .map_or(PackageAnswer::Missing, |_| PackageAnswer::File(name));
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let releases = self.crates.get(name).filter(|_| path == index_path(name));
        releases.map_or(PackageAnswer::Missing, |releases| {
            PackageAnswer::Document(
                respond::TEXT,
                releases
                    .values()
                    .map(|release| format!("{}\n", release.index_line()))
                    .collect(),
            )
        })
    }

    fn file(&self, path: &str) -> Option<Bytes> {
        let (name, version) = path.split_once('/')?;
        let release = self
            .crates
            .get(&name.to_lowercase())?
            .get(&Version::parse(version).ok()?)?;
        Some(release.archive.clone())
    }

    fn publish(&mut self, path: &str, upload: &Request<Bytes>) -> anyhow::Result<Publication> {
        if upload.method() != Method::PUT || path.strip_prefix(CRATES) != Some("/new") {
            return Ok(Publication::NotAllowed);
        }
        let release = upload::read(upload.body())?;
        if self
            .crates
            .get(&release.name.to_lowercase())
            .is_some_and(|releases| releases.contains_key(&release.version))
        {
            return Ok(Publication::Exists(format!(
                "{}@{}",
                release.name, release.version
            )));
        }
        self.add(release);
        Ok(Publication::Stored)
    }
}

impl Cargo {
    fn add(&mut self, release: CrateRelease) {
        self.crates
            .entry(release.name.to_lowercase())
            .or_default()
            .insert(release.version.clone(), release);
    }
}

fn config(repository: &str) -> String {
    let api = repository.trim_end_matches('/');
    json!({ "dl": format!("{repository}{CRATES}"), "api": api, "auth-required": true }).to_string()
}

/// `ab` → `2/ab`, `abc` → `3/a/abc`, `abcd` → `ab/cd/abcd`.
fn index_path(name: &str) -> String {
    match (name.len(), name.get(..1), name.get(..2), name.get(2..4)) {
        (length @ 1..=2, ..) => format!("{length}/{name}"),
        (3, Some(first), ..) => format!("3/{first}/{name}"),
        (_, _, Some(first), Some(second)) => format!("{first}/{second}/{name}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::testing::folder;
    use super::*;

    fn registry() -> Cargo {
        let manifest =
            |version: &str| format!("[package]\nname = \"My-crate\"\nversion = \"{version}\"\n");
        let (older, newer) = (manifest("1.9.0"), manifest("1.10.0"));
        let files = [
            ("My-crate/1.10.0/Cargo.toml", newer.as_str()),
            ("My-crate/1.9.0/Cargo.toml", &older),
            ("My-crate/1.9.0/src/lib.rs", ""),
        ];
        let (_keep, folder) = folder(&files);
        let mut cargo = Cargo::default();
        cargo.load(&folder).unwrap();
        cargo
    }

    #[test]
    fn paths() {
        let cargo = registry();
        let PackageAnswer::Document(_, index) = cargo.get("my/-c/my-crate", "") else {
            panic!("no index file")
        };
        let versions: Vec<_> = index
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["vers"].clone())
            .collect();
        assert_eq!(versions, ["1.9.0", "1.10.0"]);
        assert!(
            matches!(cargo.get("api/v1/crates/My-crate/1.9.0/download", ""), PackageAnswer::File(file) if file == "My-crate/1.9.0")
        );
        assert!(cargo.file("My-crate/1.9.0").is_some());
        for path in [
            "",
            "my-crate",
            "xx/yy/my-crate",
            "ot/he/other",
            "api/v1/crates/My-crate/2.0.0/download",
            "api/v1/crates",
        ] {
            assert!(
                matches!(cargo.get(path, ""), PackageAnswer::Missing),
                "{path}"
            );
        }
        let PackageAnswer::Document(_, config) =
            cargo.get("config.json", "https://r.example/cargo/my-repo/")
        else {
            panic!("no config")
        };
        assert_eq!(
            config,
            r#"{"api":"https://r.example/cargo/my-repo","auth-required":true,"dl":"https://r.example/cargo/my-repo/api/v1/crates"}"#
        );
    }

    #[test]
    fn index_paths() {
        for (name, path) in [
            ("a", "1/a"),
            ("ab", "2/ab"),
            ("abc", "3/a/abc"),
            ("abcd", "ab/cd/abcd"),
            ("my-crate", "my/-c/my-crate"),
            ("", ""),
        ] {
            assert_eq!(index_path(name), path);
        }
    }

    #[test]
    fn a_version_is_published_once() {
        let mut cargo = registry();
        let request = |method| {
            Request::builder()
                .method(method)
                .body(upload::tests::body("fresh", "0.1.0"))
                .unwrap()
        };
        assert!(matches!(
            cargo
                .publish("api/v1/crates/new", &request(Method::PUT))
                .unwrap(),
            Publication::Stored
        ));
        assert!(matches!(
            cargo
                .publish("api/v1/crates/new", &request(Method::PUT))
                .unwrap(),
            Publication::Exists(_)
        ));
        assert!(matches!(
            cargo
                .publish("api/v1/crates/new", &request(Method::POST))
                .unwrap(),
            Publication::NotAllowed
        ));
        assert!(matches!(
            cargo
                .publish("api/v1/crates/fresh/0.1.0/yank", &request(Method::DELETE))
                .unwrap(),
            Publication::NotAllowed
        ));
        assert!(matches!(
            cargo.get("fr/es/fresh", ""),
            PackageAnswer::Document(..)
        ));
    }
}
