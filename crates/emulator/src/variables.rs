//! The block of variables that leads every client to the emulator and makes it trust nothing else.
//! Each was tried with the client that reads it; a table of them is in the README.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The variables that name certificate authorities. pnpm 12, bun and uv do not read what npm and pip do.
const CA: [&str; 10] = [
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "AWS_CA_BUNDLE",
    "PIP_CERT",
    "TWINE_CERT",
    "NODE_EXTRA_CA_CERTS",
    "npm_config_cafile",
    "YARN_HTTPS_CA_FILE_PATH",
    "CARGO_HTTP_CAINFO",
];

/// Both cases: pip and boto prefer the lower, uv and the AWS SDK for Rust the upper. yarn 4 reads its own.
/// HTTP is proxied too, for instance metadata.
const PROXY: [&str; 5] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "YARN_HTTPS_PROXY",
];

const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// These keep clients from asking other hosts, from waiting, and from reading the machine's configuration.
const QUIET: [(&str, &str); 12] = [
    ("GOSUMDB", "off"),
    ("GOTOOLCHAIN", "local"),
    ("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring"),
    ("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
    ("npm_config_audit", "false"),
    ("npm_config_update_notifier", "false"),
    ("pnpm_config_update_notifier", "false"),
    ("npm_config_fetch_retries", "0"),
    ("YARN_ENABLE_TELEMETRY", "0"),
    ("YARN_HTTP_RETRY", "0"),
    ("npm_config_globalconfig", NOWHERE),
    ("PIP_CONFIG_FILE", NULL),
];

/// A file that is not there.
const NOWHERE: &str = if cfg!(windows) {
    r"C:\nonexistent"
} else {
    "/nonexistent"
};

const NULL: &str = if cfg!(windows) { "nul" } else { "/dev/null" };

/// A job of GitHub Actions asks for tokens here. As GitHub's, it has a query, to which a client appends the audience.
const ID_TOKEN_REQUEST_URL: &str =
    "https://run-actions.actions.githubusercontent.com/my-job/idtoken?api-version=2.0";

/// The parts of a scenario that change the variables.
#[derive(Default)]
pub(crate) struct Offered<'a> {
    pub(crate) instance: bool,
    /// The value of GOSUMDB.
    pub(crate) checksums: Option<&'a str>,
    /// A job of GitHub Actions asks for identity tokens with it.
    pub(crate) github_token: Option<&'a str>,
}

/// Java reads none of the variables above, and says on stderr that it has picked this one up.
const JAVA: &str = "JAVA_TOOL_OPTIONS";

/// The file of Java's beside that of the CA.
pub(crate) fn java_trust_store(ca: &Path) -> PathBuf {
    ca.with_extension("jks")
}

/// The last one leads Maven 3.9 to the proxy, which does not read Java's own properties without.
fn java_options(address: &str, ca: &Path) -> String {
    let (host, port) = address
        .trim_start_matches("http://")
        .split_once(':')
        .unwrap_or((address, "80"));
    let store = java_trust_store(ca);
    let store = format!("-Djavax.net.ssl.trustStore={}", store.display());
    let store = if store.contains(' ') {
        format!("'{store}'")
    } else {
        store
    };
    format!(
        "{store} -Dhttps.proxyHost={host} -Dhttps.proxyPort={port} -Daether.connector.http.useSystemProperties=true"
    )
}

/// Names and values, for an emulator at `address` (`http://127.0.0.1:PORT`).
pub(crate) fn block(
    address: &str,
    ca: &Path,
    offered: &Offered<'_>,
) -> BTreeMap<&'static str, String> {
    let mut block = BTreeMap::from([(JAVA, java_options(address, ca))]);
    let ca = ca.to_string_lossy();
    block.extend(CA.map(|name| (name, ca.clone().into_owned())));
    block.extend(PROXY.map(|name| (name, address.to_owned())));
    block.extend(NO_PROXY.map(|name| (name, "localhost,127.0.0.1".to_owned())));
    block.extend(QUIET.map(|(name, value)| (name, value.to_owned())));
    if let Some(key) = offered.checksums {
        block.insert("GOSUMDB", key.to_owned());
    }
    // Only a scenario with an instance role has metadata; without one, SDKs would wait for them.
    if !offered.instance {
        block.insert("AWS_EC2_METADATA_DISABLED", "true".to_owned());
    }
    if let Some(token) = offered.github_token {
        block.insert("ACTIONS_ID_TOKEN_REQUEST_TOKEN", token.to_owned());
        block.insert(
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            ID_TOKEN_REQUEST_URL.to_owned(),
        );
    }
    block
}

/// The block as a shell reads it.
pub(crate) fn export(block: &BTreeMap<&'static str, String>) -> String {
    block
        .iter()
        .map(|(name, value)| format!("export {name}={}\n", quote(value)))
        .collect()
}

/// A value as a shell reads it.
pub(crate) fn quote(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,".contains(c);
    if value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The block as it was found to work with its clients.
    const TRIED: &str = "SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE AWS_CA_BUNDLE PIP_CERT TWINE_CERT \
        NODE_EXTRA_CA_CERTS npm_config_cafile YARN_HTTPS_CA_FILE_PATH CARGO_HTTP_CAINFO HTTPS_PROXY https_proxy \
        HTTP_PROXY http_proxy YARN_HTTPS_PROXY NO_PROXY no_proxy GOSUMDB GOTOOLCHAIN AWS_EC2_METADATA_DISABLED \
        PYTHON_KEYRING_BACKEND PIP_DISABLE_PIP_VERSION_CHECK npm_config_audit npm_config_update_notifier \
        pnpm_config_update_notifier npm_config_fetch_retries YARN_ENABLE_TELEMETRY YARN_HTTP_RETRY \
        npm_config_globalconfig PIP_CONFIG_FILE JAVA_TOOL_OPTIONS";

    fn of_scenario(instance: bool, checksums: Option<&str>) -> BTreeMap<&'static str, String> {
        let offered = Offered {
            instance,
            checksums,
            github_token: None,
        };
        block("http://127.0.0.1:8000", Path::new("/tmp/ca.pem"), &offered)
    }

    #[test]
    fn every_variable_that_was_tried_is_there() {
        let block = of_scenario(false, None);
        let mut tried: Vec<&str> = TRIED.split_whitespace().collect();
        tried.sort_unstable();
        assert_eq!(block.keys().copied().collect::<Vec<_>>(), tried);
        assert_eq!(block["https_proxy"], "http://127.0.0.1:8000");
        assert_eq!(block["AWS_CA_BUNDLE"], "/tmp/ca.pem");
        let java = "-Djavax.net.ssl.trustStore=/tmp/ca.jks -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8000 ";
        assert!(block[JAVA].starts_with(java), "{}", block[JAVA]);
    }

    #[test]
    fn metadata_stay_on_for_an_instance() {
        let block = of_scenario(true, None);
        assert!(!block.contains_key("AWS_EC2_METADATA_DISABLED"));
    }

    #[test]
    fn a_checksum_database_of_the_scenario_is_used() {
        for (key, expected) in [
            (None, "off"),
            (Some("sum.example.com+1+A"), "sum.example.com+1+A"),
        ] {
            assert_eq!(of_scenario(false, key)["GOSUMDB"], expected);
        }
    }

    #[test]
    fn values_are_quoted_for_a_shell() {
        for (value, expected) in [
            ("/tmp/ca.pem", "/tmp/ca.pem"),
            ("/a b", "'/a b'"),
            ("it's", r"'it'\''s'"),
        ] {
            assert_eq!(quote(value), expected);
        }
    }
}
