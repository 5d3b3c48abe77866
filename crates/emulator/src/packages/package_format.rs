//! The trait that every package format implements, and the answers that it may give. Speaks no HTTP but for uploads,
//! whose headers matter.

use bytes::Bytes;
use http::Request;

use super::generic::Generic;
use super::tree::Folder;

/// A repository of one format. Paths are decoded and do not start with `/`.
pub(super) trait PackageFormat: Send + Sync {
    /// Makes the packages of this format's folder; an error names what is wrong with which one.
    fn load(&mut self, sources: &Folder) -> anyhow::Result<()>;

    fn get(&self, path: &str, repository: &str) -> PackageAnswer;

    /// The package file that an [`PackageAnswer::File`] named.
    fn file(&self, path: &str) -> Option<Bytes>;

    /// An error says why the upload is not acceptable.
    fn publish(&mut self, path: &str, upload: &Request<Bytes>) -> anyhow::Result<Publication>;

    /// The files of a version by name, as the API lists them; none for a format that is not listed here.
    fn assets(&self, _package: &str, _version: &str) -> Option<Vec<(String, Bytes)>> {
        None
    }

    /// The same packages as generic ones, where they are kept so beside their own format.
    fn as_generic(&self) -> anyhow::Result<Generic> {
        Ok(Generic::default())
    }
}

pub(super) enum PackageAnswer {
    Document(&'static str, String),
    /// Plain text with its digest as `ETag`.
    Tagged(String),
    /// A small file that is part of the index.
    Packed(Vec<u8>),
    /// The client fetches it from the asset host, by this name.
    File(String),
    Missing,
}

pub(super) enum Publication {
    Stored,
    /// A version is never replaced; this one exists.
    Exists(String),
    /// The path offers nothing by this method.
    Missing,
    /// This format is not published in this way.
    NotAllowed,
}
