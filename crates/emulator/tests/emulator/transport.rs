//! One port for everything: tunnels of both HTTP versions, both TLS versions, kept-alive connections, bodies
//! in chunks, direct TLS; and no host but ours.

use std::net::TcpStream;

use rustls::version::{TLS12, TLS13};

use crate::client::{HOST, Keys};
use crate::process::{EXAMPLE, Emulator};
use crate::tls;

#[test]
fn every_kind_of_tunnel() {
    let emulator = Emulator::start(EXAMPLE);
    for (http, version, alpn) in [
        ("1.1", &TLS13, &["h2", "http/1.1"][..]),
        ("1.0", &TLS13, &["http/1.1"][..]),
        ("1.1", &TLS12, &[][..]),
    ] {
        let stream = tls::tunnel(&emulator, HOST, http, 200);
        let mut stream = tls::connect(&emulator, stream, HOST, &[version], alpn);
        let request = format!("GET /npm/my-repo/my-package HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
        let (head, _) = tls::exchange(&mut stream, &request);
        assert!(head.starts_with("HTTP/1.1 401"), "{head}");
    }
}

#[test]
fn a_tunnel_carries_many_requests() {
    let emulator = Emulator::start(EXAMPLE);
    let stream = tls::tunnel(&emulator, HOST, "1.1", 200);
    let mut stream = tls::connect(&emulator, stream, HOST, &[&TLS13], &[]);
    for method in ["GET", "HEAD", "GET"] {
        let request = format!("{method} /npm/my-repo/my-package HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
        assert!(
            tls::exchange(&mut stream, &request)
                .0
                .starts_with("HTTP/1.1 401")
        );
    }
    let journal = emulator.journal();
    let tunnels = journal
        .iter()
        .filter(|entry| entry["action"] == "connect")
        .count();
    let requests = journal
        .iter()
        .filter(|entry| entry["action"] == "npm:packument");
    let connections: Vec<u64> = requests
        .map(|entry| entry["connection"].as_u64().unwrap())
        .collect();
    assert_eq!((tunnels, connections), (1, vec![1, 1, 1]));
}

#[test]
fn bodies_in_chunks_and_after_a_promise() {
    let emulator = Emulator::start(EXAMPLE);
    let host = "oidc.us-east-1.amazonaws.com";
    let stream = tls::tunnel(&emulator, host, "1.1", 200);
    let mut stream = tls::connect(&emulator, stream, host, &[&TLS13], &[]);
    let chunks = format!(
        "POST /token HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n\
         11\r\n{{\"refreshToken\":\"\r\n17\r\nmy-sso-refresh-token\"}} \r\n0\r\n\r\n"
    );
    assert!(
        tls::exchange(&mut stream, &chunks)
            .0
            .starts_with("HTTP/1.1 200")
    );
    let promise = format!(
        "POST /token HTTP/1.1\r\nHost: {host}\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    );
    assert!(
        tls::exchange(&mut stream, &promise)
            .0
            .starts_with("HTTP/1.1 100")
    );
    assert!(
        tls::exchange(&mut stream, "{}")
            .0
            .starts_with("HTTP/1.1 400")
    );
}

#[test]
fn direct_tls_on_the_same_port() {
    let emulator = Emulator::start(EXAMPLE);
    let stream = TcpStream::connect(&emulator.address).unwrap();
    let mut stream = tls::connect(&emulator, stream, "localhost", &[&TLS13], &[]);
    let request = format!(
        "GET /h/{HOST}/npm/my-repo/my-package HTTP/1.1\r\nHost: {}\r\n\r\n",
        emulator.address
    );
    assert!(
        tls::exchange(&mut stream, &request)
            .0
            .starts_with("HTTP/1.1 401")
    );
    let nowhere = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", emulator.address);
    assert!(
        tls::exchange(&mut stream, &nowhere)
            .0
            .starts_with("HTTP/1.1 404")
    );
}

#[test]
fn any_other_host_is_refused_and_journalled() {
    let emulator = Emulator::start(EXAMPLE);
    tls::tunnel(&emulator, "packages.example.org", "1.1", 403);
    assert_eq!(emulator.last("refused")["host"], "packages.example.org");
    for target in [
        "http://example.com/",
        &format!("http://{HOST}/npm/my-repo/"),
        "/h/registry.example.com/",
    ] {
        assert_eq!(
            emulator.send("GET", target, &Vec::new(), "").status,
            403,
            "{target}"
        );
        assert_eq!(emulator.last("refused")["error"], "RefusedHost");
    }
    let refused = emulator
        .journal()
        .iter()
        .filter(|entry| entry["action"] == "refused")
        .count();
    assert_eq!(refused, 4);
}

#[test]
fn a_client_without_our_ca_is_journalled() {
    let emulator = Emulator::start(EXAMPLE);
    let other = Emulator::start(EXAMPLE);
    let stream = tls::tunnel(&emulator, HOST, "1.1", 200);
    let mut stream = tls::connect(&other, stream, HOST, &[&TLS13], &[]);
    let error = std::io::Write::write_all(&mut stream, b"GET / HTTP/1.1\r\n\r\n").unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
    drop(stream);
    // The alert arrives after the client has gone on.
    let seen = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        emulator
            .journal()
            .iter()
            .any(|entry| entry["error"] == "HandshakeFailed")
    });
    assert!(seen, "{:#?}", emulator.journal());
}

#[test]
fn an_endpoint_override_without_its_last_slash() {
    // boto sends `POST /h/HOST` for AWS_ENDPOINT_URL_STS=http://127.0.0.1:PORT/h/HOST
    let emulator = Emulator::start(EXAMPLE);
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let answer = emulator.signed(
        &Keys::ci(),
        "sts",
        "sts.us-east-1.amazonaws.com",
        "POST",
        "",
        body,
    );
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// `pnpm-lock.yaml` and `yarn.lock` of projects on CodeArtifact are full of it.
#[test]
fn tarball_urls_of_npm_name_the_port() {
    for (setting, root) in [
        (
            "npm_port = true",
            format!("https://{HOST}:443/npm/my-repo/"),
        ),
        ("npm_port = false", format!("https://{HOST}/npm/my-repo/")),
    ] {
        let emulator = Emulator::start(&EXAMPLE.replace("npm_port = true", setting));
        let integration = "arn:aws:iam::198331734661:role/IntegrationReadOnly";
        let reader = "arn:aws:iam::111122223333:role/CodeArtifactReader";
        let session = emulator.session(&Keys::ci(), integration, &[]);
        let session = emulator.session(&session, reader, &[("ExternalId", "k3JxPq7mZt")]);
        let token = emulator.token(&session);
        let stream = tls::tunnel(&emulator, HOST, "1.1", 200);
        let mut stream = tls::connect(&emulator, stream, HOST, &[&TLS13], &[]);
        let request = format!(
            "GET /npm/my-repo/my-package HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        let (_, body) = tls::exchange(&mut stream, &request);
        let tarball = format!("\"{root}my-package/-/my-package-1.0.0.tgz\"");
        assert!(body.contains(&tarball), "{body}");
    }
}
