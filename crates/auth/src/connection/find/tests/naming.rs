//! Connections that are named, and where one must be.

use super::*;

#[test]
fn a_named_connection_is_taken_or_is_an_error() {
    let text = block("acme", "acme", "my-domain us-east-1 my-repo");
    let foreign =
        "https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
    let rows = [
        (Some("acme"), None, URL, "acme"),
        (None, Some("acme"), URL, "acme"),
        (Some("acme"), Some("nobody"), URL, "acme"),
        (
            Some("acne"),
            Some("acme"),
            URL,
            "there is no connection named `acne`; did you mean `acme`?",
        ),
        (
            None,
            Some("x"),
            URL,
            "there is no connection named `x` (from CODEARTIFACT_CONNECTION); \
             `codeartifact connections` lists the existing ones",
        ),
        (
            Some("acme"),
            None,
            foreign,
            "connection `acme` is for account 111122223333, and \
             https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/ belongs to 444455556666; \
             leave `--connection` out to let the URL decide",
        ),
        (
            None,
            Some("acme"),
            foreign,
            "connection `acme` (from CODEARTIFACT_CONNECTION) is for account 111122223333, and \
             https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/ belongs to 444455556666; \
             unset CODEARTIFACT_CONNECTION to let the URL decide",
        ),
    ];
    for (flag, variable, url, expected) in rows {
        let variables = variable.map(|name| (environment::CONNECTION, name));
        let connections = connections(&text, variables.as_slice()).unwrap();
        assert_eq!(
            found(&connections, url, flag),
            expected,
            "{flag:?} {variable:?}"
        );
    }
}

/// A project chooses its URLs, so a URL must not choose the connection.
#[test]
fn where_a_connection_is_required_no_url_chooses_one() {
    let acme = block("acme", "acme", "my-domain us-east-1 my-repo");
    let globex = block("globex", "globex", "other us-east-1 my-repo");
    let (alone, both) = (acme.clone(), acme.clone() + &globex);
    let required = "require_connection is set, so ";
    let url = |domain: &str, repository: &str| {
        format!(
            "https://{domain}-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/{repository}/"
        )
    };
    let rows = [
        // the file's connections, URL, named, who serves it
        (&alone, url("my-domain", "my-repo"), None, "acme"),
        (&alone, url("my-domain", "other"), None, required),
        (&alone, url("third", "my-repo"), None, required),
        (&alone, url("third", "my-repo"), Some("acme"), "acme"),
        (&both, url("my-domain", "my-repo"), None, required),
        (&both, url("other", "my-repo"), None, required),
        (&both, url("other", "my-repo"), Some("globex"), "globex"),
    ];
    let by_variable = [(environment::REQUIRE_CONNECTION, "true")];
    let not_by_variable = [(environment::REQUIRE_CONNECTION, "false")];
    let by_file = "[defaults]\nrequire_connection = true\n";
    for (text, url, named, expected) in rows {
        let ways = [
            connections(text, &by_variable),
            connections(&[by_file, text].concat(), &[]),
            connections(&[by_file, text].concat(), &not_by_variable),
        ];
        for connections in ways {
            let found = found(&connections.unwrap(), &url, named);
            assert!(found.starts_with(expected), "{text} {url}: {found}");
        }
    }
    let role = role("from-environment");
    let of_job = [by_variable[0], (environment::ROLE_ARN, role.as_str())];
    let found = found(&connections(&both, &of_job).unwrap(), URL, None);
    assert_eq!(found, "from-environment");
}

#[test]
fn one_connection_alone_may_ask_to_be_named() {
    let text = block("acme", "acme", "my-domain us-east-1 my-repo")
        + "require_connection = true\n"
        + &block("globex", "globex", "other us-east-1 my-repo");
    let connections = connections(&text, &[]).unwrap();
    let other = URL.replace("my-domain", "other");
    assert_eq!(found(&connections, &other, None), "globex");
    assert!(found(&connections, URL, None).starts_with("require_connection is set"));
    assert_eq!(found(&connections, URL, Some("acme")), "acme");
}
