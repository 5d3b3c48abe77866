//! The two files together make profiles.

use super::*;
use crate::token::Timestamp;

/// The files as they are read in a home of their own.
fn load(config: &[u8], credentials: &[u8], variables: &[(&str, &str)]) -> Result<AwsFiles, String> {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    std::fs::write(home.path().join(".aws/credentials"), credentials).unwrap();
    let environment = Environment::fixed(variables, home.path().to_owned(), Timestamp(0));
    let home = home.path().to_str().unwrap();
    let without_home = |text: String| text.replace(home, "~").replace('\\', "/");
    AwsFiles::load(&environment).map_err(|error| without_home(error.to_string()))
}

/// The value of `k` in each profile.
fn shown(config: &str, credentials: &str) -> String {
    let files = load(config.as_bytes(), credentials.as_bytes(), &[]).unwrap();
    let show = |name| {
        let value = files.profile(name).and_then(|profile| profile.text("k"));
        format!("{name}={}", value.unwrap_or("-"))
    };
    let shown: Vec<String> = files.profiles().map(show).collect();
    shown.join(" ")
}

#[test]
fn profiles_are_named_as_the_aws_cli_names_them() {
    let rows = [
        ("[default]\nk=1", "", "default=1"),
        ("[profile a]\nk=1", "", "a=1"),
        ("[profile \"a\"]\nk=1", "", "a=1"),
        ("[profile 'my team']\nk=1", "", "my team=1"),
        ("[profile my\\ team]\nk=1", "", "my team=1"),
        ("[profile my team]\nk=1", "", ""),
        ("[profile büro]\nk=1", "", "büro=1"),
        ("[profile \"a]\nk=1", "", ""),
        ("[profile]\nk=1", "", ""),
        ("[a]\nk=1", "", ""),
        ("[profile\ta]\nk=1", "", "a=1"),
        ("[ profile a ]\nk=1", "", ""),
        ("[profile a] # note\nk=1", "", "a=1"),
        ("[profile default]\nk=1\n[default]\nk=2", "", "default=2"),
        ("[default]\nk=1\n[profile default]\nk=2", "", "default=2"),
        ("[profile a]\nk=1\n[profile \"a\"]\nl=2", "", "a=-"),
        ("", "[a]\nk=1", "a=1"),
        (
            "",
            "[My MacBook Pro]\nk=1\n[team(prod)]\nk=2",
            "My MacBook Pro=1 team(prod)=2",
        ),
        ("", "[profile a]\nk=1", "profile a=1"),
        ("[profile a]\nk=1", "[a]\nk=2", "a=2"),
        ("[profile a]\nk=1", "[a]\nl=2", "a=1"),
    ];
    for (config, credentials, expected) in rows {
        assert_eq!(
            shown(config, credentials),
            expected,
            "{config:?} {credentials:?}"
        );
    }
}

#[test]
fn a_broken_file_is_named_with_its_line() {
    let rows: [(&[u8], &[u8], &str); 4] = [
        (
            b"[a]\nk",
            b"",
            "~/.aws/config, line 2: neither a [section] nor `key = value`",
        ),
        (
            b"",
            b"[a]\nk",
            "~/.aws/credentials, line 2: neither a [section] nor `key = value`",
        ),
        (b"[a]\nk=b\xfcro", b"", "~/.aws/config, line 2: not UTF-8"),
        (
            b"\xef\xbb\xbf[a]",
            b"",
            "~/.aws/config, line 1: the file begins with a byte order mark, save it without one",
        ),
    ];
    for (config, credentials, expected) in rows {
        assert_eq!(load(config, credentials, &[]).unwrap_err(), expected);
    }
}

#[test]
fn files_that_are_not_there_are_said_to_be_missing() {
    let variables = [
        ("AWS_CONFIG_FILE", "$HOME/none"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/"),
    ];
    let files = load(b"", b"", &variables).unwrap();
    let [config, credentials] = files.files().map(ToString::to_string);
    assert_eq!(config, "AWS_CONFIG_FILE=$HOME/none (missing)");
    assert!(
        credentials.starts_with("AWS_SHARED_CREDENTIALS_FILE=/ ("),
        "{credentials}"
    );
}

#[test]
fn sessions_and_services_have_names_of_their_own() {
    let config = "[sso-session \"corp\"]\nk=1\n[services 's']\nsts =\n  endpoint_url = https://example.com\n";
    let files = load(config.as_bytes(), b"", &[]).unwrap();
    assert!(files.sso_sessions.contains_key("corp"));
    let services = files.services("s").unwrap();
    assert_eq!(
        services.nested("sts", "endpoint_url"),
        Some("https://example.com")
    );
    assert_eq!(services.nested("sts", "other"), None);
}
