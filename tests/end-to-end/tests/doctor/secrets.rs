//! A trial gives a client nothing secret that it would not have had: no token in its variables, its arguments or its
//! files, and no key of the stand-in's authority anywhere.

use super::*;

/// Stands in front of a client, and writes down everything that was given to it.
const RECORDING: &str = "#!/bin/sh
{
    echo \"started $0\"
    /usr/bin/tr '\\0' '\\n' < /proc/$$/environ
    for argument in \"$@\"; do echo \"$argument\"; done
    /usr/bin/find \"$TMPDIR\" . -type f -exec /bin/cat {} \\;
} >> RECORD 2> /dev/null
exec CLIENT \"$@\"
";

fn record(machine: &Machine, folder: &str, command: &str) {
    machine.sandbox.client(folder, command);
    let link = machine.sandbox.path("bin").join(command);
    let client = std::fs::read_link(&link).unwrap();
    let record = machine.sandbox.path("record");
    let script = RECORDING
        .replace("RECORD", &record.display().to_string())
        .replace("CLIENT", &client.display().to_string());
    machine
        .sandbox
        .write_program(&format!("bin/{command}"), &script);
}

#[test]
fn a_trial_gives_its_client_no_token() {
    let mut machine = Machine::new();
    machine.emulator.expect_other_hosts();
    machine.sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
    machine.sandbox.set("UV_DEFAULT_INDEX", PYPI_OF_AWS);
    machine.sandbox.set("UV_KEYRING_PROVIDER", "subprocess");
    machine.sandbox.set("GOPROXY", GO);
    machine.sandbox.set("GOAUTH", "codeartifact-goauth");
    machine.sandbox.set("GOFLAGS", "-modcacherw");
    machine.write("work/.npmrc", &format!("registry={NPM}\n"));
    machine.write("work/package.json", "{\"name\": \"p\"}\n");
    let pypirc = "[distutils]\nindex-servers = acme\n[acme]\nrepository = https://HOST/pypi/my-repo/\nusername = aws\n";
    machine.write("home/.pypirc", pypirc);
    let clients = [
        ("pip", "pip"),
        ("uv", "uv"),
        ("npm", "npm"),
        ("pnpm", "pnpm"),
        ("yarn-1", "yarn"),
        ("bun", "bun"),
        ("go", "go"),
        ("twine", "twine"),
    ];
    for (folder, command) in clients {
        record(&machine, folder, command);
    }
    let _ = machine.sandbox.run("codeartifact", &["doctor"]);
    let token = token(&machine);
    let seen = std::fs::read(machine.sandbox.path("record")).unwrap();
    let seen = String::from_utf8_lossy(&seen);
    for (_, command) in clients {
        let started = format!("/bin/{command}\n");
        assert!(seen.contains(&started), "{command} was not tried");
    }
    assert!(seen.contains("BEGIN CERTIFICATE"), "the files are read");
    assert!(!seen.contains(&token), "a token was given");
    assert!(!seen.contains("PRIVATE KEY"), "a key was written");
}
