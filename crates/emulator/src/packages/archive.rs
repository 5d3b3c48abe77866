//! Tar and zip files made and read in memory. The same files give the same bytes on every machine and on every day.
//! Knows nothing about what a format wants inside.

use std::io::{Cursor, Read, Write};

use anyhow::Context;
use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::{GzEncoder, ZlibEncoder};
use zip::write::SimpleFileOptions;

use super::tree::SourceFile;

/// 1985-10-26T08:15:00Z, the time that npm gives every file of a package.
const MODIFIED: u64 = 499_162_500;

/// The files as `PREFIX/path`, gzipped; without a prefix, as their paths.
pub(super) fn tar_gz(prefix: &str, files: &[SourceFile]) -> anyhow::Result<Bytes> {
    Ok(gzip(&tar(prefix, files)?)?.into())
}

pub(super) fn gzip(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

pub(super) fn deflate(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// The text in a gzipped file.
pub(super) fn gunzip(bytes: &[u8]) -> anyhow::Result<String> {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text)?;
    Ok(text)
}

/// The files as `PREFIX/path`; without a prefix, as their paths.
pub(super) fn tar(prefix: &str, files: &[SourceFile]) -> anyhow::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.bytes.len() as u64);
        header.set_mode(mode(file));
        header.set_mtime(MODIFIED);
        header.set_uid(0);
        header.set_gid(0);
        archive.append_data(
            &mut header,
            format!("{prefix}/{}", file.path).trim_start_matches('/'),
            file.bytes.as_slice(),
        )?;
    }
    Ok(archive.into_inner()?)
}

/// The files as `PREFIXpath`, compressed; the time is zip's own first day, 1980-01-01.
pub(super) fn zip(prefix: &str, files: &[SourceFile]) -> anyhow::Result<Bytes> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let options = SimpleFileOptions::default()
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(mode(file));
        archive.start_file(format!("{prefix}{}", file.path), options)?;
        archive.write_all(&file.bytes)?;
    }
    Ok(archive.finish()?.into_inner().into())
}

/// By content, since not every file system remembers it.
fn mode(file: &SourceFile) -> u32 {
    if file.bytes.starts_with(b"#!") {
        0o755
    } else {
        0o644
    }
}

/// The text of the first file in a gzipped tar that `wanted` names.
pub(super) fn text_in_tar_gz(
    archive: &[u8],
    wanted: impl Fn(&str) -> bool,
) -> anyhow::Result<String> {
    let bytes = bytes_in_tar(GzDecoder::new(archive), wanted)?;
    String::from_utf8(bytes).context("the archive's metadata file is not UTF-8")
}

/// The first file in a tar that `wanted` names.
pub(super) fn bytes_in_tar(
    archive: impl Read,
    wanted: impl Fn(&str) -> bool,
) -> anyhow::Result<Vec<u8>> {
    let mut archive = tar::Archive::new(archive);
    for entry in archive.entries()? {
        let mut entry = entry?;
        if wanted(&entry.path()?.to_string_lossy()) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
    }
    anyhow::bail!("the archive has no metadata file")
}

/// The text of the first file in a zip that `wanted` names.
pub(super) fn text_in_zip(archive: &[u8], wanted: impl Fn(&str) -> bool) -> anyhow::Result<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive))?;
    let name = archive
        .file_names()
        .find(|name| wanted(name))
        .map(str::to_owned);
    let mut file = archive.by_name(&name.context("the archive has no metadata file")?)?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<SourceFile> {
        vec![
            SourceFile::new("a/run", "#!/bin/sh\n"),
            SourceFile::new(format!("{}/b.txt", "long/".repeat(40)), "b"),
        ]
    }

    #[test]
    fn an_archive_holds_what_was_put_in() {
        let tar = tar_gz("package", &files()).unwrap();
        assert_eq!(
            text_in_tar_gz(&tar, |path| path == "package/a/run").unwrap(),
            "#!/bin/sh\n"
        );
        assert_eq!(
            text_in_tar_gz(&tar, |path| path.ends_with("b.txt")).unwrap(),
            "b"
        );
        let zip = zip("m@v1/", &files()).unwrap();
        assert_eq!(
            text_in_zip(&zip, |path| path == "m@v1/a/run").unwrap(),
            "#!/bin/sh\n"
        );
        assert!(text_in_zip(&zip, |path| path == "a/run").is_err());
    }

    #[test]
    fn the_same_files_give_the_same_bytes() {
        assert_eq!(
            tar_gz("p", &files()).unwrap(),
            tar_gz("p", &files()).unwrap()
        );
        assert_eq!(zip("p/", &files()).unwrap(), zip("p/", &files()).unwrap());
        let mut archive =
            tar::Archive::new(GzDecoder::new(Cursor::new(tar_gz("p", &files()).unwrap())));
        let headers: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().header().clone())
            .collect();
        let modes: Vec<_> = headers
            .iter()
            .map(|header| header.mode().unwrap())
            .collect();
        assert_eq!(modes, [0o755, 0o644]);
        assert!(
            headers
                .iter()
                .all(|header| header.mtime().unwrap() == MODIFIED && header.uid().unwrap() == 0)
        );
    }
}
