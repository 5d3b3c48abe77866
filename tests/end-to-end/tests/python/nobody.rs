//! A container's usual user: `nobody`, who has no login, in a home that nothing can be written to, and without a runtime
//! directory. Who installs there is served from memory, or is told what stands in the way and what to do.

use std::fs;
use std::os::unix::fs::{MetadataExt, lchown};
use std::path::Path;

use codeartifact_end_to_end::Outcome;
use codeartifact_end_to_end::fixture::{PYPI, PYPI_OF_AWS};

use crate::setup::newcomer;
use crate::{Desk, GREETING, GREETS, RELEASES_INDEX};

const NOBODY: u32 = 65_534;

/// `docker run --read-only --user nobody`, with the tokens of other runs out of sight. The capability only opens the way to
/// the tests' interpreter, which may lie in a folder of root's alone.
const CONTAINER: &str = "mount --bind $HOME $HOME && mount -o remount,bind,ro $HOME && mount -t tmpfs -o mode=1777 none /dev/shm \
    || exit 99; exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_read_search \
    --ambient-caps=+dac_read_search sh -c \"$1\"";

/// A machine whose root can become somebody else; `None` where this process cannot.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn container(client: &str) -> Option<Desk> {
    let mut desk = newcomer(client);
    for tool in ["mount", "unshare", "setpriv"] {
        desk.sandbox.link(tool, &Path::new("/usr/bin").join(tool));
    }
    desk.sandbox.unset("XDG_RUNTIME_DIR");
    if let Some(private) = private_folder_above(&desk.sandbox.path("")) {
        eprintln!("skipped, only its owner gets into {}", private.display());
        return None;
    }
    let made = desk
        .sandbox
        .run("unshare", &["-m", "mount", "--bind", ".", "."]);
    if made.code != Some(0) {
        eprintln!("skipped, no mounts here: {}", made.stderr);
        return None;
    }
    Some(desk)
}

/// A client looks for the command `keyring` without the capability.
fn private_folder_above(path: &Path) -> Option<&Path> {
    let lets_pass = |path: &Path| fs::metadata(path).unwrap().mode() & 0o001 != 0;
    path.ancestors().skip(1).find(|path| !lets_pass(path))
}

impl Desk {
    fn nobody_types(&self, line: &str) -> Outcome {
        for folder in ["", "work", "tmp"] {
            give(&self.sandbox.path(folder), !folder.is_empty());
        }
        self.sandbox
            .run("unshare", &["-m", "sh", "-c", CONTAINER, "sh", line])
    }
}

fn give(path: &Path, all: bool) {
    lchown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    if all && fs::symlink_metadata(path).unwrap().is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), true);
        }
    }
}

const PIP: &str = "pip --python venv/bin/python --no-input install my-package";
const UV: &str = "uv pip install --python venv/bin/python my-package";

/// As an image's build has it: root has set the client up, and that is read.
#[test]
fn what_root_has_set_up_serves_nobody() {
    for (client, install) in [("pip", PIP), ("uv", UV)] {
        let Some(mut desk) = container(client) else {
            return;
        };
        let _ = desk.setup(&[client, "acme", "--no-test"]).succeeded();
        // uv itself stops without a place for its cache, and says so.
        desk.sandbox.set("UV_NO_CACHE", "1");
        let again = format!("{install} && codeartifact token {PYPI}");
        let _ = desk.nobody_types(&again).succeeded();
        desk.imports(GREETS, GREETING);
        desk.assert_tokens(1);
        let setup = format!("codeartifact setup {client} acme --no-test --undo");
        let _ = desk.nobody_types(&setup).exited(3).says(&[
            "belongs to user 0, and we are 65534",
            "`codeartifact exec -- COMMAND` needs no file",
        ]);
    }
}

/// Nothing is set up there, and nothing can be: that is said with the way that needs no file.
#[test]
fn nobody_is_told_the_way_without_files() {
    for (client, install) in [("pip", PIP), ("uv", UV)] {
        let Some(mut desk) = container(client) else {
            return;
        };
        desk.sandbox.set("UV_NO_CACHE", "1");
        for setup in ["pip", "uv", "twine"] {
            let setup = format!("codeartifact setup {setup} acme --no-test");
            let _ = desk.nobody_types(&setup).exited(3).says(&[
                "Read-only file system",
                "`codeartifact exec -- COMMAND` needs no file",
            ]);
        }
        let exec = format!("codeartifact exec --connection acme -- {install}");
        let _ = desk.nobody_types(&exec).succeeded();
        desk.imports(GREETS, GREETING);
        desk.assert_tokens(1);
    }
}

#[test]
fn nobody_publishes() {
    let Some(desk) = container("twine") else {
        return;
    };
    desk.sandbox.client("pip", "pip");
    let exec = "codeartifact exec --connection acme --publish -- ";
    let download =
        "pip --python venv/bin/python download --no-deps --dest wheels my-package==1.0.0";
    let _ = desk.nobody_types(&format!("{exec}{download}")).succeeded();
    let file = "home/.config/codeartifact/config.toml";
    let config = desk.sandbox.read(file);
    let releases = config.replacen(PYPI, RELEASES_INDEX, 1);
    desk.sandbox.write(file, &releases);
    let upload = "twine upload --non-interactive wheels/my_package-1.0.0-py3-none-any.whl";
    let _ = desk.nobody_types(&format!("{exec}{upload}")).succeeded();
    desk.emulator.journal().all_answered("pypi:publish", &[200]);
}

/// A login directory that is not there, as of a service: variables say all that a configuration file would.
#[test]
fn without_a_home() {
    let mut desk = Desk::with("pip", "pip");
    desk.sandbox.set(
        "CODEARTIFACT_ROLE_ARN",
        "arn:aws:iam::111122223333:role/CodeArtifactDeveloper",
    );
    desk.sandbox
        .set("CODEARTIFACT_EXTERNAL_ID", "acme-7f3c2a91");
    desk.sandbox.set(
        "CODEARTIFACT_VIA",
        "arn:aws:iam::198331734661:role/IntegrationReadOnly",
    );
    desk.sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
    desk.sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    fs::remove_file(desk.sandbox.path("home/.config/codeartifact/config.toml")).unwrap();
    for home in [None, Some("/nonexistent")] {
        match home {
            None => desk.sandbox.unset("HOME"),
            Some(home) => desk.sandbox.set("HOME", home),
        }
        let install = [
            "install",
            "--no-cache-dir",
            "--force-reinstall",
            "my-package",
        ];
        let _ = desk.pip(&install).succeeded();
        desk.imports(GREETS, GREETING);
    }
}
