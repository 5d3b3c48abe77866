//! The upload of twine, uv, poetry, pdm and hatch: a form (multipart/form-data) with the file among its fields.

use anyhow::{Context, bail};
use bytes::Bytes;
use http::Request;

use super::super::form;
use super::distribution::Distribution;

/// The file in an upload.
pub(super) fn read(request: &Request<Bytes>) -> anyhow::Result<Distribution> {
    let fields = form::fields(request)?;
    let text = |name: &str| {
        fields
            .get(name)
            .map(|field| String::from_utf8_lossy(field.content).into_owned())
    };
    if text(":action").as_deref() != Some("file_upload") {
        bail!("the form's :action is not file_upload");
    }
    let content = fields.get("content").context("the form has no file")?;
    let file = content.file.context("the form's file has no name")?;
    let distribution = Distribution::new(file, Bytes::copy_from_slice(content.content))?;
    if text("sha256_digest").is_some_and(|digest| digest != distribution.sha256()) {
        bail!("{file} does not match its sha256_digest");
    }
    Ok(distribution)
}

#[cfg(test)]
pub(super) mod tests {
    use http::header::CONTENT_TYPE;

    use super::super::super::archive;
    use super::super::super::tree::SourceFile;
    use super::*;

    /// The body that `twine upload FILE` sends, for a source distribution of project `other`.
    pub(in super::super) fn request(file: &str, digest: Option<&str>) -> Request<Bytes> {
        let sdist = archive::tar_gz(
            "other-3.0",
            &[SourceFile::new(
                "PKG-INFO",
                "Name: Other\nRequires-Python: >=3.9\n",
            )],
        )
        .unwrap();
        let mut body = field("name=\":action\"", b"file_upload");
        body.extend(
            digest
                .map(|digest| field("name=\"sha256_digest\"", digest.as_bytes()))
                .unwrap_or_default(),
        );
        body.extend(field(
            &format!("name=\"content\"; filename=\"{file}\""),
            &sdist,
        ));
        form([body, b"--b0undary--\r\n".to_vec()].concat())
    }

    fn field(parameters: &str, content: &[u8]) -> Vec<u8> {
        let head = format!(
            "--b0undary\r\nContent-Disposition: form-data; {parameters}\r\nContent-Type: a/b\r\n\r\n"
        );
        [head.as_bytes(), content, b"\r\n"].concat()
    }

    fn form(body: Vec<u8>) -> Request<Bytes> {
        Request::post("/")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=\"b0undary\"")
            .body(body.into())
            .unwrap()
    }

    #[test]
    fn an_upload_is_read() {
        let distribution = read(&request("other-3.0.tar.gz", None)).unwrap();
        assert_eq!(
            (
                distribution.version.as_str(),
                distribution.requires_python.as_deref()
            ),
            ("3.0", Some(">=3.9"))
        );
        assert!(read(&request("other-3.0.tar.gz", Some(&distribution.sha256()))).is_ok());
    }

    #[test]
    fn a_wrong_upload_is_refused() {
        let cases = [
            (
                request("other-3.0.tar.gz", Some("00")),
                "does not match its sha256_digest",
            ),
            (request("else-3.0.tar.gz", None), "names another project"),
            (request("../other-3.0.tar.gz", None), "is not named like"),
            (Request::new(Bytes::new()), "not a multipart form"),
            (form(Vec::new()), "no first boundary"),
            (form(b"--b0undary\r\n".to_vec()), "no last boundary"),
            (
                form(b"--b0undary\r\n\r\nx\r\n--b0undary--".to_vec()),
                "no content-disposition",
            ),
            (
                form(
                    [
                        field("name=\":action\"", b"submit"),
                        b"--b0undary--".to_vec(),
                    ]
                    .concat(),
                ),
                "not file_upload",
            ),
            (
                form(
                    [
                        field("name=\":action\"", b"file_upload"),
                        b"--b0undary--".to_vec(),
                    ]
                    .concat(),
                ),
                "no file",
            ),
        ];
        for (request, expected) in cases {
            let error = format!("{:#}", read(&request).err().unwrap());
            assert!(error.contains(expected), "{error}");
        }
    }
}
