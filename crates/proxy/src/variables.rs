//! The variables that lead a client to the stand-in. Each was tried with the client that reads it; everything else of
//! the user's environment stays as it is. `AWS_CA_BUNDLE` too: AWS's hosts are not the stand-in's.

use std::ffi::OsString;
use std::path::Path;

use codeartifact_auth::environment::Environment;

/// They take the place of a client's roots.
pub(crate) const ROOTS: [&str; 10] = [
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
    "TWINE_CERT",
    "CARGO_HTTP_CAINFO",
    "GIT_SSL_CAINFO",
    "YARN_HTTPS_CA_FILE_PATH",
    "npm_config_cafile",
    "HTTPLIB2_CA_CERTS",
];

/// They are added to a client's roots.
const MORE_ROOTS: [&str; 2] = ["NODE_EXTRA_CA_CERTS", "DENO_CERT"];

/// Both cases: pip and boto prefer the lower, uv and the AWS SDK for Rust the upper. pip, npm, pnpm, yarn 4
/// and cargo have names of their own, which win over their files.
const PROXY: [&str; 11] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "PIP_PROXY",
    "YARN_HTTPS_PROXY",
    "YARN_HTTP_PROXY",
    "CARGO_HTTP_PROXY",
    "npm_config_https_proxy",
    "npm_config_proxy",
    "pnpm_config_https_proxy",
];

/// With one of these a client could pass the stand-in by.
const REMOVED: [&str; 4] = ["NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"];

const FIXED: [(&str, &str); 3] = [
    // npm and pnpm read their own, from files too, and take an empty one for none.
    ("npm_config_noproxy", "127.0.0.1"),
    ("pnpm_config_no_proxy", "127.0.0.1"),
    // Node's own `fetch` reads the variables only with this.
    ("NODE_USE_ENV_PROXY", "1"),
];

/// A change to a command's environment: a name, and its value unless it is removed.
pub(crate) type Change = (OsString, Option<OsString>);

/// The changes that lead a client to `proxy`, removals first. What the user has under the same name in another case
/// is removed, because npm takes either.
pub(crate) fn changes(
    environment: &Environment,
    proxy: &str,
    authority: &Path,
    bundle: &Path,
) -> Vec<Change> {
    let set = ROOTS.map(|name| (name, bundle.as_os_str().to_owned()));
    let mut set = Vec::from(set);
    set.extend(MORE_ROOTS.map(|name| (name, authority.as_os_str().to_owned())));
    set.extend(PROXY.map(|name| (name, proxy.into())));
    set.extend(FIXED.map(|(name, value)| (name, value.into())));
    let ours = |name: &str| {
        set.iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let users = environment.starting_with("").into_iter();
    let twins = users.map(|(name, _)| name).filter(|name| ours(name));
    let removed = REMOVED
        .into_iter()
        .map(OsString::from)
        .chain(twins.map(OsString::from));
    let mut changes: Vec<Change> = removed.map(|name| (name, None)).collect();
    changes.extend(
        set.into_iter()
            .map(|(name, value)| (name.into(), Some(value))),
    );
    changes
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn the_stand_in_wins_over_the_users_variables() {
        let users = [
            ("NPM_CONFIG_CAFILE", "/corporate.pem"),
            ("AWS_CA_BUNDLE", "/aws.pem"),
            ("PIP_INDEX_URL", "https://index.example.com/simple"),
        ];
        let environment = Environment::fixed(&users, PathBuf::new(), Timestamp(0));
        let (authority, bundle) = (Path::new("/ca.pem"), Path::new("/bundle.pem"));
        let changes = changes(&environment, "http://127.0.0.1:1", authority, bundle);
        let removed: Vec<_> = changes
            .iter()
            .filter(|(_, value)| value.is_none())
            .collect();
        let names: Vec<_> = removed.iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            [
                "NO_PROXY",
                "no_proxy",
                "ALL_PROXY",
                "all_proxy",
                "NPM_CONFIG_CAFILE"
            ]
        );
        let value = |wanted: &str| {
            let found = changes.iter().rev().find(|(name, _)| name == wanted);
            found.and_then(|(_, value)| value.clone()?.into_string().ok())
        };
        assert_eq!(value("npm_config_cafile").unwrap(), "/bundle.pem");
        assert_eq!(value("NODE_EXTRA_CA_CERTS").unwrap(), "/ca.pem");
        assert_eq!(value("https_proxy").unwrap(), "http://127.0.0.1:1");
        assert_eq!(value("AWS_CA_BUNDLE"), None);
    }
}
