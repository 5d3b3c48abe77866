//! A file for the program that we are about to become, and for all that it starts: in memory, and gone with it.
//! On a disk, or with a name in a directory, it would stay behind when that program is killed.

use std::io;

/// Makes one with `text` in it, and returns the path by which it is read. `name` is seen in `/proc` alone.
///
/// Named by our process id, which stays the same when we become the program. Its children reach the file by that
/// name, too, though Node.js closes all it inherits before it starts them. No other user can: `/proc` checks that.
///
/// # Errors
/// This system has no anonymous memory files.
pub fn make(name: &str, text: &[u8]) -> io::Result<String> {
    system::make(name, text)
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs::File;
    use std::io::{self, Write};
    use std::os::fd::{AsRawFd, IntoRawFd};

    use rustix::fs::{MemfdFlags, Mode, SealFlags, fchmod, fcntl_add_seals, memfd_create};

    pub(super) fn make(name: &str, text: &[u8]) -> io::Result<String> {
        // Without CLOEXEC: it has to outlive the exec.
        let mut file = File::from(memfd_create(name, MemfdFlags::ALLOW_SEALING)?);
        fchmod(&file, Mode::RUSR | Mode::WUSR)?;
        file.write_all(text)?;
        // What the program starts shares the file, and must not change it for the others.
        let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
        fcntl_add_seals(&file, seals)?;
        let path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
        // Closed by the system, with the program that we become.
        let _ = file.into_raw_fd();
        Ok(path)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::io;

    pub(super) fn make(_: &str, _: &[u8]) -> io::Result<String> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
