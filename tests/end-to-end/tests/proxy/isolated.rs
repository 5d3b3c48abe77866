//! `--isolate`: the proxy is the only way out, and the files of the user's identities are not there. Where the system
//! forbids namespaces, the run fails and says so.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use codeartifact_end_to_end::fixture::NPM;

use super::*;

/// Tells whether this machine lets its user make the namespaces.
pub(crate) fn is_possible() -> bool {
    let made = Command::new("unshare")
        .args(["-Urnmpf", "--mount-proc", "true"])
        .status();
    made.is_ok_and(|status| status.success())
}

#[test]
fn the_proxy_is_the_only_way_out() {
    let platform = Platform::new();
    platform.sandbox.write(
        "home/.aws/credentials",
        "[default]\naws_access_key_id = AKIA\n",
    );
    let script = format!(
        "npm install my-package --registry {NPM} --cache $PWD/cache --prefix $PWD >&2
        cat $HOME/.aws/credentials $HOME/.config/codeartifact/config.toml 2>&1 || true
        python3 -c 'import socket
try: socket.create_connection((\"{}\", {}), timeout=3); print(\"connected outside\")
except OSError as error: print(\"no way:\", error)'
        cat /proc/1/environ | cat
        exit 5",
        platform.emulator.address().split(':').next().unwrap(),
        platform.emulator.address().split(':').nth(1).unwrap(),
    );
    let outcome = platform.exec(&["--isolate"], &script);
    if !is_possible() {
        let _ = outcome.exited(3).says(&["--isolate: cannot", "hint: "]);
        return;
    }
    let outcome = outcome.exited(5);
    assert!(outcome.stdout.contains("no way:"), "{outcome:?}");
    for secret in ["AKIA", "external_id", "AWS_SECRET_ACCESS_KEY"] {
        assert!(!outcome.stdout.contains(secret), "{secret}: {outcome:?}");
    }
    assert!(
        platform
            .sandbox
            .path("work/node_modules/my-package")
            .exists()
    );
    assert_no_token(&outcome.stdout, "an isolated build");
}

/// SIGTERM to the run, and ctrl-c to all of a terminal's processes: the command decides how it ends.
#[test]
fn the_command_gets_the_signals() {
    if !is_possible() {
        return;
    }
    let platform = Platform::new();
    platform.sandbox.link("sleep", Path::new("/usr/bin/sleep"));
    let script = "trap 'exit 8' INT; trap 'exit 9' TERM; echo ready; sleep 60 & wait";
    for (signal, whom, expected) in [("-TERM", "", 9), ("-INT", "-", 8)] {
        let mut command = platform.sandbox.command("codeartifact");
        command.args(["exec", "--proxy", "--isolate", "--connection", "acme"]);
        command.args(["--", "sh", "-c", script]);
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut run = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let said = BufReader::new(run.stdout.as_mut().unwrap()).read_line(&mut line);
        assert_eq!((said.unwrap(), line.as_str()), (6, "ready\n"));
        let target = format!("{whom}{}", run.id());
        let sent = Command::new("kill").args([signal, "--", &target]).status();
        assert!(sent.unwrap().success());
        assert_eq!(run.wait().unwrap().code(), Some(expected), "{signal}");
    }
}

#[test]
fn a_file_that_is_no_program_is_not_isolated() {
    let platform = Platform::new();
    platform.sandbox.write("work/no-program", "text\n");
    let arguments = ["exec", "--proxy", "--isolate", "--", "./no-program"];
    let outcome = platform.sandbox.run("codeartifact", &arguments);
    if is_possible() {
        let _ = outcome.exited(126).says(&["cannot start", "no-program"]);
    }
}

/// A build of root's has all rights in its own user namespace, and still cannot undo what hides the files.
#[test]
fn what_is_hidden_stays_hidden() {
    if !is_possible() {
        return;
    }
    let platform = Platform::new();
    platform.sandbox.write(
        "home/.aws/credentials",
        "[default]\naws_access_key_id = AKIA\n",
    );
    for tool in ["umount", "unshare", "nsenter"] {
        platform
            .sandbox
            .link(tool, &Path::new("/usr/bin").join(tool));
    }
    let script = "umount $HOME/.aws; umount -l $HOME/.aws; unshare -Urm umount $HOME/.aws
        nsenter --target 1 --mount cat $HOME/.aws/credentials
        cat $HOME/.aws/credentials; cat /proc/*/root$HOME/.aws/credentials; true";
    let outcome = platform.exec(&["--isolate"], script);
    assert!(!outcome.stdout.contains("AKIA"), "{outcome:?}");
}

/// The doctor, asked from inside, finds what is open; isolated, it finds nothing.
#[test]
fn the_doctor_tells_what_is_still_reached() {
    let platform = Platform::new();
    platform.sandbox.write(
        "home/.aws/credentials",
        "[default]\naws_access_key_id = AKIA\n",
    );
    let findings = |options: &[&str]| {
        let outcome = platform.exec(options, "codeartifact doctor --proxy --format json");
        let report: serde_json::Value = serde_json::from_str(&outcome.stdout)
            .unwrap_or_else(|error| panic!("{error}: {outcome:?}"));
        let states = report["clients"].as_array().unwrap().iter().map(|it| {
            let text = |key: &str| it[key].as_str().unwrap().to_owned();
            (text("check"), text("state"))
        });
        states.collect::<std::collections::BTreeMap<_, _>>()
    };
    let found = findings(&[]);
    for (check, state) in [
        ("proxy", "ok"),
        ("variables", "ok"),
        ("files", "failed"),
        ("through", "warning"),
    ] {
        assert_eq!(found[check], state, "{check} of {found:?}");
    }
    if is_possible() {
        let found = findings(&["--isolate", "--others", "refuse"]);
        assert!(
            found.len() >= 8 && found.values().all(|state| state == "ok"),
            "{found:?}"
        );
    }
    let outside = platform
        .sandbox
        .run("codeartifact", &["doctor", "--proxy"])
        .failed();
    assert!(
        outside.stdout.contains("does not run behind a proxy"),
        "{outside:?}"
    );
    assert!(
        outside.stdout.contains("AWS_SECRET_ACCESS_KEY"),
        "{outside:?}"
    );
}
