//! A CI job without any AWS key: its identity token opens the first role of the chain, whatever system it runs on.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod documented;

use codeartifact_end_to_end::fixture::{EXTERNAL_ID, INTEGRATION_ROLE, NPM, READER_ROLE};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};
use serde_json::json;

const CONFIG: &str = "home/.config/codeartifact/config.toml";

const GITHUB: &str = "token.actions.githubusercontent.com";
const MAIN: &str = "repo:my-org/my-app:ref:refs/heads/main";

/// A job of GitHub Actions, with lines for `[defaults]`.
fn job(defaults: &str) -> (Sandbox, Emulator) {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("pipeline", &mut sandbox);
    sandbox.set("CODEARTIFACT_CACHE", "file");
    configure(&sandbox, defaults);
    (sandbox, emulator)
}

fn configure(sandbox: &Sandbox, defaults: &str) {
    sandbox.write(
        CONFIG,
        &format!(
            "[defaults]\nvia = [\"{INTEGRATION_ROLE}\"]\n{defaults}\n\
             [connections.acme]\naccount_id = \"111122223333\"\nrole_arn = \"{READER_ROLE}\"\n\
             external_id = \"{EXTERNAL_ID}\"\nnpm = \"{NPM}\"\n"
        ),
    );
}

fn token(sandbox: &Sandbox) -> Outcome {
    sandbox.run("codeartifact", &["token", NPM])
}

fn id_token(emulator: &Emulator, issuer: &str, subject: &str, audience: &str) -> String {
    let wish = json!({ "issuer": issuer, "subject": subject, "audience": audience });
    emulator.id_token(&wish.to_string())
}

#[test]
fn github_actions_opens_the_first_role_and_the_rest_is_as_before() {
    let (sandbox, emulator) = job("source = \"github-actions\"");
    let _ = token(&sandbox).succeeded();
    let journal = emulator.journal();
    let first = &journal.of("sts:AssumeRoleWithWebIdentity")[0];
    assert_eq!(first.parameters["role_arn"], INTEGRATION_ROLE);
    assert_eq!(first.parameters["subject"], MAIN);
    assert_eq!(first.parameters["audience"], "sts.amazonaws.com");
    assert_eq!(first.parameters["session_name"], "codeartifact");
    let second = &journal.of("sts:AssumeRole")[0];
    assert_eq!(second.parameters["external_id"], EXTERNAL_ID);
    assert_eq!(journal.mints(), 1);
    let tested = sandbox.run("codeartifact", &["test"]).succeeded();
    for text in [
        "identity token of github-actions, repo:my-org/my-app:ref:refs/heads/main for sts.amazonaws.com",
        "✓ hop 1                    arn:aws:iam::198331734661:role/IntegrationReadOnly",
        "✓ npm   /npm/my-repo/      reachable, readable",
    ] {
        assert!(tested.stdout.contains(text), "{text}: {tested:?}");
    }
    assert!(!tested.stdout.contains("eyJ"), "{tested:?}");
}

#[test]
fn the_source_may_be_in_a_connection_or_a_variable() {
    let (mut sandbox, emulator) = job("profile = \"nobody\"");
    let with_own = sandbox.read(CONFIG).replace(
        "account_id",
        "source = \"github-actions\"\naudience = \"my-audience\"\naccount_id",
    );
    sandbox.write(CONFIG, &with_own);
    let _ = token(&sandbox).succeeded();
    let asked = emulator.journal();
    assert_eq!(
        asked.of("github:id-token")[0].parameters["audience"],
        "my-audience"
    );
    std::fs::remove_file(sandbox.path(CONFIG)).unwrap();
    for (name, value) in [
        ("CODEARTIFACT_SOURCE", "github-actions"),
        ("CODEARTIFACT_VIA", INTEGRATION_ROLE),
        ("CODEARTIFACT_ROLE_ARN", READER_ROLE),
        ("CODEARTIFACT_EXTERNAL_ID", EXTERNAL_ID),
    ] {
        sandbox.set(name, value);
    }
    let _ = token(&sandbox).succeeded();
    sandbox.unset("CODEARTIFACT_VIA");
    sandbox.unset("CODEARTIFACT_EXTERNAL_ID");
    let own = "arn:aws:iam::111122223333:role/CodeArtifactPipeline";
    sandbox.set("CODEARTIFACT_ROLE_ARN", own);
    let _ = token(&sandbox).succeeded();
    let journal = emulator.journal();
    let last = journal.of("sts:AssumeRoleWithWebIdentity").pop().unwrap();
    assert_eq!(last.parameters["role_arn"], own);
    assert_eq!(journal.mints(), 3);
}

/// The other systems leave the token in a variable or a file, or their agent gives it.
#[test]
fn every_system_hands_its_token_over_in_its_own_way() {
    let (mut sandbox, emulator) = job("");
    let gitlab = id_token(
        &emulator,
        "gitlab.com",
        "project_path:my-group/my-app:ref_type:branch:ref:main",
        "sts.amazonaws.com",
    );
    let github = id_token(&emulator, GITHUB, MAIN, "sts.amazonaws.com");
    sandbox.write("home/token", &format!("{github}\n"));
    sandbox.write_program(
        "bin/buildkite-agent",
        "#!/bin/sh\n[ \"$*\" = 'oidc request-token --audience sts.amazonaws.com' ] && echo $TEST_ID_TOKEN\n",
    );
    sandbox.set("TEST_ID_TOKEN", &github);
    sandbox.set("GITLAB_ID_TOKEN", &gitlab);
    sandbox.set("CIRCLE_OIDC_TOKEN", "the first kind");
    sandbox.set("CIRCLE_OIDC_TOKEN_V2", &github);
    let file = sandbox.path("home/token").display().to_string();
    let sources = [
        "gitlab:GITLAB_ID_TOKEN",
        "env:TEST_ID_TOKEN",
        "buildkite",
        "circleci",
        "file:~/token",
        &format!("file:{file}"),
    ];
    for (number, source) in sources.into_iter().enumerate() {
        configure(&sandbox, &format!("source = \"{source}\""));
        let _ = token(&sandbox).succeeded();
        assert_eq!(emulator.journal().mints(), number + 1, "{source}");
    }
}

#[test]
fn a_kept_token_belongs_to_the_subject_that_got_it() {
    let (mut sandbox, emulator) = job("source = \"gitlab:ID_TOKEN\"");
    let subject = |place: &str| format!("project_path:my-group/my-app:{place}");
    let mut mints = |subject: &str, expected| {
        let new = id_token(&emulator, "gitlab.com", subject, "sts.amazonaws.com");
        sandbox.set("ID_TOKEN", new);
        let outcome = token(&sandbox);
        assert_eq!(
            emulator.journal().mints(),
            expected,
            "{subject}: {outcome:?}"
        );
    };
    mints(&subject("ref:main"), 1);
    mints(&subject("ref:main"), 1);
    mints(&subject("ref:dev"), 2);
    // A job that may not have a token does not find that of another one.
    mints("project_path:stranger/app:ref:main", 2);
    mints(&subject("ref:dev"), 2);
}

#[test]
fn what_aws_refuses_is_explained() {
    let rows = [
        (
            (
                GITHUB,
                "repo:my-org/other:pull_request",
                "sts.amazonaws.com",
            ),
            "does not accept the subject repo:my-org/other:pull_request with the audience sts.amazonaws.com",
            "policy trust acme --oidc",
        ),
        (
            (GITHUB, MAIN, "https://github.com/my-org"),
            "the identity provider of account 198331734661 does not accept the audience https://github.com/my-org",
            "set `audience`",
        ),
        (
            (
                "gitlab.example.com",
                "project_path:my-group/my-app:x",
                "sts.amazonaws.com",
            ),
            "account 198331734661 has no identity provider for https://gitlab.example.com",
            "policy cloudformation acme --oidc",
        ),
    ];
    for ((issuer, subject, audience), says, hint) in rows {
        let (mut sandbox, emulator) = job("source = \"env:ID_TOKEN\"");
        sandbox.set("ID_TOKEN", id_token(&emulator, issuer, subject, audience));
        let _ = token(&sandbox).exited(4).says(&[
            says,
            "hint: ",
            hint,
            "(hop 1 of 2, connection acme)",
        ]);
        let tested = sandbox.run("codeartifact", &["test"]).exited(4);
        assert!(tested.stdout.contains(says), "{tested:?}");
    }
}

#[test]
fn a_job_that_may_not_ask_is_told_what_to_write() {
    let (mut sandbox, _emulator) = job("source = \"github-actions\"");
    sandbox.unset("ACTIONS_ID_TOKEN_REQUEST_URL");
    let _ = token(&sandbox).exited(4).says(&[
        "there is no identity token of github-actions: ACTIONS_ID_TOKEN_REQUEST_URL is not set",
        "hint: give the job the permission `id-token: write`",
    ]);
    configure(&sandbox, "source = \"gitlab:ID_TOKEN\"");
    let _ = token(&sandbox).exited(4).says(&[
        "ID_TOKEN is not set",
        "declare ID_TOKEN below `id_tokens:` of the job in .gitlab-ci.yml, with `aud: sts.amazonaws.com`",
    ]);
}

/// A broken `~/.aws` on a shared runner does no harm.
#[test]
fn nothing_of_the_machine_is_needed() {
    let (sandbox, _emulator) = job("source = \"github-actions\"");
    sandbox.write("home/.aws/config", "nonsense");
    let _ = token(&sandbox).succeeded();
}

/// The account needs nothing but what `policy --oidc` prints.
#[test]
fn the_printed_role_is_enough_and_pins_audience_and_subject() {
    let (sandbox, _emulator) = job("source = \"github-actions\"");
    let oidc = ["acme", "--oidc", "github:my-org/my-app:ref:refs/heads/main"];
    let policy = |kind: &str| {
        let arguments = [&["policy", kind], &oidc[..]].concat();
        sandbox.run("codeartifact", &arguments).succeeded().stdout
    };
    let trust: serde_json::Value = serde_json::from_str(&policy("trust")).unwrap();
    let statement = &trust["Statement"][0];
    assert_eq!(statement["Action"], "sts:AssumeRoleWithWebIdentity");
    assert_eq!(
        statement["Principal"]["Federated"],
        format!("arn:aws:iam::198331734661:oidc-provider/{GITHUB}")
    );
    assert_eq!(
        statement["Condition"],
        json!({"StringEquals": {format!("{GITHUB}:aud"): "sts.amazonaws.com", format!("{GITHUB}:sub"): MAIN}})
    );
    let stack = policy("cloudformation");
    for text in [
        "Type: AWS::IAM::OIDCProvider",
        &format!("Url: \"https://{GITHUB}\""),
        "- \"sts.amazonaws.com\"",
        "RoleName: \"IntegrationReadOnly\"",
        MAIN,
        READER_ROLE,
    ] {
        assert!(stack.contains(text), "{text}: {stack}");
    }
    let scenario = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/pipeline.toml"),
    );
    let scenario = scenario.unwrap();
    let start = scenario
        .find("[accounts.198331734661.roles.IntegrationReadOnly]")
        .unwrap();
    let end = scenario
        .find("[accounts.111122223333.roles.CodeArtifactReader]")
        .unwrap();
    let permissions = format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \
         \"Resource\": [\"{READER_ROLE}\"]}}]}}"
    );
    assert!(
        stack.contains(&permissions.replace(": ", ":").replace(", ", ",")),
        "{stack}"
    );
    let role = format!(
        "[accounts.198331734661.roles.IntegrationReadOnly]\ntrust = '''{trust}'''\npolicies = ['''{permissions}''']\n"
    );
    let packages = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../packages");
    let deployed = format!("{}{role}{}", &scenario[..start], &scenario[end..]);
    let deployed = deployed.replace("../../packages", &packages.display().to_string());
    let mut fresh = Sandbox::new();
    fresh.write("scenario.toml", &deployed);
    let _emulator = Emulator::start_with(&fresh.path("scenario.toml"), &mut fresh);
    configure(&fresh, "source = \"github-actions\"");
    let _ = token(&fresh).succeeded();
}
