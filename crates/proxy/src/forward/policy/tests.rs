//! Every method and format, and the requests that smuggle.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use super::super::reach::for_tests::{HOST, VPC, reach};
use super::*;

/// `"METHOD TARGET"`, further headers → what is decided, in a word.
fn decided(publish: &[&str], host: &str, line: &str, headers: &[(&str, &str)]) -> String {
    let (method, target) = line.split_once(' ').unwrap();
    let (method, target) = (method.parse().unwrap(), target.parse().unwrap());
    let mut map = HeaderMap::new();
    if !headers.iter().any(|(name, _)| *name == "host") {
        map.insert("host", host.parse().unwrap());
    }
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        let name: HeaderName = name.parse().unwrap();
        map.append(name, HeaderValue::from_str(value).unwrap());
    }
    decide(publish, host, &method, &target, &map)
}

fn decide(
    publish: &[&str],
    host: &str,
    method: &Method,
    target: &Uri,
    headers: &HeaderMap,
) -> String {
    let asked = Asked {
        host,
        method,
        target,
        headers,
    };
    match judge(&reach(publish), asked) {
        Ok((room, purpose)) => format!("{purpose:?} {}", room.format).to_lowercase(),
        Err(refusal) => refusal.name().to_owned(),
    }
}

#[test]
fn only_the_connections_repositories_are_read() {
    let rows = [
        (HOST, "GET /npm/my-repo/my-package", "read npm"),
        (HOST, "HEAD /npm/my-repo/@my-scope%2fmy-package", "read npm"),
        (HOST, "GET /npm/my-repo/x?write=true", "read npm"),
        (HOST, "GET /pypi/my-repo/simple/my-package/", "read pypi"),
        (HOST, "GET /go/my-repo/example.com/!m/@v/list", "read go"),
        ("packages.example.com", "GET /npm/my-repo/x", "read npm"),
        ("npm.example.com", "GET /@my-scope%2fx", "read npm"),
        (
            VPC,
            "GET /maven/d/my-domain-111122223333/my-repo/x",
            "read maven",
        ),
        (HOST, "GET /npm/other/x", "repository"),
        (HOST, "GET /npm/my-repository/x", "repository"),
        (HOST, "GET /cargo/my-repo/config.json", "repository"),
        (HOST, "GET /", "repository"),
        (HOST, "GET /npm/my-repo/../other/x", "path"),
        (HOST, "GET /npm/my-repo/%2e%2e/other/x", "path"),
        (HOST, "GET //npm/my-repo/x", "path"),
        (HOST, "GET /npm/my-repo//x", "path"),
        (HOST, "GET /pypi/my-repo/simple/@a%2fb/", "path"),
        (HOST, "GET /npm%2fmy-repo/x", "path"),
        // The target may be absolute if it agrees.
        (HOST, "GET https://HOST/npm/my-repo/x", "read npm"),
        (HOST, "GET https://HOST:443/npm/my-repo/x", "read npm"),
        (HOST, "GET http://HOST/npm/my-repo/x", "unclear"),
        (HOST, "GET https://HOST:8443/npm/my-repo/x", "unclear"),
        (
            HOST,
            "GET https://other.example.com/npm/my-repo/x",
            "unclear",
        ),
    ];
    for (host, line, expected) in rows {
        let line = line.replace("HOST", host);
        assert_eq!(decided(&[], host, &line, &[]), expected, "{line}");
    }
}

#[test]
fn every_method_for_every_format() {
    let paths = [
        ("npm", "/npm/my-repo/x"),
        ("pypi", "/pypi/my-repo/"),
        ("go", "/go/my-repo/x"),
        ("maven", "/maven/my-repo/x"),
    ];
    let methods = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PURGE", "CONNECT",
    ];
    for (format, path) in paths {
        for method in methods {
            let line = format!("{method} {path}");
            let reads = matches!(method, "GET" | "HEAD");
            let writes = matches!(method, "PUT" | "POST");
            let read = if reads {
                format!("read {format}")
            } else {
                "method".into()
            };
            assert_eq!(decided(&[], HOST, &line, &[]), read, "{line}");
            let other = decided(&["my-releases"], HOST, &line, &[]);
            assert_eq!(other, read, "{line}, another repository is open");
            let open = if writes {
                format!("publish {format}")
            } else {
                read
            };
            assert_eq!(
                decided(&["my-repo"], HOST, &line, &[]),
                open,
                "{line}, open"
            );
        }
    }
}

#[test]
fn npm_audit_reads_by_post() {
    let rows = [
        (
            "/npm/my-repo/-/npm/v1/security/advisories/bulk",
            "100",
            "audit npm",
        ),
        ("/npm/my-repo/-/npm/v1/security/audits", "100", "audit npm"),
        (
            "/npm/my-repo/-/npm/v1/security/audits/quick",
            "100",
            "audit npm",
        ),
        (
            "/npm/my-repo/-/npm/v1/security/audits/quick",
            "10485761",
            "unclear",
        ),
        (
            "/npm/my-repo/-/npm/v1/security/audits/other",
            "100",
            "method",
        ),
        ("/npm/my-repo/-/npm/v1/tokens", "100", "method"),
        ("/npm/other/-/npm/v1/security/audits", "100", "repository"),
        ("/pypi/my-repo/-/npm/v1/security/audits", "100", "method"),
    ];
    for (path, length, expected) in rows {
        let line = format!("POST {path}");
        let found = decided(&[], HOST, &line, &[("content-length", length)]);
        assert_eq!(found, expected, "{line}");
    }
    let bulk = "POST /npm/my-repo/-/npm/v1/security/advisories/bulk";
    assert_eq!(
        decided(&[], HOST, bulk, &[("transfer-encoding", "chunked")]),
        "unclear"
    );
}

#[test]
fn requests_that_smuggle_are_refused() {
    let upper = HOST.to_uppercase();
    let port = format!("{HOST}:443");
    let rows: &[(&[(&str, &str)], &str)] = &[
        (&[("host", &upper)], "read npm"),
        (&[("host", &port)], "read npm"),
        (&[("host", "")], "unclear"),
        (&[("host", "other.example.com")], "unclear"),
        (&[("host", HOST), ("host", HOST)], "unclear"),
        (&[("host", HOST), ("host", "other.example.com")], "unclear"),
        (&[("host", "evil@HOST")], "unclear"),
        (&[("content-length", "0")], "read npm"),
        (&[("content-length", "5")], "unclear"),
        (
            &[("content-length", "0"), ("content-length", "0")],
            "unclear",
        ),
        (&[("transfer-encoding", "chunked")], "unclear"),
        (
            &[("content-length", "5"), ("transfer-encoding", "chunked")],
            "unclear",
        ),
        (&[("upgrade", "h2c"), ("connection", "upgrade")], "unclear"),
        (&[("upgrade", "websocket")], "unclear"),
        (&[("expect", "100-continue")], "read npm"),
        (&[("expect", "200-maybe")], "unclear"),
    ];
    for (headers, expected) in rows {
        let found = decided(&[], HOST, "GET /npm/my-repo/x", headers);
        assert_eq!(found, *expected, "{headers:?}");
    }
    let long = "a".repeat(LONGEST_HEAD);
    let found = decided(&[], HOST, "GET /npm/my-repo/x", &[("x", &long)]);
    assert_eq!(found, "unclear");
    let both = [("content-length", "5"), ("transfer-encoding", "chunked")];
    assert_eq!(
        decided(&["my-repo"], HOST, "PUT /npm/my-repo/x", &both),
        "unclear"
    );
    assert_eq!(
        decided(&["my-repo"], HOST, "PUT /npm/my-repo/x", &both[1..]),
        "publish npm"
    );
}
