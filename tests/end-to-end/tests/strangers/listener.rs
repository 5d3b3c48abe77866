//! A server of the attacker's, in the place of a repository: it keeps all that it is sent, and has nothing.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A client that keeps its connection open is not waited for.
const PATIENCE: Duration = Duration::from_millis(300);

pub(crate) struct Listener {
    port: u16,
    heard: Arc<Mutex<String>>,
}

impl Listener {
    pub(crate) fn start() -> Self {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = server.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in server.incoming().flatten() {
                let kept = Arc::clone(&kept);
                thread::spawn(move || listen(stream, &kept));
            }
        });
        Self { port, heard }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// Nobody asked it anything.
    #[track_caller]
    pub(crate) fn was_not_reached(&self, what: &str) {
        let heard = self.heard.lock().unwrap().clone();
        assert_eq!(heard, "", "{what}");
    }

    /// It was reached, and nobody told it anything that opens a repository.
    #[track_caller]
    pub(crate) fn heard_no_secret(&self, what: &str, token: &str) {
        let heard = self.heard.lock().unwrap().clone();
        assert!(!heard.is_empty(), "{what}: the attacker was not reached");
        let words = heard.split_whitespace().flat_map(|word| {
            let decoded = STANDARD.decode(word).unwrap_or_default();
            [
                word.to_owned(),
                String::from_utf8_lossy(&decoded).into_owned(),
            ]
        });
        for word in words {
            assert!(!word.contains(token), "{what}: {heard}");
        }
    }
}

fn listen(mut stream: TcpStream, kept: &Mutex<String>) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut buffer = [0; 16 * 1024];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
        kept.lock().unwrap().push_str(&text);
        let answer = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
