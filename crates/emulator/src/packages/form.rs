//! Multipart forms (RFC 7578), as Python's clients and NuGet upload them. Knows nothing about what is in a field.

use std::collections::BTreeMap;

use anyhow::Context;
use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;

/// A field of a form.
pub(super) struct Field<'a> {
    pub(super) file: Option<&'a str>,
    pub(super) content: &'a [u8],
}

/// The fields of an upload by name. Some names come more than once (`classifiers`); none of those is needed.
pub(super) fn fields(request: &Request<Bytes>) -> anyhow::Result<BTreeMap<&str, Field<'_>>> {
    let content_type = request.headers().get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let boundary = parameter(content_type.unwrap_or_default(), "boundary");
    let boundary = boundary.context("this is not a multipart form")?;
    let mut fields = BTreeMap::new();
    let (_, mut rest) = split(request.body(), format!("--{boundary}").as_bytes())
        .context("the form has no first boundary")?;
    while !rest.starts_with(b"--") {
        let (part, next) = split(rest, format!("\r\n--{boundary}").as_bytes())
            .context("the form has no last boundary")?;
        let (headers, content) =
            split(part, b"\r\n\r\n").context("a field of the form has no headers")?;
        let headers = std::str::from_utf8(headers).context("a field's headers are not UTF-8")?;
        let disposition = headers.lines().find(|line| {
            line.to_ascii_lowercase()
                .starts_with("content-disposition:")
        });
        let disposition = disposition.context("a field of the form has no content-disposition")?;
        let name = parameter(disposition, "name").context("a field of the form has no name")?;
        fields.insert(
            name,
            Field {
                file: parameter(disposition, "filename"),
                content,
            },
        );
        rest = next;
    }
    Ok(fields)
}

/// `form-data; name="content"` → `content`.
fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let parameters = header
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.trim().split_once('='));
    parameters
        .into_iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim_matches('"'))
}

fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes
        .windows(separator.len())
        .position(|window| window == separator)?;
    Some((&bytes[..at], &bytes[at + separator.len()..]))
}
