//! Build script of the programs: how a release for Linux is linked, for which cargo has no setting. It compiles nothing.
//!
//! What a warm answer takes is mostly page faults, one for each piece of the file that is touched and each library that
//! is loaded. So the code that it runs stands together, and libgcc, which only unwinds, is not loaded: 2.4 ms become 2.1
//! beside 1.2 of an empty program. A release aborts on a panic, so nothing ever reads the tables by which a stack is
//! unwound, and they are a seventh of the file. The linker leaves them out, and of functions that are alike it keeps one:
//! 5.3 MB become 4.4.

use std::path::Path;
use std::process::Command;

const TARGET: &str = "x86_64-unknown-linux-gnu";

fn main() {
    tell("rerun-if-changed=../release_link.rs");
    tell("rerun-if-changed=../release_link.ld");
    if variable("PROFILE") == "release" && variable("TARGET") == TARGET && is_usual_linker() {
        let script = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../release_link.ld");
        tell("rustc-link-arg-bins=-Wl,--icf=all,--no-eh-frame-hdr");
        tell(&format!("rustc-link-arg-bins=-Wl,-T,{}", script.display()));
        if has_static_libgcc() {
            tell("rustc-link-lib=static:-bundle=gcc_eh");
        }
    }
}

/// The toolchain's own, which knows such scripts; whoever has chosen another may have one that does not.
fn is_usual_linker() -> bool {
    let flags = variable("CARGO_ENCODED_RUSTFLAGS");
    variable("RUSTC_LINKER").is_empty() && !flags.contains("link")
}

/// The compiler that links answers with a path where it has the file, and else with the name alone.
fn has_static_libgcc() -> bool {
    let asked = Command::new("cc")
        .arg("-print-file-name=libgcc_eh.a")
        .output();
    asked.is_ok_and(|answer| answer.stdout.starts_with(b"/"))
}

#[expect(
    clippy::print_stdout,
    reason = "a build script talks to cargo on stdout"
)]
fn tell(cargo: &str) {
    println!("cargo::{cargo}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo talks to a build script by variables"
)]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
