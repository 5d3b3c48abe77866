//! The hashes that CodeArtifact's API lists for a version's files, for NuGet. They are asked for as the connection's last
//! role, which needs a permission for it: without it the files are passed on and not kept, which is said once.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::hashes::{Hashes, sha256};
use crate::forward::api::{Api, Asset, Failed, Package};
use crate::forward::reach::Room;
use crate::forward::report;

/// A client waits for its file meanwhile, so a throttled call is not made again.
pub(crate) const PATIENCE: Duration = Duration::ZERO;

/// After a refusal nothing is listed for this long.
const PAUSE: Duration = Duration::from_secs(60 * 60);

/// What is known of the permission.
#[derive(Default)]
pub(crate) struct Listing {
    refused: Mutex<Option<Instant>>,
}

impl Listing {
    /// The hashes of a version's files by their names; none where they cannot be had.
    pub(crate) async fn hashes(
        &self,
        api: &Api<'_>,
        connection: &str,
        room: &Room,
        package: &str,
        version: &str,
    ) -> Hashes {
        if self.is_paused() {
            return Hashes::new();
        }
        let package = Package {
            domain: room.domain.clone(),
            repository: room.repository.clone(),
            format: room.format.name(),
            namespace: None,
            name: package.to_owned(),
        };
        match api.assets(&package, version).await {
            Ok(assets) => hashes_of(assets.unwrap_or_default()),
            Err(Failed::Denied(words)) => {
                self.refuse(connection, &words);
                Hashes::new()
            }
            Err(_) => Hashes::new(),
        }
    }

    fn is_paused(&self) -> bool {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.is_some_and(|at| at.elapsed() < PAUSE)
    }

    fn refuse(&self, connection: &str, words: &str) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.replace(Instant::now()).is_none() {
            report::say(&format!(
                "codeartifact: NuGet packages of connection `{connection}` are not kept: AWS: {words}\n  \
                 hint: `codeartifact policy permissions {connection}` has what the role needs for it\n"
            ));
        }
    }
}

fn hashes_of(assets: BTreeMap<String, Asset>) -> Hashes {
    let hashes = assets
        .into_iter()
        .filter_map(|(name, asset)| Some((name.to_ascii_lowercase(), sha256(&asset.sha256)?)));
    hashes.collect()
}
