//! `npx codeartifact-npm`: the packages of `install/npm`, laid out as for a release, packed, and installed from there.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::*;

const STAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../install/npm/stage.js");

/// The programs of a platform's package: the command's own, and the one that it starts when AWS has to be asked.
const PROGRAMS: [&str; 3] = ["codeartifact-npm", "codeartifact", "codeartifact-aws"];

/// Both packages of this platform, as tarballs in the working folder.
fn pack(sandbox: &Sandbox) {
    let program = fs::read_link(sandbox.path("bin/codeartifact-npm")).unwrap();
    let programs = program.parent().unwrap();
    let platform = format!("linux-x64={}", programs.display());
    write_notices(&sandbox.path("work/notices.txt"));
    let steps: [(&str, &[&str]); 2] = [
        ("node", &[STAGE, "stage", "notices.txt", &platform]),
        (
            "npm",
            &[
                "pack",
                "--silent",
                "./stage/linux-x64",
                "./stage/codeartifact-npm",
            ],
        ),
    ];
    for (program, arguments) in steps {
        let _ = sandbox.run(program, arguments).succeeded();
    }
}

/// The licences of what the programs contain, from cargo's registry.
fn write_notices(file: &Path) {
    let notices = concat!(env!("CARGO_MANIFEST_DIR"), "/../../install/notices.py");
    let written = Command::new(notices).arg(file).status().unwrap();
    assert!(written.success());
    let text = fs::read_to_string(file).unwrap();
    for package in ["rustls ", "ring ", "serde_json ", "toml "] {
        assert!(text.contains(&format!("\n{package}")), "{package}");
    }
    assert!(text.contains("Permission is hereby granted") && text.contains("Apache License"));
}

fn manifest(sandbox: &Sandbox, package: &str) -> serde_json::Value {
    let text = sandbox.read(&format!("work/stage/{package}/package.json"));
    serde_json::from_str(&text).unwrap()
}

#[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
#[test]
fn npx_runs_the_program_that_npm_chose_for_the_platform() {
    let desk = Desk::with(clients::NPM_11);
    let sandbox = &desk.sandbox;
    sandbox.client("npm", "npx");
    pack(sandbox);
    sandbox.write("work/package.json", "{\"private\": true}\n");
    let tarballs =
        "install --offline ./codeartifact-npm-0.1.0.tgz ./codeartifact-npm-linux-x64-0.1.0.tgz";
    let _ = desk.types(&format!("npm {tarballs}")).succeeded();

    // Ours is no longer on PATH, so that it can only be the package's.
    fs::remove_file(sandbox.path("bin/codeartifact-npm")).unwrap();
    sandbox.write("work/.npmrc", &format!("registry={NPM}\n"));
    assert_eq!(desk.types("npx codeartifact-npm --check").code, Some(1));
    let said = desk.types("npx codeartifact-npm").succeeded();
    let npmrc = sandbox.path("home/.npmrc");
    let expected = format!(
        "codeartifact-npm: fresh tokens are in {}\n",
        npmrc.display()
    );
    assert_eq!(
        (said.stdout.as_str(), said.stderr.as_str()),
        ("", expected.as_str())
    );
    let became = desk.types("npx codeartifact-npm exec -- npm view my-package version");
    assert_eq!(became.succeeded().stdout, "1.1.0\n");

    let program = sandbox.path("work/node_modules/@codeartifact-npm");
    fs::remove_dir_all(program).unwrap();
    let missing = desk.types("npx codeartifact-npm");
    let _ = missing
        .exited(1)
        .says(&["@codeartifact-npm/linux-x64 is not installed"]);
}

#[test]
fn packages_run_nothing_on_installation_and_name_each_other_exactly() {
    let sandbox = Sandbox::new();
    for program in PROGRAMS {
        sandbox.write(&format!("work/darwin/{program}"), "of another platform");
        sandbox.write(
            &format!("work/windows/{program}.exe"),
            "of another platform",
        );
    }
    sandbox.write("work/notices.txt", "licences");
    let arguments = [
        STAGE,
        "stage",
        "notices.txt",
        "darwin-arm64=darwin",
        "win32-x64=windows",
    ];
    let _ = sandbox.run("node", &arguments).succeeded();
    let command = manifest(&sandbox, "codeartifact-npm");
    let optional = &command["optionalDependencies"];
    for (platform, extension) in [("darwin-arm64", ""), ("win32-x64", ".exe")] {
        let package = manifest(&sandbox, platform);
        assert_eq!(
            optional[package["name"].as_str().unwrap()],
            package["version"]
        );
        assert_eq!(
            format!(
                "{}-{}",
                package["os"][0].as_str().unwrap(),
                package["cpu"][0].as_str().unwrap()
            ),
            platform
        );
        for program in PROGRAMS {
            let file = format!("work/stage/{platform}/bin/{program}{extension}");
            assert!(sandbox.path(&file).is_file(), "{file}");
        }
        let notices = format!("work/stage/{platform}/THIRD-PARTY-NOTICES.txt");
        assert_eq!(sandbox.read(&notices), "licences");
        assert!(package.get("scripts").is_none(), "{package}");
    }
    assert!(command.get("scripts").is_none(), "{command}");
    assert_eq!(command["version"], env!("CARGO_PKG_VERSION"));
    assert!(Path::new(&sandbox.path("work/stage/codeartifact-npm/README.md")).is_file());
}
