//! TLS to the broker: an authority of the platform's own, a certificate that is for another host, and what is refused without it.

use codeartifact_end_to_end::certify;

use super::*;

#[test]
fn a_job_trusts_the_platforms_authority_alone() {
    let cluster = Cluster::new();
    for (number, name, is_trusted) in [(0, "127.0.0.1", true), (1, "broker.example.com", false)] {
        let authority = certify(&cluster.sandbox, "tls", name);
        cluster.sandbox.write("tls/ca.pem", &authority);
        let (certificate, key) = (
            cluster.sandbox.path("tls/tls.crt"),
            cluster.sandbox.path("tls/tls.key"),
        );
        let tls = format!(
            "[tls]\ncertificate = '{}'\nkey = '{}'\n",
            certificate.display(),
            key.display()
        );
        let config = cluster
            .config()
            .replacen("\n\n", &format!("\n\n{tls}\n"), 1);
        let broker = Broker::start(&cluster.sandbox, &number.to_string(), &config);
        assert!(
            broker.url().starts_with("https://127.0.0.1:"),
            "{}",
            broker.url()
        );
        let mut trusting = cluster.job(number, "acme", &broker.url());
        trusting.env("AWS_CA_BUNDLE", cluster.sandbox.path("tls/ca.pem"));
        let outcome = run(trusting);
        assert_eq!(outcome.code == Some(0), is_trusted, "{name}: {outcome:?}");
        let stranger = run(cluster.job(number + 10, "acme", &broker.url())).failed();
        let _ = stranger.says(&["127.0.0.1 cannot be trusted"]);
    }
}

#[test]
fn without_tls_a_broker_is_on_loopback() {
    let cluster = Cluster::new();
    let config = cluster.config().replacen("127.0.0.1", "0.0.0.0", 1);
    cluster.sandbox.write("proxy.toml", &config);
    let arguments = ["proxy", "--config", "../proxy.toml"];
    let outcome = cluster.sandbox.run("codeartifact", &arguments).exited(3);
    let _ = outcome.says(&["../proxy.toml: [tls] is missing"]);
    let outcome = run(cluster.job(0, "acme", "http://broker.example.com")).failed();
    let _ = outcome
        .says(&["CODEARTIFACT_BROKER: `http://broker.example.com` must begin with https://"]);
}
