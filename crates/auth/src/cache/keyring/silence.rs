//! A keyring that does not answer costs a process its whole deadline. The others of the next minute need not pay again:
//! they look at a note in memory, but only when the keyring takes longer than one that is well, so that nobody pays for
//! the look.

use std::io::Read;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use super::KeyringError;
use crate::cache::memory;
use crate::environment::Environment;
use crate::private_folder::PrivateFolder;
use crate::token::Timestamp;

/// A keyring that is well answers in a few milliseconds, on a busy machine too.
const USUAL: Duration = Duration::from_millis(100);

/// For so long, a keyring that was silent is not waited for.
const REMEMBERED_SECONDS: u64 = 60;

/// The file with the moment; a number of twenty digits at most.
const NOTE: &str = "keyring-silent";
const LONGEST_NOTE: u64 = 20;

/// The waits for a keyring's answer.
pub(super) struct Silence {
    environment: Environment,
}

impl Silence {
    pub(super) fn of(environment: &Environment) -> Self {
        Self {
            environment: environment.clone(),
        }
    }

    /// The answer, unless it does not come in time, or did not to another process a moment ago.
    pub(super) fn wait<T>(
        &self,
        answer: &Receiver<Result<T, KeyringError>>,
        deadline: Duration,
    ) -> Result<T, KeyringError> {
        if let Ok(result) = answer.recv_timeout(USUAL.min(deadline)) {
            return result;
        }
        if self.is_known() {
            return Err(KeyringError::Slow);
        }
        let result = answer.recv_timeout(deadline.saturating_sub(USUAL));
        result.unwrap_or_else(|_| {
            self.note();
            Err(KeyringError::Slow)
        })
    }

    fn is_known(&self) -> bool {
        let now = self.environment.now();
        self.noted()
            .is_some_and(|noted| noted <= now && now.since(noted) < REMEMBERED_SECONDS)
    }

    fn noted(&self) -> Option<Timestamp> {
        let file = memory::find(&self.environment)?.folder?.file(NOTE).ok()??;
        let mut text = String::new();
        file.take(LONGEST_NOTE).read_to_string(&mut text).ok()?;
        text.parse().ok().map(Timestamp)
    }

    /// Without a place for it, everybody waits.
    fn note(&self) -> Option<()> {
        let path = memory::find(&self.environment)?.path;
        let folder = PrivateFolder::open_or_make(&path).ok()?;
        let moment = self.environment.now().0.to_string();
        folder.replace(NOTE, moment.as_bytes()).ok()
    }
}
