//! Memory-backed storage that is ours: where it is, and the proof that a file there never reaches a disk.
//! Only Linux has a call for that.
//!
//! Another user may have taken a place first, or own the folder above it. Then the next place is used.

use std::path::PathBuf;

use crate::environment::Environment;
use crate::private_folder::PrivateFolder;

#[cfg(target_os = "linux")]
pub(super) use system::is_memory_backed;
pub(super) use system::{all, find};

/// A place for tokens in memory.
#[derive(Debug)]
pub(super) struct Place {
    /// The path.
    pub(super) path: PathBuf,
    /// The folder, if it is there already.
    pub(super) folder: Option<PrivateFolder>,
    /// The reasons why the places before it are not used.
    pub(super) passed_over: Vec<String>,
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::io::Read;
    use std::os::fd::AsFd;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    use rustix::fs::{CWD, Mode, OFlags, StatFs, fstat, fstatfs, openat};

    use super::{Environment, Place, PrivateFolder};
    use crate::private_file::because;

    /// `TMPFS_MAGIC` and `RAMFS_MAGIC` of linux/magic.h.
    const IN_MEMORY: [u32; 2] = [0x0102_1994, 0x8584_58f6];

    const SHARED_MEMORY: &str = "/dev/shm";

    /// The file in our cache folder that has the name of a folder in shared memory, for when the usual one is taken.
    const RECORD: &str = "memory-folder";
    const LONGEST_NAME: u64 = 255;

    /// Finds the folder for tokens on memory-backed storage: in the session's own runtime directory, else in shared
    /// memory. It need not exist yet; its parent does, and is memory-backed.
    pub(in super::super) fn find(environment: &Environment) -> Option<Place> {
        let mut passed_over = Vec::new();
        for path in usual(environment) {
            match open(&path) {
                Ok(Some(folder)) => {
                    return Some(Place {
                        path,
                        folder,
                        passed_over,
                    });
                }
                Ok(None) => {}
                Err(reason) => passed_over.push(reason),
            }
        }
        // Nobody is in our way where there is no such storage.
        if passed_over.is_empty() {
            return None;
        }
        let path = recorded(environment).or_else(|| record(environment))?;
        let folder = open(&path).ok()??;
        Some(Place {
            path,
            folder,
            passed_over,
        })
    }

    /// The places that may hold tokens of ours: the one in use, and the one that was when somebody was in the way.
    pub(in super::super) fn all(environment: &Environment) -> Vec<Place> {
        let mut places: Vec<_> = find(environment).into_iter().collect();
        let earlier = recorded(environment).and_then(|path| {
            let folder = open(&path).ok()??;
            Some(Place {
                path,
                folder,
                passed_over: Vec::new(),
            })
        });
        places.extend(earlier.filter(|earlier| places.iter().all(|it| it.path != earlier.path)));
        places
    }

    fn usual(environment: &Environment) -> impl Iterator<Item = PathBuf> + use<> {
        let us = rustix::process::geteuid().as_raw();
        let runtime = environment
            .runtime_directory()
            .filter(|path| path.is_absolute());
        let runtime = runtime.map(|path| path.join("codeartifact"));
        let shared = Path::new(SHARED_MEMORY).join(format!("codeartifact-{us}"));
        let users = PathBuf::from(format!("/run/user/{us}/codeartifact"));
        runtime.into_iter().chain([shared, users])
    }

    /// The folder, and whether it is there; `None` if there is no memory-backed storage. The error: somebody else is.
    fn open(path: &Path) -> Result<Option<Option<PrivateFolder>>, String> {
        let Some(above) = path.parent() else {
            return Ok(None);
        };
        let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(handle) = openat(CWD, above, flags, Mode::empty()) else {
            return Ok(None);
        };
        if !is_memory_backed(&handle) {
            return Ok(None);
        }
        judge_above(&handle).map_err(|reason| because(above, reason))?;
        let folder = PrivateFolder::open(path)?;
        match &folder {
            Some(folder) if !is_memory_backed(folder.handle()) => {
                Err(because(path, "is not on memory-backed storage"))
            }
            _ => Ok(Some(folder)),
        }
    }

    /// A user who can write the folder above can put another one in the place of ours, unless `t` forbids that.
    fn judge_above(above: impl AsFd) -> Result<(), String> {
        const STICKY: u32 = 0o1000;
        const OTHERS_WRITE: u32 = 0o022;
        let us = rustix::process::geteuid().as_raw();
        let found = fstat(above).map_err(|error| error.to_string())?;
        if found.st_uid != us && found.st_uid != 0 {
            return Err(format!("belongs to user {}, and we are {us}", found.st_uid));
        }
        if found.st_mode & OTHERS_WRITE != 0 && found.st_mode & STICKY == 0 {
            return Err("is writable by others".to_owned());
        }
        Ok(())
    }

    fn recorded(environment: &Environment) -> Option<PathBuf> {
        let folder = PrivateFolder::open(&environment.cache_directory()?);
        let file = folder.ok()??.file(RECORD).ok()??;
        let mut name = String::new();
        file.take(LONGEST_NAME).read_to_string(&mut name).ok()?;
        let is_name = name.starts_with("codeartifact-") && !name.contains(['/', '\0']);
        is_name.then(|| Path::new(SHARED_MEMORY).join(name))
    }

    /// A name that nobody can take first, since nobody can guess it.
    fn record(environment: &Environment) -> Option<PathBuf> {
        let cache = PrivateFolder::open_or_make(&environment.cache_directory()?).ok()?;
        let us = rustix::process::geteuid().as_raw();
        let made = tempfile::Builder::new()
            .prefix(&format!("codeartifact-{us}-"))
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir_in(SHARED_MEMORY);
        let path = made.ok()?.keep();
        let name = path.file_name()?.as_encoded_bytes();
        cache.replace(RECORD, name).ok()?;
        Some(path)
    }

    pub(in super::super) fn is_memory_backed(file: impl AsFd) -> bool {
        fstatfs(file).is_ok_and(|found| is_in_memory(&found))
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
    use super::{Environment, Place};

    pub(in super::super) fn find(_: &Environment) -> Option<Place> {
        None
    }

    pub(in super::super) fn all(_: &Environment) -> Vec<Place> {
        Vec::new()
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs::{self, File, Permissions};
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;
    use crate::token::Timestamp;

    fn environment(runtime: &str, home: &Path) -> Environment {
        let variables = [("XDG_RUNTIME_DIR", runtime)];
        Environment::fixed(&variables, home.to_owned(), Timestamp(0))
    }

    fn memory() -> tempfile::TempDir {
        tempfile::tempdir_in("/dev/shm").unwrap()
    }

    #[test]
    fn the_runtime_directory_counts_only_on_memory() {
        let shared = format!(
            "/dev/shm/codeartifact-{}",
            rustix::process::geteuid().as_raw()
        );
        let runtime = memory();
        let ours = runtime.path().join("codeartifact");
        let rows = [
            (
                "on memory",
                runtime.path().to_str().unwrap(),
                ours.to_str().unwrap(),
            ),
            ("unset", "", shared.as_str()),
            ("not there", "/nonexistent", shared.as_str()),
            ("on a disk", env!("CARGO_MANIFEST_DIR"), shared.as_str()),
            ("not absolute", "dev/shm", shared.as_str()),
        ];
        for (what, runtime, expected) in rows {
            let found = find(&environment(runtime, Path::new("/nonexistent"))).unwrap();
            assert_eq!(found.path, Path::new(expected), "{what}");
        }
    }

    type Spoil = fn(&Path);

    #[test]
    fn a_place_that_is_not_ours_is_passed_over() {
        let rows: [(&str, Spoil); 4] = [
            ("codeartifact: is open to others (mode 755)", |runtime| {
                let ours = runtime.join("codeartifact");
                fs::create_dir(&ours).unwrap();
                fs::set_permissions(ours, Permissions::from_mode(0o755)).unwrap();
            }),
            ("codeartifact: is not a directory", |runtime| {
                fs::write(runtime.join("codeartifact"), "").unwrap();
            }),
            ("codeartifact: is not a directory", |runtime| {
                std::os::unix::fs::symlink("/root", runtime.join("codeartifact")).unwrap();
            }),
            ("is writable by others", |runtime| {
                fs::set_permissions(runtime, Permissions::from_mode(0o777)).unwrap();
            }),
        ];
        for (reason, spoil) in rows {
            let runtime = memory();
            spoil(runtime.path());
            let environment = environment(runtime.path().to_str().unwrap(), runtime.path());
            let found = find(&environment).unwrap();
            assert!(!found.path.starts_with(runtime.path()), "{found:?}");
            let [passed_over] = &found.passed_over[..] else {
                panic!("{found:?}");
            };
            assert!(passed_over.ends_with(reason), "{passed_over}");
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
