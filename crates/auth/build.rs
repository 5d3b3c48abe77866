//! Writes down what `--version` says: the release, the commit if the one who builds names it, the target, the linkage.

#![expect(
    clippy::disallowed_methods,
    reason = "the variables are those of the build"
)]

use std::env;

/// The commit that is built, as `install/build.sh` hands it in.
const COMMIT: &str = "CODEARTIFACT_COMMIT";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={COMMIT}");
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let features = variable("CARGO_CFG_TARGET_FEATURE");
    let is_static = features.split(',').any(|feature| feature == "crt-static");
    let linkage = if is_static { "static" } else { "dynamic" };
    let build = format!("{} {linkage}", variable("TARGET"));
    let parts = [variable(COMMIT), build];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let version = format!("{} ({})", variable("CARGO_PKG_VERSION"), parts.join(", "));
    println!("cargo::rustc-env=CODEARTIFACT_VERSION={version}");
}
