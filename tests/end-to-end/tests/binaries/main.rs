//! What users install: small programs that need nothing but libc, with one TLS stack.
//! The tests of the release binaries are ignored until there are some: `tests/run.sh` builds them, then runs these.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod instructions;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Each, and how many bytes it may have.
const PROGRAMS: [(&str, u64); 5] = [
    ("codeartifact", 6_000_000),
    ("codeartifact-keyring", 4_600_000),
    ("codeartifact-npm", 4_600_000),
    ("codeartifact-goauth", 4_600_000),
    ("codeartifact-emulator", 4_000_000),
];

/// The C library, the loader, and what the kernel maps into every process. libgcc is linked into the programs: loading
/// it costs a warm answer 0.1 ms.
const LIBC: [&str; 4] = ["libc.so.", "libm.so.", "ld-linux", "linux-vdso.so."];

/// Everything that could be a TLS stack, or the start of one.
const TLS: [&str; 9] = [
    "rustls",
    "native-tls",
    "openssl",
    "openssl-sys",
    "aws-lc-rs",
    "aws-lc-sys",
    "boring",
    "s2n-tls",
    "mbedtls",
];

#[test]
fn one_tls_stack() {
    for (program, _) in PROGRAMS {
        let stacks: BTreeSet<String> = dependencies(program)
            .into_iter()
            .filter(|it| TLS.contains(&it.split(' ').next().unwrap()))
            .collect();
        let names: Vec<_> = stacks
            .iter()
            .map(|it| it.split(' ').next().unwrap())
            .collect();
        assert_eq!(names, ["rustls"], "{program}: {stacks:?}");
    }
}

#[test]
#[ignore = "needs the release binaries: tests/run.sh builds them"]
fn release_is_small() {
    for (program, largest) in PROGRAMS {
        let size = release(program).metadata().unwrap().len();
        assert!(size <= largest, "{program}: {size} bytes");
    }
}

#[test]
#[ignore = "needs the release binaries: tests/run.sh builds them"]
fn release_needs_libc_only() {
    for (program, _) in PROGRAMS {
        let output = Command::new("ldd").arg(release(program)).output().unwrap();
        let libraries = String::from_utf8(output.stdout).unwrap();
        assert!(libraries.contains("libc.so."), "{program}: {libraries}");
        for line in libraries.lines() {
            let name = Path::new(line.split_whitespace().next().unwrap())
                .file_name()
                .unwrap();
            let name = name.to_str().unwrap();
            assert!(
                LIBC.iter().any(|it| name.starts_with(it)),
                "{program} needs {name}"
            );
        }
    }
}

/// `NAME VERSION` of everything that is linked into a program on this system.
fn dependencies(program: &str) -> Vec<String> {
    // The one package whose program has a shorter name than itself.
    let package = if program == "codeartifact" {
        "codeartifact-cli"
    } else {
        program
    };
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--package",
            package,
        ])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8(output.stdout).unwrap();
    tree.lines()
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect()
}

fn release(program: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test
        .ancestors()
        .nth(3)
        .unwrap()
        .join("release")
        .join(program);
    assert!(
        path.is_file(),
        "{} is missing: cargo build --release",
        path.display()
    );
    path
}
