//! A place to run programs in: own home, own PATH, no variable of the outside. All of it goes with the sandbox.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::outcome::Outcome;
use crate::programs;

/// Longer than any client takes on a slow machine; a client that hangs ends here.
const PATIENCE: Duration = Duration::from_secs(180);

/// A home, a working folder, and the programs and variables that were put there on purpose.
#[derive(Debug)]
pub struct Sandbox {
    root: TempDir,
    memory: TempDir,
    environment: BTreeMap<String, String>,
}

impl Sandbox {
    /// With our programs, Python, Node and a shell on its PATH; a client is added by [`Sandbox::client`].
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["home", "work", "bin", "tmp"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        let mut sandbox = Self {
            root,
            memory: memory(),
            environment: BTreeMap::new(),
        };
        for program in programs::helpers().iter().map(String::as_str) {
            // pip and uv ask a command of that name.
            let name = program
                .strip_prefix("codeartifact-")
                .filter(|it| *it == "keyring");
            sandbox.link(name.unwrap_or(program), &programs::own(program));
        }
        sandbox.link("codeartifact", &programs::own("codeartifact"));
        for interpreter in ["python3", "node"] {
            sandbox.client("machine", interpreter);
        }
        sandbox.link("sh", Path::new("/bin/sh"));
        sandbox.set_own_folders();
        sandbox
    }

    fn set_own_folders(&mut self) {
        let memory = self.memory.path().display().to_string();
        self.set("XDG_RUNTIME_DIR", memory);
        for (name, folder) in [("HOME", "home"), ("PATH", "bin"), ("TMPDIR", "tmp")] {
            self.set(name, self.path(folder).display().to_string());
        }
        self.set("LANG", "C.UTF-8");
    }

    /// Puts a pinned client's command on PATH, `("npm-10", "npm")` for instance.
    pub fn client(&self, name: &str, command: &str) {
        let program = programs::client(name, command);
        if command == "python" {
            // Through a link it would not find its environment, and would import the machine's packages.
            let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", program.display());
            return self.write_program("bin/python", &script);
        }
        self.link(command, &program);
    }

    /// Puts a program on PATH under a name; a name that is there already is replaced.
    pub fn link(&self, name: &str, program: &Path) {
        let link = self.path("bin").join(name);
        let _ = fs::remove_file(&link);
        symlink(program, link).unwrap();
    }

    /// Sets a variable for everything that runs from now on.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.environment.insert(name.to_owned(), value.into());
    }

    /// Takes a variable away.
    pub fn unset(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// All variables as they are now, for [`Sandbox::restore`].
    pub fn variables(&self) -> BTreeMap<String, String> {
        self.environment.clone()
    }

    /// Sets the variables back to what they were.
    pub fn restore(&mut self, variables: BTreeMap<String, String>) {
        self.environment = variables;
    }

    /// A path below the sandbox: `home/.npmrc`, `work/main.go`.
    pub fn path(&self, below: &str) -> PathBuf {
        self.root.path().join(below)
    }

    /// The memory-backed folder that stands for a login's runtime directory.
    pub fn runtime_directory(&self) -> &Path {
        self.memory.path()
    }

    /// Writes a file below the sandbox, with its folders.
    pub fn write(&self, below: &str, text: &str) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file below the sandbox.
    pub fn read(&self, below: &str) -> String {
        let path = self.path(below);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Copies a program, by a process of its own: one that this process, or a child that a test beside this one has just
    /// forked, still has open for writing cannot be run ("text file busy").
    pub fn copy_program(&self, program: &Path, below: &str) {
        let copy = self.path(below);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        // A link there leads to a pinned client, which must not be written to.
        let _ = fs::remove_file(&copy);
        let copied = Command::new("cp").arg("-p").args([program, &copy]).status();
        assert!(copied.unwrap().success());
    }

    /// Writes a program.
    pub fn write_program(&self, below: &str, script: &str) {
        self.write("tmp/script", script);
        let script = self.path("tmp/script");
        fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
        self.copy_program(&script, below);
    }

    /// The permission bits of a file below the sandbox.
    pub fn mode(&self, below: &str) -> u32 {
        fs::metadata(self.path(below)).unwrap().permissions().mode() & 0o777
    }

    /// Runs a program from PATH in the working folder.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Outcome {
        self.feed(program, arguments, "")
    }

    /// Runs a program with something on its standard input.
    pub fn feed(&self, program: &str, arguments: &[&str], input: &str) -> Outcome {
        let mut command = self.command(program);
        command.args(arguments);
        assert_cmd::Command::from_std(command)
            .write_stdin(input)
            .timeout(PATIENCE)
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"))
            .into()
    }

    /// A program from PATH in the working folder, for a test that starts it in its own way.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(self.path("bin").join(program.as_ref()));
        command
            .env_clear()
            .envs(&self.environment)
            .current_dir(self.path("work"));
        command
    }
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

/// As a login's: for its user alone, on a memory-backed filesystem where there is one.
fn memory() -> TempDir {
    let mut private = tempfile::Builder::new();
    private.permissions(Permissions::from_mode(0o700));
    private
        .tempdir_in("/dev/shm")
        .or_else(|_| private.tempdir())
        .unwrap()
}
