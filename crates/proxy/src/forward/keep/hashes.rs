//! The hashes that a repository's index has for a package's files, by what the index calls each. An index that cannot be
//! read has none; then nothing is kept.

use std::collections::BTreeMap;

use codeartifact_auth::endpoint::Format;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use ssri::{Algorithm, Integrity};

/// Hashes by version or file name.
pub(crate) type Hashes = BTreeMap<String, Integrity>;

/// Reads a package's index.
pub(crate) fn read(format: Format, index: &[u8]) -> Hashes {
    let text = String::from_utf8_lossy(index);
    match format {
        Format::Npm => npm(index),
        Format::Pypi => pypi(&text),
        Format::Cargo => cargo(&text),
        Format::Ruby => ruby(&text),
        Format::Maven => maven(&text),
        _ => Hashes::new(),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Packument {
    versions: BTreeMap<String, PackumentVersion>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PackumentVersion {
    dist: Dist,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Dist {
    integrity: Option<String>,
    shasum: Option<String>,
}

fn npm(index: &[u8]) -> Hashes {
    let packument: Packument = serde_json::from_slice(index).unwrap_or_default();
    let hashes = packument.versions.into_iter().filter_map(|(version, it)| {
        let integrity = it.dist.integrity.and_then(|text| text.parse().ok());
        let hash = integrity.or_else(|| hex(&it.dist.shasum?, Algorithm::Sha1))?;
        Some((version, hash))
    });
    hashes.collect()
}

/// Links with a fragment `#sha256=…` (PEP 503).
fn pypi(index: &str) -> Hashes {
    let links = index.split("href=").skip(1).filter_map(|rest| {
        let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        rest[1..].split(quote).next()
    });
    let hashes = links.filter_map(|link| {
        let (url, fragment) = link.split_once('#')?;
        let digits = fragment.strip_prefix("sha256=")?.split('&').next()?;
        let file = url.rsplit('/').next()?.split('?').next()?;
        let file = percent_decode_str(file).decode_utf8().ok()?;
        Some((file.into_owned(), sha256(digits)?))
    });
    hashes.collect()
}

#[derive(Deserialize)]
struct CrateVersion {
    vers: String,
    cksum: String,
}

fn cargo(index: &str) -> Hashes {
    let versions = index
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let hashes =
        versions.filter_map(|version: CrateVersion| Some((version.vers, sha256(&version.cksum)?)));
    hashes.collect()
}

/// `VERSION DEPENDENCIES|checksum:…,ruby:…` (the compact index).
fn ruby(index: &str) -> Hashes {
    let hashes = index.lines().filter_map(|line| {
        let (version, _) = line.split_once(' ')?;
        let (_, requirements) = line.rsplit_once('|')?;
        let mut requirements = requirements.split(',');
        let digits = requirements.find_map(|it| it.strip_prefix("checksum:"))?;
        Some((version.to_owned(), sha256(digits)?))
    });
    hashes.collect()
}

/// The file has the digits alone, or the name behind them.
fn maven(index: &str) -> Hashes {
    let digits = index.split_whitespace().next().unwrap_or_default();
    let hash = hex(digits, Algorithm::Sha1);
    hash.map(|hash| (String::new(), hash)).into_iter().collect()
}

/// A SHA-256 of 64 hexadecimal digits.
pub(crate) fn sha256(digits: &str) -> Option<Integrity> {
    hex(digits, Algorithm::Sha256)
}

/// A hash of hexadecimal digits, all of them.
fn hex(digits: &str, algorithm: Algorithm) -> Option<Integrity> {
    let length = match algorithm {
        Algorithm::Sha1 => 40,
        Algorithm::Sha256 => 64,
        _ => return None,
    };
    let is_hash = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash
        .then(|| Integrity::from_hex(digits, algorithm).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_formats_index() {
        let sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
        let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let rows = [
            (
                Format::Npm,
                format!(r#"{{"versions": {{"1.0.0": {{"dist": {{"shasum": "{sha1}"}}}}, "2.0.0": {{"dist": {{}}}}}}}}"#),
                "1.0.0",
            ),
            (
                Format::Npm,
                r#"{"versions": {"1.0.0": {"dist": {"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="}}}}"#.to_owned(),
                "1.0.0",
            ),
            (
                Format::Pypi,
                format!("<a href=\"../../my-package/1.0/my_package-1.0%2Bx.whl#sha256={sha256}\">x</a><a href='b-1.whl'>"),
                "my_package-1.0+x.whl",
            ),
            (
                Format::Cargo,
                format!("{{\"name\":\"a\",\"vers\":\"1.0.0\",\"cksum\":\"{sha256}\",\"deps\":[]}}\nnot json\n"),
                "1.0.0",
            ),
            (
                Format::Ruby,
                format!("---\n1.0.0-java rake:>= 0|ruby:>= 2,checksum:{sha256}\n"),
                "1.0.0-java",
            ),
            (Format::Maven, format!("{sha1}  a-1.0.jar\n"), ""),
        ];
        for (format, index, name) in rows {
            let hashes = read(format, index.as_bytes());
            let names: Vec<_> = hashes.keys().map(String::as_str).collect();
            assert_eq!(names, [name], "{index}");
        }
    }

    #[test]
    fn what_is_no_hash_is_none() {
        let rows = [
            (Format::Npm, "<html>"),
            (Format::Pypi, "<a href=\"a-1.whl#sha256=12\">"),
            (Format::Maven, "<html>not found</html>"),
            (Format::Ruby, "1.0.0 |checksum:"),
        ];
        for (format, index) in rows {
            assert!(read(format, index.as_bytes()).is_empty(), "{index}");
        }
    }
}
