//! Whatever is forwarded is read the same by another parser: the crate `url`, which follows the browsers' standard and
//! resolves dots, slashes and encodings as lenient servers do.

use http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use url::Url;

use super::super::reach::for_tests::{HOST, reach};
use super::*;

/// Pieces that paths are made of: good ones, and those that two parsers may read in two ways.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "/", "//", "npm", "pypi", "my-repo", "other", "my-repo2", "x", ".", "..", "%2e", "%2E%2e",
        "%2f", "%2F", "%5c", "\\", "%00", "%25", "%", "@s", "@s%2fp", "simple", "?", "?a=/../",
        "#", "#/..", ";", ":", "@", "é", "%c3%a9", "%", "\t", " ", "!x", "+", "&", "=", "-", "_",
        "~", "*", "'", "%6epm", "d",
    ];
    prop_oneof![
        4 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned),
        1 => "[ -~]{0,3}",
    ]
}

fn target() -> impl Strategy<Value = String> {
    let roots = [
        "/npm/my-repo/",
        "/pypi/my-repo/",
        "/npm/my-repo",
        "/npm/",
        "/",
        "",
        "/npm/other/",
    ];
    let root = prop::sample::select(roots.to_vec());
    (root, prop::collection::vec(piece(), 0..8))
        .prop_map(|(root, pieces)| root.to_owned() + &pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_forwarded_is_canonical_and_in_a_repository(target in target()) {
        let Ok(uri) = target.parse::<Uri>() else { return Ok(()) };
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HOST.parse().unwrap());
        let reach = reach(&[]);
        let asked = Asked { host: HOST, method: &Method::GET, target: &uri, headers: &headers };
        let Ok((room, _)) = judge(&reach, asked) else { return Ok(()) };

        let sent = uri.path();
        let read = Url::parse(&format!("https://{HOST}{}", uri.path_and_query().unwrap())).unwrap();
        prop_assert_eq!(read.host_str(), Some(HOST));
        prop_assert_eq!(read.path(), sent, "another parser changes nothing");
        prop_assert_eq!(read.username(), "");

        // However often a server decodes, the same two segments name the repository.
        let mut decoded = sent.to_owned();
        for _ in 0..3 {
            decoded = percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
            let url = Url::parse(&format!("https://{HOST}{}", decoded.replace(['?', '#'], "_"))).unwrap();
            let segments: Vec<&str> = url.path_segments().unwrap().take(2).collect();
            prop_assert_eq!(segments, [room.format.name(), "my-repo"]);
        }
    }
}
