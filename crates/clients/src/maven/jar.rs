//! The extension that Maven loads: a class of ours, compiled ahead from the source beside it, the index by which Maven
//! finds it, and the path of the helper that it asks. A jar is a zip; this one is stored, not packed.
//!
//! The class is committed, since a machine that builds this program need not have Java. A test compiles it anew and
//! compares.

use std::path::Path;

const CLASS: (&str, &[u8]) = (
    "codeartifact/CodeArtifact.class",
    include_bytes!("jar/codeartifact/CodeArtifact.class"),
);
/// Maven's container looks for components in here (Eclipse Sisu).
const INDEX: (&str, &[u8]) = (
    "META-INF/sisu/javax.inject.Named",
    b"codeartifact.CodeArtifact\n",
);
/// The class reads its first line.
const HELPER: &str = "codeartifact/helper";

/// The first of January 1980, which is as early as a zip knows.
const DATE: u16 = 1 << 5 | 1;
const VERSION: u16 = 10;

/// The jar's bytes, always the same for the same helper.
pub(super) fn asking(helper: &Path) -> Vec<u8> {
    let helper = helper.to_string_lossy();
    zip(&[INDEX, CLASS, (HELPER, helper.as_bytes())])
}

/// Source: PKWARE's application note, sections 4.3.7, 4.3.12 and 4.3.16.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let at = number(archive.len());
        let described = described(name, content);
        archive.extend(b"PK\x03\x04");
        archive.extend(&described);
        archive.extend(name.as_bytes());
        archive.extend(*content);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&described);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(at);
        directory.extend(name.as_bytes());
    }
    let at = number(archive.len());
    let count = (files.len() as u16).to_le_bytes();
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count, count].concat());
    archive.extend(number(directory.len()));
    archive.extend(at);
    archive.extend([0, 0]);
    archive
}

/// Returns the fields that both headers of a file have.
fn described(name: &str, content: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for field in [VERSION, 0, 0, 0, DATE] {
        text.extend(field.to_le_bytes());
    }
    text.extend(crc(content).to_le_bytes());
    text.extend(number(content.len()));
    text.extend(number(content.len()));
    text.extend((name.len() as u16).to_le_bytes());
    text.extend([0, 0]);
    text
}

fn number(length: usize) -> [u8; 4] {
    (length as u32).to_le_bytes()
}

/// CRC-32 as zip has it.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_those_of_a_zip() {
        assert_eq!(crc(b"123456789"), 0xCBF4_3926, "the check value of CRC-32");
        let made = zip(&[("a", b"123456789")]);
        let header = "PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0";
        assert!(made.starts_with(header.as_bytes()), "{made:?}");
        assert_eq!(made.len(), 30 + 1 + 9 + 46 + 1 + 22);
    }

    #[test]
    fn the_jar_is_small_and_names_the_helper() {
        let jar = asking(Path::new("/opt/codeartifact-bazel"));
        assert!(jar.len() < 8 * 1024, "{}", jar.len());
        let has = |text: &str| jar.windows(text.len()).any(|it| it == text.as_bytes());
        assert!(has("/opt/codeartifact-bazel") && has("codeartifact.CodeArtifact\n"));
        assert_eq!(jar, asking(Path::new("/opt/codeartifact-bazel")));
    }
}
