//! Memory-backed storage that is ours: where it is, and the proof that a file there never reaches a disk.
//! Only Linux has a call for that.

use crate::environment::Environment;

pub(super) use system::{directory, is_memory_backed};

#[cfg(target_os = "linux")]
mod system {
    use std::os::fd::AsFd;
    use std::path::{Path, PathBuf};

    use rustix::fs::StatFs;

    use super::Environment;

    /// `TMPFS_MAGIC` and `RAMFS_MAGIC` of linux/magic.h.
    const IN_MEMORY: [u32; 2] = [0x0102_1994, 0x8584_58f6];

    const SHARED_MEMORY: &str = "/dev/shm";

    /// Finds the directory for tokens on memory-backed storage: in the session's own runtime directory, else in shared
    /// memory. It need not exist yet; its parent does, and is memory-backed. Every user may write to shared memory, so
    /// the name says the owner, and the directory is checked when it is used.
    pub(in super::super) fn directory(environment: &Environment) -> Option<PathBuf> {
        let us = rustix::process::geteuid().as_raw();
        let runtime = environment
            .runtime_directory()
            .filter(|path| path.is_absolute());
        let candidates = [
            runtime.map(|path| path.join("codeartifact")),
            Some(Path::new(SHARED_MEMORY).join(format!("codeartifact-{us}"))),
        ];
        candidates.into_iter().flatten().find(|path| {
            path.parent().is_some_and(|above| {
                rustix::fs::statfs(above).is_ok_and(|found| is_in_memory(&found))
            })
        })
    }

    pub(in super::super) fn is_memory_backed(file: impl AsFd) -> bool {
        rustix::fs::fstatfs(file).is_ok_and(|found| is_in_memory(&found))
    }

    /// The kernel's number is a signed or unsigned word by platform; the magic is its lower 32 bits.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "just the lower 32 bits are meant"
    )]
    fn is_in_memory(found: &StatFs) -> bool {
        IN_MEMORY.contains(&(found.f_type as u32))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::fs::File;
    use std::path::PathBuf;

    use super::Environment;

    pub(in super::super) fn directory(_environment: &Environment) -> Option<PathBuf> {
        None
    }

    pub(in super::super) fn is_memory_backed(_file: &File) -> bool {
        false
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs::File;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::token::Timestamp;

    fn directory_for(runtime: &str) -> Option<PathBuf> {
        let variables = [("XDG_RUNTIME_DIR", runtime)];
        directory(&Environment::fixed(
            &variables,
            PathBuf::from("/nonexistent"),
            Timestamp(0),
        ))
    }

    #[test]
    fn the_runtime_directory_counts_only_on_memory() {
        let shared = format!(
            "/dev/shm/codeartifact-{}",
            rustix::process::geteuid().as_raw()
        );
        let rows = [
            ("on memory", "/dev/shm", "/dev/shm/codeartifact"),
            ("unset", "", shared.as_str()),
            ("not there", "/nonexistent", shared.as_str()),
            ("on a disk", env!("CARGO_MANIFEST_DIR"), shared.as_str()),
            ("not absolute", "dev/shm", shared.as_str()),
        ];
        for (what, runtime, expected) in rows {
            assert_eq!(
                directory_for(runtime).as_deref(),
                Some(Path::new(expected)),
                "{what}"
            );
        }
    }

    #[test]
    fn a_file_is_judged_by_the_file_system_it_is_on() {
        let rows = [("/dev/shm", true), (env!("CARGO_MANIFEST_DIR"), false)];
        for (path, expected) in rows {
            assert_eq!(
                is_memory_backed(File::open(path).unwrap()),
                expected,
                "{path}"
            );
        }
    }
}
