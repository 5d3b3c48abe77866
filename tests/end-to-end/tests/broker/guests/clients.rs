//! Real clients install with an identity token as the proxy's password, and no other credential.

use codeartifact_end_to_end::fixture::{GO, PYPI};

use super::*;

/// Every token of the emulator begins so, and so does its Basic form.
const CANARIES: [&str; 2] = ["eyJhbGciOiJBMTI4R0NN", "YXdzOmV5SmhiR2Np"];

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
    let build = include_str!("../../../../clients/maven.xml");
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
