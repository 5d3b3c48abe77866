//! How our folders are removed: one with what is in it, that of the configuration, and those that are empty then.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::config_file::lock_of;

/// The name of our folders.
const OURS: &str = "codeartifact";

/// Removes one of our folders with all that is in it.
pub(super) fn remove_folder(folder: &PathBuf) -> io::Result<()> {
    fs::remove_dir_all(folder)?;
    folder.parent().into_iter().for_each(remove_if_ours);
    Ok(())
}

/// The folder is ours, unless CODEARTIFACT_CONFIG names a file elsewhere; then it is not empty, and stays.
pub(super) fn remove_with_folder(file: &PathBuf) -> io::Result<()> {
    fs::remove_file(file)?;
    // None is there where the file was written by hand.
    let _ = fs::remove_file(lock_of(file));
    file.ancestors().skip(1).take(2).for_each(remove_if_ours);
    Ok(())
}

/// Removes a folder of ours in which nothing is left. Windows' has a folder for each kind of files in it.
fn remove_if_ours(folder: &Path) {
    if folder.ends_with(OURS) || folder.ends_with(Path::new(OURS).join("config")) {
        // Not if something is in it.
        let _ = fs::remove_dir(folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_folders_only_empty_ones_of_ours_go() {
        let root = tempfile::tempdir().unwrap();
        let [config, cache] = ["config", "cache"].map(|it| root.path().join(OURS).join(it));
        for folder in [&config, &cache] {
            fs::create_dir_all(folder.join("below")).unwrap();
        }
        fs::write(config.join("config.toml"), "").unwrap();
        remove_folder(&cache).unwrap();
        assert!(config.exists());
        fs::remove_dir(config.join("below")).unwrap();
        remove_with_folder(&config.join("config.toml")).unwrap();
        assert!(!root.path().join(OURS).exists() && root.path().exists());
    }
}
