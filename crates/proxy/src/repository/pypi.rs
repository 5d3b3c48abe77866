//! Python's index: pages of PEP 503 alone, as CodeArtifact serves them, and wheels without a module.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{Method, Response, StatusCode};

use super::{Request, VERSION, archive};
use crate::answer::{text, typed, typed_bytes};

pub(super) fn answer(request: &Request<'_>) -> Option<Response<Bytes>> {
    let rest = request.rest.trim_end_matches('/');
    if *request.method == Method::POST {
        return rest.is_empty().then(|| text(StatusCode::OK, "stored\n"));
    }
    match *rest.split('/').collect::<Vec<_>>() {
        ["simple"] => Some(page("")),
        ["simple", name] => Some(page(&link(name, &request.root))),
        ["simple", name, VERSION, file] if file == wheel_name(name) => Some(wheel(name)),
        _ => None,
    }
}

fn page(links: &str) -> Response<Bytes> {
    let page = format!("<!DOCTYPE html><html><body>{links}</body></html>\n");
    typed(StatusCode::OK, "text/html", page)
}

fn link(name: &str, root: &str) -> String {
    let (name, file) = (normalised(name), wheel_name(name));
    format!("<a href=\"{root}simple/{name}/{VERSION}/{file}\">{file}</a>")
}

fn wheel_name(name: &str) -> String {
    format!("{}-{VERSION}-py3-none-any.whl", stem(name))
}

/// A name as wheels have it.
fn stem(name: &str) -> String {
    normalised(name).replace('-', "_")
}

/// PEP 503: lower case, each run of `-`, `_` and `.` one `-`. Nothing else is kept: it goes into a page.
fn normalised(name: &str) -> String {
    let words = name.split(|it: char| !it.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_ascii_lowercase()
}

fn wheel(name: &str) -> Response<Bytes> {
    let info = format!("{}-{VERSION}.dist-info", stem(name));
    let name = normalised(name);
    let mut files = vec![
        (
            format!("{info}/METADATA"),
            format!("Metadata-Version: 2.1\nName: {name}\nVersion: {VERSION}\n"),
        ),
        (
            format!("{info}/WHEEL"),
            "Wheel-Version: 1.0\nGenerator: codeartifact\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
                .to_owned(),
        ),
    ];
    let mut record = String::new();
    for (path, _) in &files {
        // Writing to a String cannot fail. A digest may be left out.
        let _ = writeln!(record, "{path},,");
    }
    let path = format!("{info}/RECORD");
    let _ = writeln!(record, "{path},,");
    files.push((path, record));
    typed_bytes("application/zip", archive::zip(&files))
}
