//! What `codeartifact doctor` says about pip and uv is true of the real ones.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::clients::{HOST, complains, is_content};
use super::*;

#[test]
fn pip_asks_nobody_when_it_may_not_ask_the_person() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    let install = |sandbox: &Sandbox| {
        let python = sandbox.path("work/venv/bin/python").display().to_string();
        let _ = sandbox
            .run("python3", &["-m", "venv", "--without-pip", "venv"])
            .succeeded();
        sandbox.run("pip", &["--python", &python, "install", "my-package"])
    };
    sandbox.set("PIP_INDEX_URL", PYPI);
    sandbox.set("PIP_NO_INPUT", "1");
    let _ = install(&sandbox).failed();
    complains(&sandbox, "client_pip", "PIP_NO_INPUT switches that off");
    sandbox.unset("PIP_CONFIG_FILE");
    sandbox.write(
        "home/.config/pip/pip.conf",
        "[global]\nkeyring-provider = subprocess\n",
    );
    let _ = install(&sandbox).succeeded();
    is_content(&sandbox);
}

/// pip passes over the programs of the environment that it runs in.
#[test]
fn a_keyring_that_pip_does_not_see() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    sandbox.set("PIP_INDEX_URL", PYPI);
    sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    sandbox.set("PIP_NO_INPUT", "1");
    let (python, bin) = in_environment(&mut sandbox);
    sandbox.link("venv-python", &python);
    let download = |sandbox: &Sandbox| {
        let arguments = [
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--dest",
            "wheels",
            "my-package",
        ];
        sandbox.run(python.to_str().unwrap(), &arguments)
    };

    fs::rename(sandbox.path("bin/keyring"), bin.join("keyring")).unwrap();
    let _ = download(&sandbox).failed();
    complains(&sandbox, "client_pip", "pip passes over");
    fs::rename(bin.join("keyring"), sandbox.path("bin/keyring")).unwrap();
    let _ = download(&sandbox).succeeded();
    is_content(&sandbox);
    fs::remove_file(sandbox.path("bin/keyring")).unwrap();
    complains(
        &sandbox,
        "client_pip",
        "no program called `keyring` on PATH",
    );
    symlink(
        pinned("keyring").join("bin/keyring"),
        sandbox.path("bin/keyring"),
    )
    .unwrap();
    complains(
        &sandbox,
        "client_pip",
        "bin/keyring, which is not codeartifact-keyring",
    );
}

/// Activates an environment that has pip's code, and returns its interpreter and the folder of its programs.
fn in_environment(sandbox: &mut Sandbox) -> (PathBuf, PathBuf) {
    let _ = sandbox
        .run("python3", &["-m", "venv", "--without-pip", "venv"])
        .succeeded();
    let bin = sandbox.path("work/venv/bin");
    let pip = fs::read_dir(pinned("pip").join("lib"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    sandbox.set(
        "PYTHONPATH",
        pip.path().join("site-packages").display().to_string(),
    );
    sandbox.set(
        "VIRTUAL_ENV",
        sandbox.path("work/venv").display().to_string(),
    );
    sandbox.set(
        "PATH",
        format!("{}:{}", bin.display(), sandbox.path("bin").display()),
    );
    (bin.join("python"), bin)
}

fn pinned(client: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../.clients")
        .join(client)
}

#[test]
fn uv_asks_nobody_about_an_index_without_a_user() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    sandbox.client("uv", "uv");
    let install = |sandbox: &Sandbox| {
        let target = [
            "pip",
            "install",
            "--target",
            "target",
            "--no-cache",
            "--reinstall",
            "my-package",
        ];
        sandbox.run("uv", &target)
    };
    let index = |url: &str, more: &str| {
        format!("[[index]]\nname = \"ours\"\nurl = \"{url}\"\ndefault = true\n{more}")
    };
    let with_user = PYPI.replace("https://", "https://aws@");
    sandbox.write("work/uv.toml", &index(&with_user, ""));
    let _ = install(&sandbox).failed();
    complains(&sandbox, "client_uv", "asks no keyring by default");

    sandbox.set("UV_KEYRING_PROVIDER", "subprocess");
    sandbox.write("work/uv.toml", &index(PYPI, ""));
    let _ = install(&sandbox).failed();
    complains(&sandbox, "client_uv", "because it knows no user there");
    for (url, more) in [(&with_user[..], ""), (PYPI, "authenticate = \"always\"\n")] {
        sandbox.write("work/uv.toml", &index(url, more));
        let _ = install(&sandbox).succeeded();
        is_content(&sandbox);
    }

    sandbox.write(
        "home/.netrc",
        &format!("machine {HOST} login aws password yesterday\n"),
    );
    let _ = install(&sandbox).failed();
    complains(&sandbox, "client_uv", ".netrc:1 has a password for it");
}
