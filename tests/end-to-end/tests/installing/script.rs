//! `install.sh`: what it checks, and what it leaves.

use super::*;

fn install(sandbox: &Sandbox, arguments: &[&str]) -> codeartifact_end_to_end::Outcome {
    let file = script("install/install.sh");
    let from = releases(sandbox);
    let always = [file.as_str(), "--version", VERSION, "--from", &from];
    sandbox.run("sh", &[always.as_slice(), arguments].concat())
}

#[test]
fn it_installs_and_updates_for_this_user_alone() {
    let sandbox = Sandbox::new();
    published(&sandbox);
    for _ in 0..2 {
        let said = install(&sandbox, &[]).succeeded();
        assert!(
            said.stdout
                .starts_with(&format!("installed codeartifact {VERSION}")),
            "{said:?}"
        );
        assert!(said.stdout.contains("put it on PATH"), "{said:?}");
    }
    let home = fs::read_dir(sandbox.path("home")).unwrap();
    let names: Vec<_> = home.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [".local"]);
    let mut programs: Vec<_> = fs::read_dir(sandbox.path("home/.local/bin"))
        .unwrap()
        .collect();
    assert_eq!(
        programs.len(),
        helpers().len() + TOOLS.len(),
        "{programs:?}"
    );
    assert!(programs.iter_mut().all(|it| {
        !it.as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with('.')
    }));
    assert!(fs::read_dir(sandbox.path("tmp")).unwrap().next().is_none());
}

#[test]
fn an_archive_that_was_changed_is_refused() {
    let sandbox = Sandbox::new();
    published(&sandbox);
    let folder = format!("releases/{VERSION}");
    let sums = format!("{folder}/SHA256SUMS");
    let genuine = sandbox.read(&sums);
    let other = format!("{}{}", "0".repeat(64), &genuine[64..]);
    for changed in [
        other.as_str(),
        "",
        &genuine.replace("codeartifact-", "x-codeartifact-"),
    ] {
        sandbox.write(&sums, changed);
        let _ = install(&sandbox, &[]).exited(1).says(&[
            "is not the file that the release lists in SHA256SUMS",
            "hint: ",
        ]);
        assert!(!sandbox.path("home/.local").exists());
    }
}

#[test]
fn what_cannot_be_had_is_said() {
    let sandbox = Sandbox::new();
    published(&sandbox);
    let _ = install(&sandbox, &["--version", "9.9.9"])
        .exited(1)
        .says(&["cannot download file://", "/9.9.9/"]);
    let _ = install(&sandbox, &["--elsewhere", "x"])
        .exited(1)
        .says(&["unexpected argument: --elsewhere", "usage: "]);
    let file = script("install/install.sh");
    let _ = sandbox
        .run("sh", &[&file])
        .exited(1)
        .says(&["no URL of the releases is known"]);
}

/// The GitHub CLI and the network are doubles here: what it says of a real release has not been seen.
#[test]
fn github_is_asked_who_built_it() {
    let sandbox = Sandbox::new();
    published(&sandbox);
    let releases = sandbox.path("releases").display().to_string();
    let here = "https://github.com/my-org/my-repo/releases/download";
    let curl = format!(
        "#!/bin/sh\nfor it; do [ \"$before\" = -o ] && to=$it; before=$it; done\ncp \"{releases}${{it#{here}}}\" \"$to\"\n"
    );
    sandbox.write_program("bin/curl", &curl);
    let from_there = ["--from", here];
    let rows = [
        ("exit 1", "no signature was checked"),
        ("exit 0", "built by my-org/my-repo, as GitHub attests"),
    ];
    for (gh, says) in rows {
        sandbox.write_program("bin/gh", &format!("#!/bin/sh\n{gh}\n"));
        let said = install(&sandbox, &from_there).succeeded();
        assert!(said.stdout.contains(says), "{said:?}");
    }

    sandbox.write_program("bin/gh", "#!/bin/sh\n[ \"$1\" = auth ]\n");
    fs::remove_dir_all(sandbox.path("home/.local")).unwrap();
    let _ = install(&sandbox, &from_there).exited(1).says(&[
        "GitHub has no attestation that my-org/my-repo built this release",
        "hint: see what it says: gh attestation verify",
    ]);
    assert!(!sandbox.path("home/.local").exists());
}
