//! The broker as forward proxy: who is let in, and who is not. What clients make of it is in `guests/clients.rs`.

mod clients;

use std::path::Path;

use codeartifact_end_to_end::fixture::NPM;
use serde_json::json;

use super::*;

const CONFIG: &str = "home/.config/codeartifact/config.toml";

const CARGO: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/cargo/my-repo/";

const MAVEN: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/maven/my-repo/";

/// The forward proxy of a cluster's broker, and what a build is given of it.
struct Guesthouse {
    cluster: Cluster,
    broker: Broker,
}

impl Guesthouse {
    fn new() -> Self {
        let cluster = Cluster::new();
        let config = cluster.sandbox.read(CONFIG);
        let acme = "[connections.acme]\n";
        let more = format!("{acme}cargo = \"{CARGO}\"\nmaven = \"{MAVEN}\"\n");
        cluster.sandbox.write(CONFIG, &config.replace(acme, &more));
        let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
        cluster.sandbox.write("proxy/ca.key", &key);
        let key = cluster.sandbox.path("proxy/ca.key");
        let proxy = format!(
            "[proxy]\nlisten = '127.0.0.1:0'\nkey = '{}'\n",
            key.display()
        );
        let config = cluster
            .config()
            .replacen("\n\n", &format!("\n\n{proxy}\n"), 1);
        let broker = Broker::start(&cluster.sandbox, "one", &config);
        cluster.sandbox.client("uv", "uv");
        let authority = broker.get("/v1/authority");
        cluster.sandbox.write("proxy/ca.pem", &authority);
        for tool in [
            "curl", "env", "cat", "mkdir", "cp", "sed", "dirname", "uname",
        ] {
            cluster
                .sandbox
                .link(tool, &Path::new("/usr/bin").join(tool));
        }
        Self { cluster, broker }
    }

    /// A script in a build of strangers' code: another home, no AWS identity, no way out but the proxy.
    fn build(&self, user: &str, token: &str, script: &str) -> Outcome {
        let sandbox = &self.cluster.sandbox;
        let home = sandbox.path("jobs/build");
        fs::create_dir_all(&home).unwrap();
        let proxy = format!("http://{user}:{token}@{}", self.broker.proxy());
        let authority = sandbox.path("proxy/ca.pem");
        let mut command = sandbox.command("sh");
        command.args(["-c", script]).env_clear();
        command
            .env("PATH", sandbox.path("bin"))
            .env("HOME", &home)
            .env("TMPDIR", sandbox.path("tmp"));
        for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] {
            command.env(name, &proxy);
        }
        for name in [
            "SSL_CERT_FILE",
            "CURL_CA_BUNDLE",
            "PIP_CERT",
            "REQUESTS_CA_BUNDLE",
            "npm_config_cafile",
            "NODE_EXTRA_CA_CERTS",
            "YARN_HTTPS_CA_FILE_PATH",
            "CARGO_HTTP_CAINFO",
        ] {
            command.env(name, &authority);
        }
        run(piped(command))
    }

    /// As long as a cluster's own.
    fn token(&self, tenant: &str) -> String {
        let token = self.token_of(tenant, 400);
        assert!(token.len() > 1200, "{}", token.len());
        token
    }

    /// With so many bytes that say nothing.
    fn token_of(&self, tenant: &str, padding: usize) -> String {
        let kubernetes = json!({
            "namespace": format!("builds-{tenant}"),
            "node": { "name": "ip-10-0-0-1.ec2.internal", "uid": "8a4c3f43-6d5a-4b0e-9c55-1a2b3c4d5e6f" },
            "pod": { "name": "build-7d9f8c6b5-x2x4z", "uid": "0f6f4c63-0d6b-4a8e-8e53-6f5e4d3c2b1a" },
            "serviceaccount": { "name": "job", "uid": "5b0e9c55-1a2b-4c4d-8e6f-8a4c3f436d5a" },
            "padding": "x".repeat(padding),
        });
        let claims = json!({ "kubernetes.io": kubernetes });
        self.cluster.issuer.token_with(&subject(tenant), &claims)
    }
}

fn piped(mut command: Command) -> Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn who_proves_nothing_is_let_in_nowhere() {
    let house = Guesthouse::new();
    let get = format!("curl --silent --show-error --fail-with-body {NPM}my-package");
    let expired = house
        .cluster
        .issuer
        .token_with(&subject("acme"), &json!({ "exp": -61 }));
    let unknown = house
        .cluster
        .issuer
        .token("system:serviceaccount:builds-unknown:job");
    let stranger = Issuer::new(ISSUER).token(&subject("acme"));
    for (token, status) in [
        ("", "407"),
        ("x", "407"),
        (&*expired, "407"),
        (&*stranger, "407"),
        (&*unknown, "403"),
    ] {
        let outcome = house.build("job", token, &get).failed();
        assert!(outcome.stderr.contains(status), "{status}: {outcome:?}");
    }
    // Nor to another host, which is no repository.
    let token = house.token("acme");
    let outcome = house
        .build(
            "job",
            &token,
            "curl --silent --show-error https://index.example.com/",
        )
        .failed();
    assert!(outcome.stderr.contains("403"), "{outcome:?}");
    // A user that is another tenant's connection chooses nothing.
    let outcome = house.build("globex", &token, &get).succeeded();
    assert!(outcome.stdout.contains("my-package"));
    let journal = house.cluster.emulator.journal();
    let signers = journal.of("codeartifact:GetAuthorizationToken");
    assert!(signers.iter().all(|mint| {
        mint.signer
            .as_ref()
            .unwrap()
            .arn
            .ends_with("/codeartifact-acme")
    }));
    let refused = house
        .broker
        .audit()
        .into_iter()
        .filter(|line| line["event"] == "refused");
    assert_eq!(refused.count(), 5, "{}", house.broker.log());
}

/// Replicas share the key, so a build may meet any of them with one certificate.
#[test]
fn replicas_vouch_for_each_other() {
    let house = Guesthouse::new();
    let config = house.cluster.sandbox.read("brokers/one/proxy.toml");
    let second = Broker::start(&house.cluster.sandbox, "two", &config);
    let build = Guesthouse {
        broker: second,
        cluster: house.cluster,
    };
    let get = format!("curl --silent --show-error --fail {NPM}my-package");
    let token = build.token("globex");
    let _ = build.build("job", &token, &get).succeeded();
}
