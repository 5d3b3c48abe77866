//! What to set in each trust domain (`install/fleet`, `install/kubernetes/own-identity.yaml`): the variables of those files are
//! those of a job here, with the identity that its system gives it. That each system accepts its file is for `tests/lint.sh`.

use std::path::Path;

use codeartifact_end_to_end::fixture::{
    ACCESS_KEY_ID, EXTERNAL_ID, INTEGRATION_ROLE, SECRET_ACCESS_KEY,
};
use serde_json::json;

use super::*;

const CLIENTS: &str = include_str!("../../../../install/fleet/proxy.toml");
const GITHUB: &str = include_str!("../../../../install/fleet/github-actions.yml");
const GITLAB: &str = include_str!("../../../../install/fleet/gitlab-ci.yml");
const BUILDKITE: &str = include_str!("../../../../install/fleet/buildkite.yml");
const CIRCLECI: &str = include_str!("../../../../install/fleet/circleci.yml");
const BATCH: &str = include_str!("../../../../install/fleet/batch.yaml");
const OWN: &str = include_str!("../../../../install/kubernetes/own-identity.yaml");

const ORGANIZATION: &str = "0b7c1b0e-5d1c-4a6e-9f5e-2c1f3a4b5c6d";

/// Our variables in a file, however it writes them.
fn variables(file: &str) -> Vec<(&str, &str)> {
    let lines = file.lines().filter(|line| !line.trim().starts_with('#'));
    let found = lines.filter_map(|line| {
        let start = line.find("CODEARTIFACT_")?;
        let rest = &line[start..];
        let end =
            rest.find(|it: char| !it.is_ascii_uppercase() && !it.is_ascii_digit() && it != '_')?;
        let (name, value) = rest.split_at(end);
        let value = value.trim_start_matches([':', ',', ' ']);
        let value = value
            .strip_prefix("value:")
            .or(value.strip_prefix("Value:"))
            .unwrap_or(value);
        Some((
            name,
            value.trim().trim_end_matches('}').trim().trim_matches('"'),
        ))
    });
    found.collect()
}

/// A job with the variables of a file, and with those that its system gives it.
fn job(cluster: &Cluster, url: &str, file: &str, given: &[(&str, &str)]) -> Command {
    let mut job = cluster.job_with(0, "", url);
    for name in ["CODEARTIFACT_BROKER_SOURCE", "JOB_TOKEN"] {
        job.env_remove(name);
    }
    let variables = variables(file);
    assert!(variables.len() >= 2, "{variables:?}");
    for (name, value) in variables {
        if name != "CODEARTIFACT_BROKER" {
            job.env(name, value);
        }
    }
    job.envs(given.iter().copied());
    job
}

/// A broker with the clients of the page, and these issuers' keys in files.
fn broker(cluster: &Cluster, issuers: &[&Issuer], urls: &[&str]) -> Broker {
    let mut config = "listen = '127.0.0.1:0'\n\n".to_owned();
    for (number, (issuer, url)) in issuers.iter().zip(urls).enumerate() {
        let file = format!("keys/{number}.json");
        cluster.sandbox.write(&file, &issuer.key_set());
        let file = cluster.sandbox.path(&file);
        config += &format!(
            "[[issuers]]\nissuer = '{url}'\njwks_file = '{}'\n\n",
            file.display()
        );
    }
    Broker::start(&cluster.sandbox, "one", &(config + CLIENTS))
}

#[test]
fn jobs_of_gitlab_buildkite_and_circleci_ask_a_broker() {
    let cluster = Cluster::new();
    let circle = format!("https://oidc.circleci.com/org/{ORGANIZATION}");
    let urls = ["https://gitlab.com", "https://agent.buildkite.com", &circle];
    let [gitlab, buildkite, circleci] = urls.map(Issuer::new);
    let broker = broker(&cluster, &[&gitlab, &buildkite, &circleci], &urls);
    let of_gitlab = gitlab.token("project_path:my-group/my-app:ref_type:branch:ref:main");
    let of_buildkite =
        buildkite.token("organization:my-org:pipeline:my-app:ref:refs/heads/main:commit:1:step:2");
    let agent = format!(
        "#!/bin/sh\n[ \"$*\" = 'oidc request-token --audience codeartifact-broker' ] && echo {of_buildkite}\n"
    );
    cluster.sandbox.write_program("bin/buildkite-agent", &agent);
    let subject = format!("org/{ORGANIZATION}/project/7e6d5c4b-3a2f-4e1d-8c9b-0a1b2c3d4e5f/user/1");
    let of_circleci = circleci.token_with(&subject, &json!({ "aud": ORGANIZATION }));
    let rows = [
        (GITLAB, vec![("BROKER_TOKEN", &*of_gitlab)]),
        (BUILDKITE, vec![("BUILDKITE_JOB_ID", "1")]),
        (CIRCLECI, vec![("CIRCLE_OIDC_TOKEN_V2", &*of_circleci)]),
    ];
    assert!(GITLAB.contains("BROKER_TOKEN: { aud: codeartifact-broker }"));
    for (file, given) in rows {
        let got = run(job(&cluster, &broker.url(), file, &given))
            .succeeded()
            .stdout;
        assert_eq!(cluster.minted_for(&got).as_deref(), Some("acme"), "{file}");
        fs::remove_dir_all(cluster.sandbox.path("jobs/0")).unwrap();
    }
    // Another branch is another subject.
    let of_branch = gitlab.token("project_path:my-group/my-app:ref_type:branch:ref:other");
    let refused = run(job(
        &cluster,
        &broker.url(),
        GITLAB,
        &[("BROKER_TOKEN", &of_branch)],
    ));
    let _ = refused.failed();
    assert_eq!(cluster.emulator.journal().mints(), 1);
}

/// GitHub's token service and keys are the emulator's, found as the real ones are.
#[test]
fn a_job_of_github_actions_asks_a_broker() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let packages = scenarios.join("../../packages").display().to_string();
    let scenario = fs::read_to_string(scenarios.join("two-hops.toml")).unwrap();
    let github = "\n[github]\nrequest_token = \"my-request-token\"\nsubject = \"repo:my-org/my-app:ref:refs/heads/main\"\n\
                  audience = \"https://github.com/my-org\"\n";
    let mut sandbox = Sandbox::new();
    sandbox.write(
        "scenario.toml",
        &(scenario.replace("../../packages", &packages) + github),
    );
    let emulator = Emulator::start_with(&sandbox.path("scenario.toml"), &mut sandbox);
    sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
    sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    sandbox.client("pip", "pip");
    acme().configure(&sandbox);
    let cluster = Cluster {
        emulator,
        sandbox,
        issuer: Issuer::new(ISSUER),
    };
    let broker = broker(&cluster, &[], &[]);
    let got = run(job(&cluster, &broker.url(), GITHUB, &[]))
        .succeeded()
        .stdout;
    assert_eq!(cluster.minted_for(&got).as_deref(), Some("acme"));
    assert!(GITHUB.contains("id-token: write"));
}

/// A pod with IRSA or Pod Identity, and a job of Batch, ask AWS themselves: their role is the first one.
#[test]
fn who_has_an_identity_of_his_own_asks_aws() {
    for file in [OWN, BATCH] {
        let cluster = Cluster::new();
        let sandbox = &cluster.sandbox;
        let role = format!(
            "[profile pod]\nrole_arn = {INTEGRATION_ROLE}\nsource_profile = keys\n[profile keys]\n\
             aws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n"
        );
        sandbox.write("jobs/0/.aws/config", &role);
        fs::remove_file(sandbox.path("home/.config/codeartifact/config.toml")).unwrap();
        // On Fargate the image has the connection; the first job is the one without a file.
        let (file, _) = file.split_once("OnFargate").unwrap_or((file, ""));
        let mut job = job(&cluster, "", file, &[("AWS_PROFILE", "pod")]);
        job.env_remove("CODEARTIFACT_BROKER")
            .env("CODEARTIFACT_EXTERNAL_ID", EXTERNAL_ID);
        let _ = run(job).succeeded();
        let journal = cluster.emulator.journal();
        let mint = journal.of("codeartifact:GetAuthorizationToken")[0].clone();
        let role = mint.signer.unwrap().arn;
        assert!(role.contains("/CodeArtifactReader/"), "{role}: {file}");
    }
}

/// The secret is in a file of the task's own, and no longer in what a build inherits.
#[test]
fn a_task_of_fargate_puts_its_keys_into_a_file() {
    let cluster = Cluster::new();
    for tool in ["env", "stat"] {
        cluster
            .sandbox
            .link(tool, &Path::new("/usr/bin").join(tool));
    }
    let (_, command) = BATCH.split_once("Command: [sh, -ec, \"").unwrap();
    let (command, _) = command.split_once("\"]").unwrap();
    let file = cluster.sandbox.path("store-keys").display().to_string();
    let script = command
        .replace("\\\"", "\"")
        .replace("/tmp/store-keys", &file)
        .replace(
            "exec pip install my-package",
            &format!("stat -c %a {file}; exec env"),
        );
    let mut task = cluster.sandbox.command("sh");
    task.args(["-ec", &script])
        .env("STORE_KEYS", "one c2VjcmV0");
    let outcome = Outcome::from(task.output().unwrap()).succeeded();
    assert!(outcome.stdout.starts_with("600\n"), "{outcome:?}");
    assert!(!outcome.stdout.contains("c2VjcmV0"), "{outcome:?}");
    assert_eq!(cluster.sandbox.read("store-keys"), "one c2VjcmV0");
}
