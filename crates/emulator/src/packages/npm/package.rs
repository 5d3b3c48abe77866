//! All versions of an npm package, and the packument that lists them.

use std::collections::BTreeMap;

use semver::Version;
use serde_json::{Map, Value, json};

use super::super::CREATED;
use super::release::NpmRelease;

#[derive(Default)]
pub(super) struct NpmPackage {
    pub(super) releases: BTreeMap<Version, NpmRelease>,
    /// Tags that a publisher set; `latest` is worked out if it is not among them.
    pub(super) tags: BTreeMap<String, String>,
}

impl NpmPackage {
    /// Everything that a client needs to choose a version.
    pub(super) fn packument(&self, name: &str, repository: &str) -> Value {
        let versions: Map<String, Value> = self
            .releases
            .values()
            .map(|release| (release.version.to_string(), release.manifest(repository)))
            .collect();
        let mut time: Map<String, Value> = self
            .releases
            .keys()
            .map(|version| (version.to_string(), json!(CREATED)))
            .collect();
        time.extend([
            ("created".to_owned(), json!(CREATED)),
            ("modified".to_owned(), json!(CREATED)),
        ]);
        json!({ "_id": name, "name": name, "dist-tags": self.tags(), "versions": versions, "time": time })
    }

    /// One version's part of the packument, by version or by tag.
    pub(super) fn manifest(&self, version: &str, repository: &str) -> Option<Value> {
        let tags = self.tags();
        let version = Version::parse(tags.get(version).map_or(version, String::as_str)).ok()?;
        Some(self.releases.get(&version)?.manifest(repository))
    }

    /// The version of each tag.
    pub(super) fn tags(&self) -> BTreeMap<String, String> {
        let mut tags = self.tags.clone();
        let newest = self
            .releases
            .keys()
            .rfind(|version| version.pre.is_empty())
            .or_else(|| self.releases.keys().next_back());
        if let (false, Some(newest)) = (tags.contains_key("latest"), newest) {
            tags.insert("latest".to_owned(), newest.to_string());
        }
        tags
    }
}
