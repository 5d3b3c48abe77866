//! The network of a build behind the proxy: what it reaches without the proxy, and what the proxy lets through.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_clients::finding::{Finding, State};

use super::judged;

/// The services by which a machine, a task or a pod becomes somebody at AWS.
const METADATA: [&str; 4] = [
    "169.254.169.254:80",
    "169.254.170.2:80",
    "169.254.170.23:80",
    "[fd00:ec2::254]:80",
];

/// A host that a build has no business with, and that resolves wherever anything does.
const OUTSIDE: &str = "sts.amazonaws.com";

/// A link-local service answers at once or never.
const NEAR: Duration = Duration::from_millis(500);
const FAR: Duration = Duration::from_secs(3);

pub(super) fn metadata() -> Finding {
    let tried = METADATA
        .map(|address| thread::spawn(move || is_open(address, NEAR).then(|| address.to_owned())));
    let found: Vec<String> = tried
        .into_iter()
        .filter_map(|thread| thread.join().ok()?)
        .collect();
    let hint = "run the build with --isolate, or in a pod or container that cannot reach them";
    judged(
        "metadata",
        "metadata services",
        &found,
        "none is reached",
        hint,
    )
}

pub(super) fn outside() -> Finding {
    let address = format!("{OUTSIDE}:443");
    let found: Vec<String> = within(FAR, move || is_open(&address, FAR).then_some(address))
        .into_iter()
        .collect();
    let hint = "allow the build no way out but the proxy: --isolate, or a network policy";
    judged(
        "outside",
        "other hosts, directly",
        &found,
        "none is reached",
        hint,
    )
}

/// Looking up a name has no deadline of its own.
fn within<T: Send + 'static>(
    deadline: Duration,
    work: impl FnOnce() -> Option<T> + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(deadline).ok().flatten()
}

fn is_open(address: &str, deadline: Duration) -> bool {
    let found: Vec<SocketAddr> = address
        .to_socket_addrs()
        .map(Iterator::collect)
        .unwrap_or_default();
    found
        .iter()
        .any(|address| TcpStream::connect_timeout(address, deadline).is_ok())
}

/// The proxy's own port, and the password for it.
pub(super) struct ProxyAddress {
    address: String,
    authorization: String,
}

impl ProxyAddress {
    pub(super) fn of(environment: &Environment) -> Option<Self> {
        let url = environment.text("HTTPS_PROXY")?;
        let (user, address) = url
            .strip_prefix("http://")?
            .trim_end_matches('/')
            .rsplit_once('@')?;
        user.starts_with("run:").then(|| Self {
            address: address.to_owned(),
            authorization: STANDARD.encode(user),
        })
    }

    /// The status that the proxy answers a CONNECT with.
    fn connect(&self, host: &str) -> Option<u16> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(FAR * 4)).ok()?;
        let authorization = &self.authorization;
        let request = format!(
            "CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\nProxy-Authorization: Basic {authorization}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).ok()?;
        std::str::from_utf8(answer.get(9..)?).ok()?.parse().ok()
    }
}

/// The proxy's own choice, so open doors are a warning and no failure.
pub(super) fn through(address: &ProxyAddress) -> Finding {
    let (state, text, hint) = match address.connect(OUTSIDE) {
        Some(403) => (State::Ok, "refused".to_owned(), None),
        Some(407) => {
            let text = "the proxy is another run's".to_owned();
            (
                State::Failed(Exit::Configuration),
                text,
                Some("use the variables of this run".to_owned()),
            )
        }
        Some(_) => {
            let hint = "start the proxy with --others refuse, or with a list of hosts".to_owned();
            (
                State::Warning,
                "tunnelled, without a token".to_owned(),
                Some(hint),
            )
        }
        None => {
            let text = "the proxy does not answer".to_owned();
            (
                State::Failed(Exit::Network),
                text,
                Some("it ends with the command that it was started for".to_owned()),
            )
        }
    };
    Finding {
        check: "through",
        label: "other hosts, by the proxy".to_owned(),
        state,
        text,
        source: None,
        hint,
        fault: None,
    }
}
