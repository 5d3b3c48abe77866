//! What the formats have in common: what is asked of each, and what it may answer. Speaks no HTTP but for uploads,
//! whose headers matter.

use bytes::Bytes;
use http::Request;

use super::tree::Folder;

/// What a repository of one format can do. Paths are decoded and do not start with `/`.
pub(super) trait PackageFormat: Send + Sync {
    /// Makes the packages of this format's folder; an error names what is wrong with which one.
    fn load(&mut self, sources: &Folder) -> anyhow::Result<()>;

    fn get(&self, path: &str, repository: &str) -> Answer;

    /// The package file that an [`Answer::File`] named.
    fn file(&self, path: &str) -> Option<Bytes>;

    /// An error says why the upload is not acceptable.
    fn publish(&mut self, path: &str, upload: &Request<Bytes>) -> anyhow::Result<Publication>;
}

pub(super) enum Answer {
    Document(&'static str, String),
    /// To be fetched from the asset host, by this name.
    File(String),
    Missing,
}

pub(super) enum Publication {
    Stored,
    /// A version is never replaced; this one exists.
    Exists(String),
    /// Nothing that clients ask by this method is offered at this path.
    Missing,
    /// This format is not published in this way.
    NotAllowed,
}
