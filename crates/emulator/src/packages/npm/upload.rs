//! The upload of `npm publish`: one JSON document with the tarball inside.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use super::release::NpmRelease;

#[derive(Deserialize)]
struct Upload {
    #[serde(rename = "dist-tags", default)]
    tags: BTreeMap<String, String>,
    versions: BTreeMap<String, Value>,
    /// Absent where only metadata is changed, as `npm deprecate` does; that is not offered.
    #[serde(rename = "_attachments")]
    attachments: BTreeMap<String, Attachment>,
}

#[derive(Deserialize)]
struct Attachment {
    data: String,
}

/// The release in `body`, and the tags that shall point to it.
pub(super) fn read(
    name: &str,
    body: &[u8],
) -> anyhow::Result<(NpmRelease, BTreeMap<String, String>)> {
    let upload: Upload =
        serde_json::from_slice(body).context("this is not what npm publish sends")?;
    let (Some((version, manifest)), Some(attachment)) = (
        upload.versions.iter().next(),
        upload.attachments.values().next(),
    ) else {
        bail!("this upload has no version or no tarball");
    };
    let tarball = STANDARD
        .decode(&attachment.data)
        .context("the tarball is not base64")?;
    let release = NpmRelease::from_tarball(name, tarball.into())?;
    if release.version.to_string() != *version {
        bail!(
            "the tarball has version {}, the upload says {version}",
            release.version
        );
    }
    if manifest["dist"]["integrity"]
        .as_str()
        .is_some_and(|integrity| integrity != release.integrity())
    {
        bail!("the tarball does not match its integrity");
    }
    Ok((release, upload.tags))
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::super::super::archive;
    use super::super::super::tree::SourceFile;
    use super::*;

    /// The body that `npm publish --tag TAG` sends.
    pub(in super::super) fn body(name: &str, version: &str, tag: &str) -> String {
        upload(name, version, tag, Value::Null).to_string()
    }

    fn upload(name: &str, version: &str, tag: &str, integrity: Value) -> Value {
        let manifest = json!({ "name": name, "version": version }).to_string();
        let tarball =
            archive::tar_gz("package", &[SourceFile::new("package.json", manifest)]).unwrap();
        json!({
            "name": name, "dist-tags": { tag: version },
            "versions": { version: { "name": name, "version": version, "dist": { "integrity": integrity } } },
            "_attachments": { format!("{name}-{version}.tgz"): { "data": STANDARD.encode(tarball) } },
        })
    }

    #[test]
    fn an_upload_is_read() {
        let (release, tags) =
            read("my-package", body("my-package", "1.2.3", "beta").as_bytes()).unwrap();
        assert_eq!(
            (release.id().as_str(), tags["beta"].as_str()),
            ("my-package@1.2.3", "1.2.3")
        );
        let matching = upload("my-package", "1.2.3", "beta", json!(release.integrity()));
        assert!(read("my-package", matching.to_string().as_bytes()).is_ok());
    }

    #[test]
    fn a_wrong_upload_is_refused() {
        let good = || upload("my-package", "1.0.0", "latest", json!("sha512-AAAA"));
        let with = |key: &str, value: Value| {
            let mut upload = good();
            upload[key] = value;
            upload
        };
        let cases = [
            (good(), "does not match its integrity"),
            (with("_attachments", json!({})), "no tarball"),
            (
                with("_attachments", json!({ "a.tgz": { "data": "%" } })),
                "not base64",
            ),
            (
                with("versions", json!({ "2.0.0": {} })),
                "the upload says 2.0.0",
            ),
            (json!({ "versions": {} }), "not what npm publish sends"),
        ];
        for (body, expected) in cases {
            let error = format!(
                "{:#}",
                read("my-package", body.to_string().as_bytes())
                    .err()
                    .unwrap()
            );
            assert!(error.contains(expected), "{error}");
        }
        assert!(read("other", good().to_string().as_bytes()).is_err());
    }
}
