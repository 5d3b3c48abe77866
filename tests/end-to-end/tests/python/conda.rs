//! conda: the pip of an environment that it makes, active or not, and the `pip:` section of its own files. It is the last conda
//! on PyPI, and its one channel has the machine's Python and pip: no other channel is reached here.

use std::os::unix::fs::symlink;

use codeartifact_end_to_end::fixture::PYPI;

use crate::setup::{newcomer, was_tested};
use crate::{Desk, GREETING, GREETS};

const INSTALL: [&str; 5] = [
    "install",
    "--no-input",
    "--force-reinstall",
    "--no-deps",
    "my-package",
];

const CONDARC: &str =
    "channels: [CHANNEL]\ndefault_channels: [CHANNEL]\nadd_pip_as_python_dependency: false\n";

/// A machine with conda.
fn with_conda() -> Desk {
    let mut desk = newcomer("pip");
    for command in ["conda", "conda-env"] {
        desk.sandbox.client("conda", command);
    }
    let channel = concat!(
        "file://",
        env!("CARGO_MANIFEST_DIR"),
        "/../.clients/conda/channel"
    );
    let condarc = CONDARC.replace("CHANNEL", channel);
    desk.sandbox.write("home/.condarc", &condarc);
    let packages = desk.sandbox.path("home/.conda/pkgs").display().to_string();
    desk.sandbox.set("CONDA_PKGS_DIRS", packages);
    desk
}

/// Its programs come first on PATH.
fn activated() -> Desk {
    let mut desk = with_conda();
    let prefix = desk.sandbox.path("work/env").display().to_string();
    let make = ["create", "--yes", "--quiet", "--prefix", &prefix, "python"];
    let _ = desk.sandbox.run("conda", &make).succeeded();
    desk.sandbox.set("CONDA_PREFIX", prefix);
    let folders = ["work/env/bin", "home/.local/bin", "bin"];
    let path = std::env::join_paths(folders.map(|it| desk.sandbox.path(it))).unwrap();
    desk.sandbox.set("PATH", path.to_str().unwrap());
    let pip = format!(
        "#!/bin/sh\nexec '{}' -m pip \"$@\"\n",
        desk.sandbox.path("work/env/bin/python").display()
    );
    desk.sandbox.write_program("bin/pip", &pip);
    desk
}

/// `conda env` runs that environment's pip, which asks after `setup pip`, and not before.
#[test]
fn the_pip_section_of_an_environments_file() {
    let mut desk = with_conda();
    let file = "name: my-env\ndependencies:\n- python\n- pip:\n  - my-package\n";
    desk.sandbox.write("work/environment.yml", file);
    let prefix = desk.sandbox.path("work/env").display().to_string();
    let make = ["create", "--force", "--quiet", "--prefix", &prefix];
    desk.sandbox.set("PIP_INDEX_URL", PYPI);
    let _ = desk.sandbox.run("conda-env", &make).failed();
    desk.sandbox.unset("PIP_INDEX_URL");
    let _ = desk.setup(&["pip", "acme", "--no-test"]).succeeded();
    let _ = desk.sandbox.run("conda-env", &make).succeeded();
    desk.runs(&format!("{prefix}/bin/python"), GREETS, GREETING);
    desk.assert_tokens(1);
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
