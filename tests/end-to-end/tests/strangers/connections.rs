//! Tests of what a customer sends back about his role.

use codeartifact_end_to_end::fixture::two_hops;

const URL: &str = "https://newco-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";

fn outputs(account: &str, external_id: &str) -> String {
    let role = format!("arn:aws:iam::{account}:role/CodeArtifactReader");
    let output =
        |key: &str, value: &str| serde_json::json!({"OutputKey": key, "OutputValue": value});
    let outputs = [output("RoleArn", &role), output("ExternalId", external_id)];
    serde_json::json!({"Stacks": [{"StackName": "s", "Outputs": outputs}]}).to_string()
}

#[test]
fn a_customers_stack_undoes_no_external_id() {
    const FILE: &str = "home/.config/codeartifact/config.toml";
    let (sandbox, _emulator) = two_hops();
    let new = [
        "connect",
        "newco",
        "--npm",
        URL,
        "--role-arn",
        "arn:aws:iam::444455556666:role/CodeArtifactReader",
    ];
    let said = sandbox.run("codeartifact", &new).succeeded().stdout;
    let ours = said
        .lines()
        .find_map(|line| line.strip_prefix("external id: "))
        .unwrap()
        .to_owned();
    let saved = sandbox.read(FILE);
    for (name, account, external_id, says) in REFUSED {
        let external_id = external_id.replace(OURS, &ours);
        let words = ["connect", name, "--npm", URL, "--outputs", "-"];
        let refused = sandbox.feed("codeartifact", &words, &outputs(account, &external_id));
        let refused = refused.exited(2).says(&[says, "hint: "]);
        assert!(!refused.stderr.contains(&ours), "{refused:?}");
        assert_eq!(sandbox.read(FILE), saved, "{name}");
    }
    let words = ["connect", "newco", "--outputs", "-"];
    let _ = sandbox
        .feed("codeartifact", &words, &outputs("444455556666", &ours))
        .succeeded();
    assert!(sandbox.read(FILE).contains(&ours));
    // By a flag just as well.
    let flags = ["connect", "newco", "--external-id", "acme-7f3c2a91"];
    let _ = sandbox
        .run("codeartifact", &flags)
        .exited(2)
        .says(&["connection acme"]);
}

/// The external id that the connection has.
const OURS: &str = "$OURS";

/// Name, account, external id; what is said.
const REFUSED: [(&str, &str, &str, &str); 5] = [
    (
        "newco",
        "444455556666",
        "customers-own-id",
        "not the external id of this connection",
    ),
    (
        "newco",
        "444455556666",
        "acme-7f3c2a91",
        "not the external id of this connection",
    ),
    (
        "newco",
        "111122223333",
        OURS,
        "the role is of account 111122223333",
    ),
    (
        "evilcorp",
        "444455556666",
        "acme-7f3c2a91",
        "connection acme has the same external id",
    ),
    (
        "evilcorp",
        "111122223333",
        "evilcorp-12345",
        "the role is of account 111122223333",
    ),
];
