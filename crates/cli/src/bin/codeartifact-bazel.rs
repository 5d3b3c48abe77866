//! `codeartifact-bazel`: says what to send to a URL. The protocol is in the crate `bazel`.

use std::process::ExitCode;

use codeartifact_bazel::Bazel;

fn main() -> ExitCode {
    codeartifact_helper::main(Bazel)
}
