//! The files of `install/build.sh`: small, free of what they must not contain, and needing nothing of the system.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use codeartifact_end_to_end::TOOLS;
use codeartifact_end_to_end::fixture::{NPM, PYPI, two_hops};

use crate::{LARGE, TOOL, install, installed, small};

/// The greatest size of a small program, and of all files of a release together.
const LARGEST_SMALL: u64 = 2_500_000;
const LARGEST_RELEASE: u64 = 13_000_000;

/// Texts that panics and errors of these crates leave in a program.
const OF_THE_SDK: [&str; 6] = [
    "aws-sdk",
    "aws_sdk",
    "aws-smithy",
    "rustls",
    "tokio",
    "hyper",
];

/// Texts of glibc's name service, which `getaddrinfo` and `getpwuid` bring with them. Linked statically it loads modules
/// of whatever glibc the host has.
const OF_NAME_LOOKUP: [&str; 2] = ["nsswitch.conf", "libnss_"];

#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn programs_are_small() {
    for program in &small() {
        let size = installed(program).metadata().unwrap().len();
        assert!(size <= LARGEST_SMALL, "{program}: {size}");
    }
    // Several names are one file.
    let all = small().into_iter().chain(TOOLS.map(str::to_owned));
    let files = all.map(|program| installed(&program).metadata().unwrap());
    let sizes: BTreeMap<_, _> = files.map(|file| (file.ino(), file.len())).collect();
    let sum: u64 = sizes.values().sum();
    assert!(sum <= LARGEST_RELEASE, "{sum}: {sizes:?}");
}

#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn no_small_program_contains_the_sdk_or_looks_names_up() {
    let has = |program: &str, text: &str| contains(&fs::read(installed(program)).unwrap(), text);
    for program in &small() {
        for text in OF_THE_SDK.into_iter().chain(OF_NAME_LOOKUP) {
            assert!(!has(program, text), "{program} contains {text}");
        }
    }
    // The check above can fail.
    assert!(has(LARGE, "rustls"));
}

/// Paths of the machine that built them would tell its users' names, and make two builds differ.
#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn no_program_names_a_folder_of_the_machine_that_built_it() {
    let repository = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let repository = fs::canonicalize(repository).unwrap().display().to_string();
    for program in [TOOL, LARGE] {
        let bytes = fs::read(installed(program)).unwrap();
        for text in ["/.cargo/", "/.rustup/", "/root/.", repository.as_str()] {
            assert!(!contains(&bytes, text), "{program} contains {text}");
        }
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// A dynamic program names its loader. Ours need none; `codeartifact-aws` may need the C library, which looks names up.
#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn small_programs_need_no_library() {
    for program in &small() {
        let libraries = libraries(&installed(program));
        assert!(libraries.is_empty(), "{program} needs {libraries:?}");
    }
    for library in libraries(&installed(LARGE)) {
        let is_libc = [
            "libc.so.",
            "libm.so.",
            "libgcc_s.so.",
            "ld-linux",
            "linux-vdso.so.",
        ];
        assert!(
            is_libc.iter().any(|it| library.starts_with(it)),
            "{library}"
        );
    }
}

fn libraries(program: &Path) -> Vec<String> {
    let output = Command::new("ldd").arg(program).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let words = text
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let words = words.filter(|word| !text.contains("statically linked") && !word.is_empty());
    let names = words.map(|word| Path::new(word).file_name().unwrap().to_string_lossy());
    names.map(|name| name.into_owned()).collect()
}

/// No `/proc`, no `/etc`, no library: as in an image made `FROM scratch`.
#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn a_helper_answers_in_an_empty_root() {
    let (mut sandbox, _emulator) = two_hops();
    install(&sandbox);
    sandbox.set("CODEARTIFACT_CACHE", "file");
    let expected = sandbox
        .run("keyring", &["get", PYPI, "aws"])
        .succeeded()
        .stdout;
    // Nothing but the home, under the same name as outside.
    let (root, home) = (sandbox.path("root"), sandbox.path("home"));
    copy(&home, &root.join(home.strip_prefix("/").unwrap()));
    fs::copy(installed("codeartifact-keyring"), root.join("keyring")).unwrap();
    sandbox.link("unshare", Path::new("/usr/bin/unshare"));
    let root = root.display().to_string();
    let outside = ["--user", "--map-root-user", "--root", &root, "--"];
    let inside = ["/keyring", "get", PYPI, "aws"];
    let outcome = sandbox.run("unshare", &[outside.as_slice(), &inside].concat());
    if outcome.stderr.contains("unshare failed") {
        eprintln!("skipped: this system lets nobody make a root of their own: {outcome:?}");
        return;
    }
    assert_eq!(outcome.succeeded().stdout, expected);
}

/// They are names of one file, and a program that looks for the next of its own name passes itself over.
#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn one_program_of_a_release_finds_another() {
    let (sandbox, _emulator) = two_hops();
    install(&sandbox);
    let words = ["exec", "--", "codeartifact", "--version"];
    let said = sandbox.run("codeartifact-npm", &words).succeeded();
    assert!(said.stdout.starts_with("codeartifact "), "{said:?}");
}

/// Editors and shells ask `npm root` all the time: the link is not to be felt, whatever AWS does.
#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn a_link_asks_nobody_for_what_needs_no_registry() {
    let (mut sandbox, emulator) = two_hops();
    emulator.fault(r#"{"fault":"hang","action":"sts"}"#);
    sandbox.write("work/.npmrc", &format!("registry={NPM}\n"));
    sandbox.write_program("bin/npm", "#!/bin/sh\necho \"$*\"\n");
    fs::create_dir(sandbox.path("links")).unwrap();
    symlink(installed("codeartifact-npm"), sandbox.path("links/npm")).unwrap();
    let folders = ["links", "bin"].map(|it| sandbox.path(it));
    let path = std::env::join_paths(folders).unwrap();
    sandbox.set("PATH", path.to_str().unwrap());
    let took = || {
        let began = Instant::now();
        let said = sandbox.run("npm", &["root", "-g"]).succeeded();
        assert_eq!(
            (said.stdout.as_str(), said.stderr.as_str()),
            ("root -g\n", "")
        );
        began.elapsed()
    };
    // The quickest of some: the others waited for the machine.
    let quickest = (0..5).map(|_| took()).min().unwrap();
    assert!(quickest < Duration::from_millis(100), "{quickest:?}");
    assert!(emulator.journal().aws().is_empty());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    // Modes count: what others may read is not used.
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
