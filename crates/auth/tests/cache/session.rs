//! A desktop session for a keyring: a bus and a home of its own.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Pid;

use crate::child;
use crate::samples::{memory, skip};

/// Tells a part which process the keyring is.
pub(crate) const KEYRING_PID: &str = "CODEARTIFACT_TEST_KEYRING";

/// A bus that starts no service by itself, so that an absent keyring stays absent.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>"#;

/// A desktop session as far as a keyring needs one. Everything in it ends with it.
pub(crate) struct Session {
    pub(crate) home: tempfile::TempDir,
    pub(crate) runtime: tempfile::TempDir,
    pub(crate) bus: Child,
    pub(crate) address: String,
    pub(crate) keyring: Option<Child>,
}

impl Session {
    /// `None`, and said so, where the programs are missing.
    pub(crate) fn start(test: &str) -> Option<Self> {
        for program in ["dbus-daemon", "dbus-send", "gnome-keyring-daemon"] {
            let found = Command::new(program).arg("--version").output();
            if found.is_err() {
                skip(
                    test,
                    &format!("no {program} (Debian packages dbus and gnome-keyring)"),
                );
                return None;
            }
        }
        let (home, runtime) = (tempfile::tempdir().unwrap(), memory());
        let configuration = home.path().join("bus.conf");
        fs::write(&configuration, BUS).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", configuration.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        let address = address.trim().to_owned();
        Some(Self {
            home,
            runtime,
            bus,
            address,
            keyring: None,
        })
    }

    /// With a keyring that is unlocked.
    pub(crate) fn unlocked(test: &str) -> Option<Self> {
        let mut session = Self::start(test)?;
        session.start_keyring(Some("correct horse"));
        Some(session)
    }

    /// With a password the keyring is unlocked (and made, the first time); without one it stays locked.
    pub(crate) fn start_keyring(&mut self, password: Option<&str>) {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        command.args(password.map(|_| "--unlock"));
        self.furnish(&mut command)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut keyring = command.spawn().unwrap();
        let mut stdin = keyring.stdin.take().unwrap();
        stdin
            .write_all(password.unwrap_or_default().as_bytes())
            .unwrap();
        drop(stdin);
        self.keyring = Some(keyring);
        self.wait_for_keyring(true);
    }

    pub(crate) fn stop_keyring(&mut self) {
        if let Some(mut keyring) = self.keyring.take() {
            let _ = keyring.kill();
            keyring.wait().unwrap();
            self.wait_for_keyring(false);
        }
    }

    pub(crate) fn wait_for_keyring(&self, wanted: bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let there = || {
            let mut command = Command::new("dbus-send");
            command.args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/",
            ]);
            command.args([
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ]);
            let output = self.furnish(&mut command).output().unwrap();
            String::from_utf8_lossy(&output.stdout).contains("boolean true")
        };
        while there() != wanted {
            assert!(Instant::now() < deadline, "the keyring does not come or go");
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn furnish<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.runtime.path())
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
    }

    pub(crate) fn pid(&self) -> Option<Pid> {
        self.keyring.as_ref().map(Pid::from_child)
    }

    /// Runs a part of the test in this session.
    pub(crate) fn run(&self, part: &str) {
        let part = format!("keyring::{part}");
        let mut command = child::command(&part);
        let pid = self.pid().map_or(0, |pid| pid.as_raw_nonzero().get());
        let output = self
            .furnish(&mut command)
            .env(KEYRING_PID, pid.to_string())
            .output()
            .unwrap();
        child::assert_passed(&part, &output);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for process in self.keyring.iter_mut().chain([&mut self.bus]) {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
