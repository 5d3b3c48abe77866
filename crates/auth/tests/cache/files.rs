//! File stores, and what may stand in their way.

use std::fs;
use std::path::Path;

use codeartifact_auth::cache::{self, CacheKey, Stores, TokenCache};
use codeartifact_auth::connection::CacheChoice;
use codeartifact_auth::environment::Environment;

use crate::contract;
use crate::samples::{environment, key, label, memory, token};

fn open(choice: CacheChoice, environment: &Environment) -> Box<dyn TokenCache> {
    Stores::new(environment).open(choice, environment)
}

/// Returns the path of the file store's entry for `key`, in a home of the test's own.
fn record(home: &Path, key: &CacheKey) -> std::path::PathBuf {
    home.join(".cache/codeartifact").join(format!("{key}.json"))
}

#[test]
fn the_persistent_store_keeps_its_promises() {
    let home = tempfile::tempdir().unwrap();
    let environment = environment(home.path(), None);
    let spoil = |key: &CacheKey, bytes: &[u8]| fs::write(record(home.path(), key), bytes).unwrap();
    // So that the file is there, with the mode of a record.
    open(CacheChoice::File, &environment)
        .store(&key("spoilt"), &token('x', 9), &label())
        .unwrap();
    contract::check(&|| open(CacheChoice::File, &environment), &spoil);
}

#[test]
fn nothing_is_kept_when_the_cache_is_off() {
    let home = tempfile::tempdir().unwrap();
    let environment = environment(home.path(), None);
    let store = open(CacheChoice::Off, &environment);
    store
        .store(&key("my-domain"), &token('x', 9), &label())
        .unwrap();
    assert!(store.load(&key("my-domain")).unwrap().is_none());
    assert!(fs::read_dir(home.path()).unwrap().next().is_none());
}

#[test]
fn what_is_kept_is_listed_and_forgotten() {
    // Its own memory-backed storage too, lest the user's own tokens are forgotten.
    let home = memory();
    let environment = environment(home.path(), Some(home.path()));
    let store = open(CacheChoice::File, &environment);
    for domain in ["one", "two"] {
        store
            .store(&key(domain), &token('x', 1200), &label())
            .unwrap();
    }
    let notes = home.path().join(".cache/codeartifact/notes.txt");
    fs::write(&notes, "somebody else's").unwrap();
    let kept = cache::kept(&environment);
    assert_eq!(kept.unreadable, []);
    let ours: Vec<_> = kept
        .kept
        .iter()
        .filter(|kept| kept.store == "file")
        .collect();
    assert_eq!(ours.len(), 2);
    assert!(
        ours.iter()
            .all(|kept| kept.label == Some(label()) && kept.size > 1200)
    );
    cache::forget(&key("one"), &environment).unwrap();
    assert!(
        store.load(&key("one")).unwrap().is_none() && store.load(&key("two")).unwrap().is_some()
    );
    fs::write(record(home.path(), &key("two")), "damaged").unwrap();
    fs::write(
        home.path().join(".cache/codeartifact/.newAbc"),
        "left behind",
    )
    .unwrap();
    cache::forget_all(&environment).unwrap();
    let left: Vec<_> = fs::read_dir(notes.parent().unwrap())
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    assert_eq!(left, [notes]);
}

#[cfg(unix)]
mod obstacles {
    use std::fs::{File, FileTimes};
    use std::os::unix::fs::{PermissionsExt, chown, symlink};
    use std::process::Command;
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::child;
    use crate::samples::skip;

    /// A home in which a token is kept, and then something happens to its file.
    fn after(
        happening: impl FnOnce(&Path),
    ) -> Result<Option<codeartifact_auth::token::Token>, String> {
        let home = tempfile::tempdir().unwrap();
        let environment = environment(home.path(), None);
        let store = open(CacheChoice::File, &environment);
        store
            .store(&key("my-domain"), &token('x', 1200), &label())
            .unwrap();
        let record = record(home.path(), &key("my-domain"));
        happening(&record);
        let found = store.load(&key("my-domain"));
        found.map_err(|error| {
            error
                .to_string()
                .replace(&record.display().to_string(), "RECORD")
        })
    }

    #[test]
    fn a_file_that_is_not_ours_alone_is_not_read() {
        type Happening = fn(&Path);
        let rows: [(&str, Happening); 3] = [
            ("file: RECORD: is open to others (mode 644)", |path| {
                set_mode(path, 0o644)
            }),
            ("file: RECORD: is a symbolic link", |path| {
                let target = path.with_extension("moved");
                fs::rename(path, &target).unwrap();
                symlink(target, path).unwrap();
            }),
            ("file: RECORD: is not a regular file", |path| {
                fs::remove_file(path).unwrap();
                fs::create_dir(path).unwrap();
            }),
        ];
        for (expected, happening) in rows {
            assert_eq!(after(happening).unwrap_err(), expected);
        }
    }

    #[test]
    fn another_users_file_is_not_read() {
        if !rustix::process::geteuid().is_root() {
            skip(
                "another_users_file_is_not_read",
                "only root can give a file away",
            );
            return;
        }
        let error = after(|path| chown(path, Some(65_534), None).unwrap()).unwrap_err();
        assert_eq!(error, "file: RECORD: belongs to user 65534, and we are 0");
    }

    #[test]
    fn a_directory_that_is_not_ours_alone_takes_no_token() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join(".cache/codeartifact");
        fs::create_dir_all(&directory).unwrap();
        set_mode(&directory, 0o777);
        let store = open(CacheChoice::File, &environment(home.path(), None));
        let error = store
            .store(&key("my-domain"), &token('x', 9), &label())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "file: {}: is open to others (mode 777)",
                directory.display()
            )
        );
        assert!(
            fs::read_dir(&directory).unwrap().next().is_none(),
            "and yet something was written"
        );
    }

    #[test]
    fn a_home_that_cannot_be_written_takes_no_token() {
        // Root may write anywhere but there.
        let home = Path::new("/proc");
        let store = open(CacheChoice::File, &environment(home, None));
        assert!(store.load(&key("my-domain")).unwrap().is_none());
        let error = store
            .store(&key("my-domain"), &token('x', 9), &label())
            .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("file: /proc/.cache/codeartifact: "),
            "{error}"
        );
    }

    /// No disk need be filled: for a process that may not let a file grow, every disk is full.
    #[test]
    fn a_full_disk_keeps_the_older_token() {
        let part = "files::obstacles::full_disk_part";
        let home = tempfile::tempdir().unwrap();
        let store = open(CacheChoice::File, &environment(home.path(), None));
        store
            .store(&key("my-domain"), &token('o', 1200), &label())
            .unwrap();
        let part_command = child::command(part);
        let mut command = Command::new("sh");
        command.args(["-c", r#"trap "" XFSZ; ulimit -f 0; exec "$0" "$@""#]);
        command
            .arg(part_command.get_program())
            .args(part_command.get_args())
            .env_clear();
        command.envs(
            part_command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        let output = command
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .output()
            .unwrap();
        child::assert_passed(part, &output);
        let left = fs::read_dir(home.path().join(".cache/codeartifact"))
            .unwrap()
            .count();
        assert_eq!(left, 1, "a temporary file was left behind");
    }

    #[test]
    #[ignore = "the part of a_full_disk_keeps_the_older_token that runs in a process of its own"]
    fn full_disk_part() {
        let Some(environment) = child::environment() else {
            return;
        };
        let store = open(CacheChoice::File, &environment);
        let error = store
            .store(&key("my-domain"), &token('n', 1200), &label())
            .unwrap_err();
        assert!(error.to_string().contains("File too large"), "{error}");
        let kept = store.load(&key("my-domain")).unwrap().unwrap();
        assert!(kept.secret.expose().starts_with('o'));
    }

    #[test]
    fn what_nobody_can_use_any_more_goes_with_the_next_write() {
        let home = tempfile::tempdir().unwrap();
        let store = open(CacheChoice::File, &environment(home.path(), None));
        for domain in ["old", "young"] {
            store.store(&key(domain), &token('x', 9), &label()).unwrap();
        }
        let temporary = home.path().join(".cache/codeartifact/.newAbc");
        let lock = home.path().join(".cache/codeartifact/my.lock");
        let held = home.path().join(".cache/codeartifact/held.lock");
        for path in [&temporary, &lock, &held] {
            fs::write(path, "").unwrap();
            set_mode(path, 0o600);
        }
        let holder = File::open(&held).unwrap();
        holder.lock().unwrap();
        for path in [&record(home.path(), &key("old")), &temporary, &lock, &held] {
            set_age(path, Duration::from_secs(13 * 3600));
        }
        store.store(&key("new"), &token('x', 9), &label()).unwrap();
        let there = |path: &Path| path.exists();
        assert!(!there(&record(home.path(), &key("old"))));
        assert!(!there(&temporary) && !there(&lock));
        assert!(there(&record(home.path(), &key("young"))) && there(&held));
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the age of a file is measured by the system's clock"
    )]
    fn set_age(path: &Path, age: Duration) {
        let times = FileTimes::new().set_modified(SystemTime::now() - age);
        File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_times(times)
            .unwrap();
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

#[cfg(target_os = "linux")]
mod in_memory {
    use super::*;

    #[test]
    fn without_a_session_bus_tokens_lie_in_memory() {
        let runtime = memory();
        let environment = environment(Path::new("/nonexistent"), Some(runtime.path()));
        let directory = runtime.path().join("codeartifact");
        let spoil = |key: &CacheKey, bytes: &[u8]| {
            fs::write(directory.join(format!("{key}.json")), bytes).unwrap();
        };
        open(CacheChoice::Auto, &environment)
            .store(&key("spoilt"), &token('x', 9), &label())
            .unwrap();
        contract::check(&|| open(CacheChoice::Auto, &environment), &spoil);
        assert!(
            open(CacheChoice::Auto, &environment)
                .fallback_reason()
                .is_none(),
            "no keyring is nothing to tell of"
        );
        let place = cache::describe(CacheChoice::Auto, &environment);
        assert_eq!(place.store, "memory-backed file");
        assert_eq!(
            place.why,
            format!(
                "no session bus, so tokens are kept in {}, which is memory-backed",
                directory.display()
            )
        );
    }

    #[test]
    fn a_memory_store_does_not_follow_to_a_disk() {
        let (runtime, disk) = (
            memory(),
            tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap(),
        );
        std::os::unix::fs::symlink(disk.path(), runtime.path().join("codeartifact")).unwrap();
        let environment = environment(Path::new("/nonexistent"), Some(runtime.path()));
        let store = open(CacheChoice::Auto, &environment);
        // In the next place: the machine's own shared memory.
        store
            .store(&key("follows"), &token('x', 9), &label())
            .unwrap();
        let why = cache::describe(CacheChoice::Auto, &environment).why;
        assert!(
            why.contains("codeartifact: is not a directory, so tokens are kept in /"),
            "{why}"
        );
        store.forget(&key("follows")).unwrap();
        assert!(
            fs::read_dir(disk.path()).unwrap().next().is_none(),
            "a token went to the disk"
        );
    }
}
