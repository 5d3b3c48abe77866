//! One release of those of several systems, and how its npm packages are published.

use super::*;

/// A release of one system, as `install/release.sh` makes it.
fn release(sandbox: &Sandbox, platform: &str, script_text: &str) {
    let folder = format!("made/{platform}");
    let suffix = if platform.starts_with("win32") {
        ".exe"
    } else {
        ""
    };
    for program in ["codeartifact-npm", "codeartifact", "codeartifact-aws"] {
        sandbox.write(&format!("programs-{platform}/{program}{suffix}"), platform);
    }
    sandbox.write("notices", "licences");
    sandbox.write(&format!("{folder}/install.sh"), script_text);
    sandbox.write(&format!("{folder}/SHA256SUMS"), platform);
    sandbox.write(
        &format!("{folder}/codeartifact-{VERSION}-{platform}.tar.gz"),
        platform,
    );
    let stage = script("install/npm/stage.js");
    let programs = format!(
        "{platform}={}",
        sandbox.path(&format!("programs-{platform}")).display()
    );
    let notices = sandbox.path("notices").display().to_string();
    let to = sandbox
        .path(&format!("staged-{platform}"))
        .display()
        .to_string();
    let _ = sandbox
        .run("node", &[&stage, &to, &notices, &programs])
        .succeeded();
    let out = sandbox.path(&folder).display().to_string();
    let packages = [format!("{to}/{platform}"), format!("{to}/codeartifact-npm")];
    let pack = [
        "pack",
        "--silent",
        "--pack-destination",
        &out,
        &packages[0],
        &packages[1],
    ];
    let _ = sandbox.run("npm", &pack).succeeded();
}

fn two_systems(script_texts: [&str; 2]) -> (Sandbox, codeartifact_end_to_end::Outcome) {
    let sandbox = Sandbox::new();
    published(&sandbox);
    sandbox.client("npm-10", "npm");
    release(&sandbox, "linux-x64", script_texts[0]);
    release(&sandbox, "win32-x64", script_texts[1]);
    let join = script("install/release/join.sh");
    let paths = ["joined", "made/linux-x64", "made/win32-x64"]
        .map(|it| sandbox.path(it).display().to_string());
    let said = sandbox.run("bash", &[&join, &paths[0], &paths[1], &paths[2]]);
    (sandbox, said)
}

#[test]
fn the_npm_package_names_the_packages_of_all_systems() {
    let (sandbox, said) = two_systems(["same", "same"]);
    let _ = said.succeeded();
    let sums = sandbox.read("joined/SHA256SUMS");
    let names: Vec<_> = sums.lines().map(|line| &line[66..]).collect();
    let npm = format!("codeartifact-npm-{VERSION}.tgz");
    let expected = [
        format!("codeartifact-{VERSION}-linux-x64.tar.gz"),
        format!("codeartifact-{VERSION}-win32-x64.tar.gz"),
        npm.clone(),
        format!("codeartifact-npm-linux-x64-{VERSION}.tgz"),
        format!("codeartifact-npm-win32-x64-{VERSION}.tgz"),
        "install.sh".to_owned(),
    ];
    assert_eq!(names, expected);
    let joined = sandbox.path("joined").join(npm).display().to_string();
    let manifest = sandbox
        .run("tar", &["-xzOf", &joined, "package/package.json"])
        .succeeded()
        .stdout;
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let wanted = serde_json::json!({ "@codeartifact-npm/linux-x64": VERSION, "@codeartifact-npm/win32-x64": VERSION });
    assert_eq!(manifest["optionalDependencies"], wanted);

    // An npm of ours writes down what it is asked: nothing is published.
    sandbox.write_program(
        "bin/npm",
        "#!/bin/sh\n[ \"$1\" = view ] && { case $2 in @codeartifact-npm/linux*) echo 1;; esac; exit; }\necho \"$@\" >>asked\n",
    );
    let publish = script("install/release/publish-npm.sh");
    let folder = sandbox.path("joined").display().to_string();
    let said = sandbox
        .run("bash", &[&publish, &folder, "--dry-run"])
        .succeeded();
    assert_eq!(
        said.stdout,
        format!("@codeartifact-npm/linux-x64@{VERSION} is published already\n")
    );
    let asked = sandbox.read("work/asked").replace(&folder, "joined");
    let line = |name: &str| {
        format!("publish --provenance --access public joined/{name}-{VERSION}.tgz --dry-run\n")
    };
    assert_eq!(
        asked,
        line("codeartifact-npm-win32-x64") + &line("codeartifact-npm")
    );
}

#[test]
fn files_that_differ_are_refused() {
    let (_sandbox, said) = two_systems(["one", "another"]);
    let _ = said
        .exited(1)
        .says(&["install.sh is not the same in every release"]);
}
