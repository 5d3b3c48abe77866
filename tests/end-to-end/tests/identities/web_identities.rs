//! Tokens of web identities: their place among the sources, and what is wrong with some.

use crate::{REFUSED, Row, Same, compare, row, with};

const TOKEN_FILE: (&str, &str) = ("AWS_WEB_IDENTITY_TOKEN_FILE", "$MACHINE/token");
const ROLE_ONE: (&str, &str) = ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/One");

const OWN: &str = "[default]\n$TWOweb_identity_token_file = $MACHINE/token\n";
#[test]
fn web_identities_have_the_same_place() {
    compare(WEB_IDENTITIES);
}

const WEB_IDENTITIES: &[Row] = &[
    row(
        "before keys of its profile",
        "[default]\n$ONEweb_identity_token_file = $MACHINE/token\n",
        "[default]\n$BOB",
        Same("role/One"),
    ),
    row(
        "before a source profile",
        "[default]\n$ONEweb_identity_token_file = $MACHINE/token\nsource_profile = b\n[profile b]\n$BOB",
        "",
        Same("role/One"),
    ),
    with(
        "a role without a token",
        "",
        "[default]\n$BOB",
        &[ROLE_ONE],
        Same("user/bob"),
    ),
    with(
        "a role of the environment, the profile's token",
        OWN,
        "",
        &[ROLE_ONE],
        Same("role/One"),
    ),
    with(
        "an empty token file hides the profile's",
        OWN,
        "[default]\n$BOB",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "")],
        Same("user/bob"),
    ),
    with(
        "an empty role hides the profile's",
        OWN,
        "",
        &[("AWS_ROLE_ARN", "")],
        Same(REFUSED),
    ),
    with(
        "an empty role",
        "",
        "[default]\n$BOB",
        &[TOKEN_FILE, ("AWS_ROLE_ARN", "")],
        Same(REFUSED),
    ),
    with(
        "a relative path",
        "",
        "",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "../home/nowhere"), ROLE_ONE],
        Same(REFUSED),
    ),
    with(
        "an empty token",
        "",
        "",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "$MACHINE/empty"), ROLE_ONE],
        Same(REFUSED),
    )
    .and(&[("empty", "")]),
    with(
        "a token with a line break",
        "",
        "",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "$MACHINE/lines"), ROLE_ONE],
        Same("role/One"),
    )
    .and(&[("lines", "my-web-identity-token\n")]),
    with(
        "a session name that STS does not take",
        "",
        "",
        &[TOKEN_FILE, ROLE_ONE, ("AWS_ROLE_SESSION_NAME", "my name")],
        Same(REFUSED),
    ),
    row(
        "a duration is not sent",
        "[default]\n$ONEweb_identity_token_file = $MACHINE/token\nduration_seconds = 60\n",
        "",
        Same("role/One"),
    ),
];
