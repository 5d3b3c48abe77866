//! Machines that forbid replacing a file: a container's `.npmrc` is a mount of its own, and its home or root is mounted to
//! be read only. Nobody loses an install by that, and it is said once. Real mounts, in a namespace that the test makes.

use super::*;
use clients::{CLIENTS, PNPM};

const TOKEN_KEY: &str =
    "//my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/:_authToken";

/// A way to make a file that cannot be replaced, and what the system says to it.
struct Mount {
    script: &'static str,
    says: &'static str,
}

/// `docker -v` and the devcontainer's `mounts`.
const BOUND: Mount = Mount {
    script: "mount --bind mounted $HOME/.npmrc",
    says: "Device or resource busy",
};

/// `docker -v …:ro`, and a build's `--mount=type=secret,target=/root/.npmrc`.
const BOUND_READ_ONLY: Mount = Mount {
    script: "mount --bind mounted $HOME/.npmrc && mount -o remount,bind,ro $HOME/.npmrc",
    says: "Device or resource busy",
};

/// `docker run --read-only`: nothing in the home can be written.
const HOME_READ_ONLY: Mount = Mount {
    script: "mount --bind $HOME $HOME && mount -o remount,bind,ro $HOME",
    says: "Read-only file system",
};

const MOUNTS: [&Mount; 3] = [&BOUND, &BOUND_READ_ONLY, &HOME_READ_ONLY];

/// A machine with the links, in a project, that can mount; `None` where the kernel forbids it to this user.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn desk(client: Client) -> Option<Desk> {
    let mut desk = Desk::with(client);
    for tool in ["mount", "unshare"] {
        desk.sandbox.link(tool, &Path::new("/usr/bin").join(tool));
    }
    let package = r#"{"name": "work", "version": "1.0.0", "private": true}"#;
    desk.sandbox.write("work/package.json", package);
    desk.sandbox
        .write("work/.npmrc", &format!("registry={NPM}\n"));
    desk.sandbox.write("work/mounted", USERS_NPMRC);
    let _ = desk.types("codeartifact setup npm --no-test").succeeded();
    // The clients' own caches have to be somewhere.
    for (name, folder) in [
        ("npm_config_cache", "npm"),
        ("YARN_CACHE_FOLDER", "yarn"),
        ("BUN_INSTALL", "bun"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_DATA_HOME", "data"),
    ] {
        let folder = desk.sandbox.path("tmp").join(folder);
        desk.sandbox.set(name, folder.display().to_string());
    }
    let made = desk
        .sandbox
        .run("unshare", &["-rm", "mount", "--bind", "mounted", "mounted"]);
    if made.code != Some(0) {
        eprintln!("skipped, no mounts here: {}", made.stderr);
        return None;
    }
    Some(desk)
}

impl Desk {
    /// Types a line where the mount is.
    fn types_behind(&self, mount: &Mount, line: &str) -> Outcome {
        let shims = self.sandbox.path("home/.local/share/codeartifact/shims");
        let shims = shims.display();
        let line = format!(
            "{} || exit 99; PATH='{shims}':\"$PATH\"; {line}",
            mount.script
        );
        self.sandbox.run("unshare", &["-rm", "sh", "-c", &line])
    }
}

#[test]
fn an_install_works_and_it_is_said_once() {
    // Yarn from 2 on reads no such file.
    for client in CLIENTS.iter().filter(|it| it.folder != "yarn") {
        let Some(desk) = desk(*client) else { return };
        for mount in MOUNTS {
            for before in ["", "codeartifact-npm exec -- "] {
                let said = desk.installs_behind(mount, before);
                assert_eq!(said.matches("codeartifact-npm:").count(), 1, "{said}");
                let says = [mount.says, "handed over in memory"];
                assert!(says.iter().all(|it| said.contains(it)), "{said}");
            }
        }
        let said = desk.installs_behind(&BOUND, "codeartifact exec --connection acme -- ");
        assert!(!said.contains("codeartifact-npm:"), "{said}");
        assert_eq!(desk.emulator.journal().mints(), 1);
        assert_eq!(desk.sandbox.read("work/mounted"), USERS_NPMRC);
    }
}

impl Desk {
    /// Returns what was said beside the install.
    fn installs_behind(&self, mount: &Mount, before: &str) -> String {
        let _ = std::fs::remove_dir_all(self.sandbox.path("work/node_modules"));
        let (command, add) = (self.client.command, self.client.add);
        let line = format!("{before}{command} {add} my-package");
        self.types_behind(mount, &line).succeeded().stderr
    }
}

/// A token there wins over all that can be handed over, but not over a helper: so it is said.
#[test]
fn a_login_of_pnpms_that_cannot_be_renewed() {
    let Some(desk) = desk(PNPM) else { return };
    let login = format!("{TOKEN_KEY}=eyJ-stale\n");
    desk.sandbox.write("home/.config/pnpm/auth.ini", &login);
    desk.sandbox.write("work/mounted", &login);
    let mount = Mount {
        script: "mount --bind mounted $HOME/.config/pnpm/auth.ini",
        says: "Device or resource busy",
    };
    for before in ["", "codeartifact-npm exec --no-file -- "] {
        let add = format!("{before}pnpm add my-package");
        let said = desk.types_behind(&mount, &add).failed();
        let says = [mount.says, "takes an old token", "codeartifact setup pnpm"];
        let said = said.says(&says);
        assert_eq!(said.stderr.matches("codeartifact-npm:").count(), 1);
    }
    let said = desk.types_behind(&mount, "codeartifact-npm").exited(3);
    let _ = said.says(&["takes an old token", "codeartifact setup pnpm"]);
    let set_up = "codeartifact setup pnpm --no-test && pnpm add my-package";
    let _ = desk.types_behind(&mount, set_up).succeeded();
}

/// A command that has to write says why it cannot, and names one that needs no file.
#[test]
fn what_cannot_be_written_is_said_with_another_way() {
    let Some(desk) = desk(PNPM) else { return };
    for mount in MOUNTS {
        for line in [
            "codeartifact setup pnpm --no-test",
            "codeartifact setup npm acme --scope @my-scope --no-test",
            "codeartifact-npm",
        ] {
            let said = desk.types_behind(mount, line).exited(3);
            let _ = said.says(&[mount.says, "hint: ", "exec -- "]);
        }
        // The link hands it over, as the doctor sees.
        let seen = desk.types_behind(mount, "codeartifact doctor pnpm");
        assert!(seen.stdout.contains("✓ pnpm"), "{seen:?}");
    }
}
