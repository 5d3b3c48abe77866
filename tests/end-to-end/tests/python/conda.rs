//! conda, by an environment that is laid out as it makes one: a pip of its own, and `CONDA_PREFIX`. conda itself is on no
//! registry that the tests' clients come from.

use std::os::unix::fs::symlink;

use crate::Desk;
use crate::setup::{newcomer, was_tested};

const INSTALL: [&str; 5] = [
    "install",
    "--no-input",
    "--force-reinstall",
    "--no-deps",
    "my-package",
];

/// Its programs come first on PATH.
fn activated() -> Desk {
    let mut desk = newcomer("pip");
    let made = ["-m", "venv", "env"];
    let _ = desk.sandbox.run("python3", &made).succeeded();
    desk.sandbox.write("work/env/conda-meta/history", "");
    let prefix = desk.sandbox.path("work/env").display().to_string();
    desk.sandbox.set("CONDA_PREFIX", prefix);
    let folders = ["work/env/bin", "home/.local/bin", "bin"];
    let path = std::env::join_paths(folders.map(|it| desk.sandbox.path(it))).unwrap();
    desk.sandbox.set("PATH", path.to_str().unwrap());
    desk.sandbox
        .link("pip", &desk.sandbox.path("work/env/bin/pip"));
    desk
}

#[test]
fn an_environment_is_set_up_alone() {
    let desk = activated();
    was_tested(&desk.setup(&["pip", "acme", "--project"]).succeeded());
    let _ = desk.sandbox.run("pip", &INSTALL).succeeded();
    let _ = desk.setup(&["pip", "--project", "--undo"]).succeeded();
    assert!(!desk.sandbox.path("work/env/pip.conf").exists());
}

/// pip passes over a keyring of its own environment; uv does not, and is told what helps there.
#[test]
fn its_own_keyring_comes_first() {
    let desk = activated();
    let keyring = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../.clients/keyring/bin/keyring"
    );
    symlink(keyring, desk.sandbox.path("work/env/bin/keyring")).unwrap();
    let outcome = desk.setup(&["pip", "acme"]).succeeded();
    was_tested(&outcome);
    assert!(!format!("{outcome:?}").contains("Traceback"), "{outcome:?}");
    let _ = desk.sandbox.run("pip", &INSTALL).succeeded();
    desk.sandbox.client("uv", "uv");
    let _ = desk.setup(&["uv", "acme"]).exited(1).says(&[
        "env/bin/keyring is found first while its environment is active; leave that",
        "hint: leave that environment, or let its keyring answer: ",
    ]);
}
