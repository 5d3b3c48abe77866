//! The programs that we become: never the project's, never ourselves in a circle, and no later than one run may take.

use std::time::{Duration, Instant};

use codeartifact_end_to_end::fixture::{NPM, PYPI, two_hops};

use crate::soon;

/// A run of 28 s, its keyring, the command's start, and a busy machine.
const ONE_RUN: Duration = Duration::from_secs(40);

#[test]
fn nothing_of_the_working_directory_is_run() {
    let (mut sandbox, _emulator) = two_hops();
    let npm = std::fs::read_link(sandbox.path("bin/codeartifact-npm")).unwrap();
    sandbox.link("npm", &npm);
    for name in ["npm", "keyring", "sh"] {
        sandbox.write_program(&format!("work/{name}"), "#!/bin/sh\necho HIJACKED\n");
    }
    let bin = sandbox.path("bin").display().to_string();
    for path in [
        format!("{bin}:"),
        format!("{bin}::{bin}"),
        format!(":{bin}"),
        format!(".:{bin}"),
        format!("{bin}:."),
    ] {
        sandbox.set("PATH", &path);
        let commands: [(&str, &[&str]); 3] = [
            ("npm", &["--version"]),
            ("codeartifact-npm", &["exec", "--", "npm", "--version"]),
            (
                "codeartifact",
                &["exec", "--connection", "acme", "--", "npm", "--version"],
            ),
        ];
        for (program, arguments) in commands {
            let outcome = soon(&path, || sandbox.run(program, arguments)).exited(127);
            assert!(!outcome.stdout.contains("HIJACKED"), "{path}: {outcome:?}");
        }
    }
}

/// Programs that we start beside that: go for its settings, a profile's program, a browser.
#[test]
fn nothing_of_the_working_directory_is_asked_either() {
    let (mut sandbox, _emulator) = two_hops();
    for name in [
        "go",
        "give",
        "yarn",
        "xdg-open",
        "npm",
        "pip",
        "buildkite-agent",
    ] {
        let _ = std::fs::remove_file(sandbox.path(&format!("bin/{name}")));
        sandbox.write_program(
            &format!("work/{name}"),
            "#!/bin/sh\necho HIJACKED >>\"$HOME/hijacked\"\n",
        );
    }
    let bin = sandbox.path("bin").display().to_string();
    sandbox.set("PATH", format!(".:{bin}:"));
    let commands: [&[&str]; 5] = [
        &["setup", "go", "acme"],
        &["setup", "go", "acme", "--undo"],
        &["setup", "yarn", "acme"],
        &["setup", "pip", "acme"],
        &["doctor"],
    ];
    for arguments in commands {
        let _ = sandbox.run("codeartifact", arguments);
    }
    sandbox.write(
        "home/.aws/config",
        "[profile a]\ncredential_process = give\n",
    );
    sandbox.unset("AWS_ACCESS_KEY_ID");
    sandbox.unset("AWS_SECRET_ACCESS_KEY");
    sandbox.set("AWS_PROFILE", "a");
    let token = ["token", PYPI];
    let _ = sandbox
        .run("codeartifact", &token)
        .failed()
        .says(&["`give` of credential_process cannot be started: it is not on PATH"]);
    sandbox.unset("AWS_PROFILE");
    sandbox.set("CODEARTIFACT_SOURCE", "buildkite");
    let _ = sandbox.run("codeartifact", &token).failed();
    assert!(!sandbox.path("home/hijacked").exists());
}

#[test]
fn programs_that_start_each_other_end() {
    let (sandbox, _emulator) = two_hops();
    let npm = sandbox.path("bin/codeartifact-npm").display().to_string();
    sandbox.write_program(
        "bin/circle",
        &format!("#!/bin/sh\nexec {npm} exec -- circle\n"),
    );
    let outcome = soon("a circle", || sandbox.run("circle", &[])).exited(127);
    let _ = outcome.says(&["no other `circle` is on PATH"]);
    sandbox.write_program("bin/circle", &format!("#!/bin/sh\n{npm} exec -- circle\n"));
    let _ = soon("a circle of children", || sandbox.run("circle", &[])).exited(127);
}

/// Two programs, and each had all the time of a run.
#[test]
fn exec_takes_no_longer_than_one_run() {
    let (sandbox, emulator) = two_hops();
    sandbox.write("work/.npmrc", &format!("registry={NPM}\n"));
    let other = PYPI
        .replace("my-domain", "other-domain")
        .replace("111122223333", "444455556666");
    sandbox.write(
        "work/pyproject.toml",
        &format!("[[tool.uv.index]]\nname = \"x\"\nurl = \"{other}\"\n"),
    );
    sandbox.write("home/.config/codeartifact/config.toml", "");
    emulator.fault(
        r#"[{"fault": "hang", "action": "sts"}, {"fault": "hang", "action": "codeartifact"}]"#,
    );
    let began = Instant::now();
    let outcome = sandbox.run("codeartifact", &["exec", "--", "sh", "-c", "echo ran"]);
    let took = began.elapsed();
    assert_eq!(outcome.succeeded().stdout, "ran\n");
    assert!(took < ONE_RUN, "{took:?}");
}
