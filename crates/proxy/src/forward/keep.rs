//! Files that never change, kept on disk: archives of packages. Reads of an account are limited to 800 a second, and a
//! fleet asks for the same files over and over. A file is kept once it has the hash that the repository's index has for
//! it, and is held to that hash each time it is read. Indexes are not kept: they change.
//!
//! Whoever can write to the folder can take a file away, not change one unseen. It is for one user, and each connection
//! has a folder of its own in it.

mod file;
mod hashes;
mod listed;
mod sweep;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cacache::{Reader, WriteOpts, Writer};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::private_folder::PrivateFolder;
use http_body_util::BodyExt as _;
use http_body_util::channel::{Channel, Sender};
use hyper::body::Frame;
use ssri::Integrity;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::body::{Body, Error};
use super::memory::Memory;
pub(crate) use file::{File, Index};
pub(crate) use hashes::{Hashes, read as read_hashes, sha256};
use listed::Listing;
pub(crate) use listed::PATIENCE;
use sweep::Sweep;

/// An index is asked again after this: a version may have been deleted, and its name given to another file.
const HASH_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// A package's index, in this run.
const INDEX_LIFE: Duration = Duration::from_secs(60 * 60);

/// Read at a time.
const PIECE: usize = 64 << 10;

/// Pieces on the way to a client, which may be slower than the repository.
const PIECES: usize = 8;

/// The store of one connection.
pub(crate) struct Keep {
    folder: PathBuf,
    environment: Environment,
    sweep: Sweep,
    /// The hashes of each index that was read.
    pub(crate) indexes: Memory<(String, Index), Arc<Hashes>>,
    pub(crate) listing: Listing,
}

/// What is kept of a file.
pub(crate) struct Kept {
    pub(crate) media_type: Option<String>,
    integrity: Integrity,
}

impl Kept {
    fn of(known: cacache::Metadata) -> Self {
        Self {
            media_type: known.metadata.as_str().map(str::to_owned),
            integrity: known.integrity,
        }
    }
}

impl Keep {
    /// Opens the store below the user's cache folder, which has at most `limit` bytes.
    ///
    /// # Errors
    /// The folder is not ours alone, or cannot be made.
    pub(crate) fn open(
        environment: &Environment,
        connection: &str,
        limit: u64,
    ) -> Result<Self, String> {
        let cache = environment
            .cache_directory()
            .ok_or("there is no folder for caches: HOME is not set")?;
        let all = cache.join("files");
        let folder = PrivateFolder::open_or_make(&all.join(connection))?;
        Ok(Self {
            folder: folder.path().to_owned(),
            environment: environment.clone(),
            sweep: Sweep::new(all, limit),
            indexes: Memory::new(INDEX_LIFE),
            listing: Listing::default(),
        })
    }

    /// What is kept under a key, if its hash is not older than a day.
    pub(crate) async fn remembered(&self, key: &str) -> Option<Kept> {
        let known = cacache::metadata(&self.folder, key).await.ok()??;
        let now = Duration::from_secs(self.environment.now().0).as_millis();
        // The store counts in milliseconds: a file of this very second may seem to be of the next.
        let age = now.saturating_sub(known.time);
        (age < HASH_LIFE.as_millis()).then(|| Kept::of(known))
    }

    /// The bytes of a file whose hash is known.
    pub(crate) async fn read_known(&self, key: &str, expected: &Integrity) -> Option<(Body, u64)> {
        let known = cacache::metadata(&self.folder, key).await.ok()??;
        let kept = Kept::of(known);
        if kept.integrity != *expected {
            return None;
        }
        self.read(&kept).await
    }

    /// The bytes of a kept file and their number. All have been held to its hash before the first is sent.
    pub(crate) async fn read(&self, kept: &Kept) -> Option<(Body, u64)> {
        let size = self.checked_size(kept).await?;
        let reader = Reader::open_hash(&self.folder, kept.integrity.clone());
        let reader = reader.await.ok()?;
        let (sender, body) = Channel::new(PIECES);
        tokio::spawn(send(reader, sender));
        Some((body.boxed_unsync(), size))
    }

    async fn checked_size(&self, kept: &Kept) -> Option<u64> {
        let reader = Reader::open_hash(&self.folder, kept.integrity.clone());
        let mut reader = reader.await.ok()?;
        let mut piece = vec![0; PIECE];
        let mut size = 0;
        loop {
            match reader.read(&mut piece).await.ok()? {
                0 => break,
                read => size += u64::try_from(read).ok()?,
            }
        }
        reader.check().is_ok().then_some(size)
    }

    /// Passes a body on, and keeps it under `key` once it has reached its end with the expected hash.
    pub(crate) async fn pass(
        &self,
        key: &str,
        expected: Integrity,
        media_type: Option<&str>,
        body: Body,
    ) -> Body {
        let options = WriteOpts::new()
            .algorithm(expected.pick_algorithm())
            .integrity(expected)
            .metadata(media_type.into());
        let (sender, passed) = Channel::new(PIECES);
        let file = options.open(&self.folder, key).await.ok();
        tokio::spawn(copy(body, sender, file, self.sweep.clone()));
        passed.boxed_unsync()
    }
}

/// Sends a kept file to a client.
async fn send(mut reader: Reader, mut client: Sender<Bytes, Error>) {
    loop {
        let mut piece = vec![0; PIECE];
        match reader.read(&mut piece).await {
            Ok(0) => return,
            Ok(read) => {
                piece.truncate(read);
                if client.send_data(piece.into()).await.is_err() {
                    return;
                }
            }
            Err(error) => return client.abort(error.into()),
        }
    }
}

/// Copies a body to the client and into a file. A disk that is full, or a client that has gone, costs the file alone. The
/// last piece is sent once the file is kept: a run may end as soon as its client has everything.
async fn copy(
    mut body: Body,
    mut client: Sender<Bytes, Error>,
    mut file: Option<Writer>,
    sweep: Sweep,
) {
    let (mut size, mut last) = (0, Bytes::new());
    while let Some(frame) = body.frame().await {
        let data = match frame.map(Frame::into_data) {
            Ok(Ok(data)) => data,
            Ok(Err(_)) => continue,
            Err(error) => return client.abort(error),
        };
        size += u64::try_from(data.len()).unwrap_or_default();
        if let Some(writer) = &mut file
            && writer.write_all(&data).await.is_err()
        {
            file = None;
        }
        let sent = client.send_data(std::mem::replace(&mut last, data)).await;
        if sent.is_err() {
            return;
        }
    }
    // Another hash than the index's is an error here: nothing leads to the file then, and the client judges it itself.
    if let Some(file) = file
        && file.commit().await.is_ok()
    {
        sweep.added(size).await;
    }
    let _ = client.send_data(last).await;
}
