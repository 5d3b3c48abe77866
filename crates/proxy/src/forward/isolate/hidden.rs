//! What a build must not see: files and sockets by which a process of this user becomes somebody at AWS, gets a token
//! that is kept, or leaves the namespaces.

use std::path::{Path, PathBuf};

use codeartifact_auth::environment::{
    AWS_CONFIG_FILE, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, AWS_SHARED_CREDENTIALS_FILE,
    AWS_WEB_IDENTITY_TOKEN_FILE, CONFIG, Environment,
};

/// Below the home directory.
const OF_HOME: [&str; 3] = [".aws", ".local/share/keyrings", ".docker/run"];

/// Pods' tokens, and the sockets of programs that start other programs as another user.
const OF_MACHINE: [&str; 7] = [
    "/var/run/secrets",
    "/run/secrets",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/run/crio/crio.sock",
    "/run/dbus/system_bus_socket",
];

/// Variables that name such a file.
const NAMED: [&str; 6] = [
    AWS_CONFIG_FILE,
    AWS_SHARED_CREDENTIALS_FILE,
    AWS_WEB_IDENTITY_TOKEN_FILE,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,
    CONFIG,
    "SSH_AUTH_SOCK",
];

/// The paths that are there, links resolved, none below another.
pub(crate) fn hidden(environment: &Environment) -> Vec<PathBuf> {
    let user = rustix::process::geteuid().as_raw();
    let home = environment.home().unwrap_or_default();
    let ours = [
        environment
            .configuration_file()
            .and_then(|file| Some(file.parent()?.to_owned())),
        environment.cache_directory(),
        environment.state_directory(),
        environment.runtime_directory(),
        Some(format!("/run/user/{user}").into()),
        Some(format!("/dev/shm/codeartifact-{user}").into()),
    ];
    let named = NAMED
        .iter()
        .filter_map(|name| environment.variable(name).map(PathBuf::from));
    let bus = environment
        .text("DBUS_SESSION_BUS_ADDRESS")
        .and_then(|address| {
            let path = address.strip_prefix("unix:path=")?;
            Some(PathBuf::from(path.split([',', ';']).next()?))
        });
    let all = OF_HOME.iter().map(|below| home.join(below));
    let all = all.chain(OF_MACHINE.iter().map(PathBuf::from));
    outermost(
        all.chain(ours.into_iter().flatten())
            .chain(named)
            .chain(bus),
    )
}

fn outermost(paths: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = paths.filter_map(|path| path.canonicalize().ok()).collect();
    // The configuration's folder may be anywhere if a variable names the file.
    found.retain(|path| path != Path::new("/") && path != Path::new("/dev/null"));
    found.sort();
    found.dedup();
    let mut kept: Vec<PathBuf> = Vec::new();
    for path in found {
        if !kept.iter().any(|above| path.starts_with(above)) {
            kept.push(path);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn files_of_identities_are_hidden_where_they_are() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().canonicalize().unwrap();
        for folder in [".aws/sso/cache", "run", "elsewhere"] {
            std::fs::create_dir_all(home.join(folder)).unwrap();
        }
        let credentials = home.join("elsewhere/credentials");
        std::fs::write(&credentials, "").unwrap();
        let sso = home.join(".aws/sso/cache");
        let runtime = home.join("run");
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let variables = [
            (AWS_SHARED_CREDENTIALS_FILE, text(&credentials)),
            (AWS_CONFIG_FILE, text(&sso)),
            ("XDG_RUNTIME_DIR", text(&runtime)),
            (AWS_WEB_IDENTITY_TOKEN_FILE, "/nonexistent".to_owned()),
        ];
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let environment = Environment::fixed(&variables, home.clone(), Timestamp(0));
        let found = hidden(&environment);
        let found: Vec<_> = found
            .iter()
            .filter_map(|path| path.strip_prefix(&home).ok())
            .collect();
        assert_eq!(
            found,
            [
                Path::new(".aws"),
                Path::new("elsewhere/credentials"),
                Path::new("run")
            ]
        );
    }
}
