//! The IAM documents that `codeartifact policy` prints are what a customer needs, and no statement is spare but the one
//! about repositories' URLs, which integrations document: the customer's role is made of them, and then of all but one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use codeartifact_end_to_end::fixture::{
    ACCESS_KEY_ID, INTEGRATION_ROLE, NPM, READER_ROLE, SECRET_ACCESS_KEY, acme,
};
use codeartifact_end_to_end::{Emulator, Sandbox, install};
use serde_json::{Value, json};

/// The platform as it is, and a customer who made the role of what was printed.
const SCENARIO: &str = r#"
[accounts.198331734661.users.ci]
access_key_id = "{ACCESS_KEY_ID}"
secret_access_key = "{SECRET_ACCESS_KEY}"
policies = ['''{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "{INTEGRATION_ROLE}"}]}''']

[accounts.198331734661.roles.IntegrationReadOnly]
trust = '''{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::198331734661:user/ci"}}]}'''
policies = ['''{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "{READER_ROLE}"}]}''']

[accounts.111122223333.roles.CodeArtifactReader]
trust_file = "trust.json"
policy_files = ["permissions.json"]

[accounts.111122223333.domains.my-domain]
region = "us-east-1"

[accounts.111122223333.domains.my-domain.repositories.my-repo]
packages = "{PACKAGES}"
"#;

/// A platform whose connection is configured, and which has not met its customer yet.
fn platform() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.client("npm", "npm");
    sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
    sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    acme().configure(&sandbox);
    sandbox
}

fn printed(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let outcome = sandbox
        .run("codeartifact", &[&["policy"], arguments].concat())
        .succeeded();
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// The customer makes the role of these documents.
fn deploy(trust: &Value, permissions: &Value, sandbox: &mut Sandbox) -> Emulator {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packages");
    let scenario = SCENARIO
        .replace("{ACCESS_KEY_ID}", ACCESS_KEY_ID)
        .replace("{SECRET_ACCESS_KEY}", SECRET_ACCESS_KEY)
        .replace("{INTEGRATION_ROLE}", INTEGRATION_ROLE)
        .replace("{READER_ROLE}", READER_ROLE)
        .replace("{PACKAGES}", &packages.display().to_string());
    sandbox.write("customer/scenario.toml", &scenario);
    sandbox.write("customer/trust.json", &trust.to_string());
    sandbox.write("customer/permissions.json", &permissions.to_string());
    Emulator::start_with(&sandbox.path("customer/scenario.toml"), sandbox)
}

fn without(document: &Value, action: &str) -> Value {
    let mut document = document.clone();
    let statements = document["Statement"].as_array_mut().unwrap();
    let before = statements.len();
    statements.retain(|statement| statement["Action"] != action);
    assert_eq!(statements.len() + 1, before, "{action}: {document}");
    document
}

#[test]
fn what_is_printed_is_enough() {
    for wide in [&[][..], &["--wide"]] {
        let mut sandbox = platform();
        let trust = printed(&sandbox, &["trust", "acme"]);
        let permissions = printed(&sandbox, &[&["permissions", "acme"], wide].concat());
        let _emulator = deploy(&trust, &permissions, &mut sandbox);
        let _ = sandbox.run("codeartifact", &["test"]).succeeded();
        let installed = install::npm(&sandbox, NPM).succeeded();
        assert!(
            installed.stdout.contains(install::GREETING),
            "{installed:?}"
        );
    }
}

#[test]
fn no_statement_is_spare() {
    let rows = [
        ("sts:AssumeRole", 4, 4, "✗ hop 2 "),
        (
            "codeartifact:GetAuthorizationToken",
            5,
            5,
            "codeartifact:GetAuthorizationToken is not allowed",
        ),
        (
            "sts:GetServiceBearerToken",
            5,
            5,
            "sts:GetServiceBearerToken is not allowed",
        ),
        // The token is for the domain, and whether a repository may be read is asked when it is read.
        (
            "codeartifact:ReadFromRepository",
            0,
            5,
            "needs codeartifact:ReadFromRepository",
        ),
    ];
    for (action, code, of_test, says) in rows {
        let mut sandbox = platform();
        let mut trust = printed(&sandbox, &["trust"]);
        let mut permissions = printed(&sandbox, &["permissions"]);
        match action {
            "sts:AssumeRole" => trust = without(&trust, action),
            _ => permissions = without(&permissions, action),
        }
        let _emulator = deploy(&trust, &permissions, &mut sandbox);
        let _ = sandbox.run("codeartifact", &["token", NPM]).exited(code);
        let told = sandbox.run("codeartifact", &["test"]).exited(of_test);
        assert!(told.stdout.contains(says), "{action}: {told:?}");
        let _ = install::npm(&sandbox, NPM).failed();
    }
}

#[test]
fn the_role_is_good_for_nothing_else() {
    let mut sandbox = platform();
    let mut trust = printed(&sandbox, &["trust"]);
    let permissions = printed(&sandbox, &["permissions"]);
    trust["Statement"][0]["Condition"] =
        json!({"StringEquals": {"sts:ExternalId": "globex-51e8d0b4"}});
    let _emulator = deploy(&trust, &permissions, &mut sandbox);
    let _ = sandbox
        .run("codeartifact", &["token", NPM])
        .exited(4)
        .says(&["hop 2 of 2", "external id"]);
}

#[test]
fn whom_to_trust_is_never_made_up() {
    let sandbox = platform();
    let config = "home/.config/codeartifact/config.toml";
    let direct = sandbox.read(config).replace("via = ", "# via = ");
    sandbox.write(config, &direct);
    let refused = sandbox.run("codeartifact", &["policy", "trust"]).exited(2);
    let _ = refused.says(&[
        "give --principal ARN",
        "hint: `aws sts get-caller-identity`",
    ]);
    let user = "arn:aws:iam::198331734661:user/ci";
    let trust = printed(&sandbox, &["trust", "--principal", user]);
    assert_eq!(trust["Statement"][0]["Principal"]["AWS"], user);
}

#[test]
fn the_template_passes_cfn_lint() {
    if !works("cfn-lint", "--version") {
        eprintln!("SKIPPED: cfn-lint is not installed, so nobody has judged the template");
        return;
    }
    let sandbox = platform();
    let pipeline = [
        "policy",
        "cloudformation",
        "acme",
        "--oidc",
        "github:my-org/my-app:*",
    ];
    let template = sandbox.run("codeartifact", &pipeline).succeeded().stdout;
    sandbox.write("work/pipeline.yaml", &template);
    accepted("cfn-lint", &["--"], &sandbox.path("work/pipeline.yaml"));
    for arguments in [&[][..], &["--wide"]] {
        let arguments = [&["policy", "cloudformation", "acme"], arguments].concat();
        let template = sandbox.run("codeartifact", &arguments).succeeded().stdout;
        for text in ["ExternalId:", "Principal:", "RoleArn:", INTEGRATION_ROLE] {
            assert!(template.contains(text), "{text}: {template}");
        }
        sandbox.write("work/reader.yaml", &template);
        accepted("cfn-lint", &["--"], &sandbox.path("work/reader.yaml"));
    }
}

#[test]
fn the_terraform_is_formatted_as_terraform_does() {
    if !works("terraform", "version") {
        eprintln!("SKIPPED: terraform is not installed, so nobody has read what is printed for it");
        return;
    }
    let sandbox = platform();
    let arguments = ["policy", "cloudformation", "acme", "--terraform"];
    let module = sandbox.run("codeartifact", &arguments).succeeded().stdout;
    sandbox.write("work/reader.tf", &module);
    accepted(
        "terraform",
        &["fmt", "-check", "-diff"],
        &sandbox.path("work/reader.tf"),
    );
}

/// A tool of the machine's own, which may be missing or a version manager's empty shim.
fn works(tool: &str, argument: &str) -> bool {
    let output = Command::new(tool).arg(argument).output();
    output.is_ok_and(|output| output.status.success())
}

#[track_caller]
fn accepted(tool: &str, arguments: &[&str], file: &Path) {
    let output = Command::new(tool)
        .args(arguments)
        .arg(file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{tool}: {output:?}");
}
