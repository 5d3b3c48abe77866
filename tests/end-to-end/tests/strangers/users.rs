//! A second user of the machine. Only root can be two users, so elsewhere these tests do nothing.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use codeartifact_end_to_end::fixture::{self, two_hops};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

use crate::soon;

/// The attacker: nobody.
const WSA: u32 = 65_534;

/// Numbers of victims, one for each process that runs these tests.
const FIRST_VICTIM: u32 = 40_000;

/// A user of the machine who uses our programs, and another one who does not wish him well.
struct Machine {
    // Before the sandbox that it lies in, as fields are dropped in this order.
    emulator: Emulator,
    sandbox: Sandbox,
    victim: u32,
}

impl Machine {
    /// `None` if this process cannot be two users, or its programs are out of their reach.
    fn new(number: u32) -> Option<Self> {
        if fs::metadata("/proc/self").unwrap().uid() != 0 {
            return skip("only root can be two users");
        }
        let (mut sandbox, emulator) = two_hops();
        sandbox.unset("XDG_RUNTIME_DIR");
        let victim = FIRST_VICTIM + std::process::id() % 10_000 * 2 + number;
        give(&sandbox.path(""), victim);
        let machine = Self {
            emulator,
            sandbox,
            victim,
        };
        let _ = fs::remove_dir_all(machine.shared());
        let is_reachable = machine.command("codeartifact", &["--version"]).status();
        if !is_reachable.is_ok_and(|status| status.success()) {
            return skip("the programs are in a folder of this user alone");
        }
        Some(machine)
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = self.sandbox.command(program);
        command.args(arguments).uid(self.victim).gid(self.victim);
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Outcome {
        self.command(program, arguments).output().unwrap().into()
    }

    fn token(&self) -> Outcome {
        self.run("keyring", &["get", fixture::PYPI, "aws"])
    }

    /// The usual place for the victim's tokens.
    fn shared(&self) -> PathBuf {
        format!("/dev/shm/codeartifact-{}", self.victim).into()
    }

    /// Puts a folder of the attacker's there.
    fn attacked(&self, path: &Path) {
        fs::create_dir(path).unwrap();
        chown(path, Some(WSA), Some(WSA)).unwrap();
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let start = format!("codeartifact-{}", self.victim);
        for entry in fs::read_dir("/dev/shm").unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with(&start) {
                let _ = fs::remove_dir_all(entry.path());
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

#[expect(clippy::print_stderr, reason = "whoever reads the log should see it")]
fn skip(reason: &str) -> Option<Machine> {
    eprintln!("skipped: {reason}");
    None
}

/// All of a folder becomes a user's.
fn give(path: &Path, user: u32) {
    std::os::unix::fs::lchown(path, Some(user), Some(user)).unwrap();
    if fs::symlink_metadata(path).unwrap().is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), user);
        }
    }
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn who_takes_our_place_first_switches_no_cache_off() {
    type Obstacle = fn(&Machine);
    let obstacles: [(Obstacle, &str); 3] = [
        (
            |machine| machine.attacked(&machine.shared()),
            "belongs to user 65534",
        ),
        (
            |machine| {
                symlink("/tmp", machine.shared()).unwrap();
                std::os::unix::fs::lchown(machine.shared(), Some(WSA), Some(WSA)).unwrap();
            },
            "is not a directory",
        ),
        (
            |machine| {
                fs::write(machine.shared(), "").unwrap();
                chown(machine.shared(), Some(WSA), Some(WSA)).unwrap();
            },
            "is not a directory",
        ),
    ];
    for (obstacle, reason) in obstacles {
        let Some(machine) = Machine::new(0) else {
            return;
        };
        obstacle(&machine);
        let first = machine.token().succeeded();
        let second = machine.token().succeeded();
        assert_eq!(first.stdout, second.stdout);
        assert_eq!(machine.emulator.journal().mints(), 1, "{reason}");
        if machine.shared().is_dir() && !machine.shared().is_symlink() {
            assert!(is_empty(&machine.shared()), "something was written there");
        }
        let status = machine.run("codeartifact", &["status"]).succeeded().stdout;
        assert!(status.contains(reason), "{status}");
        assert!(status.contains("acme"), "the token is listed: {status}");
        let _ = machine.run("codeartifact", &["logout"]).succeeded();
        let status = machine.run("codeartifact", &["status"]).succeeded().stdout;
        assert!(status.contains("no tokens are kept"), "{status}");
    }
}

/// As `sudo -E` hands it on.
#[test]
fn a_runtime_directory_of_another_user_gets_nothing() {
    let Some(mut machine) = Machine::new(1) else {
        return;
    };
    let runtime = tempfile_in_memory();
    chown(runtime.path(), Some(WSA), Some(WSA)).unwrap();
    fs::set_permissions(runtime.path(), fs::Permissions::from_mode(0o777)).unwrap();
    machine
        .sandbox
        .set("XDG_RUNTIME_DIR", runtime.path().display().to_string());
    let _ = machine.token().succeeded();
    let _ = machine.token().succeeded();
    assert_eq!(machine.emulator.journal().mints(), 1);
    assert!(is_empty(runtime.path()), "a token went there");
}

fn tempfile_in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap()
}

#[test]
fn a_log_is_its_owners_and_no_link_leads_it_away() {
    let Some(mut machine) = Machine::new(2) else {
        return;
    };
    let shared = tempfile_in_memory();
    fs::set_permissions(shared.path(), fs::Permissions::from_mode(0o1777)).unwrap();
    let log = shared.path().join("ca.log");
    machine
        .sandbox
        .set("CODEARTIFACT_LOG", log.display().to_string());
    machine.sandbox.set("AWS_SECRET_ACCESS_KEY", "wrong");
    let profile = machine.sandbox.path("home/.profile");
    let obstacles: [(&str, &dyn Fn()); 2] = [
        ("a pipe", &|| {
            assert!(Command::new("mkfifo").arg(&log).status().unwrap().success());
        }),
        ("a link", &|| {
            fs::write(&profile, "mine\n").unwrap();
            chown(&profile, Some(machine.victim), None).unwrap();
            symlink(&profile, &log).unwrap();
        }),
    ];
    for (what, obstacle) in obstacles {
        obstacle();
        std::os::unix::fs::lchown(&log, Some(WSA), Some(WSA)).unwrap();
        let _ = soon(what, || machine.token()).exited(1);
        fs::remove_file(&log).unwrap();
    }
    assert_eq!(fs::read_to_string(&profile).unwrap(), "mine\n");
    let _ = machine.token().exited(1);
    let found = fs::metadata(&log).unwrap();
    assert_eq!((found.uid(), found.mode() & 0o777), (machine.victim, 0o600));
    assert!(fs::read_to_string(&log).unwrap().contains("no token for"));
}

/// npm itself reads no settings of the directories above a project, and another user may write there.
#[test]
fn a_directory_above_that_others_write_says_nothing() {
    let Some(machine) = Machine::new(3) else {
        return;
    };
    let shared = tempfile_in_memory();
    fs::set_permissions(shared.path(), fs::Permissions::from_mode(0o1777)).unwrap();
    let project = shared.path().join("build/x");
    fs::create_dir_all(&project).unwrap();
    give(&shared.path().join("build"), machine.victim);
    let attacks = [
        ".npmrc",
        ".yarnrc.yml",
        "bunfig.toml",
        "package.json",
        "uv.toml",
        "pyproject.toml",
    ];
    for name in attacks {
        let file = shared.path().join(name);
        let url = "https://globex-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        fs::write(
            &file,
            format!("registry={url}/npm/my-repo/\nnpmRegistryServer: \"{url}/npm/my-repo/\"\n"),
        )
        .unwrap();
        chown(&file, Some(WSA), Some(WSA)).unwrap();
    }
    let fifo = shared.path().join("bun.lock");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let run = |program: &str, arguments: &[&str]| -> Outcome {
        let mut command = machine.command(program, arguments);
        command.current_dir(&project).output().unwrap().into()
    };
    let _ = soon("npm", || run("codeartifact-npm", &[])).succeeded();
    let _ = soon("exec", || {
        run(
            "codeartifact",
            &["exec", "--connection", "acme", "--", "sh", "-c", "true"],
        )
    });
    assert!(!machine.sandbox.path("home/.npmrc").exists());
    let asked = machine.emulator.journal();
    let domains: Vec<_> = asked
        .of("codeartifact:GetAuthorizationToken")
        .into_iter()
        .collect();
    assert!(!format!("{domains:?}").contains("globex"), "{domains:?}");
}

/// Root with that user's home, as `sudo -E` has it: what the user could not have written is not written for the user.
#[test]
fn a_users_link_leads_root_to_no_file_of_roots() {
    let Some(machine) = Machine::new(5) else {
        return;
    };
    let roots = tempfile_in_memory();
    let file = roots.path().join("config");
    fs::write(&file, "roots\n").unwrap();
    let before = fs::metadata(&file).unwrap().mode();
    let link = machine.sandbox.path("home/.npmrc");
    symlink(&file, &link).unwrap();
    std::os::unix::fs::lchown(&link, Some(machine.victim), Some(machine.victim)).unwrap();
    let settings = format!("registry={}\n", fixture::NPM);
    machine.sandbox.write("work/.npmrc", &settings);
    let outcome = machine.sandbox.run("codeartifact-npm", &[]).failed();
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(said.contains("another user's link leads to it"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "roots\n");
    assert_eq!(fs::metadata(&file).unwrap().mode(), before);
}
