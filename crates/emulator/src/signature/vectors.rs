//! AWS's own signature vectors, as the crate `aws-sigv4` ships them: the canonical request and the signature
//! must be the published ones.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::Request;

use super::canonical;
use super::signed::Signed;
use crate::call::{Call, RequestOrigin};
use crate::faults::Effects;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// Vectors that no service here can accept, and why.
const LEFT_OUT: [(&str, &str); 5] = [
    ("-unnormalized", "only S3 signs paths as they are"),
    ("multiline", "HTTP/1.1 no longer folds headers"),
    ("get-space", "a request line has no space in its target"),
    ("post-sts-header", "the token is no part of what is signed"),
    ("double-", "the vector has no complete request"),
];

#[test]
fn published_signature_vectors() {
    let mut checked = 0;
    for vector in std::fs::read_dir(suite()).unwrap() {
        let vector = vector.unwrap().path();
        let name = vector.file_name().unwrap().to_str().unwrap().to_owned();
        if LEFT_OUT.iter().any(|(part, _)| name.contains(part)) {
            continue;
        }
        for kind in ["header", "query"] {
            let read = |part: &str| read(&vector.join(format!("{kind}-{part}.txt")));
            let call = call(&read("signed-request"));
            let signed = Signed::of(&call).unwrap();
            let canonical = canonical::request(&call, &signed.headers);
            assert_eq!(canonical, read("canonical-request"), "{name} {kind}");
            assert_eq!(
                signed.sign(SECRET, &canonical),
                signed.signature,
                "{name} {kind}"
            );
            checked += 1;
        }
    }
    assert!(checked >= 50, "only {checked} were checked");
}

/// The folder that cargo unpacked beside the crate's sources, of whichever registry.
#[expect(
    clippy::disallowed_methods,
    reason = "a test that looks for cargo's own files"
)]
fn suite() -> PathBuf {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let registries = home.unwrap().join("registry/src");
    let sources = folders(&registries).flat_map(|registry| folders(&registry));
    sources
        .map(|source| source.join("aws-signing-test-suite/v4"))
        .find(|suite| suite.is_dir())
        .unwrap_or_else(|| panic!("no aws-sigv4 in {}", registries.display()))
}

fn folders(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path()))
}

fn read(path: &Path) -> String {
    let text = std::fs::read_to_string(path);
    text.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .replace("\r\n", "\n")
}

fn call(text: &str) -> Call {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let mut request = Request::builder()
        .method(first.next().unwrap())
        .uri(first.next().unwrap());
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        request = request.header(name, value);
    }
    Call {
        request: request.body(Bytes::from(body.to_owned())).unwrap(),
        host: String::new(),
        path: String::new(),
        origin: RequestOrigin::Own { scheme: "https" },
        now: 0,
        effects: Effects::default(),
    }
}
