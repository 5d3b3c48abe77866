//! Writes a man page for each command into a directory, for a release. No part of the programs.

fn main() -> std::io::Result<()> {
    let directory = std::env::args_os().nth(1).unwrap_or_else(|| ".".into());
    clap_mangen::generate_to(codeartifact_cli::command(), directory)
}
