//! A profile's `credential_process`, run as the AWS CLI runs it: its words are split without a shell. Its standard input
//! is empty, since a helper's is the pipe on which its client speaks the protocol. It ends at the deadline with all
//! that it started.

mod family;

use std::process::{Output, Stdio};

use aws_credential_types::Credentials;
use serde::Deserialize;
use thiserror::Error;
use tokio::process::Command;
use tokio::time::{Duration, Instant};

use self::family::Family;
use crate::aws_files::words;
use crate::environment::Environment;
use crate::error::{Failure, row};
use crate::next_on_path;

/// The part of the deadline that is left for saying so.
const REST: Duration = Duration::from_millis(200);

/// The reasons why a program gave no credentials.
#[derive(Debug, Error)]
pub(super) enum ProcessError {
    #[error("`credential_process` has a quote that is not closed, or no program")]
    Words,
    #[error("the program `{program}` of credential_process cannot be started: {error}")]
    NotStarted {
        program: String,
        error: std::io::Error,
    },
    #[error("the program `{0}` of credential_process took too long")]
    TooLong(String),
    #[error("the program `{program}` of credential_process failed: {said}")]
    Failed { program: String, said: String },
    #[error("the program `{program}` of credential_process gave no credentials: {problem}")]
    ProgramOutput { program: String, problem: String },
}

impl ProcessError {
    /// Its row, filled, for the profile whose program it is.
    pub(super) fn failure(&self, profile: &str) -> Box<Failure> {
        match self {
            Self::TooLong(program) => row::PROCESS_SLOW
                .with("profile", profile)
                .with("program", program),
            _ => row::SOURCE_FAILED
                .with("source", format!("profile `{profile}`"))
                .with("reason", self)
                .with("correction", self.correction(profile)),
        }
    }

    fn correction(&self, profile: &str) -> String {
        let run = "run the program by itself, as this user";
        match self {
            Self::Words => format!("correct `credential_process` of profile `{profile}`"),
            Self::NotStarted { .. } => format!(
                "let `credential_process` of profile `{profile}` name a program that is there, by its path or by a name on PATH"
            ),
            Self::ProgramOutput { .. } => format!(
                "{run}: it must print JSON with `Version` 1, `AccessKeyId` and `SecretAccessKey`, and nothing else"
            ),
            Self::TooLong(_) | Self::Failed { .. } => format!("{run}, until it works"),
        }
    }
}

/// The JSON that the program prints. Its `Expiration` is AWS's to judge: the keys are used at once.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProgramOutput {
    /// Python, in which the AWS CLI compares it, takes 1.0 for 1.
    version: Option<f64>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    session_token: Option<String>,
}

/// The credentials that the program gives before the deadline.
pub(super) async fn ask(
    command: &str,
    environment: &Environment,
    deadline: Instant,
) -> Result<Credentials, ProcessError> {
    let words = words::split(command).ok_or(ProcessError::Words)?;
    let (program, arguments) = words.split_first().ok_or(ProcessError::Words)?;
    let output = run(program, arguments, environment, deadline).await?;
    if !output.status.success() {
        return Err(ProcessError::Failed {
            program: program.clone(),
            said: said(&output),
        });
    }
    read(&output.stdout).map_err(|problem| ProcessError::ProgramOutput {
        program: program.clone(),
        problem,
    })
}

/// Runs a program with an empty standard input; it ends at the deadline with all that it started. A name is looked for on
/// PATH, but never in the current directory, which is the project's.
pub(super) async fn run(
    program: &str,
    arguments: &[String],
    environment: &Environment,
    deadline: Instant,
) -> Result<Output, ProcessError> {
    let found = next_on_path::find(program.as_ref(), environment);
    let found = found.ok_or_else(|| ProcessError::NotStarted {
        program: program.to_owned(),
        error: std::io::Error::other("it is not on PATH"),
    })?;
    let mut command = Command::new(found);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // The family is ended from the top, before what it started has lost its parent.
        .kill_on_drop(cfg!(not(unix)));
    #[cfg(unix)]
    command.process_group(0);
    let not_started = |error| ProcessError::NotStarted {
        program: program.to_owned(),
        error,
    };
    let child = command.spawn().map_err(not_started)?;
    let mut family = Family::of(&child);
    let ended = tokio::time::timeout_at(deadline - REST, child.wait_with_output()).await;
    let output = ended.map_err(|_| ProcessError::TooLong(program.to_owned()))?;
    family.ended();
    output.map_err(not_started)
}

/// Returns what it said on standard error, or how it ended.
pub(super) fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if text.is_empty() {
        output.status.to_string()
    } else {
        text
    }
}

/// An empty session token counts as none.
fn read(stdout: &[u8]) -> Result<Credentials, String> {
    // The error of `serde_json` quotes nothing of the answer but its line and column.
    let answer: ProgramOutput = serde_json::from_slice(stdout).map_err(|error| {
        format!(
            "not the JSON of a credential process, line {}",
            error.line()
        )
    })?;
    if answer.version != Some(1.0) {
        return Err("its `Version` is not 1".to_owned());
    }
    let filled = |value: Option<String>| value.filter(|text| !text.is_empty());
    let mut credentials = Credentials::builder()
        .access_key_id(filled(answer.access_key_id).ok_or("it has no `AccessKeyId`")?)
        .secret_access_key(filled(answer.secret_access_key).ok_or("it has no `SecretAccessKey`")?)
        .provider_name("credential_process");
    credentials.set_session_token(filled(answer.session_token));
    Ok(credentials.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let rows = [
            (
                r#"{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b"}"#,
                Ok(None),
            ),
            (
                r#"{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": ""}"#,
                Ok(None),
            ),
            (
                r#"{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "t", "Expiration": "soon"}"#,
                Ok(Some("t")),
            ),
            (
                r#"{"Version": 2, "AccessKeyId": "a", "SecretAccessKey": "b"}"#,
                Err("its `Version` is not 1"),
            ),
            (
                r#"{"Version": 1, "SecretAccessKey": "b"}"#,
                Err("it has no `AccessKeyId`"),
            ),
            (
                r#"{"Version": 1, "AccessKeyId": "a"}"#,
                Err("it has no `SecretAccessKey`"),
            ),
            (
                "nonsense",
                Err("not the JSON of a credential process, line 1"),
            ),
        ];
        for (text, expected) in rows {
            let read = read(text.as_bytes());
            let token = read.as_ref().map(Credentials::session_token);
            assert_eq!(
                token,
                expected.map_err(str::to_owned).as_ref().copied(),
                "{text}"
            );
        }
    }
}
