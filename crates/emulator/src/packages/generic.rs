//! Generic packages: named assets of a version, in a namespace, which only CodeArtifact's API reads and writes.
//! They come from no source folder of their own: the Go modules of the folder are the first, and what is published later is
//! kept in memory.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use bytes::Bytes;
use sha2::{Digest, Sha256};

/// Assets of a version, at most (the quotas of CodeArtifact).
const MOST_ASSETS: usize = 150;

/// `Published`, or `Unfinished` until the last asset has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Unfinished,
    Published,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unfinished => "Unfinished",
            Self::Published => "Published",
        }
    }
}

pub(crate) struct GenericVersion {
    pub(crate) status: Status,
    /// Another one after each change.
    pub(crate) revision: String,
    pub(crate) assets: BTreeMap<String, Bytes>,
}

/// Namespace and package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PackageName {
    pub(crate) namespace: String,
    pub(crate) package: String,
}

/// All generic packages of one repository.
#[derive(Default)]
pub(crate) struct Generic {
    packages: BTreeMap<PackageName, BTreeMap<String, GenericVersion>>,
}

impl Generic {
    pub(crate) fn versions(&self, name: &PackageName) -> Option<&BTreeMap<String, GenericVersion>> {
        self.packages.get(name)
    }

    /// Adds an asset, and finishes the version unless more is to come. Returns the version.
    pub(crate) fn publish(
        &mut self,
        name: PackageName,
        version: &str,
        asset: &str,
        bytes: Bytes,
        unfinished: bool,
    ) -> anyhow::Result<&GenericVersion> {
        let known = self.packages.entry(name).or_default();
        let kept = known
            .entry(version.to_owned())
            .or_insert_with(|| GenericVersion {
                status: Status::Unfinished,
                revision: String::new(),
                assets: BTreeMap::new(),
            });
        if kept.status == Status::Published {
            bail!("version {version} is Published and takes no more assets");
        }
        if kept.assets.len() >= MOST_ASSETS {
            bail!("version {version} has {MOST_ASSETS} assets already");
        }
        let hash = hex::encode(Sha256::digest(&bytes));
        // The same bytes may be sent again: an upload may end without its answer.
        if kept.assets.get(asset).is_some_and(|known| *known != bytes) {
            bail!("version {version} has another asset {asset}");
        }
        kept.revision = format!("{}{}", &hash[..40], kept.assets.len());
        kept.assets.insert(asset.to_owned(), bytes);
        if !unfinished {
            kept.status = Status::Published;
        }
        known.get(version).context("it was just kept")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> PackageName {
        PackageName {
            namespace: "my-namespace".to_owned(),
            package: "my-package".to_owned(),
        }
    }

    #[test]
    fn a_version_takes_assets_until_it_is_finished() {
        let mut generic = Generic::default();
        let mut publish = |asset: &str, text: &'static str, unfinished| {
            let bytes = Bytes::from(text);
            let kept = generic.publish(name(), "1.0.0", asset, bytes, unfinished);
            kept.map(|version| version.status)
                .map_err(|error| error.to_string())
        };
        assert_eq!(publish("a", "1", true), Ok(Status::Unfinished));
        assert_eq!(publish("a", "1", true), Ok(Status::Unfinished));
        assert!(
            publish("a", "2", true)
                .unwrap_err()
                .contains("another asset")
        );
        assert_eq!(publish("b", "1", false), Ok(Status::Published));
        assert!(
            publish("c", "1", false)
                .unwrap_err()
                .contains("is Published")
        );
    }
}
