//! A file for the program that we are about to become, and for all that it starts. On Linux it is in memory, and gone with
//! that program. Elsewhere it is a temporary file of the user's own, and goes when the program ends: we are its parent there.

use std::io;

/// A file that another program reads by its path, for as long as this is kept.
#[derive(Debug)]
pub struct MemoryFile {
    path: String,
    #[cfg(not(target_os = "linux"))]
    _file: tempfile::TempPath,
}

impl MemoryFile {
    /// Makes one with `text` in it. `name` is seen in `/proc`, or in the temporary folder.
    ///
    /// # Errors
    /// There is no memory, or no temporary folder.
    pub fn new(name: &str, text: &[u8]) -> io::Result<Self> {
        system::make(name, text)
    }

    /// The path by which it is read.
    pub fn path(&self) -> &str {
        &self.path
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs::File;
    use std::io::{self, Write};
    use std::os::fd::{AsRawFd, IntoRawFd};

    use rustix::fs::{MemfdFlags, Mode, SealFlags, fchmod, fcntl_add_seals, memfd_create};

    use super::MemoryFile;

    /// Named by our process id, which stays the same when we become the program. Its children reach the file by that
    /// name, too, though Node.js closes all it inherits before it starts them. No other user can: `/proc` checks that.
    pub(super) fn make(name: &str, text: &[u8]) -> io::Result<MemoryFile> {
        // Without CLOEXEC: it has to outlive the exec.
        let mut file = File::from(memfd_create(name, MemfdFlags::ALLOW_SEALING)?);
        fchmod(&file, Mode::RUSR | Mode::WUSR)?;
        file.write_all(text)?;
        // Children of the program share the file, and must not change it for the others.
        let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
        fcntl_add_seals(&file, seals)?;
        let path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
        // Closed by the system, with the program that we become.
        let _ = file.into_raw_fd();
        Ok(MemoryFile { path })
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::io::{self, Write};

    use super::MemoryFile;

    /// Private from its creation, as `tempfile` makes them.
    pub(super) fn make(name: &str, text: &[u8]) -> io::Result<MemoryFile> {
        let prefix = format!("codeartifact-{name}-");
        let mut file = tempfile::Builder::new().prefix(&prefix).tempfile()?;
        file.write_all(text)?;
        let file = file.into_temp_path();
        let path = file.to_str().map(str::to_owned);
        let path =
            path.ok_or_else(|| io::Error::other("the temporary folder's name is not Unicode"))?;
        Ok(MemoryFile { path, _file: file })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn it_is_read_by_its_path() {
        let file = MemoryFile::new("test", b"secret").unwrap();
        assert_eq!(fs::read(file.path()).unwrap(), b"secret");
        let path = file.path().to_owned();
        drop(file);
        // On Linux the process itself has it open, until it ends.
        assert_eq!(fs::exists(path).unwrap(), cfg!(target_os = "linux"));
    }
}
