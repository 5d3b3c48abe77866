//! Keeps the store below its limit: the oldest files go first. Another run may do the same at the same time, so a file
//! that has gone already is no error.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// After a sweep a tenth is free, so that the next file does not need another one.
const FREE: u64 = 10;

/// Counts what is added, and sweeps when that may be too much.
#[derive(Clone)]
pub(super) struct Sweep {
    folder: Arc<Path>,
    limit: u64,
    /// How much may be added before the folder is looked at again: nothing is known at first.
    room: Arc<AtomicU64>,
}

struct Stored {
    path: PathBuf,
    size: u64,
    written: SystemTime,
}

impl Sweep {
    pub(super) fn new(folder: PathBuf, limit: u64) -> Self {
        Self {
            folder: folder.into(),
            limit,
            room: Arc::default(),
        }
    }

    /// A file of this size has been added.
    pub(super) async fn added(&self, size: u64) {
        let taken = self
            .room
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| {
                room.checked_sub(size)
            });
        if taken.is_err() {
            let sweep = self.clone();
            let room = tokio::task::spawn_blocking(move || sweep.run()).await;
            self.room.store(room.unwrap_or_default(), Ordering::Relaxed);
        }
    }

    /// Removes the oldest files if there is too much. Returns how much may be added.
    fn run(&self) -> u64 {
        let mut files = Vec::new();
        list(&self.folder, &mut files);
        let mut size: u64 = files.iter().map(|file| file.size).sum();
        if size > self.limit {
            files.sort_by_key(|file| file.written);
            let wanted = self.limit - self.limit / FREE;
            for file in files {
                if size <= wanted {
                    break;
                }
                let _ = std::fs::remove_file(&file.path);
                size = size.saturating_sub(file.size);
            }
        }
        self.limit.saturating_sub(size)
    }
}

fn list(folder: &Path, files: &mut Vec<Stored>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if metadata.is_dir() {
            list(&entry.path(), files);
        } else {
            files.push(Stored {
                path: entry.path(),
                size: metadata.len(),
                written: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_oldest_files_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("a/b");
        std::fs::create_dir_all(&below).unwrap();
        for age in 1..=4_u64 {
            let path = below.join(age.to_string());
            std::fs::write(&path, [0; 30]).unwrap();
            let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 - age * 60);
            let file = std::fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(written).unwrap();
        }
        for (limit, room, left) in [
            (120, 0, "1234"),
            (100, 10, "123"),
            (60, 30, "1"),
            (10, 10, ""),
        ] {
            let sweep = Sweep::new(folder.path().to_owned(), limit);
            assert_eq!(sweep.run(), room, "{limit}");
            let mut names: Vec<_> = std::fs::read_dir(&below)
                .unwrap()
                .flatten()
                .map(|entry| entry.file_name().into_string().unwrap())
                .collect();
            names.sort();
            assert_eq!(names.concat(), left, "{limit}");
        }
    }
}
