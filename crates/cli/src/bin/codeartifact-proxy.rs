//! `codeartifact-proxy`: adds the token on the way, so that a build never has it, or hands tokens out to a
//! fleet's jobs. Both are in the crate `proxy`.

use std::process::ExitCode;

fn main() -> ExitCode {
    codeartifact_proxy::main(std::env::args_os())
}
