//! `codeartifact doctor --proxy`, run inside of a build: what the build can still reach although it runs behind the proxy.
//! Only doors are tried: a connection is opened and closed, a file's presence is looked at. Nothing is asked for.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_auth::cache::kept;
use codeartifact_auth::environment::{
    AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, Environment, PROXIED,
};
use codeartifact_auth::error::Exit;
use codeartifact_auth::user_file::open_regular;
use codeartifact_clients::finding::{Finding, State};
use codeartifact_clients::here::Here;
use codeartifact_clients::leftover;
use codeartifact_proxy::forward::is_identity;

use super::Report;

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

/// Sockets of programs that start others as another user.
const SOCKETS: [&str; 3] = [
    "/var/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
];

/// Where a machine's pods have their tokens.
const PODS: [&str; 2] = [
    "/var/run/secrets/kubernetes.io/serviceaccount/token",
    "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
];

pub(super) fn run(environment: &Environment, report: &mut Report<'_>) -> anyhow::Result<()> {
    report.add_client(proxy(environment));
    report.add_client(variables(environment));
    report.add_client(files(environment));
    report.add_client(tokens(environment));
    for finding in leftover::findings(&Here::new(environment)?) {
        report.add_client(finding);
    }
    report.add_client(sockets(environment));
    let metadata = report.during("trying the metadata services", metadata);
    report.add_client(metadata);
    let outside = report.during("trying other hosts", outside);
    report.add_client(outside);
    if let Some(door) = Door::of(environment) {
        report.add_client(through(&door));
    }
    Ok(())
}

/// Doors that are open are listed; an empty list is good.
fn judged(check: &'static str, label: &str, open: &[String], closed: &str, hint: &str) -> Finding {
    let is_closed = open.is_empty();
    Finding {
        check,
        label: label.to_owned(),
        state: if is_closed {
            State::Ok
        } else {
            State::Failed(Exit::Permission)
        },
        text: if is_closed {
            closed.to_owned()
        } else {
            open.join(", ")
        },
        source: None,
        hint: (!is_closed).then(|| hint.to_owned()),
        fault: None,
    }
}

fn proxy(environment: &Environment) -> Finding {
    let is_there = environment.variable(PROXIED).is_some() && Door::of(environment).is_some();
    let missing: Vec<String> = match is_there {
        true => Vec::new(),
        false => vec!["this command does not run behind a proxy".to_owned()],
    };
    let hint = "run it inside: codeartifact exec --proxy -- codeartifact doctor --proxy";
    judged("proxy", "the proxy", &missing, "adds the token", hint)
}

fn variables(environment: &Environment) -> Finding {
    let all = environment
        .starting_with("")
        .into_iter()
        .map(|(name, _)| name);
    // What the proxy itself has set.
    let ours = [
        "CODEARTIFACT_AUTH_TOKEN",
        PROXIED,
        "AWS_EC2_METADATA_DISABLED",
    ];
    let found: Vec<String> = all
        .filter(|name| is_identity(name) && !ours.contains(&name.as_str()))
        .collect();
    let hint = "remove them from the build's environment";
    judged(
        "variables",
        "variables",
        &found,
        "none is an AWS identity",
        hint,
    )
}

fn files(environment: &Environment) -> Finding {
    let home = environment.home().unwrap_or_default().join(".aws");
    let of_home = [
        "credentials",
        "config",
        "sso/cache",
        "login/cache",
        "cli/cache",
    ]
    .map(|name| home.join(name));
    let named = [AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE]
        .map(|name| environment.variable(name).map(PathBuf::from));
    let all = of_home
        .into_iter()
        .chain(named.into_iter().flatten())
        .chain(PODS.map(PathBuf::from));
    let found: Vec<String> = all
        .filter(|path| is_readable(path))
        .map(|path| path.display().to_string())
        .collect();
    let hint = "run the build with --isolate, as another user, or in a container without them";
    judged("files", "AWS's files", &found, "none can be read", hint)
}

/// An empty device is over a file that is hidden.
fn is_readable(path: &Path) -> bool {
    if path.is_dir() {
        return std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some());
    }
    open_regular(path).is_ok_and(|mut file| file.read(&mut [0]).is_ok_and(|length| length > 0))
}

fn tokens(environment: &Environment) -> Finding {
    let found: Vec<String> = kept(environment)
        .kept
        .iter()
        .map(|kept| format!("one in the {}", kept.store))
        .collect();
    let hint = "run the build with --isolate, or `codeartifact logout` before it";
    judged("tokens", "kept tokens", &found, "none", hint)
}

fn sockets(environment: &Environment) -> Finding {
    let runtime = environment
        .runtime_directory()
        .map(|folder| folder.join("bus"));
    let all = SOCKETS.iter().map(PathBuf::from).chain(runtime);
    let found: Vec<String> = all
        .filter(|path| is_answered(path))
        .map(|path| path.display().to_string())
        .collect();
    let hint = "run the build with --isolate, or in a container without them";
    judged(
        "sockets",
        "sockets",
        &found,
        "neither a container engine nor a keyring",
        hint,
    )
}

#[cfg(unix)]
fn is_answered(path: &Path) -> bool {
    std::os::unix::net::UnixStream::connect(path).is_ok()
}

#[cfg(not(unix))]
fn is_answered(_: &Path) -> bool {
    false
}

fn metadata() -> Finding {
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

fn outside() -> Finding {
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
struct Door {
    address: String,
    authorization: String,
}

impl Door {
    fn of(environment: &Environment) -> Option<Self> {
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
fn through(door: &Door) -> Finding {
    let (state, text, hint) = match door.connect(OUTSIDE) {
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
