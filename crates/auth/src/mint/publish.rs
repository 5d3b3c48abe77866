//! Publishes a version of a generic package, file by file: the one way in which CodeArtifact takes them. What an earlier,
//! broken run has left there is kept, so that a second run finishes it.
//! Source: the service model of CodeArtifact, `PublishPackageVersion` (only generic packages are published so).

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_codeartifact::Client;
use aws_sdk_codeartifact::primitives::ByteStream;
use aws_sdk_codeartifact::types::{HashAlgorithm, PackageFormat};
use sha2::{Digest as _, Sha256};

use super::session::{Session, with_runtime};
use super::{call, hop};
use crate::connection::{Connection, Scope};
use crate::endpoint::Domain;
use crate::environment::Environment;
use crate::error::{Call, Failure, Step, row};
use crate::minter::MintRequest;
use crate::token::Timestamp;

/// A version to be, and who publishes it.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// The first credentials and the role chain.
    pub connection: &'a Connection,
    /// The domain and its repository.
    pub domain: &'a Domain,
    /// The repository's name.
    pub repository: &'a str,
    /// The package's namespace.
    pub namespace: &'a str,
    /// The package's name.
    pub package: &'a str,
    /// The version's name.
    pub version: &'a str,
    /// The whole of it must end within this time.
    pub deadline: Duration,
}

/// A file of the version.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its name.
    pub name: String,
    /// All of it.
    pub bytes: Vec<u8>,
    /// Another file of that name may be there already, and stays.
    pub may_differ: bool,
}

/// The result of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// This many files were sent, the last of which finished the version.
    Now(usize),
    /// All of it was there, the same.
    Before,
}

impl Publication<'_> {
    /// Publishes the files in their order. The version is finished with the last one, and cannot be changed then.
    ///
    /// # Errors
    /// AWS refuses, or the version is there with other files.
    pub fn publish(
        &self,
        environment: &Environment,
        assets: &[Asset],
    ) -> Result<Published, Box<Failure>> {
        // The session policy that narrows tokens to reading would deny it.
        let connection = &Connection {
            scope: Scope::Domain,
            ..self.connection.clone()
        };
        let request = MintRequest {
            domain: self.domain,
            connection,
            deadline: self.deadline,
            after: Timestamp(0),
        };
        with_runtime(&request, |runtime| {
            runtime.block_on(self.send(environment, request, assets))
        })?
    }

    async fn send(
        &self,
        environment: &Environment,
        request: MintRequest<'_>,
        assets: &[Asset],
    ) -> Result<Published, Box<Failure>> {
        let session = Session::open(environment, request).await?;
        let credentials = hop::walk(&session).await?;
        let client = call::codeartifact(&session.settings_of(credentials));
        let step = Step::publication(self.package, self.version, self.repository);
        let known = self.known(&session, &client);
        let known = session.step(step.clone(), known).await?;
        let missing = missing(assets, &known);
        let missing = missing.map_err(|failure| failure.at(&step, session.connection()))?;
        for asset in &missing {
            let is_last = assets.last().is_some_and(|last| last.name == asset.name);
            let sent = self.upload(&session, &client, asset, is_last);
            session.step(step.clone(), sent).await?;
        }
        Ok(match missing.len() {
            0 => Published::Before,
            sent => Published::Now(sent),
        })
    }

    /// The files that are there, with their hashes.
    async fn known(
        &self,
        session: &Session<'_>,
        client: &Client,
    ) -> Result<BTreeMap<String, String>, Box<Failure>> {
        let list = client
            .list_package_version_assets()
            .domain(&self.domain.name)
            .domain_owner(&self.domain.owner)
            .repository(self.repository)
            .format(PackageFormat::Generic)
            .namespace(self.namespace)
            .package(self.package)
            .package_version(self.version);
        let pages = || {
            let pages = list.clone().into_paginator().items().send();
            pages.collect::<Result<Vec<_>, _>>()
        };
        let found = match session.send(Call::Publish, None, pages).await {
            Ok(found) => found,
            // No such package or version yet; whether the repository is there shows when it is published.
            Err(failure) if failure.is(&[&row::PUBLICATION_NOWHERE]) => return Ok(BTreeMap::new()),
            Err(failure) => return Err(failure),
        };
        let hash = |hashes: Option<std::collections::HashMap<HashAlgorithm, String>>| {
            hashes.and_then(|mut hashes| hashes.remove(&HashAlgorithm::Sha256))
        };
        let found = found.into_iter();
        Ok(found
            .map(|asset| (asset.name, hash(asset.hashes).unwrap_or_default()))
            .collect())
    }

    async fn upload(
        &self,
        session: &Session<'_>,
        client: &Client,
        asset: &Asset,
        is_last: bool,
    ) -> Result<(), Box<Failure>> {
        let send = || {
            client
                .publish_package_version()
                .domain(&self.domain.name)
                .domain_owner(&self.domain.owner)
                .repository(self.repository)
                .format(PackageFormat::Generic)
                .namespace(self.namespace)
                .package(self.package)
                .package_version(self.version)
                .asset_name(&asset.name)
                .asset_sha256(sha256(&asset.bytes))
                .asset_content(ByteStream::from(asset.bytes.clone()))
                .unfinished(!is_last)
                .send()
        };
        session.send(Call::Publish, None, send).await?;
        Ok(())
    }
}

fn missing<'a>(
    assets: &'a [Asset],
    known: &BTreeMap<String, String>,
) -> Result<Vec<&'a Asset>, Box<Failure>> {
    let differs = |asset: &&Asset| {
        let hash = known.get(&asset.name);
        !asset.may_differ && hash.is_some_and(|hash| *hash != sha256(&asset.bytes))
    };
    if assets.iter().any(|asset| differs(&asset)) {
        return Err(row::VERSION_TAKEN.failure());
    }
    let missing = assets
        .iter()
        .filter(|asset| !known.contains_key(&asset.name));
    Ok(missing.collect())
}

fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
