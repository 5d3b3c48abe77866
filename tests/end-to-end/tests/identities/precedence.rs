//! The order of the sources.

use crate::{Different, EMPTY, REFUSED, Row, Same, compare, row, with};

const WEB: &[(&str, &str)] = &[
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "$MACHINE/token"),
    ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/One"),
];
const KEYS: &[(&str, &str)] = &[
    ("AWS_ACCESS_KEY_ID", "$ID"),
    ("AWS_SECRET_ACCESS_KEY", "$KEY"),
];
const CONTAINER: &[(&str, &str)] = &[(
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "$EMULATOR/h/169.254.170.2/v2/credentials/my-task",
)];
const IMDS: &[(&str, &str)] = &[
    ("AWS_EC2_METADATA_DISABLED", "false"),
    (
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "$EMULATOR/h/169.254.169.254/",
    ),
];

#[test]
fn variables_and_profiles_have_the_same_order() {
    compare(VARIABLES_AND_PROFILES);
}

const VARIABLES_AND_PROFILES: &[Row] = &[
    with("keys in variables", "", "", KEYS, Same("user/ci")),
    with(
        "before the default profile",
        "[default]\n$BOB",
        "",
        KEYS,
        Same("user/ci"),
    ),
    with(
        "before AWS_PROFILE",
        "[profile a]\n$BOB",
        "",
        &[
            ("AWS_ACCESS_KEY_ID", "$ID"),
            ("AWS_SECRET_ACCESS_KEY", "$KEY"),
            ("AWS_PROFILE", "a"),
        ],
        Same("user/ci"),
    ),
    with(
        "not before AWS_PROFILE that is not there",
        "[default]\n$BOB",
        "",
        &[
            ("AWS_ACCESS_KEY_ID", "$ID"),
            ("AWS_SECRET_ACCESS_KEY", "$KEY"),
            ("AWS_PROFILE", "a"),
        ],
        Same(REFUSED),
    ),
    with(
        "a key id without its secret",
        "[default]\n$BOB",
        "",
        &[("AWS_ACCESS_KEY_ID", "$ID")],
        Same(REFUSED),
    ),
    with(
        "an empty secret",
        "[default]\n$BOB",
        "",
        &[("AWS_ACCESS_KEY_ID", "$ID"), ("AWS_SECRET_ACCESS_KEY", "")],
        Same(REFUSED),
    ),
    with(
        "a secret without its key id",
        "[default]\n$BOB",
        "",
        &[("AWS_SECRET_ACCESS_KEY", "$KEY")],
        Same("user/bob"),
    ),
    with(
        "both empty",
        "[default]\n$BOB",
        "",
        &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")],
        Same("user/bob"),
    ),
    with(
        "an empty token",
        "",
        "",
        &[
            ("AWS_ACCESS_KEY_ID", "$ID"),
            ("AWS_SECRET_ACCESS_KEY", "$KEY"),
            ("AWS_SESSION_TOKEN", ""),
        ],
        Same("user/ci"),
    ),
    with(
        "two names of a profile",
        "[profile a]\n$CI[profile b]\n$BOB",
        "",
        &[("AWS_PROFILE", "a"), ("AWS_DEFAULT_PROFILE", "b")],
        Same("user/bob"),
    ),
    with(
        "the older name alone",
        "[profile b]\n$BOB",
        "",
        &[("AWS_DEFAULT_PROFILE", "b")],
        Same("user/bob"),
    ),
    with(
        "an empty name",
        "[default]\n$BOB",
        "",
        &[("AWS_PROFILE", "")],
        Different(REFUSED, "user/bob", EMPTY),
    ),
    with(
        "default by name, not there",
        "",
        "",
        &[("AWS_PROFILE", "default")],
        Same(REFUSED),
    ),
    with(
        "web identity before keys",
        "",
        "[default]\n$BOB",
        WEB,
        Same("role/One"),
    ),
    with(
        "web identity before AWS_PROFILE's keys",
        "[profile a]\n$BOB",
        "",
        &[
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "$MACHINE/token"),
            ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/One"),
            ("AWS_PROFILE", "a"),
        ],
        Same("role/One"),
    ),
    with(
        "web identity after a role",
        "[default]\n$TWOsource_profile = b\n[profile b]\n$CI",
        "",
        WEB,
        Same("user/ci > role/Two"),
    ),
    with(
        "a token file that is not there",
        "",
        "[default]\n$BOB",
        &[
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "$MACHINE/none"),
            ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/One"),
        ],
        Same(REFUSED),
    ),
    with(
        "a token file without a role",
        "",
        "[default]\n$BOB",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "$MACHINE/token")],
        Same(REFUSED),
    ),
    with(
        "an empty token file variable",
        "",
        "[default]\n$BOB",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "")],
        Same("user/bob"),
    ),
];

#[test]
fn sources_of_one_profile_have_the_same_order() {
    compare(SOURCES_OF_ONE_PROFILE);
}

const SOURCES_OF_ONE_PROFILE: &[Row] = &[
    row(
        "sso before keys",
        "[default]\nsso_session = corp\n$SSO$CI$CORP",
        "",
        Same("role/One"),
    ),
    row(
        "keys of credentials before a program",
        "[default]\ncredential_process = sh $MACHINE/give\n",
        "[default]\n$CI",
        Same("user/ci"),
    ),
    row(
        "a program before keys of config",
        "[default]\ncredential_process = sh $MACHINE/give\n$CI",
        "",
        Same("user/bob"),
    ),
    row(
        "keys before aws login",
        "[default]\nlogin_session = x\n",
        "[default]\n$CI",
        Same("user/ci"),
    ),
    row(
        "a session alone is no source",
        "[default]\nsso_session = corp\n$CORP",
        "[default]\n$CI",
        Same("user/ci"),
    ),
    row(
        "a start URL alone is no source",
        "[default]\n$LEGACY",
        "[default]\n$CI",
        Same("user/ci"),
    ),
    with(
        "a session alone, then a container",
        "[default]\nsso_session = corp\n$CORP",
        "",
        CONTAINER,
        Same("role/Two"),
    ),
    with(
        "keys before a container",
        "[default]\n$CI",
        "",
        CONTAINER,
        Same("user/ci"),
    ),
    with("a container", "", "", CONTAINER, Same("role/Two")),
    with(
        "a profile without credentials, then a container",
        "[default]\nregion = us-east-1\n",
        "",
        CONTAINER,
        Same("role/Two"),
    ),
    with("an instance", "", "", IMDS, Same("role/Two")),
    with(
        "an instance that the profile names",
        "[default]\nec2_metadata_service_endpoint = $EMULATOR/h/169.254.169.254/\n",
        "",
        &[("AWS_EC2_METADATA_DISABLED", "false")],
        Same("role/Two"),
    ),
    with(
        "an instance by its address",
        "",
        "",
        &[("AWS_EC2_METADATA_DISABLED", "false")],
        Different(
            "role/Two",
            REFUSED,
            "instance metadata are asked only where the machine says that it is one",
        ),
    ),
    row("nothing", "", "", Same(REFUSED)),
    row(
        "half a key in config",
        "[default]\naws_access_key_id = $ID\n",
        "",
        Same(REFUSED),
    ),
    row(
        "half a key in credentials",
        "[default]\n$BOB",
        "[default]\naws_access_key_id = $ID\n",
        Same(REFUSED),
    ),
    row(
        "a secret alone",
        "[default]\naws_secret_access_key = $KEY\n",
        "",
        Same(REFUSED),
    ),
];
