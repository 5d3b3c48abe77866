//! Asks the person at the terminal. Questions go to stderr, so that stdout keeps the results alone.

use std::io::Write;

use codeartifact_auth::error::Failure;
use codeartifact_auth::mint::Prompt;

use super::browser;

pub(super) struct Terminal {
    pub(super) opens_pages: bool,
}

impl Terminal {
    /// A terminal that is gone is not an error of ours: the answer will be missing.
    fn say(text: &str) {
        let mut stderr = std::io::stderr();
        let _ = stderr.write_all(text.as_bytes());
        let _ = stderr.flush();
    }
}

impl Prompt for Terminal {
    fn code(&self, device: &str, profile: &str) -> Option<String> {
        loop {
            Self::say(&format!("MFA code of {device} (profile {profile}): "));
            let mut line = String::new();
            match std::io::stdin().read_line(&mut line) {
                Ok(0) | Err(_) => {
                    Self::say("\n");
                    return None;
                }
                Ok(_) if is_code(line.trim()) => return Some(line.trim().to_owned()),
                Ok(_) => Self::say("  a code has 6 digits\n"),
            }
        }
    }

    fn refused(&self, failure: &Failure) {
        let said = failure.aws().map(|said| format!("  {said}\n"));
        Self::say(&said.unwrap_or_default());
    }

    fn confirm(&self, profile: &str, url: &str, code: &str) {
        Self::say(&format!(
            "To sign in profile {profile}, confirm the code {code} on this page:\n\n  {url}\n\n"
        ));
        if self.opens_pages {
            browser::open(url);
        }
    }
}

/// AWS takes no other.
fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}
