//! Connections come and go: by flags, from the stack that the other side deployed, and by questions at a terminal.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Child, Stdio};

use codeartifact_end_to_end::fixture::{
    ACCESS_KEY_ID, EXTERNAL_ID, GO, INTEGRATION_ROLE, NPM, PYPI, READER_ROLE, SECRET_ACCESS_KEY,
    two_hops,
};
use codeartifact_end_to_end::{Outcome, Sandbox, terminal};

const CONFIG: &str = "home/.config/codeartifact/config.toml";

fn connect(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    sandbox.run("codeartifact", &[&["connect"], arguments].concat())
}

fn at_a_terminal(sandbox: &Sandbox, arguments: &[&str], answers: &str) -> Outcome {
    terminal::run(sandbox, &[&["connect"], arguments].concat(), answers)
}

fn kept_tokens(sandbox: &Sandbox) -> usize {
    listed(sandbox, "tokens")
}

fn recorded_failures(sandbox: &Sandbox) -> usize {
    listed(sandbox, "failures")
}

fn listed(sandbox: &Sandbox, what: &str) -> usize {
    let status = sandbox.run("codeartifact", &["status", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status.succeeded().stdout).unwrap();
    status[what].as_array().unwrap().len()
}

#[test]
fn from_nothing_to_a_token_and_back() {
    let (sandbox, emulator) = two_hops();
    std::fs::remove_file(sandbox.path(CONFIG)).unwrap();
    let role = [
        "--via",
        INTEGRATION_ROLE,
        "--role-arn",
        READER_ROLE,
        "--external-id",
        EXTERNAL_ID,
    ];
    let made = connect(&sandbox, &[&["acme", "--npm", NPM], &role[..]].concat()).succeeded();
    assert!(
        made.stdout
            .contains("codeartifact policy cloudformation acme\n"),
        "{made:?}"
    );
    assert_eq!(sandbox.mode(CONFIG), 0o600);
    let _ = sandbox.run("codeartifact", &["token", NPM]).succeeded();
    assert_eq!(kept_tokens(&sandbox), 1);
    let _ = sandbox
        .run("codeartifact", &["disconnect", "acme"])
        .succeeded();
    assert_eq!(sandbox.read(CONFIG), "");
    assert_eq!(kept_tokens(&sandbox), 0, "its token went with it");
    let _ = sandbox.run("codeartifact", &["token", NPM]).failed();
    assert_eq!(
        emulator.journal().mints(),
        1,
        "nothing was served after that"
    );
}

#[test]
fn one_more_repository_with_a_single_flag() {
    let (sandbox, _emulator) = two_hops();
    let before = format!(
        "# ours\n[connections.acme] # the first\naccount_id = '111122223333'\nnpm='{NPM}' # so\n"
    );
    sandbox.write(CONFIG, &before);
    let without_simple = PYPI.replace("simple/", "");
    let changed = connect(&sandbox, &["acme", "--pypi", &without_simple]).succeeded();
    let _ = changed.says(&[&format!("saved as its clients need it: {PYPI}\n")]);
    assert_eq!(sandbox.read(CONFIG), format!("{before}pypi = \"{PYPI}\"\n"));
}

#[test]
fn what_is_wrong_is_refused_with_the_reason_and_changes_nothing() {
    let (sandbox, _emulator) = two_hops();
    let other_owner = GO.replace("111122223333", "444455556666");
    let rows: [(&[&str], i32, &str); 6] = [
        (&["acme", "--npm", PYPI], 2, "--npm: "),
        (
            &["acme", "--go", &other_owner],
            2,
            "belongs to account 444455556666",
        ),
        (
            &["acme", "--external-id", "1"],
            2,
            "--external-id: has 1 characters, and AWS takes an external id of 2 to 1224",
        ),
        (
            &["acme", "--role-arn", "Reader"],
            2,
            "--role-arn: `Reader` is not the ARN",
        ),
        (
            &["other", "--account-id", "111122223333"],
            3,
            "there is no repository URL",
        ),
        (&["acme"], 2, "hint: `codeartifact connect --help`"),
    ];
    let before = sandbox.read(CONFIG);
    for (arguments, code, reason) in rows {
        let _ = connect(&sandbox, arguments).exited(code).says(&[reason]);
        assert_eq!(sandbox.read(CONFIG), before, "{arguments:?}");
    }
}

#[test]
fn from_the_outputs_of_a_stack() {
    let (sandbox, _emulator) = two_hops();
    sandbox.write(
        CONFIG,
        &format!("[defaults]\nvia = [\"{INTEGRATION_ROLE}\"]\n"),
    );
    let stack = format!(
        r#"{{"Stacks":[{{"Outputs":[{{"OutputKey":"RoleArn","OutputValue":"{READER_ROLE}"}},
            {{"OutputKey":"ExternalId","OutputValue":"{EXTERNAL_ID}"}}]}}]}}"#
    );
    let arguments = ["connect", "acme", "--npm", NPM, "--outputs", "-"];
    let _ = sandbox.feed("codeartifact", &arguments, &stack).succeeded();
    let _ = sandbox.run("codeartifact", &["token", NPM]).succeeded();
}

#[test]
fn many_at_once_lose_nothing() {
    let (sandbox, _emulator) = two_hops();
    let names: Vec<_> = (10..30)
        .map(|number| format!("customer-{number}"))
        .collect();
    let start = |name: &String| {
        let mut command = sandbox.command("codeartifact");
        command
            .args(["connect", name, "--npm", NPM])
            .stdout(Stdio::null());
        command.spawn().unwrap()
    };
    let children: Vec<Child> = names.iter().map(start).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let listed = sandbox
        .run("codeartifact", &["connections"])
        .succeeded()
        .stdout;
    let listed: Vec<_> = listed
        .lines()
        .skip(1)
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(
        listed,
        [vec!["acme"], names.iter().map(String::as_str).collect()].concat()
    );
}

#[test]
fn a_conversation_at_a_terminal() {
    let (mut sandbox, _emulator) = two_hops();
    sandbox.set("NO_COLOR", "1");
    sandbox.write(
        CONFIG,
        &format!("[defaults]\nvia = [\"{INTEGRATION_ROLE}\"]\n"),
    );
    let answers = format!("12\n{NPM}\n\n\n\n{EXTERNAL_ID}\n{NPM}\n{PYPI}\n\n\n");
    let said = at_a_terminal(&sandbox, &["acme"], &answers)
        .succeeded()
        .stdout;
    for text in [
        "it is not the URL of a repository in CodeArtifact",
        "found here: keys in the environment (press Enter)",
        &format!("Roles before the account's own [{INTEGRATION_ROLE}]: "),
        &format!("Role ARN [{READER_ROLE}]: "),
        "External ID [generated: ",
        "is of format npm, not pypi",
        "connection acme is saved in ",
        "Test now? [Y/n] ",
        "✓ hop 2                    ",
        "✓ pypi  /pypi/my-repo/     reachable, readable",
    ] {
        assert!(said.contains(text), "{text:?} is not in {said}");
    }
    for url in [NPM, PYPI] {
        let _ = sandbox.run("codeartifact", &["token", url]).succeeded();
    }
}

/// Nothing is configured yet: the answers alone lead to a token.
#[test]
fn a_conversation_from_nothing_passes_its_own_test() {
    let (mut sandbox, _emulator) = two_hops();
    std::fs::remove_file(sandbox.path(CONFIG)).unwrap();
    sandbox.unset("AWS_ACCESS_KEY_ID");
    sandbox.unset("AWS_SECRET_ACCESS_KEY");
    let keys = format!(
        "aws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n"
    );
    sandbox.write("home/.aws/config", &format!("[profile ci]\n{keys}"));
    let answers = format!("{NPM}\nci\n{INTEGRATION_ROLE}\n\n{EXTERNAL_ID}\n{PYPI}\n\n\n");
    let said = at_a_terminal(&sandbox, &["acme"], &answers).succeeded();
    for text in [
        "found here: profile ci",
        "hop 2 ",
        "/pypi/my-repo/     reachable, readable",
    ] {
        assert!(said.stdout.contains(text), "{text}: {said:?}");
    }
    let _ = sandbox.run("codeartifact", &["token", NPM]).succeeded();
}

/// AWS takes 2 characters, and a customer's role may ask for few.
#[test]
fn a_short_external_id_is_taken_with_a_warning_that_says_whose_rule_it_is() {
    let (sandbox, _emulator) = two_hops();
    let short = connect(&sandbox, &["acme", "--external-id", "abc12"]).succeeded();
    let _ = short
        .says(&["has 5 characters: AWS takes 2 and more, but one of fewer than 8 can be guessed"]);
    assert!(sandbox.read(CONFIG).contains("external_id = \"abc12\""));
}

#[test]
fn a_connection_without_a_url_stops_no_command_for_the_others() {
    let (sandbox, _emulator) = two_hops();
    let plain = "[connections.plain]\naccount_id = \"444455556666\"\n";
    sandbox.write(CONFIG, &format!("{}{plain}", sandbox.read(CONFIG)));
    for arguments in [
        &["token", NPM][..],
        &["test", "acme"],
        &["policy", "trust", "acme"],
        &["connections"],
        &["connections", "plain"],
        &["status"],
    ] {
        let _ = sandbox.run("codeartifact", arguments).succeeded();
    }
    let both = sandbox.run("codeartifact", &["test"]).exited(3);
    assert!(both.stdout.contains("✓ acme"), "{both:?}");
    assert!(
        both.stdout
            .contains("connection `plain` has no repository URL"),
        "{both:?}"
    );
    let refused = sandbox
        .run("codeartifact", &["policy", "trust", "plain"])
        .exited(3);
    let _ = refused.says(&["connection `plain` has no repository URL", "hint: add one"]);
}

/// It cost nobody a token, so `status` does not say so.
#[test]
fn a_list_that_is_denied_is_not_recorded_as_a_lost_token() {
    let (sandbox, _emulator) = two_hops();
    let _ = sandbox
        .run("codeartifact", &["repositories", "acme"])
        .failed();
    assert_eq!(recorded_failures(&sandbox), 0);
    let _ = sandbox
        .run("codeartifact", &["token", "https://example.com/"])
        .failed();
    assert_eq!(recorded_failures(&sandbox), 1);
}

#[test]
fn a_test_that_is_not_wanted_is_not_made() {
    let (sandbox, emulator) = two_hops();
    let left = at_a_terminal(&sandbox, &["acme", "--pypi", PYPI], "n\n").succeeded();
    assert!(left.stdout.contains("Test now? [Y/n] "), "{left:?}");
    let flag = ["acme", "--pypi", PYPI, "--no-test"];
    let unasked = at_a_terminal(&sandbox, &flag, "").succeeded();
    assert!(!unasked.stdout.contains("Test now?"), "{unasked:?}");
    assert!(emulator.journal().0.is_empty());
}

#[test]
fn an_abandoned_conversation_saves_nothing() {
    let (sandbox, _emulator) = two_hops();
    let before = sandbox.read(CONFIG);
    let left = at_a_terminal(&sandbox, &["other"], "111122223333").exited(1);
    assert!(left.stdout.contains("nothing is saved"), "{left:?}");
    assert_eq!(sandbox.read(CONFIG), before);
}
