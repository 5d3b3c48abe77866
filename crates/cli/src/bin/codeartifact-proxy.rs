//! `codeartifact-proxy`: adds the token on the way, so that a build never has it. The proxy is in the crate `proxy`.

use std::process::ExitCode;

fn main() -> ExitCode {
    codeartifact_proxy::forward::main(std::env::args_os())
}
