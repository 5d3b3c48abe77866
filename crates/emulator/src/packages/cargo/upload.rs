//! The upload of `cargo publish`: two lengths (32 bits, little-endian), each before what it measures: metadata, then crate.

use anyhow::{Context, bail};
use bytes::Bytes;
use serde::Deserialize;

use super::release::CrateRelease;

#[derive(Deserialize)]
struct Metadata {
    name: String,
    vers: String,
}

pub(super) fn read(body: &Bytes) -> anyhow::Result<CrateRelease> {
    let (metadata, rest) = measured(body.clone())?;
    let (archive, _) = measured(rest)?;
    let metadata: Metadata = serde_json::from_slice(&metadata)
        .context("the metadata is not what cargo publish sends")?;
    let release = CrateRelease::from_crate(archive)?;
    if (release.name.as_str(), release.version.to_string())
        != (metadata.name.as_str(), metadata.vers)
    {
        bail!("the crate is not the one that the metadata names");
    }
    Ok(release)
}

/// Returns the part that the first four bytes measure, and the rest.
fn measured(mut bytes: Bytes) -> anyhow::Result<(Bytes, Bytes)> {
    let length = bytes
        .first_chunk()
        .map(|length| u32::from_le_bytes(*length) as usize);
    let Some(length) = length.filter(|length| bytes.len() - 4 >= *length) else {
        bail!("the upload ends too early");
    };
    let mut measured = bytes.split_off(4);
    let rest = measured.split_off(length);
    Ok((measured, rest))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::super::archive;
    use super::super::super::tree::SourceFile;
    use super::*;

    pub(in super::super) fn body(name: &str, version: &str) -> Bytes {
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n");
        let archive = archive::tar_gz(
            &format!("{name}-{version}"),
            &[SourceFile::new("Cargo.toml", manifest)],
        )
        .unwrap();
        let metadata = format!(r#"{{"name":"{name}","vers":"{version}","deps":[]}}"#);
        frame(metadata.as_bytes(), &archive)
    }

    fn frame(metadata: &[u8], archive: &[u8]) -> Bytes {
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
        [&length(metadata), metadata, &length(archive), archive]
            .concat()
            .into()
    }

    #[test]
    fn an_upload_is_read() {
        let release = read(&body("fresh", "0.1.0")).unwrap();
        assert_eq!(
            (release.name.as_str(), release.version.to_string().as_str()),
            ("fresh", "0.1.0")
        );
    }

    #[test]
    fn a_wrong_upload_is_refused() {
        let good = body("fresh", "0.1.0");
        let (metadata, rest) = measured(good.clone()).unwrap();
        let archive = measured(rest).unwrap().0;
        let cases = [
            (Bytes::new(), "ends too early"),
            (good.slice(..good.len() - 1), "ends too early"),
            (frame(b"{}", &archive), "not what cargo publish sends"),
            (
                frame(br#"{"name":"fresh","vers":"0.2.0"}"#, &archive),
                "not the one",
            ),
            (frame(&metadata, &[]), ""),
        ];
        for (body, expected) in cases {
            let error = format!("{:#}", read(&body).err().unwrap());
            assert!(error.contains(expected), "{error}");
        }
    }
}
