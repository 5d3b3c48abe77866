//! The manifests for Kubernetes: their files start a broker here, and their jobs' variables and commands reach it. That a cluster
//! accepts them is for `tests/lint.sh`.

use std::path::PathBuf;

use codeartifact_end_to_end::certify;
use codeartifact_end_to_end::fixture::NPM;

use super::*;

const BROKER: &str = include_str!("../../../../install/kubernetes/broker.yaml");
const TRUSTED: &str = include_str!("../../../../install/kubernetes/trusted-job.yaml");
const UNTRUSTED: &str = include_str!("../../../../install/kubernetes/untrusted-build.yaml");
const WEBHOOK: &str = include_str!("../../../../install/fleet/external-secrets.yaml");
const DASHBOARD: &str = include_str!("../../../../install/kubernetes/dashboard.json");

const KUBERNETES: &str = "https://kubernetes.default.svc.cluster.local";

/// The lines of a text in a manifest, without their indentation.
fn text(manifest: &str, key: &str) -> String {
    let (before, rest) = manifest.split_once(&format!("{key} |\n")).unwrap();
    let line = before.lines().last().unwrap_or_default();
    let depth = line.len() - line.trim_start_matches([' ', '-']).len();
    let is_in = |line: &&str| line.is_empty() || line.len() - line.trim_start().len() > depth;
    let lines: Vec<_> = rest.lines().take_while(is_in).collect();
    let indent = lines[0].len() - lines[0].trim_start().len();
    let lines = lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// A cluster that runs the manifests, as far as this machine is one.
struct Manifests {
    cluster: Cluster,
    broker: Broker,
}

impl Manifests {
    fn new() -> Self {
        let mut cluster = Cluster::new();
        cluster.issuer = Issuer::new(KUBERNETES);
        cluster
            .sandbox
            .write("jwks.json", &cluster.issuer.key_set());
        let authority = certify(&cluster.sandbox, "tls", "127.0.0.1");
        cluster.sandbox.write("authority/ca.crt", &authority);
        let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
        cluster.sandbox.write("proxy/ca.key", &key);
        cluster.sandbox.write(
            "home/.config/codeartifact/config.toml",
            &text(BROKER, "config.toml:"),
        );
        let path = |below: &str| cluster.sandbox.path(below).display().to_string();
        let file = text(BROKER, "proxy.toml:");
        let file = ["8443", "9090", "8080"].iter().fold(file, |file, port| {
            file.replace(&format!("0.0.0.0:{port}"), "127.0.0.1:0")
        });
        let (before, rest) = file.split_once("jwks_url").unwrap();
        let (_, after) = rest.split_once("\n\n").unwrap();
        let file = format!("{before}jwks_file = '{}'\n\n{after}", path("jwks.json"))
            .replace("/etc/codeartifact/tls", &path("tls"))
            .replace("/etc/codeartifact/proxy", &path("proxy"));
        let broker = Broker::start(&cluster.sandbox, "one", &file);
        cluster
            .sandbox
            .write("identity/token", &cluster.issuer.token(&subject("acme")));
        Self { cluster, broker }
    }

    /// Returns the text of a manifest, with the addresses and paths of this machine.
    fn here(&self, text: &str) -> String {
        let path = |below: &str| -> PathBuf { self.cluster.sandbox.path(below) };
        let host = "codeartifact-broker.codeartifact-broker.svc";
        text.replace(&format!("{host}:8443"), &self.broker.address())
            .replace(&format!("{host}:8080"), &self.broker.proxy())
            .replace(
                "/var/run/secrets/codeartifact-broker",
                &path("identity").display().to_string(),
            )
            .replace(
                "/etc/codeartifact-broker",
                &path("authority").display().to_string(),
            )
            .replace("/tmp/ca.pem", &path("jobs/ca.pem").display().to_string())
    }
}

#[test]
fn a_trusted_job_gets_a_token() {
    let platform = Manifests::new();
    let mut job = platform.cluster.job(0, "acme", "");
    job.env_remove("CODEARTIFACT_BROKER")
        .env_remove("JOB_TOKEN");
    let variables = TRUSTED.lines().filter_map(|line| {
        let (name, value) = line
            .trim()
            .strip_prefix("- { name: ")?
            .split_once(", value: ")?;
        Some((name, value.trim_end_matches(" }").trim_matches('"')))
    });
    let variables: Vec<_> = variables.collect();
    assert_eq!(variables.len(), 3, "{variables:?}");
    for (name, value) in variables {
        job.env(name, platform.here(value));
    }
    let token = run(job).succeeded().stdout;
    assert_eq!(platform.cluster.minted_for(&token).as_deref(), Some("acme"));
}

#[test]
fn an_untrusted_build_installs_without_a_token() {
    let platform = Manifests::new();
    let sandbox = &platform.cluster.sandbox;
    for tool in ["curl", "cat", "env", "dirname", "sed", "uname"] {
        sandbox.link(tool, &std::path::Path::new("/usr/bin").join(tool));
    }
    let script = platform.here(&text(UNTRUSTED, "-")).replace(
        "npm ci",
        &format!("npm view my-package version --registry {NPM} --cache $PWD/cache; env"),
    );
    let mut build = sandbox.command("sh");
    build.args(["-ec", &script]).env_clear();
    build
        .env("PATH", sandbox.path("bin"))
        .env("HOME", sandbox.path("jobs"));
    build.stdout(Stdio::piped()).stderr(Stdio::piped());
    let outcome = run(build).succeeded();
    assert!(outcome.stdout.contains("1."), "{outcome:?}");
    assert!(
        !format!("{outcome:?}").contains("eyJhbGciOiJBMTI4R0NN"),
        "{outcome:?}"
    );
    assert_eq!(platform.cluster.emulator.journal().mints(), 1);
}

/// The value of a key that stands on a line of its own, without quotes.
fn value<'a>(manifest: &'a str, key: &str) -> &'a str {
    let mut lines = manifest.lines().map(str::trim);
    let value = lines.find_map(|line| line.strip_prefix(key)).unwrap();
    value.trim().trim_matches(['"', '\''])
}

/// The request that External Secrets makes by its manifest. The controller itself has not been tried.
#[test]
fn a_webhook_of_external_secrets_gets_a_token() {
    let platform = Manifests::new();
    let sandbox = &platform.cluster.sandbox;
    sandbox.link("curl", std::path::Path::new("/usr/bin/curl"));
    let identity = platform.cluster.issuer.token(&subject("acme"));
    let headers = [
        format!("Content-Type: {}", value(WEBHOOK, "Content-Type:")),
        format!("Authorization: {}", value(WEBHOOK, "Authorization:"))
            .replace("{{ .identity.token }}", &identity),
    ];
    let mut request = sandbox.command("curl");
    request
        .env_clear()
        .args(["--silent", "--show-error", "--fail"]);
    request
        .arg("--cacert")
        .arg(sandbox.path("authority/ca.crt"));
    request.args(["--request", value(WEBHOOK, "method:")]);
    request.args(headers.iter().flat_map(|header| ["--header", header]));
    request.args(["--data", value(WEBHOOK, "body:")]);
    request.arg(platform.here(value(WEBHOOK, "url:")));
    request.stdout(Stdio::piped()).stderr(Stdio::piped());
    let answer: serde_json::Value = serde_json::from_str(&run(request).succeeded().stdout).unwrap();
    let token = answer["token"].as_str().unwrap();
    assert_eq!(platform.cluster.minted_for(token).as_deref(), Some("acme"));
}

#[test]
fn the_dashboard_shows_what_there_is() {
    let platform = Manifests::new();
    let metrics = platform.broker.shown("/metrics");
    let dashboard: serde_json::Value = serde_json::from_str(DASHBOARD).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let expressions = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().unwrap());
    let expressions: Vec<_> = expressions.map(|it| it["expr"].as_str().unwrap()).collect();
    assert!(expressions.len() >= 6);
    let names = expressions
        .iter()
        .flat_map(|it| it.split(|it: char| !it.is_ascii_alphanumeric() && it != '_'));
    for name in names.filter(|name| name.starts_with("codeartifact_")) {
        assert!(metrics.contains(name), "{name} is not in {metrics}");
    }
}
