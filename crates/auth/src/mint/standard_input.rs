//! Keeps programs that the SDK starts (`credential_process`) away from our standard input: a helper's is the pipe on
//! which its client speaks the protocol, and the SDK lets its children inherit it.
//!
//! On Windows there is no safe way to do the same: a `credential_process` there that reads its standard input
//! takes from the client's.

/// While this lives, standard input is empty.
#[derive(Debug)]
pub(super) struct HiddenStandardInput {
    #[cfg(unix)]
    original: Option<std::os::fd::OwnedFd>,
}

#[cfg(unix)]
impl HiddenStandardInput {
    /// Puts an empty file in its place. If that cannot be done, minting goes on as it is.
    pub(super) fn hide() -> Self {
        let swap = || -> std::io::Result<std::os::fd::OwnedFd> {
            let nothing = std::fs::File::open("/dev/null")?;
            let original = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
            rustix::stdio::dup2_stdin(&nothing)?;
            Ok(original)
        };
        Self {
            original: swap().ok(),
        }
    }
}

#[cfg(unix)]
impl Drop for HiddenStandardInput {
    fn drop(&mut self) {
        if let Some(original) = &self.original {
            // Nothing could be done about a failure here.
            let _ = rustix::stdio::dup2_stdin(original);
        }
    }
}

#[cfg(not(unix))]
impl HiddenStandardInput {
    /// Nothing: see above.
    pub(super) fn hide() -> Self {
        Self {}
    }
}
