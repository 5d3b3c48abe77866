//! A profile that a connection or the AWS CLI's `--profile` names.

use crate::{REFUSED, Row, Same, compare, with};

const CONFIG: &str = "[default]\n$BOB[profile a]\n$CI[profile none]\nregion = us-east-1\n[profile role]\n$ONEcredential_source = Environment\n";
#[test]
fn an_explicit_profile_goes_first() {
    compare(AN_EXPLICIT_PROFILE);
}

const AN_EXPLICIT_PROFILE: &[Row] = &[
    with(
        "alone",
        CONFIG,
        "",
        &[("CODEARTIFACT_PROFILE", "a")],
        Same("user/ci"),
    ),
    with(
        "not there",
        CONFIG,
        "",
        &[("CODEARTIFACT_PROFILE", "b")],
        Same(REFUSED),
    ),
    with(
        "before keys in variables",
        CONFIG,
        "",
        &[
            ("CODEARTIFACT_PROFILE", "default"),
            ("AWS_ACCESS_KEY_ID", "$ID"),
            ("AWS_SECRET_ACCESS_KEY", "$KEY"),
        ],
        Same("user/bob"),
    ),
    with(
        "before AWS_PROFILE",
        CONFIG,
        "",
        &[("CODEARTIFACT_PROFILE", "a"), ("AWS_PROFILE", "default")],
        Same("user/ci"),
    ),
    with(
        "before half a key in variables",
        CONFIG,
        "",
        &[("CODEARTIFACT_PROFILE", "a"), ("AWS_ACCESS_KEY_ID", "$ID")],
        Same("user/ci"),
    ),
    with(
        "before a web identity in variables",
        CONFIG,
        "",
        &[
            ("CODEARTIFACT_PROFILE", "a"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "$MACHINE/token"),
            ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/One"),
        ],
        Same("user/ci"),
    ),
    with(
        "without credentials",
        CONFIG,
        "",
        &[("CODEARTIFACT_PROFILE", "none")],
        Same(REFUSED),
    ),
    with(
        "without credentials, then a container",
        CONFIG,
        "",
        &[
            ("CODEARTIFACT_PROFILE", "none"),
            (
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "$EMULATOR/h/169.254.170.2/v2/credentials/my-task",
            ),
        ],
        Same("role/Two"),
    ),
    with(
        "a role from keys in variables",
        CONFIG,
        "",
        &[
            ("CODEARTIFACT_PROFILE", "role"),
            ("AWS_ACCESS_KEY_ID", "$ID"),
            ("AWS_SECRET_ACCESS_KEY", "$KEY"),
        ],
        Same("user/ci > role/One"),
    ),
];
