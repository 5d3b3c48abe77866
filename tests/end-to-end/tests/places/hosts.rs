//! Repositories under other hosts than a domain's own: a host of the user's, a VPC endpoint, dual-stack, and an AWS
//! stand-in on loopback. Each with the real clients, which install, and with the calls that went where they should.

use codeartifact_end_to_end::{Journal, install};

use super::*;

const DOMAIN_HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// All three clients install through URLs of this form.
#[track_caller]
fn all_install(sandbox: &mut Sandbox, url: impl Fn(&str) -> String) {
    let index = format!("{}simple/", url("pypi"));
    for outcome in [
        install::pip(sandbox, &index),
        install::npm(sandbox, &url("npm")),
        install::go(sandbox, &url("go")),
    ] {
        let outcome = outcome.succeeded();
        assert!(outcome.stdout.contains(install::GREETING), "{outcome:?}");
    }
}

/// Packages came from this host alone.
#[track_caller]
fn assert_served_by(host: &str, journal: &Journal) {
    for format in ["pypi", "npm", "go"] {
        let served = journal.of(format);
        assert!(!served.is_empty(), "{format}: {journal:#?}");
        let elsewhere = served.iter().find(|entry| entry.host != host);
        assert!(elsewhere.is_none(), "{elsewhere:#?}");
    }
}

fn hosts_of_aws(journal: &Journal) -> Vec<String> {
    let calls = journal.aws();
    let mut hosts: Vec<_> = calls.into_iter().map(|entry| entry.host.clone()).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

fn with_hosts(sandbox: &Sandbox, hosts: &str) {
    let config = sandbox.read(CONFIG);
    sandbox.write(CONFIG, &format!("{config}[hosts]\n{hosts}"));
}

#[test]
fn a_host_of_ones_own_in_front_of_a_domain() {
    let (mut sandbox, emulator) = connected(READER_ROLE);
    with_hosts(
        &sandbox,
        &format!("\"packages.example.com\" = \"https://{DOMAIN_HOST}/\"\n"),
    );
    all_install(&mut sandbox, |format| {
        format!("https://packages.example.com/{format}/my-repo/")
    });
    let journal = emulator.journal();
    assert_served_by("packages.example.com", &journal);
    assert_eq!(journal.mints(), 1);
}

/// Without the line in the configuration the same host is a stranger.
#[test]
fn a_host_that_nobody_mapped_gets_no_token() {
    let (mut sandbox, emulator) = connected(READER_ROLE);
    let _ = install::pip(
        &mut sandbox,
        "https://packages.example.com/pypi/my-repo/simple/",
    )
    .failed();
    let journal = emulator.journal();
    let asked = journal.of("pypi");
    assert!(!asked.is_empty() && asked.iter().all(|entry| entry.authorization.is_none()));
    assert!(journal.aws().is_empty(), "{:#?}", journal.aws());
}

/// It stands for one repository of one format, so its path begins where the repository's does.
#[test]
fn a_host_of_ones_own_in_front_of_a_repository() {
    let (sandbox, emulator) = connected(READER_ROLE);
    with_hosts(
        &sandbox,
        &format!("\"npm.example.com\" = \"https://{DOMAIN_HOST}/npm/my-repo/\"\n"),
    );
    let installed = install::npm(&sandbox, "https://npm.example.com/").succeeded();
    assert!(
        installed.stdout.contains(install::GREETING),
        "{installed:?}"
    );
    assert_eq!(emulator.journal().mints(), 1);
}

/// Without private DNS nothing of AWS has its usual name: repositories, CodeArtifact's API and STS are told apart.
#[test]
fn through_vpc_endpoints_alone() {
    let (mut sandbox, emulator) = developer();
    let vpc = "vpce-0a1b2c3d-4e5f6a7b";
    let repositories = format!("{vpc}.d.codeartifact.us-east-1.vpce.amazonaws.com");
    let api = format!("{vpc}.api.codeartifact.us-east-1.vpce.amazonaws.com");
    let sts = format!("{vpc}.sts.us-east-1.vpce.amazonaws.com");
    let url =
        |format: &str| format!("https://{repositories}/{format}/d/my-domain-111122223333/my-repo/");
    Connection {
        npm: url("npm"),
        pypi: format!("{}simple/", url("pypi")),
        go: url("go"),
        ..acme()
    }
    .configure(&sandbox);
    sandbox.set("AWS_ENDPOINT_URL_CODEARTIFACT", format!("https://{api}"));
    sandbox.set("AWS_ENDPOINT_URL_STS", format!("https://{sts}"));
    all_install(&mut sandbox, url);
    let journal = emulator.journal();
    assert_served_by(&repositories, &journal);
    assert_eq!(journal.mints(), 1);
    assert_eq!(hosts_of_aws(&journal), [api, sts]);
}

/// Repositories have another host than over IPv4, and AWS's APIs have one by a switch of its own.
#[test]
fn over_dual_stack_hosts() {
    let (mut sandbox, emulator) = connected(READER_ROLE);
    let host = "my-domain-111122223333.codeartifact.us-east-1.on.aws";
    sandbox.set("AWS_USE_DUALSTACK_ENDPOINT", "true");
    all_install(&mut sandbox, |format| {
        format!("https://{host}/{format}/my-repo/")
    });
    let journal = emulator.journal();
    assert_served_by(host, &journal);
    assert_eq!(journal.mints(), 1);
    assert_eq!(
        hosts_of_aws(&journal),
        ["codeartifact.us-east-1.api.aws", "sts.us-east-1.api.aws"]
    );
}

/// As people point tools at LocalStack: endpoint overrides for the APIs, and a mapped loopback host for repositories,
/// which may be http there. Go takes credentials over https alone.
#[test]
fn an_aws_on_loopback() {
    let (mut sandbox, emulator) = connected(READER_ROLE);
    let proxy = sandbox.run("sh", &["-c", "echo $HTTPS_PROXY"]).stdout;
    let port = proxy.trim().rsplit(':').next().unwrap().to_owned();
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] {
        sandbox.unset(name);
    }
    let api =
        |service: &str| format!("http://127.0.0.1:{port}/h/{service}.us-east-1.amazonaws.com");
    sandbox.set("AWS_ENDPOINT_URL_STS", api("sts"));
    sandbox.set("AWS_ENDPOINT_URL_CODEARTIFACT", api("codeartifact"));
    let line = |host: &str| format!("\"{host}:{port}\" = \"https://{DOMAIN_HOST}/\"\n");
    with_hosts(&sandbox, &[line("localhost"), line("127.0.0.1")].concat());
    all_install(&mut sandbox, |format| {
        let origin = match format {
            "go" => format!("https://localhost:{port}"),
            _ => format!("http://127.0.0.1:{port}"),
        };
        format!("{origin}/h/{DOMAIN_HOST}/{format}/my-repo/")
    });
    let journal = emulator.journal();
    assert_served_by(DOMAIN_HOST, &journal);
    assert_eq!(journal.mints(), 2, "one for each of the two hosts");
}
