//! A platform's broker that refuses the job, does not know it, or is not there; and a store of hosts that is not there.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_end_to_end::fixture::NPM;
use codeartifact_end_to_end::{Broker, Issuer};

use crate::{Case, FILE, Job};

const ISSUER: &str = "https://oidc.builds.example.com";

pub(crate) const CASES: &[Case] = &[
    ("broker_refused", |job| {
        let token = broker(job).token("system:serviceaccount:builds-other:job");
        job.set("JOB_TOKEN", &token);
    }),
    ("broker_rejects_token", |job| {
        broker(job);
        let stranger = Issuer::new(ISSUER);
        job.set(
            "JOB_TOKEN",
            &stranger.token("system:serviceaccount:builds-acme:job"),
        );
    }),
    ("broker_down", |job| {
        let token = broker(job).token("system:serviceaccount:builds-acme:job");
        job.set("JOB_TOKEN", &token);
        job.without_keys();
        if let Some(broker) = &mut job.broker {
            broker.kill();
        }
    }),
    ("store_unusable", |job| {
        job.sandbox
            .write("keys", &format!("a {}\n", STANDARD.encode([7; 32])));
        let keys = job.sandbox.path("keys");
        let store = format!(
            "\n[store]\nurl = 'redis://127.0.0.1:9'\nkeys = '{}'\n",
            keys.display()
        );
        let config = job.sandbox.read(FILE) + &store;
        job.sandbox.write(FILE, &config);
        job.sandbox.link("true", Path::new("/bin/true"));
        // Gets a token and prints none.
        job.command = &["exec", "--connection", "acme", "--", "true"];
    }),
];

/// Starts one for the job, which asks it from now on.
fn broker(job: &mut Job) -> Issuer {
    let issuer = Issuer::new(ISSUER);
    job.sandbox.write("jwks.json", &issuer.key_set());
    let keys = job.sandbox.path("jwks.json");
    let config = format!(
        "listen = '127.0.0.1:0'\n[[issuers]]\nissuer = '{ISSUER}'\njwks_file = '{}'\n[[clients]]\nissuer = '{ISSUER}'\n\
         audience = 'codeartifact-broker'\nsubject = 'system:serviceaccount:builds-acme:*'\nconnections = ['acme']\n",
        keys.display()
    );
    let broker = Broker::start(&job.sandbox, "one", &config);
    job.set("CODEARTIFACT_BROKER", &broker.url());
    job.set("CODEARTIFACT_BROKER_SOURCE", "env:JOB_TOKEN");
    job.command = &["token", NPM];
    job.broker = Some(broker);
    issuer
}
