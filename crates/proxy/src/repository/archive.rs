//! The smallest archives that installers take: a ZIP and a compressed tar, both without any compression, so that no
//! library is needed for a few hundred bytes. Sources: APPNOTE.TXT of PKWARE, RFC 1951 and 1952, POSIX ustar.

/// The 16th of January 1980 or so: no time is needed.
const DOS_TIME: [u8; 4] = [0, 0, 0x21, 0];

const TAR_BLOCK: usize = 512;

/// A ZIP of these files.
pub(super) fn zip(files: &[(String, String)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (path, content) in files {
        let offset = four(archive.len());
        let entry = entry(path, content.as_bytes());
        archive.extend(b"PK\x03\x04");
        archive.extend(&entry);
        archive.extend(path.as_bytes());
        archive.extend(content.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&entry);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(path.as_bytes());
    }
    let (start, count) = (archive.len(), two(files.len()));
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\x00\x00\x00\x00");
    archive.extend(count.into_iter().chain(count));
    archive.extend(four(directory.len()).into_iter().chain(four(start)));
    archive.extend([0, 0]);
    archive
}

/// What both headers of a file have: version, flags, method, time, checksum, sizes, and the length of its name.
fn entry(path: &str, content: &[u8]) -> Vec<u8> {
    let size = four(content.len());
    let parts: [&[u8]; 6] = [
        &[20, 0, 0, 0, 0, 0],
        &DOS_TIME,
        &crc32(content).to_le_bytes(),
        &size,
        &size,
        &two(path.len()),
    ];
    [parts.concat(), vec![0, 0]].concat()
}

/// A gzipped tar of one file.
pub(super) fn tar_gz(path: &str, content: &str) -> Vec<u8> {
    gzip(&tar(path, content.as_bytes()))
}

fn tar(path: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0; TAR_BLOCK];
    let size = format!("{:011o}", content.len());
    let fields = [
        (0, path.as_bytes()),
        (100, b"0000644"),
        (108, b"0000000"),
        (116, b"0000000"),
        (124, size.as_bytes()),
        (136, b"00000000000"),
        (148, b"        "),
        (156, b"0"),
        (257, b"ustar\x0000"),
    ];
    for (at, text) in fields {
        put(&mut header, at, text);
    }
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    put(&mut header, 148, format!("{sum:06o}\0 ").as_bytes());
    let mut tar = header.to_vec();
    tar.extend(content);
    let end = tar.len().next_multiple_of(TAR_BLOCK) + 2 * TAR_BLOCK;
    tar.resize(end, 0);
    tar
}

fn put(header: &mut [u8; TAR_BLOCK], at: usize, text: &[u8]) {
    for (byte, &value) in header.iter_mut().skip(at).zip(text) {
        *byte = value;
    }
}

/// One stored block: it holds 64 KiB, and nothing here is larger.
fn gzip(content: &[u8]) -> Vec<u8> {
    let length = two(content.len());
    let mut stream = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x01".to_vec();
    stream.extend(length.into_iter().chain(length.map(|byte| !byte)));
    stream.extend(content);
    stream.extend(crc32(content).to_le_bytes());
    stream.extend(four(content.len()));
    stream
}

fn crc32(content: &[u8]) -> u32 {
    let step = |sum: u32, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg());
    let byte = |sum: u32, &byte: &u8| (0..8).fold(sum ^ u32::from(byte), step);
    !content.iter().fold(u32::MAX, byte)
}

/// Sizes here are far below both limits.
fn two(size: usize) -> [u8; 2] {
    u16::try_from(size).unwrap_or(u16::MAX).to_le_bytes()
}

fn four(size: usize) -> [u8; 4] {
    u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    /// By the tools that come with every system; what clients make of them, the trials of real ones show.
    #[cfg(unix)]
    #[test]
    fn archives_are_read_by_others() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.tgz");
        std::fs::write(&file, tar_gz("package/package.json", "{}")).unwrap();
        let tar = std::process::Command::new("tar")
            .arg("-xOzf")
            .arg(&file)
            .output()
            .unwrap();
        assert!(tar.status.success(), "{tar:?}");
        assert_eq!(tar.stdout, b"{}");
    }
}
