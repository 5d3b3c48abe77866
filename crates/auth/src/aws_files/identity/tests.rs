//! Each combination leads to one source. The end-to-end test `identities` runs the AWS CLI on the same homes.

mod half_set_up;

use super::*;
use crate::token::Timestamp;

/// Names and values.
type Variables<'a> = &'a [(&'a str, &'a str)];

const ONE: &str = "role_arn = arn:aws:iam::111122223333:role/One\n";
const TWO: &str = "role_arn = arn:aws:iam::111122223333:role/Two\n";
const CI: &str = "aws_access_key_id = CI\naws_secret_access_key = x\n";
const BOB: &str = "aws_access_key_id = BOB\naws_secret_access_key = x\n";
const SSO: &str = "sso_account_id = 111122223333\nsso_role_name = Reader\n";
const CORP: &str = "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n";

/// The identity that one home leads to, in a line.
fn found(
    config: &str,
    credentials: &str,
    variables: Variables<'_>,
    explicit: Option<&str>,
) -> String {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    std::fs::write(home.path().join(".aws/credentials"), credentials).unwrap();
    let environment = Environment::fixed(variables, home.path().to_owned(), Timestamp(0));
    let identity = match Identity::find(&environment, explicit) {
        Ok(identity) => identity,
        Err(error) => {
            return error
                .to_string()
                .replace(home.path().to_str().unwrap(), "~")
                .replace('\\', "/");
        }
    };
    let roles = identity
        .roles
        .iter()
        .map(|role| role.role_arn.rsplit('/').next().unwrap());
    let roles = roles.map(|role| format!(" > {role}"));
    base(&identity.base) + &roles.collect::<String>()
}

fn base(base: &Base) -> String {
    match base {
        Base::Environment(keys) => format!("environment {}", keys.access_key_id),
        Base::Profile { profile, keys } => {
            let token = keys.session_token.as_ref().map_or("", |_| " with token");
            format!("{profile}: {}{token}", keys.access_key_id)
        }
        Base::OlderFile { file, keys } => format!("{file}: {}", keys.access_key_id),
        Base::WebIdentity {
            token_file,
            role_arn,
            ..
        } => format!("{token_file} as {role_arn}"),
        Base::Sso(sign_in) => format!("sso {} {}", sign_in.account_id, sign_in.role_name),
        Base::Login { session, .. } => format!("login {session}"),
        Base::Process { command, .. } => format!("process {command}"),
        Base::Container { uri } => format!("container {uri}"),
        Base::Instance { endpoint } => format!("instance {}", endpoint.as_deref().unwrap_or("-")),
    }
}

const KEYS: Variables<'static> = &[("AWS_ACCESS_KEY_ID", "ENV"), ("AWS_SECRET_ACCESS_KEY", "x")];
const WEB: Variables<'static> = &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"), ("AWS_ROLE_ARN", "W")];
const CONTAINER: Variables<'static> =
    &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/c")];

/// Replaces what stands for settings in the rows.
fn spelled(text: &str) -> String {
    let settings = [
        ("$BOB", BOB),
        ("$CI", CI),
        ("$ONE", ONE),
        ("$TWO", TWO),
        ("$SSO", SSO),
        ("$CORP", CORP),
    ];
    let spell = |text: String, (name, setting): (&str, &str)| text.replace(name, setting);
    settings.into_iter().fold(text.to_owned(), spell)
}

#[test]
fn the_order_of_sources_is_the_aws_clis() {
    for (config, credentials, variables, expected) in ORDER {
        assert_eq!(
            found(&spelled(config), &spelled(credentials), variables, None),
            *expected,
            "{config}{credentials}{variables:?}"
        );
    }
}

const ORDER: &[(&str, &str, Variables<'static>, &str)] = &[
    ("", "", &[], "instance -"),
    ("", "", KEYS, "environment ENV"),
    (
        "[default]\n$ONEsource_profile = b\n[profile b]\n$CI",
        "[default]\n$BOB",
        KEYS,
        "environment ENV",
    ),
    (
        "[default]\n$ONEsource_profile = b\n[profile b]\n$CI",
        "",
        WEB,
        "b: CI > One",
    ),
    ("[default]\n$BOB", "", WEB, "/t as W"),
    ("", "[default]\n$BOB", WEB, "/t as W"),
    (
        "[default]\nsso_session = corp\n$SSO$CORP",
        "[default]\n$BOB",
        &[],
        "sso 111122223333 Reader",
    ),
    (
        "[default]\ncredential_process = give\n",
        "[default]\n$BOB",
        &[],
        "default: BOB",
    ),
    (
        "[default]\nlogin_session = L\n",
        "[default]\n$BOB",
        &[],
        "default: BOB",
    ),
    (
        "[default]\ncredential_process = give\nlogin_session = L\n",
        "",
        &[],
        "login L",
    ),
    (
        "[default]\ncredential_process = give\n$BOB",
        "",
        &[],
        "process give",
    ),
    ("[default]\n$BOB", "[default]\n$CI", &[], "default: CI"),
    ("[default]\n$BOB", "", CONTAINER, "default: BOB"),
    (
        "[default]\nregion = us-east-1\n",
        "",
        CONTAINER,
        "container http://127.0.0.1/c",
    ),
    (
        "[default]\nsso_session = corp\n$CORP",
        "",
        CONTAINER,
        "container http://127.0.0.1/c",
    ),
    (
        "[default]\nsso_start_url = https://x\nsso_region = us-east-1\n",
        "[default]\n$BOB",
        &[],
        "default: BOB",
    ),
    (
        "[default]\nec2_metadata_service_endpoint = http://e\n",
        "",
        &[],
        "instance http://e",
    ),
    (
        "[default]\nimds_use_ipv6 = true\n",
        "",
        &[],
        "instance http://[fd00:ec2::254]/",
    ),
    (
        "[default]\nimds_use_ipv6 = true\nec2_metadata_service_endpoint_mode = ipv4\n",
        "",
        &[],
        "instance -",
    ),
];

#[test]
fn an_explicit_profile_goes_before_the_variables() {
    let config = format!("[default]\n{BOB}[profile a]\n{CI}[profile b]\n{BOB}[profile none]\n");
    let both: &[_] = &[("AWS_PROFILE", "a"), ("AWS_DEFAULT_PROFILE", "b")];
    let rows: &[(Variables<'_>, Option<&str>, &str)] = &[
        (KEYS, Some("a"), "a: CI"),
        (WEB, Some("a"), "a: CI"),
        (both, Some("a"), "a: CI"),
        (both, None, "b: BOB"),
        (&[("AWS_PROFILE", "a")], None, "a: CI"),
        (
            &[("AWS_PROFILE", "a"), ("AWS_DEFAULT_PROFILE", "")],
            None,
            "a: CI",
        ),
        (&[("AWS_PROFILE", "")], None, "default: BOB"),
        (&[], Some("none"), "instance -"),
        (
            &[],
            Some("c"),
            "there is no profile `c` in ~/.aws/config or ~/.aws/credentials",
        ),
    ];
    for (variables, explicit, expected) in rows {
        assert_eq!(
            found(&config, "", variables, *explicit),
            *expected,
            "{variables:?} {explicit:?}"
        );
    }
}

#[test]
fn roles_are_followed_to_their_source() {
    for (rest, variables, expected) in SOURCES {
        let config = spelled(&format!("[profile a]\n$ONE{rest}"));
        let found = found(&config, "", variables, Some("a"));
        assert_eq!(found, *expected, "{rest}");
    }
}

const SOURCES: &[(&str, Variables<'static>, &str)] = &[
    ("source_profile = b\n[profile b]\n$CI", &[], "b: CI > One"),
    (
        "source_profile = b\n[profile b]\n$TWOsource_profile = c\n[profile c]\n$CI",
        &[],
        "c: CI > Two > One",
    ),
    (
        "source_profile = b\n[profile b]\n$CI$TWOsource_profile = c\n",
        &[],
        "b: CI > One",
    ),
    ("$CIsource_profile = a\n", &[], "a: CI > One"),
    (
        "source_profile = my base\n[profile \"my base\"]\n$CI",
        &[],
        "my base: CI > One",
    ),
    (
        "credential_source = Environment\n",
        KEYS,
        "environment ENV > One",
    ),
    (
        "credential_source = EcsContainer\n",
        &[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c")],
        "container /c > One",
    ),
    (
        "credential_source = Ec2InstanceMetadata\n",
        &[],
        "instance - > One",
    ),
    (
        "source_profile = b\n[profile b]\ncredential_process = give\n",
        &[],
        "process give > One",
    ),
    (
        "source_profile = b\n[profile b]\nweb_identity_token_file = /t\n$TWO",
        &[],
        "/t as arn:aws:iam::111122223333:role/Two > One",
    ),
    (
        "web_identity_token_file = /t\n",
        &[],
        "/t as arn:aws:iam::111122223333:role/One",
    ),
];

#[test]
fn an_empty_session_token_is_none() {
    let rows = [
        ("", "a: CI"),
        ("aws_session_token =\n", "a: CI"),
        ("aws_session_token = t\n", "a: CI with token"),
        ("aws_security_token = t\n", "a: CI with token"),
    ];
    for (token, expected) in rows {
        assert_eq!(
            found("", &format!("[a]\n{CI}{token}"), &[], Some("a")),
            expected
        );
    }
}

/// A file that is not needed does no harm.
#[test]
fn keys_in_variables_need_no_file() {
    assert_eq!(found("nonsense", "nonsense", KEYS, None), "environment ENV");
    assert_eq!(
        found("nonsense", "", &[], None),
        "~/.aws/config, line 1: this is before the first [section]"
    );
}
