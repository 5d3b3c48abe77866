//! Build script of the programs: how a release for Linux is linked, for which cargo has no setting. It compiles nothing.
//!
//! A release aborts on a panic, so nothing ever reads the tables by which a stack is unwound, and they are a seventh
//! of the file. The linker leaves them out, and of functions that are alike it keeps one: 5.3 MB become 4.4.

use std::path::Path;

const TARGET: &str = "x86_64-unknown-linux-gnu";

#[expect(
    clippy::print_stdout,
    reason = "a build script talks to cargo on stdout"
)]
fn main() {
    println!("cargo::rerun-if-changed=../no_unwind_tables.ld");
    println!("cargo::rerun-if-changed=../release_link.rs");
    if variable("PROFILE") == "release" && variable("TARGET") == TARGET && is_usual_linker() {
        let script = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../no_unwind_tables.ld");
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all,--no-eh-frame-hdr");
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{}", script.display());
    }
}

/// The toolchain's own, which knows such scripts; whoever has chosen another may have one that does not.
fn is_usual_linker() -> bool {
    let flags = variable("CARGO_ENCODED_RUSTFLAGS");
    variable("RUSTC_LINKER").is_empty() && !flags.contains("link")
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo talks to a build script by variables"
)]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
