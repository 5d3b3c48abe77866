//! A company's proxy that wants a login, with the characters that a URL has to encode: the client and the helper both get
//! through it, and nothing of the password is shown.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_end_to_end::fixture::PYPI_OF_AWS;

use crate::setup::newcomer;
use crate::{GREETING, GREETS};

/// `@ : % / #` and more, as they are typed, and as a URL has them.
const LOGIN: (&str, &str) = (
    "dom\\ada:p@ss w:rd%/#é",
    "dom%5Cada:p%40ss%20w%3Ard%25%2F%23%C3%A9",
);
/// pip sends what is not ASCII as Latin-1.
const OF_PIP: (&str, &str) = (
    "dom\\ada:p@ss w:rd%/#",
    "dom%5Cada:p%40ss%20w%3Ard%25%2F%23",
);

/// Serves until the test ends; its address.
fn proxy(behind: String, login: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let expected = format!("basic {}", STANDARD.encode(login)).to_ascii_lowercase();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let (behind, expected) = (behind.clone(), expected.clone());
            thread::spawn(move || serve(client, &behind, &expected));
        }
    });
    address
}

/// Passes a connection on that has the login, and refuses any other.
fn serve(mut client: TcpStream, behind: &str, expected: &str) -> io::Result<()> {
    let head = head(&mut client)?;
    let is_login = |line: &&str| {
        line.to_ascii_lowercase()
            .starts_with("proxy-authorization:")
    };
    let login = head
        .lines()
        .find(is_login)
        .and_then(|it| it.split_once(':'));
    if login.is_none_or(|(_, it)| it.trim().to_ascii_lowercase() != expected) {
        let refused = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"a\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        return client.write_all(refused.as_bytes());
    }
    let lines = head.split_inclusive("\r\n").filter(|it| !is_login(it));
    let mut server = TcpStream::connect(behind)?;
    server.write_all(lines.collect::<String>().as_bytes())?;
    let (mut from, mut to) = (client.try_clone()?, server.try_clone()?);
    let up = thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        to.shutdown(Shutdown::Write)
    });
    let _ = io::copy(&mut server, &mut client);
    let _ = client.shutdown(Shutdown::Write);
    let _ = up.join();
    Ok(())
}

/// To the empty line, and not a byte more.
fn head(client: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[test]
fn a_proxy_that_wants_a_login() {
    for (client, (login, encoded)) in [("uv", LOGIN), ("pip", OF_PIP)] {
        let mut desk = newcomer(client);
        let behind = desk.emulator.address();
        let behind = behind.rsplit('/').next().unwrap().to_owned();
        let address = proxy(behind, login);
        let lead = |desk: &mut crate::Desk, login: &str| {
            for name in ["HTTPS_PROXY", "https_proxy"] {
                desk.sandbox.set(name, format!("http://{login}@{address}"));
            }
        };
        lead(&mut desk, encoded);
        let done = desk.setup(&[client, "acme"]).succeeded();
        assert!(!format!("{done:?}").contains("rd%"), "{done:?}");
        let install: &[&str] = match client {
            "uv" => &["pip", "install", "--target=t", "my-package"],
            _ => &["--no-input", "install", "--target=t", "my-package"],
        };
        let _ = desk.sandbox.run(client, install).succeeded();
        desk.sandbox.set("PYTHONPATH", "t");
        desk.imports(GREETS, GREETING);
        let shown = desk
            .sandbox
            .run("codeartifact", &["test", "acme"])
            .succeeded();
        assert!(!format!("{shown:?}").contains("rd%"), "{shown:?}");

        let _ = desk.sandbox.run("codeartifact", &["logout"]);
        lead(&mut desk, "me:wr0ng");
        let refused = desk
            .sandbox
            .run("codeartifact", &["token", PYPI_OF_AWS])
            .failed();
        assert!(!refused.stderr.contains("wr0ng"), "{refused:?}");
        let _ = refused.says(&["proxy", "hint: check the proxy in "]);
    }
}
