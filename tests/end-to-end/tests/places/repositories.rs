//! Tests of what there is to read: domains, repositories and their URLs, through a connection or with the user's own credentials.
use serde_json::Value;

use super::*;

fn repositories(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    sandbox.run("codeartifact", &[&["repositories"], arguments].concat())
}

fn json(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let all = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&repositories(sandbox, &all).succeeded().stdout).unwrap()
}

#[test]
fn through_a_connection() {
    let (sandbox, emulator) = connected(BROWSER);
    for arguments in [&["acme"][..], &[]] {
        let shown = repositories(&sandbox, arguments).succeeded();
        assert_eq!(shown.stderr, "");
        assert!(
            shown.stdout.starts_with(
                "domain my-domain of account 111122223333 in us-east-1\n\nmy-other-repo\n"
            ),
            "{shown:?}"
        );
        for url in [NPM, PYPI, GO] {
            assert!(
                shown.stdout.contains(&format!("  {url}\n")),
                "{url}: {shown:?}"
            );
        }
        let described = "\nmy-repo  What acme's services are made of\n";
        assert!(shown.stdout.contains(described), "{shown:?}");
    }
    let journal = emulator.journal();
    assert_eq!(journal.mints(), 0, "no token is needed to look");
    let asked = journal.of("codeartifact:GetRepositoryEndpoint");
    assert!(asked.is_empty(), "AWS knows no go: {asked:#?}");
    let domains: Vec<_> = json(&sandbox, &["acme"])
        .as_array()
        .unwrap()
        .iter()
        .map(|domain| domain["domain"].clone())
        .collect();
    assert_eq!(
        domains,
        ["my-domain", "my-second-domain"],
        "the configured one, and the account's other"
    );
}

#[test]
fn with_ones_own_credentials() {
    let (mut sandbox, _emulator) = developer();
    let _ = repositories(&sandbox, &[])
        .exited(2)
        .says(&["which Region? give --region"]);
    let shown = json(&sandbox, &["--region", "us-east-1", "--only", "go"]);
    assert_eq!(shown[0]["domain"], "my-domain");
    assert_eq!(
        shown[0]["owner"], "198331734661",
        "of the caller's own account"
    );
    let own = "https://my-domain-198331734661.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/";
    assert_eq!(
        shown[0]["repositories"][0]["urls"],
        serde_json::json!({ "go": own })
    );

    sandbox.set("AWS_REGION", "us-east-1");
    assert_eq!(json(&sandbox, &["--only", "go"]), shown);
    sandbox.set("AWS_REGION", "eu-west-1");
    assert_eq!(json(&sandbox, &[]), serde_json::json!([]), "nothing there");
}

#[test]
fn a_domain_of_somebody_else_by_its_name() {
    let (sandbox, _emulator) = developer();
    let domain = [
        "--domain",
        "my-domain",
        "--owner",
        "111122223333",
        "--region",
        "us-east-1",
    ];
    let denied = repositories(&sandbox, &domain).exited(5);
    let denied = denied.says(&[
        "cannot list the repositories of domain my-domain of account 111122223333 in us-east-1",
        "AWS: AccessDeniedException: ",
        "hint: ",
    ]);
    assert_eq!(denied.stderr.matches("hint: ").count(), 1);
    // With a connection that fits, its role looks.
    Connection {
        role: BROWSER,
        ..acme()
    }
    .configure(&sandbox);
    let shown = json(&sandbox, &domain);
    assert_eq!(shown[0]["repositories"].as_array().unwrap().len(), 2);
    let other = [
        "--domain",
        "no-such-domain",
        "--owner",
        "111122223333",
        "--region",
        "us-east-1",
    ];
    let _ = repositories(&sandbox, &other)
        .exited(6)
        .says(&["ResourceNotFoundException"]);
}

/// A role that may read packages and nothing else is the usual case: what is known is shown, and the rest explained.
#[test]
fn a_reader_is_shown_what_is_configured_and_told_why_there_is_no_more() {
    let (sandbox, _emulator) = connected(READER_ROLE);
    let shown = repositories(&sandbox, &["acme", "--only", "npm"]).exited(5);
    assert_eq!(
        shown.stdout,
        format!("domain my-domain of account 111122223333 in us-east-1\n\nmy-repo\n  npm  {NPM}\n")
    );
    let shown = shown.says(&[
        "codeartifact: cannot list the repositories of domain my-domain",
        "(connection acme)",
        "is not authorized to perform: codeartifact:ListRepositoriesInDomain",
        "hint: no token needs it",
    ]);
    assert_eq!(shown.stderr.matches("cannot list").count(), 1, "{shown:?}");
}

#[test]
fn a_connection_that_does_not_work_is_explained_as_for_a_token() {
    let (sandbox, _emulator) = developer();
    let wrong = Connection {
        role: BROWSER,
        external_id: "globex-51e8d0b4",
        ..acme()
    };
    wrong.configure(&sandbox);
    let refused = repositories(&sandbox, &["acme"]).exited(4);
    let refused = refused.says(&["hop 2 of 2, connection acme", "hint: "]);
    assert_eq!(refused.stdout, "");
    let _ = repositories(&sandbox, &["acne"])
        .exited(3)
        .says(&["did you mean `acme`?"]);
}

#[test]
fn among_several_connections_one_has_to_be_named() {
    let (mut sandbox, _emulator) = developer();
    let other = Connection {
        name: "globex",
        ..acme()
    };
    Connection::configure_all(
        &[
            Connection {
                role: BROWSER,
                ..acme()
            },
            other,
        ],
        &sandbox,
    );
    let _ = repositories(&sandbox, &[])
        .exited(2)
        .says(&["which connection?"]);
    sandbox.set("CODEARTIFACT_CONNECTION", "acme");
    let _ = repositories(&sandbox, &[]).succeeded();
}

/// Tokens of such a connection are narrowed to reading; looking is not.
#[test]
fn a_narrow_scope_does_not_hide_what_there_is() {
    let (sandbox, _emulator) = connected(BROWSER);
    let narrow = sandbox.read(CONFIG) + "scope = \"repositories\"\n";
    sandbox.write(CONFIG, &narrow);
    let shown = repositories(&sandbox, &["acme"]).succeeded();
    assert!(shown.stdout.contains("\nmy-other-repo\n"), "{shown:?}");
}

fn connect(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    sandbox.run("codeartifact", &[&["connect"], arguments].concat())
}

#[test]
fn a_connection_is_filled_from_a_repositorys_name() {
    let (sandbox, emulator) = developer();
    let own = connect(
        &sandbox,
        &[
            "own",
            "--from",
            "my-domain/my-repo",
            "--region",
            "us-east-1",
        ],
    );
    assert_eq!(own.succeeded().stderr, "");
    let host = "https://my-domain-198331734661.d.codeartifact.us-east-1.amazonaws.com";
    assert_eq!(
        sandbox.read(CONFIG),
        format!(
            "[connections.own]\naccount_id = \"198331734661\"\nnpm = \"{host}/npm/my-repo/\"\n\
             pypi = \"{host}/pypi/my-repo/simple/\"\ngo = \"{host}/go/my-repo/\"\n\
             cargo = \"sparse+{host}/cargo/my-repo/\"\nnuget = \"{host}/nuget/my-repo/v3/index.json\"\n\
             maven = \"{host}/maven/my-repo/\"\nruby = \"{host}/ruby/my-repo/\"\n"
        ),
        "the owner is the caller's own account"
    );
    // The account is the role's, the Region that of the URLs which are there, the look through the role.
    Connection {
        role: BROWSER,
        ..acme()
    }
    .configure(&sandbox);
    let moved = connect(&sandbox, &["acme", "--from", "my-domain/my-other-repo"]);
    assert_eq!(moved.succeeded().stderr, "");
    let config = sandbox.read(CONFIG);
    assert_eq!(config.matches("/my-other-repo/").count(), 7, "{config}");
    assert!(
        emulator
            .journal()
            .of("codeartifact:GetRepositoryEndpoint")
            .is_empty()
    );
}

#[test]
fn a_wrong_name_is_not_saved() {
    let (sandbox, _emulator) = connected(BROWSER);
    let before = sandbox.read(CONFIG);
    let rows = [
        ("my-domain/my-rep", 6, "did you mean `my-domain/my-repo`?"),
        ("no-such-domain/my-repo", 6, "ResourceNotFoundException"),
        ("my-repo", 2, "give DOMAIN/REPOSITORY"),
    ];
    for (from, code, says) in rows {
        let _ = connect(&sandbox, &["acme", "--from", from])
            .exited(code)
            .says(&[says]);
        assert_eq!(sandbox.read(CONFIG), before, "{from}");
    }
    let _ = connect(
        &sandbox,
        &[
            "own",
            "--from",
            "no-such-domain/my-repo",
            "--region",
            "us-east-1",
        ],
    )
    .exited(2)
    .says(&[
        "your account has no domain no-such-domain in us-east-1",
        "--account-id",
    ]);
}

/// A role that is not there yet cannot look, and most may not.
#[test]
fn what_cannot_be_checked_is_saved_and_said() {
    let (sandbox, _emulator) = connected(READER_ROLE);
    let saved = connect(&sandbox, &["acme", "--from", "my-domain/anything"]).succeeded();
    let _ = saved.says(&["whether my-domain/anything is there was not checked: cannot list"]);
    let before = [
        "new",
        "--role-arn",
        READER_ROLE,
        "--from",
        "my-domain/my-repo",
        "--region",
        "us-east-1",
    ];
    let saved = connect(&sandbox, &before).succeeded();
    assert_eq!(saved.stderr, "", "its external id was made just now");
}
