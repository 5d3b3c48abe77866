//! `codeartifact-emulator`: AWS CodeArtifact, STS and package repositories on one loopback port, for demos,
//! tests and pipelines. This file is its command line only.

mod assets;
mod call;
mod checksum_host;
mod checksums;
mod clock;
mod codeartifact;
mod control;
mod credentials;
mod dispatch;
mod domain;
mod emulator;
mod faults;
mod github;
mod iam;
mod id_token;
mod instance;
mod journal;
mod large;
mod packages;
mod principal;
mod quotas;
mod random;
mod reply;
mod repository_host;
mod route;
mod run_directory;
mod scenario;
mod serve;
mod server;
mod service;
mod sign_ins;
mod signature;
mod signin;
mod sso;
mod sts;
mod tokens;
mod variables;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// AWS CodeArtifact on loopback
///
/// Package managers, SDKs and the AWS CLI reach it as an HTTPS proxy, with real host names and a certificate
/// authority made for this run. It verifies signatures, trust policies and permissions of the accounts in a
/// scenario file, issues tokens, and serves packages from a folder.
#[derive(Parser)]
#[command(name = "codeartifact-emulator", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the emulator; with a command, run that against it and end with its exit code
    Serve {
        /// Accounts, roles, domains and repositories; `codeartifact-emulator scenario` prints an example
        #[arg(long, value_name = "FILE")]
        scenario: PathBuf,
        /// Port on 127.0.0.1; 0 takes a free one
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// The folder for ca.pem and journal.jsonl; a temporary one unless given
        #[arg(long, value_name = "DIR")]
        directory: Option<PathBuf>,
        /// Command to run with the emulator's variables set
        #[arg(last = true, value_name = "COMMAND")]
        command: Vec<OsString>,
    },
    /// Print the variables that lead every client to a running emulator
    Env {
        /// The directory that `serve` was given
        #[arg(long, value_name = "DIR")]
        directory: PathBuf,
        #[arg(long, value_enum, default_value_t = OutputFormat::Export)]
        format: OutputFormat,
    },
    /// Print an example scenario, with comments
    Scenario,
}

#[derive(Clone, Copy, ValueEnum)]
enum OutputFormat {
    /// `export NAME=value` lines for a shell
    Export,
    /// One JSON object
    Json,
}

fn main() -> ExitCode {
    run(Arguments::parse().command).unwrap_or_else(|error| {
        // Without stderr there is no way left to report.
        let _ = writeln!(std::io::stderr(), "codeartifact-emulator: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve {
            scenario,
            port,
            directory,
            command,
        } => serve::serve(&serve::Options {
            scenario,
            port,
            directory,
            command,
        }),
        Command::Env { directory, format } => print(&variables(&directory, format)?),
        Command::Scenario => print(scenario::EXAMPLE),
    }
}

fn variables(directory: &Path, format: OutputFormat) -> anyhow::Result<String> {
    let variables = run_directory::RunDirectory::read(directory)?.variables();
    Ok(match format {
        OutputFormat::Export => variables::export(&variables),
        OutputFormat::Json => serde_json::to_string_pretty(&variables)? + "\n",
    })
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
