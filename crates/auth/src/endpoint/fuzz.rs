//! URLs that chance has made, judged by an independent parser: whatever we take for one of CodeArtifact's hosts is the very
//! host that a client of the WHATWG rules would ask, over https.

#[path = "../../../../tests/fuzz.rs"]
mod search;

use super::tests::spelled_out;
use super::*;

/// Each is taken and changed.
const STARTS: [&str; 8] = [
    "https://{ipv4}/npm/my-repo/",
    "https://{ipv4}/pypi/my-repo/simple/",
    "https://aws:SECRET@{ipv4}:443/npm/my-repo/",
    "https://{dual}/go/my-repo/",
    "https://{vpc}/npm/d/my-domain-111122223333/my-repo/",
    "sparse+https://{ipv4}/cargo/my-repo/",
    "//{ipv4}/npm/my-repo/",
    "https://my-domain-111122223333.d.codeartifact.cn-north-1.amazonaws.com.cn/npm/my-repo/",
];

/// Characters that change a host for one parser and not for another.
const PIECES: [&str; 44] = [
    "@",
    ":",
    "/",
    "\\",
    "//",
    "?",
    "#",
    ".",
    "..",
    "%2e",
    "%2f",
    "%40",
    "%00",
    "\t",
    "\n",
    "\r",
    " ",
    "\u{a0}",
    "\u{ff0e}",
    "\u{3002}",
    "\u{2024}",
    "\u{ad}",
    "\u{200b}",
    "\u{202e}",
    "é",
    "ı",
    "ß",
    "xn--",
    "-",
    "_",
    "[",
    "]",
    "[::1]",
    ":443",
    ":80",
    ":0443",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "https:",
    "http://",
    "HTTPS://",
    "127.0.0.1",
    "my-domain-111122223333",
];

fn changed(text: &str, random: &mut fastrand::Rng) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..random.usize(0..4) {
        let at = random.usize(0..=characters.len());
        let end = (at + random.usize(0..3)).min(characters.len());
        let piece: Vec<char> = match random.u8(0..4) {
            0 => Vec::new(),
            1 => characters.get(at..end).unwrap_or_default().to_vec(),
            2 => vec![random.char(..)],
            _ => PIECES[random.usize(..PIECES.len())].chars().collect(),
        };
        let end = if random.bool() { at } else { end };
        characters.splice(at..end, piece);
    }
    characters.into_iter().collect()
}

/// The host that a client asks; `None` where it asks nobody, or not over https.
fn host_of_client(text: &str) -> Option<String> {
    let text = text.trim_ascii();
    let text = text.strip_prefix("sparse+").unwrap_or(text);
    let text = if text.starts_with("//") {
        format!("https:{text}")
    } else {
        text.to_owned()
    };
    let url = ::url::Url::parse(&text).ok()?;
    let port = url.port_or_known_default() == Some(443);
    let host = url.host_str()?.trim_end_matches('.').to_owned();
    (url.scheme() == "https" && port).then_some(host)
}

#[test]
fn fuzz_every_host_we_take_is_the_one_that_a_client_asks() {
    let mut random = search::random();
    let mut taken = 0;
    for _ in 0..search::cases() {
        let start = spelled_out(STARTS[random.usize(..STARTS.len())]);
        let text = changed(&start, &mut random);
        let Ok(endpoint) = Endpoint::parse(&text, &MappedHosts::new()) else {
            continue;
        };
        taken += 1;
        let has_scheme = text.contains("//");
        match host_of_client(&text) {
            Some(host) => assert_eq!(endpoint.host(), host, "{text:?}"),
            // A bare host, or what no client can ask.
            None => assert!(!has_scheme || ::url::Url::parse(&text).is_err(), "{text:?}"),
        }
        let suffix = endpoint.partition().suffix;
        let is_awss = endpoint.host().ends_with(&format!(".{suffix}"))
            || endpoint.host().ends_with(".on.aws")
            || endpoint.host().ends_with(".on.amazonwebservices.com.cn");
        assert!(is_awss, "{text:?}");
    }
    assert!(taken > 1000, "only {taken} were taken");
}
