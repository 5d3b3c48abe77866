//! `codeartifact doctor --proxy`, run inside of a build: what the build can still reach although it runs behind the proxy.
//! Only doors are tried: a connection is opened and closed, a file's presence is looked at. Nothing is asked for.

mod network;

use std::io::Read as _;
use std::path::{Path, PathBuf};

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

use network::{ProxyAddress, metadata, outside, through};

use super::Report;

/// Sockets of programs that start others as another user.
const SOCKETS: [&str; 3] = [
    "/var/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
];

/// The folder of a pod's tokens.
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
    if let Some(address) = ProxyAddress::of(environment) {
        report.add_client(through(&address));
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
    let is_there =
        environment.variable(PROXIED).is_some() && ProxyAddress::of(environment).is_some();
    let missing: Vec<String> = if is_there {
        Vec::new()
    } else {
        vec!["this command does not run behind a proxy".to_owned()]
    };
    let hint = "run it inside: codeartifact exec --proxy -- codeartifact doctor --proxy";
    judged("proxy", "the proxy", &missing, "adds the token", hint)
}

fn variables(environment: &Environment) -> Finding {
    let all = environment
        .starting_with("")
        .into_iter()
        .map(|(name, _)| name);
    // The proxy itself has set these.
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
