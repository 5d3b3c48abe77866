//! Variables that are empty, odd, or spelled in an unusual way.

use crate::{Different, EMPTY, JUDGE, NEEDLESS, REFUSED, Row, Same, UNSET, compare, row, with};

const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "$ID"),
    ("AWS_SECRET_ACCESS_KEY", "$KEY"),
];

#[test]
fn empty_variables_mean_the_same() {
    compare(EMPTY_AND_ODD_VARIABLES);
}

const EMPTY_AND_ODD_VARIABLES: &[Row] = &[
    with(
        "an empty name of config",
        "[default]\n$ONEsource_profile = b\n[profile b]\n$CI",
        "[default]\n$BOB",
        &[("AWS_CONFIG_FILE", "")],
        Same("user/bob"),
    ),
    with(
        "an empty name of credentials",
        "[default]\n$BOB",
        "[default]\n$CI",
        &[("AWS_SHARED_CREDENTIALS_FILE", "")],
        Same("user/bob"),
    ),
    with(
        "the older name of a profile is empty",
        "[profile a]\n$CI",
        "",
        &[("AWS_DEFAULT_PROFILE", ""), ("AWS_PROFILE", "a")],
        Different(REFUSED, "user/ci", EMPTY),
    ),
    with(
        "a wrong session token",
        "",
        "",
        &[KEYS[0], KEYS[1], ("AWS_SESSION_TOKEN", "x")],
        Same(REFUSED),
    ),
    with(
        "a wrong session token by its older name",
        "",
        "",
        &[KEYS[0], KEYS[1], ("AWS_SECURITY_TOKEN", "x")],
        Same(REFUSED),
    ),
    with(
        "the older name of a token is empty",
        "",
        "",
        &[
            KEYS[0],
            KEYS[1],
            ("AWS_SECURITY_TOKEN", ""),
            ("AWS_SESSION_TOKEN", ""),
        ],
        Same("user/ci"),
    ),
    with(
        "keys that are over",
        "",
        "",
        &[
            KEYS[0],
            KEYS[1],
            ("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z"),
        ],
        Different(REFUSED, "user/ci", JUDGE),
    ),
    with(
        "an empty endpoint",
        "",
        "",
        &[KEYS[0], KEYS[1], ("AWS_ENDPOINT_URL", "")],
        Same("user/ci"),
    ),
    with(
        "an empty endpoint of a service",
        "",
        "",
        &[KEYS[0], KEYS[1], ("AWS_ENDPOINT_URL_CODEARTIFACT", "")],
        Same("user/ci"),
    ),
    with(
        "attempts that are no number",
        "",
        "",
        &[KEYS[0], KEYS[1], ("AWS_MAX_ATTEMPTS", "many")],
        Different(REFUSED, "user/ci", NEEDLESS),
    ),
    with(
        "a retry mode that is none",
        "[default]\n$CIretry_mode = nonsense\n",
        "",
        &[],
        Different(REFUSED, "user/ci", NEEDLESS),
    ),
    with(
        "an address family that is none",
        "[default]\n$CI",
        "",
        &[("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv5")],
        Different(REFUSED, "user/ci", NEEDLESS),
    ),
    with(
        "authorities of Python's programs",
        "",
        "",
        &[
            KEYS[0],
            KEYS[1],
            ("AWS_CA_BUNDLE", UNSET),
            ("SSL_CERT_FILE", UNSET),
        ],
        Same("user/ci"),
    ),
    with(
        "an account of the keys",
        "",
        "",
        &[KEYS[0], KEYS[1], ("AWS_ACCOUNT_ID", "444455556666")],
        Same("user/ci"),
    ),
];

#[test]
fn odd_variables_mean_the_same() {
    compare(VARIABLES);
}

const VARIABLES: &[Row] = &[
    with(
        "a blank behind a key id",
        "",
        "",
        &[
            ("AWS_ACCESS_KEY_ID", "$ID "),
            ("AWS_SECRET_ACCESS_KEY", "$KEY"),
        ],
        Same(REFUSED),
    ),
    with(
        "a line break behind a secret",
        "",
        "",
        &[
            ("AWS_ACCESS_KEY_ID", "$ID"),
            ("AWS_SECRET_ACCESS_KEY", "$KEY\n"),
        ],
        Same(REFUSED),
    ),
    with(
        "a blank for a token",
        "",
        "",
        &[
            ("AWS_ACCESS_KEY_ID", "$ID"),
            ("AWS_SECRET_ACCESS_KEY", "$KEY"),
            ("AWS_SESSION_TOKEN", " "),
        ],
        Same(REFUSED),
    ),
    with(
        "an empty key id hides nothing",
        "",
        "[default]\n$BOB",
        &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")],
        Same("user/bob"),
    ),
    with(
        "an empty key id, a secret",
        "",
        "[default]\n$BOB",
        &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "$KEY")],
        Same("user/bob"),
    ),
    with(
        "metadata switched off by a number",
        "",
        "",
        &[
            ("AWS_EC2_METADATA_DISABLED", "1"),
            (
                "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                "$EMULATOR/h/169.254.169.254",
            ),
        ],
        Same("role/Two"),
    ),
    with(
        "a token file by a tilde",
        "",
        "",
        &[
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "~/token"),
            ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/One"),
        ],
        Same(REFUSED),
    ),
    row(
        "a token file by a tilde in the profile",
        "[default]\n$ONEweb_identity_token_file = ~/token\n",
        "",
        Same(REFUSED),
    ),
    with(
        "a token with a mark in front",
        "",
        "",
        &[
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "$MACHINE/bom"),
            ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/One"),
        ],
        Same(REFUSED),
    )
    .and(&[("bom", "\u{feff}my-web-identity-token")]),
    with(
        "an empty relative path, a whole URL",
        "",
        "",
        &[
            ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", ""),
            (
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "$EMULATOR/h/169.254.170.2/v2/credentials/my-task",
            ),
        ],
        Same(REFUSED),
    ),
    with(
        "a container by the name localhost",
        "",
        "",
        &[(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "http://localhost:$PORT/h/169.254.170.2/v2/credentials/my-task",
        )],
        Same("role/Two"),
    ),
    with(
        "an empty authorization",
        "",
        "",
        &[
            (
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "$EMULATOR/h/169.254.170.2/v2/credentials/my-task",
            ),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", ""),
        ],
        Same("role/Two"),
    ),
    with(
        "an empty authorization file",
        "",
        "",
        &[
            (
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "$EMULATOR/h/169.254.170.2/v2/credentials/my-task",
            ),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", ""),
        ],
        Same(REFUSED),
    ),
    with(
        "a file that both name by a tilde",
        "",
        "",
        &[
            ("AWS_CONFIG_FILE", "~/mine"),
            ("AWS_SHARED_CREDENTIALS_FILE", "~/mine"),
        ],
        Same("user/ci"),
    )
    .and(&[("mine", "[default]\n$CI")]),
    row(
        "an account mode that is none",
        "[default]\n$CIaccount_id_endpoint_mode = nonsense\n",
        "",
        Different(REFUSED, "user/ci", NEEDLESS),
    ),
    row(
        "checksums that are none",
        "[default]\n$CIrequest_checksum_calculation = nonsense\n",
        "",
        Different(REFUSED, "user/ci", NEEDLESS),
    ),
    row(
        "regional endpoints that are none",
        "[default]\n$CIsts_regional_endpoints = nonsense\n",
        "",
        Different(REFUSED, "user/ci", NEEDLESS),
    ),
];
