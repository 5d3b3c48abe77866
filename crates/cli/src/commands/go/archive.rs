//! The archive of a module: every file below `MODULE@VERSION/`, the same bytes each time.

use std::fs::File;
use std::io::{Cursor, Write as _, copy};

use zip::write::SimpleFileOptions;

use super::source::ModuleSource;

pub(super) fn zip(source: &ModuleSource, version: &str) -> anyhow::Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let prefix = format!("{}@{version}", source.module);
    // Without a time, as go writes them.
    let options = SimpleFileOptions::default()
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    for (name, path) in &source.files {
        archive.start_file(format!("{prefix}/{name}"), options)?;
        copy(&mut File::open(path)?, &mut archive)?;
    }
    archive.flush()?;
    Ok(archive.finish()?.into_inner())
}
