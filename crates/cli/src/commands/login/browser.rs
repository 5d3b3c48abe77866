//! Opens a page in the person's browser, if there is one. The page's address is on the terminal anyway, so what fails here
//! is not told.

use std::process::{Command, Stdio};

use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;

/// The programs that open a page in the user's own browser; the first that can be started is taken.
#[cfg(all(unix, not(target_os = "macos")))]
const OPENERS: &[&[&str]] = &[&["xdg-open"], &["wslview"], &["gio", "open"]];
#[cfg(target_os = "macos")]
const OPENERS: &[&[&str]] = &[&["open"]];
#[cfg(windows)]
const OPENERS: &[&[&str]] = &[&["rundll32", "url.dll,FileProtocolHandler"]];

/// The program has no streams of ours: a browser for terminals would take this one over.
pub(super) fn open(url: &str) {
    // It becomes an argument of another program, so it must be a page and nothing else.
    if !url.starts_with("https://") {
        return;
    }
    for opener in OPENERS {
        let [program, arguments @ ..] = *opener else {
            continue;
        };
        let found = next_on_path::find(program.as_ref(), &Environment::of_process());
        let Some(program) = found else { continue };
        let started = Command::new(program)
            .args(arguments)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if started.is_ok() {
            return;
        }
    }
}
