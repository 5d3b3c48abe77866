//! Sign-ins and programs.

use crate::{Different, REFUSED, Same, compare, row, with};

#[test]
fn sign_ins() {
    const CONFIG: &str = "[default]\nsso_session = corp\n$SSO$CORP";
    const RENEWED: &str = r#"2020-01-01T00:00:00Z", "refreshToken": "my-sso-refresh-token", "clientId": "x", "clientSecret": "y", "registrationExpiresAt": "2099-01-01T00:00:00Z"#;
    const WRITTEN: &[(&str, &[(&str, &str)])] = &[
        (
            "west of Greenwich",
            &[("TEST_SIGN_IN_ENDS", "2099-01-01T15:00:06-08:00")],
        ),
        (
            "an offset of zero",
            &[("TEST_SIGN_IN_ENDS", "2099-01-01T15:00:06+00:00")],
        ),
        (
            "UTC in letters",
            &[("TEST_SIGN_IN_ENDS", "2099-01-01T15:00:06UTC")],
        ),
        (
            "a fraction",
            &[("TEST_SIGN_IN_ENDS", "2099-01-01T15:00:06.123Z")],
        ),
    ];
    let mut rows = vec![
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
    ];
    rows.push(with(
        "over, but renewed",
        CONFIG,
        "",
        &[("TEST_SIGN_IN_ENDS", RENEWED)],
        Same("role/One"),
    ));
    rows.extend(
        WRITTEN
            .iter()
            .map(|&(what, ends)| with(what, CONFIG, "", ends, Same("role/One"))),
    );
    compare(&rows);
}

#[test]
fn programs() {
    const JUDGE: &str = "AWS judges keys, not this machine's clock";
    compare(&[
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
    ]);
}
