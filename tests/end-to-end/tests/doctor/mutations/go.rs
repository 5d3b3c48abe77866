//! go: versions, GOPROXY, GOAUTH, checksums, and what is in front of our helper.

use super::super::go::verifying;
use super::*;

pub(super) fn case(number: usize) -> Case {
    let mut case = Case::new(number, verifying(""));
    let version = case.choose_evenly("version", &["go", "go-1.24", "go-1.26", "go-1.23"]);
    case.machine.sandbox.client(version, "go");
    let settings = settings(&mut case);
    place(&mut case, &settings);
    helper(&mut case);
    netrc(&mut case);
    let module = case.choose(
        "go.mod",
        &[
            "",
            "module example.com/p\n\ngo 1.23\n",
            "module example.com/p\n\ngo 1.25\n",
            "module example.com/p\r\n\r\ngo 1.99.0 // a remark\r\n",
            "module example.com/p\n\ngo 1.23\ntoolchain go1.99.0\n",
            "module example.com/p\n\ngo 1.98.0\n",
        ],
    );
    let toolchain = case.choose(
        "GOTOOLCHAIN",
        &[
            "local",
            "auto",
            "path",
            "go1.27.3",
            "go1.24.11+path",
            "go1.23.9",
            "local+auto",
        ],
    );
    case.set("GOTOOLCHAIN", toolchain);
    for (name, values) in [
        ("GOINSECURE", &["", "*", "example.com", HOST][..]),
        ("GOVCS", &["", "*:off", "private:off,public:git"]),
        ("GOWORK", &["", "off", "/nowhere/go.work"]),
    ] {
        let value = case.choose(name, values);
        if !value.is_empty() {
            case.set(name, value);
        }
    }
    if !module.is_empty() {
        case.machine.write("work/go.mod", module);
    }
    let modules = case.choose("GO111MODULE", &["", "on", "off"]);
    if !modules.is_empty() {
        case.set("GO111MODULE", modules);
    }
    case.tries(
        "go",
        &[
            "go",
            "mod",
            "download",
            "example.com/private/greeting@v1.1.0",
        ],
    );
    case
}

fn settings(case: &mut Case) -> Vec<(&'static str, String)> {
    let chosen = [
        ("GOPROXY", case.choose("GOPROXY", &PROXIES)),
        ("GOAUTH", case.choose("GOAUTH", &COMMANDS)),
        ("GONOSUMDB", case.choose("GONOSUMDB", &PATTERNS)),
        ("GOPRIVATE", case.choose("GOPRIVATE", &PRIVATE)),
        ("GONOPROXY", case.choose("GONOPROXY", &["", "none"])),
        ("GOFLAGS", case.choose("GOFLAGS", &FLAGS)),
    ];
    if case.choose("GOSUMDB", &["off", "on"]) == "off" {
        case.set("GOSUMDB", "off");
    }
    let tools = case.machine.sandbox.path("my-tools").display().to_string();
    let chosen = chosen.into_iter().filter(|(_, value)| !value.is_empty());
    chosen
        .map(|(name, value)| (name, value.replace("TOOLS", &tools)))
        .collect()
}

const PROXIES: [&str; 28] = [
    "https://HOST/go/my-repo/",
    "https://HOST/go/my-repo",
    "https://HOST:443/go/my-repo/",
    "https://MY-DOMAIN-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/",
    "HOST/go/my-repo/",
    " https://HOST/go/my-repo/ ",
    "https://HOST/go/my-repo/\r",
    "https://HOST/go/my-repo/,off",
    "https://HOST/go/my-repo/,https://proxy.example.com,direct",
    "https://HOST/go/my-repo/|https://proxy.example.com",
    "https://proxy.example.com|https://HOST/go/my-repo/",
    "https://proxy.example.com,https://HOST/go/my-repo/",
    "off,https://HOST/go/my-repo/",
    "https://proxy.example.com",
    "\"https://HOST/go/my-repo/\"",
    "http://HOST/go/my-repo/",
    "https://aws:OLD@HOST/go/my-repo/",
    "https://aws@HOST/go/my-repo/",
    "https://HOST/go/passing-repo/",
    "https://HOST/go/my-repo/|off",
    "https://HOST/go/my-repo/,direct",
    "file:///nowhere,https://HOST/go/my-repo/",
    "https://HOST/go/my-repo/,file:///nowhere",
    "file:///nowhere|https://HOST/go/my-repo/",
    "https://my-other-domain-111122223333.d.codeartifact.eu-west-1.amazonaws.com/go/my-repo/,https://HOST/go/my-repo/",
    "https://HOST/go/my-repo/?x=y",
    "https://HOST//go/my-repo/",
    ",",
];

const COMMANDS: [&str; 15] = [
    "codeartifact-goauth",
    "netrc; codeartifact-goauth",
    "codeartifact-goauth;netrc",
    "'TOOLS/codeartifact-goauth'",
    "TOOLS/codeartifact-goauth",
    "off",
    "netrc",
    "git /nowhere",
    "git /nowhere; codeartifact-goauth",
    "codeartifact-goauth ; ",
    "/nowhere/codeartifact-goauth",
    "codeartifact-goauth --help",
    "codeartifact-goauth\r",
    "",
    "other; codeartifact-goauth",
];

const PATTERNS: [&str; 7] = [
    "example.com/PRIVATE",
    "example.com",
    "*.com/PRIVATE",
    "corp.example.com,example.com/PRIVATE",
    "corp.example.com",
    "example.com/PRIVATE\r",
    "",
];

const PRIVATE: [&str; 5] = ["", "", "corp.example.com", "example.com/private", "*"];

const FLAGS: [&str; 4] = [
    "-modcacherw",
    "-modcacherw -mod=mod",
    "-modcacherw -mod vendor",
    "-modcacherw -x",
];

/// In go's own file, in one that GOENV names, or in variables; some in both.
fn place(case: &mut Case, settings: &[(&'static str, String)]) {
    case.machine.sandbox.unset("GOFLAGS");
    let lines: String = settings
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"))
        .collect();
    match case.choose_evenly("place", &["file", "file", "GOENV", "variables", "off"]) {
        "file" => case.machine.write("home/.config/go/env", &lines),
        "GOENV" => {
            case.machine.write("home/other", &lines);
            let file = case
                .machine
                .sandbox
                .path("home/other")
                .display()
                .to_string();
            case.set("GOENV", &file);
        }
        "off" => {
            case.machine.write("home/.config/go/env", &lines);
            case.set("GOENV", "off");
            case.set("GOFLAGS", "-modcacherw");
        }
        _ => {
            for (name, value) in settings {
                case.set(name, value);
            }
        }
    }
    let variable = case.choose(
        "a variable beside it",
        &[
            "",
            "GOAUTH=netrc",
            "GOPROXY=https://HOST/go/my-repo/",
            "GOAUTH=codeartifact-goauth",
        ],
    );
    if let Some((name, value)) = variable.split_once('=') {
        case.set(name, value);
    }
}

fn helper(case: &mut Case) {
    std::fs::create_dir(case.machine.sandbox.path("my-tools")).unwrap();
    let ours = case.machine.sandbox.path("bin/codeartifact-goauth");
    let link = case.machine.sandbox.path("my-tools/codeartifact-goauth");
    std::os::unix::fs::symlink(std::fs::canonicalize(&ours).unwrap(), link).unwrap();
    match case.choose(
        "helper",
        &["ours", "none", "another first", "not executable"],
    ) {
        "none" => std::fs::remove_file(ours).unwrap(),
        "another first" => {
            let script = "#!/bin/sh\nexit 1\n";
            case.machine
                .sandbox
                .write_program("first/codeartifact-goauth", script);
            case.put_first("first");
        }
        "not executable" => {
            std::fs::remove_file(&ours).unwrap();
            std::fs::write(ours, "#!/bin/sh\n").unwrap();
        }
        _ => {}
    }
}

fn netrc(case: &mut Case) {
    let line = case.choose(
        "netrc",
        &[
            "",
            "machine HOST login aws password OLD\n",
            "machine git.example.com login a password b\n",
        ],
    );
    case.machine.write("home/.netrc", line);
}
