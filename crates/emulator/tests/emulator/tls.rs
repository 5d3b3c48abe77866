//! The other side of TLS: a client that trusts the emulator's CA and nothing else.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};

use crate::process::Emulator;

pub(crate) type Stream = StreamOwned<ClientConnection, TcpStream>;

/// TLS over a connection that is there already.
pub(crate) fn connect(
    emulator: &Emulator,
    stream: TcpStream,
    name: &str,
    versions: &[&'static SupportedProtocolVersion],
    alpn: &[&str],
) -> Stream {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(emulator.ca()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    StreamOwned::new(
        ClientConnection::new(Arc::new(config), name).unwrap(),
        stream,
    )
}

/// A tunnel to a host; the proxy's answer must be `expected`.
pub(crate) fn tunnel(emulator: &Emulator, host: &str, version: &str, expected: u16) -> TcpStream {
    let mut stream = TcpStream::connect(&emulator.address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    write!(
        stream,
        "CONNECT {host}:443 HTTP/{version}\r\nHost: {host}:443\r\n\r\n"
    )
    .unwrap();
    let head = read_head(&mut stream);
    assert_eq!(
        head.split(' ').nth(1),
        Some(expected.to_string().as_str()),
        "{host}: {head}"
    );
    stream
}

/// Status line and headers of the next answer.
pub(crate) fn read_head(stream: &mut impl std::io::Read) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        assert_eq!(
            stream.read(&mut byte).unwrap(),
            1,
            "{}",
            String::from_utf8_lossy(&head)
        );
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// Sends a request and reads the whole answer; the connection stays.
pub(crate) fn exchange(stream: &mut Stream, request: &str) -> (String, String) {
    stream.write_all(request.as_bytes()).unwrap();
    let head = read_head(stream);
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    if !request.starts_with("HEAD") {
        stream.read_exact(&mut body).unwrap();
    }
    (head, String::from_utf8_lossy(&body).into_owned())
}
