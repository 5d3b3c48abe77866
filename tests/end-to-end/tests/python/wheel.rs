//! The wheel: packed as for a release, installed where nothing but Python's keyring library is, and the
//! back end that it adds to that library.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use codeartifact_end_to_end::Outcome;

use crate::{Desk, virtual_environment};

pub(crate) const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Packed once for all tests, with the programs that the tests run.
pub(crate) static WHEEL: LazyLock<PathBuf> = LazyLock::new(|| {
    let repository = Path::new(REPOSITORY);
    let test = std::env::current_exe().unwrap();
    let wheels = test.ancestors().nth(3).unwrap().join("wheels");
    let _ = fs::remove_dir_all(&wheels);
    let notices = Command::new("../notices.py")
        .arg("THIRD-PARTY-NOTICES.txt")
        .current_dir(repository.join("install/python"))
        .output()
        .unwrap();
    let _ = Outcome::from(notices).succeeded();
    let build = Command::new(repository.join("tests/.clients/hatchling/bin/hatchling"))
        .args(["build", "--target", "wheel", "--directory"])
        .arg(&wheels)
        .env("CODEARTIFACT_PROGRAMS", test.ancestors().nth(2).unwrap())
        .current_dir(repository.join("install/python"))
        .output()
        .unwrap();
    let _ = Outcome::from(build).succeeded();
    let mut made = fs::read_dir(wheels).unwrap();
    made.next().unwrap().unwrap().path()
});

impl Desk {
    /// A virtual environment with what `tests/.clients` has of these, and the wheel. Returns its Python.
    pub(crate) fn with_wheel_beside(&mut self, clients: &[&str]) -> String {
        self.sandbox.unset("PYTHON_KEYRING_BACKEND");
        let python = virtual_environment(&self.sandbox, "tool");
        let folders = clients.iter().map(|client| {
            let client = format!("{REPOSITORY}/tests/.clients/{client}");
            site_packages(Path::new(&client)).display().to_string()
        });
        let folders: Vec<_> = folders.collect();
        let link = site_packages(&self.sandbox.path("work/tool")).join("clients.pth");
        fs::write(link, folders.join("\n")).unwrap();
        let wheel = WHEEL.display().to_string();
        let install = ["--python", &python, "install", "--no-index", &wheel];
        let _ = self.sandbox.run("pip", &install).succeeded();
        python
    }
}

fn site_packages(environment: &Path) -> PathBuf {
    let versions = fs::read_dir(environment.join("lib")).unwrap();
    let version = versions.map(|it| it.unwrap().path()).next().unwrap();
    version.join("site-packages")
}

#[test]
fn wheel_is_for_many_linuxes_and_mints_alone() {
    let mut desk = Desk::with("pip", "pip");
    desk.with_wheel_beside(&["keyring"]);
    let name = WHEEL.file_name().unwrap().to_string_lossy().into_owned();
    assert!(
        name.starts_with("codeartifact_keyring-") && name.contains("-py3-none-manylinux_2_"),
        "{name}"
    );
    for program in ["codeartifact-keyring", "codeartifact", "codeartifact-aws"] {
        let path = desk.sandbox.path("work/tool/bin").join(program);
        assert!(path.is_file(), "{program}");
    }
    let notices = site_packages(&desk.sandbox.path("work/tool"))
        .join("codeartifact_keyring-0.1.0.dist-info/licenses/THIRD-PARTY-NOTICES.txt");
    let notices = fs::read_to_string(notices).unwrap();
    assert!(notices.contains("\nrustls ") && notices.contains("Apache License"));
    // That would take the library's own command away.
    assert!(!desk.sandbox.path("work/tool/bin/keyring").exists());
}

/// The script checks; what it prints is compared so that nothing else is printed.
#[test]
fn back_end_answers_for_codeartifact_alone() {
    let mut desk = Desk::with("pip", "pip");
    let python = desk.with_wheel_beside(&["keyring"]);
    let said = desk
        .sandbox
        .run(&python, &["-c", include_str!("backend.py")])
        .succeeded();
    assert_eq!(
        (said.stdout.as_str(), said.stderr.as_str()),
        ("all is well\n", "")
    );
    assert_eq!(
        desk.asked(),
        Vec::<String>::new(),
        "the wheel's own program answers"
    );
    desk.assert_tokens(2);
}

#[test]
fn back_end_is_not_there_where_its_program_does_not_run() {
    let mut desk = Desk::with("pip", "pip");
    let python = desk.with_wheel_beside(&["keyring"]);
    let which = [
        "-c",
        "import keyring; print(type(keyring.get_keyring()).__module__)",
    ];
    assert_eq!(
        desk.sandbox.run(&python, &which).succeeded().stdout,
        "codeartifact_keyring\n"
    );
    let program = desk.sandbox.path("work/tool/bin/codeartifact-keyring");
    fs::write(&program, "of another system").unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(
        desk.sandbox.run(&python, &which).succeeded().stdout,
        "keyring.backends.fail\n"
    );
}

/// One table, asked both ways.
#[test]
fn back_end_and_command_answer_alike() {
    let mut desk = Desk::with("pip", "pip");
    let python = desk.with_wheel_beside(&["keyring"]);
    let said = desk
        .sandbox
        .run(&python, &["-c", include_str!("both_ways.py")])
        .succeeded();
    assert_eq!(said.stdout, "alike\n", "{said:?}");
    desk.assert_tokens(2);
}
