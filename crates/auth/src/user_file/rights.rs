//! Whose a user's file is, and who may read it: kept when it is replaced.

pub(super) use system::{keep_owner_and_mode, owner, set_first_mode, stranger};

#[cfg(unix)]
mod system {
    use std::fs::{self, File, Metadata};
    use std::io;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    use std::path::Path;

    use crate::user_file::{Privacy, parent};

    /// The owner of a link who is neither this user nor root.
    pub(in crate::user_file) fn stranger(link: &Path) -> Option<u32> {
        let owner = fs::symlink_metadata(link).ok()?.uid();
        (owner != 0 && owner != rustix::process::geteuid().as_raw()).then_some(owner)
    }

    /// The owner of a file, or of the folder where it will be.
    pub(in crate::user_file) fn owner(file: &Path) -> Option<u32> {
        let found = fs::metadata(file).or_else(|_| fs::metadata(parent(file)));
        Some(found.ok()?.uid())
    }

    const OWNER_ONLY: u32 = 0o600;
    /// Before the umask is applied.
    const ANYBODY: u32 = 0o666;

    /// A file that will hold a secret is for its owner from its creation.
    pub(in crate::user_file) fn set_first_mode(
        builder: &mut tempfile::Builder<'_, '_>,
        privacy: Privacy,
    ) {
        let mode = match privacy {
            Privacy::AsBefore => ANYBODY,
            Privacy::OwnerOnly => OWNER_ONLY,
        };
        builder.permissions(fs::Permissions::from_mode(mode));
    }

    pub(in crate::user_file) fn keep_owner_and_mode(
        new: &File,
        old: &Metadata,
        privacy: Privacy,
    ) -> io::Result<()> {
        let ours = new.metadata()?;
        if (old.uid(), old.gid()) != (ours.uid(), ours.gid()) {
            let kept = fchown(new, Some(old.uid()), Some(old.gid()));
            if old.uid() != ours.uid() && kept.is_err() {
                return Err(io::Error::other("it belongs to another user"));
            }
        }
        let mode = match privacy {
            Privacy::AsBefore => old.mode() & 0o777,
            Privacy::OwnerOnly => old.mode() & OWNER_ONLY,
        };
        new.set_permissions(fs::Permissions::from_mode(mode))
    }
}

/// On Windows the directory's rights are inherited.
#[cfg(not(unix))]
mod system {
    use std::fs::{File, Metadata};
    use std::io;
    use std::path::Path;

    use crate::user_file::Privacy;

    pub(in crate::user_file) fn stranger(_: &Path) -> Option<u32> {
        None
    }

    pub(in crate::user_file) fn owner(_: &Path) -> Option<u32> {
        None
    }

    pub(in crate::user_file) fn set_first_mode(_: &mut tempfile::Builder<'_, '_>, _: Privacy) {}

    pub(in crate::user_file) fn keep_owner_and_mode(
        _: &File,
        _: &Metadata,
        _: Privacy,
    ) -> io::Result<()> {
        Ok(())
    }
}
