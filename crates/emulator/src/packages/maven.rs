//! A Maven repository: files by their paths, `maven-metadata.xml` made from the versions that there are, and checksums of
//! all. What Maven deploys is seen once its metadata arrives, as AWS documents ("Publish Maven artifacts with curl").
//!
//! Sources are `maven/GROUP/ARTIFACT/VERSION/`, with the dots of the group, a `pom.xml`, and the files of the jar if there
//! is to be one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::Context;
use bytes::Bytes;
use http::{Method, Request};
use sha1::Digest;

use super::tree::{self, Folder};
use super::{PackageAnswer, PackageFormat, Publication, archive, respond, text};

const METADATA: &str = "maven-metadata.xml";
const CHECKSUMS: [&str; 4] = [".sha1", ".sha256", ".sha512", ".md5"];
const SNAPSHOT: &str = "-SNAPSHOT";

#[derive(Default)]
pub(super) struct Maven {
    /// By path: `com/example/my-artifact/1.0.0/my-artifact-1.0.0.jar`.
    files: BTreeMap<String, Bytes>,
    /// The versions that clients see, by `com/example/my-artifact`.
    versions: BTreeMap<String, BTreeSet<String>>,
}

/// A file's place: `com/example/my-artifact`, `1.0.0`, `my-artifact-1.0.0.jar`.
struct Place<'a> {
    artifact: &'a str,
    version: &'a str,
}

impl<'a> Place<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let (folder, _) = path.rsplit_once('/')?;
        let (artifact, version) = folder.rsplit_once('/')?;
        artifact.contains('/').then_some(Self { artifact, version })
    }
}

impl PackageFormat for Maven {
    fn load(&mut self, sources: &Folder) -> anyhow::Result<()> {
        for group in sources.folders()? {
            for artifact in group.folders()? {
                for version in artifact.folders()? {
                    self.add(group.name(), artifact.name(), &version)
                        .with_context(|| version.to_string())?;
                }
            }
        }
        Ok(())
    }

    fn get(&self, path: &str, _repository: &str) -> PackageAnswer {
        if let Some(path) = path.strip_suffix(".sha1") {
            let content = self.metadata(path).map(Bytes::from);
            let content = content.or_else(|| self.file(path));
            return content.map_or(PackageAnswer::Missing, |content| {
                let digest = hex::encode(sha1::Sha1::digest(&content));
                PackageAnswer::Document(respond::TEXT, digest)
            });
        }
        if let Some(metadata) = self.metadata(path) {
            return PackageAnswer::Document("text/xml", metadata);
        }
        match self.file(path) {
            Some(_) => PackageAnswer::File(path.to_owned()),
            None => PackageAnswer::Missing,
        }
    }

    fn file(&self, path: &str) -> Option<Bytes> {
        let place = Place::of(path)?;
        let versions = self.versions.get(place.artifact)?;
        let is_seen = versions.contains(place.version);
        self.files.get(path).filter(|_| is_seen).cloned()
    }

    fn publish(&mut self, path: &str, upload: &Request<Bytes>) -> anyhow::Result<Publication> {
        if upload.method() != Method::PUT {
            return Ok(Publication::NotAllowed);
        }
        if CHECKSUMS.iter().any(|suffix| path.ends_with(suffix)) {
            return Ok(Publication::Stored);
        }
        let Some((folder, name)) = path.rsplit_once('/') else {
            return Ok(Publication::Missing);
        };
        if name == METADATA && !folder.ends_with(SNAPSHOT) {
            self.show(folder);
            return Ok(Publication::Stored);
        }
        let Some(place) = Place::of(path) else {
            return Ok(Publication::Missing);
        };
        let is_other = |file: &Bytes| file != upload.body();
        if !place.version.ends_with(SNAPSHOT) && self.files.get(path).is_some_and(is_other) {
            return Ok(Publication::Exists(path.to_owned()));
        }
        self.files.insert(path.to_owned(), upload.body().clone());
        Ok(Publication::Stored)
    }
}

impl Maven {
    fn add(&mut self, group: &str, artifact: &str, version: &Folder) -> anyhow::Result<()> {
        let (mut files, name) = (version.files()?, version.name());
        let pom = tree::find(&files, "pom.xml").context("has no pom.xml")?;
        let folder = format!("{}/{artifact}", group.replace('.', "/"));
        let path = |ending| format!("{folder}/{name}/{artifact}-{name}.{ending}");
        self.files.insert(path("pom"), pom.bytes.clone().into());
        files.retain(|file| file.path != "pom.xml");
        if !files.is_empty() {
            self.files.insert(path("jar"), archive::zip("", &files)?);
        }
        self.show(&folder);
        Ok(())
    }

    /// Lets clients see every version of an artifact.
    fn show(&mut self, artifact: &str) {
        let places = self.files.keys().filter_map(|path| Place::of(path));
        let versions = places.filter(|place| place.artifact == artifact);
        let versions = versions.map(|place| place.version.to_owned()).collect();
        self.versions.insert(artifact.to_owned(), versions);
    }

    /// An artifact's own, from its versions; a snapshot's as it was deployed.
    fn metadata(&self, path: &str) -> Option<String> {
        let folder = path.strip_suffix(METADATA)?.strip_suffix('/')?;
        if folder.ends_with(SNAPSHOT) {
            return Some(String::from_utf8_lossy(&self.file(path)?).into_owned());
        }
        let (group, artifact) = folder.rsplit_once('/')?;
        let mut versions: Vec<_> = self.versions.get(folder)?.iter().collect();
        versions.sort_by_key(|version| text::order(version));
        let release = versions.iter().rfind(|it| !it.ends_with(SNAPSHOT));
        let mut listed = String::new();
        for version in &versions {
            // Writing to a String cannot fail.
            let _ = write!(listed, "<version>{version}</version>");
        }
        let of = |name: &str, version: Option<&&String>| {
            version.map_or(String::new(), |it| format!("<{name}>{it}</{name}>"))
        };
        Some(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata><groupId>{}</groupId><artifactId>{artifact}</artifactId>\
             <versioning>{}{}<versions>{listed}</versions><lastUpdated>20240101000000</lastUpdated></versioning></metadata>\n",
            group.replace('/', "."),
            of("latest", versions.last()),
            of("release", release),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::testing::folder;
    use super::*;

    fn repository() -> Maven {
        let (_keep, folder) = folder(&[
            ("com.example/a/1.9.0/pom.xml", "<project/>"),
            ("com.example/a/1.10.0/pom.xml", "<project/>"),
            ("com.example/a/1.10.0/greeting.txt", "Hello"),
        ]);
        let mut maven = Maven::default();
        maven.load(&folder).unwrap();
        maven
    }

    fn text(maven: &Maven, path: &str) -> Option<String> {
        match maven.get(path, "") {
            PackageAnswer::Document(_, text) => Some(text),
            _ => None,
        }
    }

    fn put(maven: &mut Maven, path: &str, body: &'static str) -> Publication {
        let request = Request::put("/").body(Bytes::from(body)).unwrap();
        maven.publish(path, &request).unwrap()
    }

    #[test]
    fn files_checksums_and_versions() {
        let maven = repository();
        let metadata = text(&maven, "com/example/a/maven-metadata.xml").unwrap();
        let versions =
            "<latest>1.10.0</latest><release>1.10.0</release><versions><version>1.9.0</version>";
        assert!(metadata.contains(versions), "{metadata}");
        assert!(
            metadata.contains("<groupId>com.example</groupId>"),
            "{metadata}"
        );
        let pom = "com/example/a/1.9.0/a-1.9.0.pom";
        assert!(matches!(maven.get(pom, ""), PackageAnswer::File(file) if file == pom));
        assert_eq!(maven.file(pom).unwrap(), "<project/>");
        let digest = text(&maven, &format!("{pom}.sha1")).unwrap();
        assert_eq!(digest, hex::encode(sha1::Sha1::digest("<project/>")));
        assert!(text(&maven, "com/example/a/maven-metadata.xml.sha1").is_some());
        assert!(maven.file("com/example/a/1.10.0/a-1.10.0.jar").is_some());
        for missing in [
            ".meta/prefixes.txt",
            "com/example/a/1.9.0/a-1.9.0.jar",
            "com/example/b/maven-metadata.xml",
            "com/example/a/1.9.0/a-1.9.0.jar.sha1",
        ] {
            assert!(
                matches!(maven.get(missing, ""), PackageAnswer::Missing),
                "{missing}"
            );
        }
    }

    #[test]
    fn what_is_deployed_is_seen_once_its_metadata_arrive() {
        let mut maven = repository();
        let jar = "com/example/a/2.0.0/a-2.0.0.jar";
        assert!(matches!(put(&mut maven, jar, "x"), Publication::Stored));
        assert!(matches!(
            put(&mut maven, &format!("{jar}.sha1"), "y"),
            Publication::Stored
        ));
        assert!(maven.file(jar).is_none());
        put(
            &mut maven,
            "com/example/a/maven-metadata.xml",
            "<metadata/>",
        );
        assert_eq!(maven.file(jar).unwrap(), "x");
        assert!(
            matches!(put(&mut maven, jar, "x"), Publication::Stored),
            "the same again"
        );
        assert!(matches!(put(&mut maven, jar, "z"), Publication::Exists(_)));
    }

    #[test]
    fn a_snapshot_may_change() {
        let mut maven = Maven::default();
        let folder = "com/example/a/2.0-SNAPSHOT";
        let jar = format!("{folder}/a-2.0-20240101.000000-1.jar");
        for body in ["x", "z"] {
            assert!(matches!(put(&mut maven, &jar, body), Publication::Stored));
        }
        put(
            &mut maven,
            &format!("{folder}/maven-metadata.xml"),
            "<metadata/>",
        );
        put(&mut maven, "com/example/a/maven-metadata.xml", "");
        let metadata = text(&maven, &format!("{folder}/maven-metadata.xml"));
        assert_eq!(metadata.as_deref(), Some("<metadata/>"));
        assert_eq!(maven.file(&jar).unwrap(), "z");
    }
}
