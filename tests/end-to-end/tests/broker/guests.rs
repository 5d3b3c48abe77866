//! The broker as forward proxy: real clients install with an identity token as the proxy's password, and no other credential.

use std::path::Path;

use codeartifact_end_to_end::fixture::{GO, NPM, PYPI};
use serde_json::json;

use super::*;

/// Every token of the emulator begins so, and so does its Basic form.
const CANARIES: [&str; 2] = ["eyJhbGciOiJBMTI4R0NN", "YXdzOmV5SmhiR2Np"];

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
fn clients_take_an_identity_token_for_the_proxys_password() {
    let house = Guesthouse::new();
    let token = house.token("acme");
    let scripts = [
        format!("curl --silent --show-error --fail {NPM}my-package"),
        format!(
            "pip download --no-deps --no-cache-dir --no-input --dest out --index-url {PYPI} my-package"
        ),
        format!("npm view my-package version --registry {NPM} --cache $PWD/cache"),
        format!("echo my-package | uv pip compile --no-cache --default-index {PYPI} -"),
    ];
    for script in scripts {
        let outcome = house.build("job", &token, &script);
        assert_eq!(outcome.code, Some(0), "{script}: {outcome:?}");
        for canary in CANARIES {
            assert!(
                !format!("{outcome:?}").contains(canary),
                "{script}: {outcome:?}"
            );
        }
    }
    let journal = house.cluster.emulator.journal();
    assert_eq!(journal.mints(), 1);
    let mint = journal.of("codeartifact:GetAuthorizationToken")[0].clone();
    let signer = mint.signer.unwrap().arn;
    assert!(signer.ends_with("/codeartifact-acme"), "{signer}");
    let metrics = house.broker.shown("/metrics");
    assert!(
        metrics
            .contains(r#"codeartifact_broker_tunnels_total{connection="acme",outcome="admitted"}"#),
        "{metrics}"
    );
}

/// Sums of padding that make tokens of about 1,500 and 4,000 characters.
const LONG: [usize; 2] = [600, 2480];

/// Clients beside those above, and the folder that each is pinned in.
const OTHERS: [(&str, &str, &str); 6] = [
    (
        "go",
        "go",
        "export GOPROXY=GO GOSUMDB=off GOFLAGS=-modcacherw GOMODCACHE=$PWD/mod GOCACHE=$PWD/build; go mod download example.com/private/greeting@v1.0.0",
    ),
    (
        "pnpm",
        "pnpm",
        "echo '{}' >package.json; pnpm add my-package --registry NPM --store-dir $PWD/store",
    ),
    (
        "yarn",
        "yarn",
        "echo '{}' >package.json; >yarn.lock; printf 'npmRegistryServer: NPM\\nenableGlobalCache: false\\n' >.yarnrc.yml; \
         export YARN_HTTPS_PROXY=$HTTPS_PROXY; yarn add my-package",
    ),
    (
        "yarn-1",
        "yarn",
        "echo '{}' >package.json; yarn add my-package --registry NPM --cache-folder $PWD/cache",
    ),
    (
        "bun",
        "bun",
        "echo '{}' >package.json; bun add my-package --registry=NPM --cache-dir=$PWD/cache",
    ),
    (
        "cargo",
        "cargo",
        "mkdir -p src .cargo; >src/lib.rs; export CARGO_HOME=$PWD/cargo; \
         printf '[registries.acme]\\nindex = \"sparse+CARGO\"\\n' >.cargo/config.toml; \
         printf '[package]\\nname = \"p\"\\nversion = \"1.0.0\"\\nedition = \"2021\"\\n[dependencies]\\nmy-crate = { version = \"1\", registry = \"acme\" }\\n' >Cargo.toml; \
         cargo fetch",
    ),
];

impl Guesthouse {
    fn bring(&self, folder: &str, command: &str) {
        let sandbox = &self.cluster.sandbox;
        if folder == "cargo" {
            let cargo = Path::new(env!("CARGO"));
            sandbox.link("cargo", cargo);
            sandbox.link("rustc", &cargo.with_file_name("rustc"));
        } else {
            sandbox.client(folder, command);
        }
    }
}

#[test]
fn more_clients_take_tokens_of_four_thousand_characters() {
    let house = Guesthouse::new();
    for (folder, command, script) in OTHERS {
        house.bring(folder, command);
        let script = script
            .replace("=GO ", &format!("={GO} "))
            .replace("CARGO\"", &format!("{CARGO}\""))
            .replace("NPM", NPM);
        for padding in LONG {
            let token = house.token_of("acme", padding);
            assert!(token.len() > 900 + padding, "{}", token.len());
            let script =
                format!("set -e; mkdir {folder}-{padding}; cd {folder}-{padding}; {script}");
            let outcome = house.build("job", &token, &script);
            assert_eq!(
                outcome.code,
                Some(0),
                "{folder}, {}: {outcome:?}",
                token.len()
            );
            assert!(!format!("{outcome:?}").contains(CANARIES[0]), "{folder}");
        }
    }
}

/// Java has no password for a proxy's tunnels, of any length: it sends none and gives up at the first 407.
#[test]
fn java_sends_no_password() {
    let java = Path::new("/usr/bin/java");
    if !java.exists() {
        eprintln!("skipped: there is no java");
        return;
    }
    let house = Guesthouse::new();
    let sandbox = &house.cluster.sandbox;
    sandbox.link("java", java);
    let program = "public class Get { public static void main(String[] of) throws Exception {
        new java.net.URI(of[0]).toURL().openConnection().getInputStream(); } }";
    sandbox.write("work/Get.java", program);
    let proxy = house.broker.proxy();
    let (host, port) = proxy.split_once(':').unwrap();
    let get = format!(
        "java -Dhttps.proxyHost={host} -Dhttps.proxyPort={port} -Dhttps.proxyUser=job -Dhttps.proxyPassword={} \
         -Djdk.http.auth.tunneling.disabledSchemes= Get.java {NPM}my-package",
        house.token("acme")
    );
    let outcome = house.build("job", "x", &get).failed();
    assert!(outcome.stderr.contains("407"), "{outcome:?}");
}

/// Maven has a way to proxies of its own, which takes a user and a password.
#[test]
fn maven_takes_it_from_its_settings() {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.clients");
    let maven = clients.join("maven-3.9/bin/mvn");
    if !maven.exists() || !Path::new("/usr/bin/keytool").exists() {
        eprintln!("skipped: there is no Maven 3.9 or no keytool");
        return;
    }
    let house = Guesthouse::new();
    let sandbox = &house.cluster.sandbox;
    let path = |below: &str| sandbox.path(below).display().to_string();
    let copied = Command::new("cp")
        .arg("-al")
        .arg(clients.join("maven-plugins/repository"))
        .arg(path("repository"))
        .status();
    assert!(copied.unwrap().success());
    let proxy = house.broker.proxy();
    let (host, port) = proxy.split_once(':').unwrap();
    let token = house.token_of("acme", LONG[1]);
    sandbox.write(
        "jobs/build/settings.xml",
        &format!(
            "<settings><proxies><proxy><id>broker</id><protocol>https</protocol><host>{host}</host><port>{port}</port>\
             <username>job</username><password>{token}</password></proxy></proxies></settings>"
        ),
    );
    let build = include_str!("../../../clients/maven.xml");
    sandbox.write(
        "work/pom.xml",
        &format!(
            "<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>a</artifactId>\
             <version>1.0.0</version><repositories><repository><id>acme</id><url>{MAVEN}</url></repository></repositories>\
             <dependencies><dependency><groupId>com.example</groupId><artifactId>my-artifact</artifactId>\
             <version>1.1.0</version></dependency></dependencies>{build}</project>"
        ),
    );
    let script = format!(
        "export PATH=$PATH:/usr/bin:/bin; unset HTTPS_PROXY https_proxy; \
         keytool -importcert -noprompt -alias broker -file $SSL_CERT_FILE -keystore $HOME/trust.p12 -storepass changeit -storetype PKCS12; \
         export JAVA_TOOL_OPTIONS=\"-Duser.home=$HOME -Djavax.net.ssl.trustStore=$HOME/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit\"; \
         {} -B -ntp -s $HOME/settings.xml -Dmaven.repo.local={} package",
        maven.display(),
        path("repository")
    );
    let outcome = house.build("job", "x", &script);
    assert_eq!(outcome.code, Some(0), "{}: {outcome:?}", token.len());
    assert!(
        sandbox
            .path("repository/com/example/my-artifact/1.1.0/my-artifact-1.1.0.jar")
            .exists()
    );
    assert!(!format!("{outcome:?}").contains(CANARIES[0]));
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
