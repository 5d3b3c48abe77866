//! Sign-ins and programs.

use crate::{A, Different, JUDGE, REFUSED, Row, Same, compare, row, with};

const CONFIG: &str = "[default]\nsso_session = corp\n$SSO$CORP";
const RENEWED: &str = r#"2020-01-01T00:00:00Z", "refreshToken": "my-sso-refresh-token", "clientId": "x", "clientSecret": "y", "registrationExpiresAt": "2099-01-01T00:00:00Z"#;
#[test]
fn sign_ins_are_used_alike() {
    compare(SIGN_INS);
}

const SIGN_INS: &[Row] = &[
    row("a session", CONFIG, "", Same("role/One")),
    row(
        "a quoted session",
        "[default]\nsso_session = corp\n$SSO[sso-session \"corp\"]\n$LEGACY",
        "",
        Same("role/One"),
    ),
    row(
        "without a session",
        "[default]\n$SSO$LEGACY",
        "",
        Same("role/One"),
    ),
    row(
        "the same in both",
        "[default]\nsso_session = corp\n$LEGACY$SSO$CORP",
        "",
        Same("role/One"),
    ),
    row(
        "another Region in each",
        "[default]\nsso_session = corp\nsso_region = eu-west-1\n$SSO$CORP",
        "",
        Same(REFUSED),
    ),
    row(
        "a session that is not there",
        "[default]\nsso_session = other\n$SSO$CORP",
        "",
        Same(REFUSED),
    ),
    row(
        "no role",
        "[default]\nsso_session = corp\nsso_account_id = 111122223333\n$CORP",
        "",
        Same(REFUSED),
    ),
    row(
        "a role that is not granted",
        "[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Two\n$CORP",
        "",
        Same(REFUSED),
    ),
    row(
        "not signed in",
        "[default]\nsso_session = never\n$SSO[sso-session never]\n$LEGACY",
        "",
        Same(REFUSED),
    ),
    with(
        "over",
        CONFIG,
        "",
        &[("TEST_SIGN_IN_ENDS", "2020-01-01T00:00:00Z")],
        Same(REFUSED),
    ),
    with(
        "over, but renewed",
        CONFIG,
        "",
        &[("TEST_SIGN_IN_ENDS", RENEWED)],
        Same("role/One"),
    ),
    with(
        "west of Greenwich",
        CONFIG,
        "",
        &[("TEST_SIGN_IN_ENDS", "2099-01-01T15:00:06-08:00")],
        Same("role/One"),
    ),
    with(
        "an offset of zero",
        CONFIG,
        "",
        &[("TEST_SIGN_IN_ENDS", "2099-01-01T15:00:06+00:00")],
        Same("role/One"),
    ),
    with(
        "UTC in letters",
        CONFIG,
        "",
        &[("TEST_SIGN_IN_ENDS", "2099-01-01T15:00:06UTC")],
        Same("role/One"),
    ),
    with(
        "a fraction",
        CONFIG,
        "",
        &[("TEST_SIGN_IN_ENDS", "2099-01-01T15:00:06.123Z")],
        Same("role/One"),
    ),
];

#[test]
fn programs_are_run_alike() {
    compare(PROGRAMS);
}

const PROGRAMS: &[Row] = &[
    row(
        "a program",
        "[default]\ncredential_process = sh $MACHINE/give\n",
        "",
        Same("user/bob"),
    ),
    row(
        "quoted",
        "[default]\ncredential_process = \"sh\" '$MACHINE/give'\n",
        "",
        Same("user/bob"),
    ),
    row(
        "quotes and a semicolon",
        "[default]\ncredential_process = sh -c 'true ; sh $MACHINE/give # now'\n",
        "",
        Same("user/bob"),
    ),
    row(
        "no shell",
        "[default]\ncredential_process = sh $MACHINE/give | sh -c true\n",
        "",
        Same(REFUSED),
    ),
    row(
        "a variable",
        "[default]\ncredential_process = sh $HOME/give\n",
        "",
        Same(REFUSED),
    ),
    row(
        "a tilde",
        "[default]\ncredential_process = sh ~/give\n",
        "",
        Same(REFUSED),
    ),
    row(
        "an open quote",
        "[default]\ncredential_process = sh '$MACHINE/give\n",
        "",
        Same(REFUSED),
    ),
    row(
        "a program that is not there",
        "[default]\ncredential_process = no-such-program\n",
        "",
        Same(REFUSED),
    ),
    row(
        "one that fails",
        "[default]\ncredential_process = sh -c 'exit 3'\n",
        "",
        Same(REFUSED),
    ),
    row(
        "one that says nothing",
        "[default]\ncredential_process = sh -c true\n",
        "",
        Same(REFUSED),
    ),
    row(
        "an empty session token",
        "[default]\ncredential_process = sh $MACHINE/give ',\"SessionToken\":\"\"'\n",
        "",
        Same("user/bob"),
    ),
    row(
        "an offset",
        "[default]\ncredential_process = sh $MACHINE/give ',\"Expiration\":\"2099-01-01T00:00:00+0000\"'\n",
        "",
        Same("user/bob"),
    ),
    row(
        "keys that are over",
        "[default]\ncredential_process = sh $MACHINE/give ',\"Expiration\":\"2020-01-01T00:00:00Z\"'\n",
        "",
        Different(REFUSED, "user/bob", JUDGE),
    ),
];

const SSO: &str = "[default]\nsso_session = corp\n$SSO$CORP";
#[test]
fn odd_programs_and_sign_ins_mean_the_same() {
    compare(PROGRAMS_AND_SIGN_INS);
}

const PROGRAMS_AND_SIGN_INS: &[Row] = &[
    row(
        "a version with a fraction",
        "[default]\ncredential_process = sh $MACHINE/one\n",
        "",
        Same("user/ci"),
    )
    .and(&[(
        "one",
        "echo '{\"Version\": 1.0, \"AccessKeyId\": \"$ID\", \"SecretAccessKey\": \"$KEY\"}'\n",
    )]),
    row(
        "a version in quotes",
        "[default]\ncredential_process = sh $MACHINE/one\n",
        "",
        Same(REFUSED),
    )
    .and(&[(
        "one",
        "echo '{\"Version\": \"1\", \"AccessKeyId\": \"$ID\", \"SecretAccessKey\": \"$KEY\"}'\n",
    )]),
    row(
        "no command",
        "[default]\ncredential_process =\n",
        "",
        Same(REFUSED),
    ),
    row(
        "a line before the answer",
        "[default]\ncredential_process = sh -c 'echo hello; sh $MACHINE/give'\n",
        "",
        Same(REFUSED),
    ),
    row(
        "a warning beside the answer",
        "[default]\ncredential_process = sh -c 'echo hello >&2; sh $MACHINE/give'\n",
        "",
        Same("user/bob"),
    ),
    row(
        "an end that is no time",
        "[default]\ncredential_process = sh $MACHINE/give ',\"Expiration\":\"soon\"'\n",
        "",
        Different(REFUSED, "user/bob", JUDGE),
    ),
    row(
        "an empty end",
        "[default]\ncredential_process = sh $MACHINE/give ',\"Expiration\":null'\n",
        "",
        Same("user/bob"),
    ),
    with(
        "a sign-in that ends at no time",
        SSO,
        "",
        &[("TEST_SIGN_IN_ENDS", "soon")],
        Different(REFUSED, "role/One", JUDGE),
    ),
    with(
        "a sign-in that is over, in small letters",
        SSO,
        "",
        &[("TEST_SIGN_IN_ENDS", "2020-01-01t00:00:00z")],
        Same(REFUSED),
    ),
    with(
        "a sign-in for a profile by name",
        "[profile a]\nsso_session = corp\n$SSO$CORP",
        "",
        A,
        Same("role/One"),
    ),
    row(
        "a session of another start page",
        "[default]\nsso_session = corp\nsso_start_url = https://other.awsapps.com/start\n$SSO$CORP",
        "",
        Same(REFUSED),
    ),
    row(
        "a role name with a blank behind",
        "[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = One  \n$CORP",
        "",
        Same("role/One"),
    ),
];

#[test]
fn odd_programs_are_run_alike() {
    compare(ODD_PROGRAMS);
}

const ODD_PROGRAMS: &[Row] = &[
    row("an escaped blank", "[default]\ncredential_process = sh $MACHINE/my\\ give\n", "", Same("user/bob")).and(&[("my give", "sh $MACHINE/give\n")]),
    row("quotes in quotes", "[default]\ncredential_process = sh -c \"sh '$MACHINE/give'\"\n", "", Same("user/bob")),
    row("two lines", "[default]\ncredential_process = sh\n  $MACHINE/give\n", "", Same("user/bob")),
    row("a line behind the answer", "[default]\ncredential_process = sh -c 'sh $MACHINE/give; echo'\n", "", Same("user/bob")),
    row("a mark before the answer", "[default]\ncredential_process = cat $MACHINE/bom\n", "", Same(REFUSED)).and(&[("bom", "\u{feff}{\"Version\": 1, \"AccessKeyId\": \"$ID\", \"SecretAccessKey\": \"$KEY\"}")]),
    row("a key twice", "[default]\ncredential_process = cat $MACHINE/twice\n", "", Same(REFUSED)).and(&[("twice", "{\"Version\": 1, \"AccessKeyId\": \"x\", \"AccessKeyId\": \"$ID\", \"SecretAccessKey\": \"$KEY\"}")]),
    row("a key that is null", "[default]\ncredential_process = cat $MACHINE/null\n", "", Same(REFUSED)).and(&[("null", "{\"Version\": 1, \"AccessKeyId\": \"$ID\", \"SecretAccessKey\": \"$KEY\", \"SessionToken\": null}")]),
    row("a version that is true", "[default]\ncredential_process = cat $MACHINE/true\n", "", Same(REFUSED)).and(&[("true", "{\"Version\": true, \"AccessKeyId\": \"$ID\", \"SecretAccessKey\": \"$KEY\"}")]),
    row("a program that reads its input", "[default]\ncredential_process = sh -c 'cat; sh $MACHINE/give'\n", "", Same("user/bob")),
    row("a program that starts another in the background", "[default]\ncredential_process = sh -c 'sleep 0 & sh $MACHINE/give'\n", "", Same("user/bob")),
];
