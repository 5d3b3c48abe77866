//! The places of the files, and those of older tools.

use crate::{A, CONTAINER, Different, REFUSED, Row, Same, compare, row, with};

const NONE: &str = "the AWS CLI needs no file for keys in variables either, but reads it";
const KEYS: &[(&str, &str)] = &[
    ("AWS_ACCESS_KEY_ID", "$ID"),
    ("AWS_SECRET_ACCESS_KEY", "$KEY"),
];
#[test]
fn the_files_are_at_the_same_places() {
    compare(WHERE_THE_FILES_ARE);
}

const WHERE_THE_FILES_ARE: &[Row] = &[
    with(
        "config elsewhere",
        "",
        "",
        &[("AWS_CONFIG_FILE", "$MACHINE/none")],
        Same(REFUSED),
    ),
    with(
        "config missing, credentials there",
        "",
        "[default]\n$CI",
        &[("AWS_CONFIG_FILE", "$MACHINE/none")],
        Same("user/ci"),
    ),
    with(
        "a variable in it",
        "",
        "[default]\n$CI",
        &[("AWS_CONFIG_FILE", "$HOME/.aws/credentials")],
        Same("user/ci"),
    ),
    with(
        "braces",
        "[default]\n$BOB",
        "[default]\n$CI",
        &[("AWS_SHARED_CREDENTIALS_FILE", "${HOME}/.aws/config")],
        Same("user/bob"),
    ),
    with(
        "a tilde",
        "[default]\n$BOB",
        "",
        &[("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/config")],
        Same("user/bob"),
    ),
    with(
        "a folder",
        "",
        "[default]\n$CI",
        &[("AWS_CONFIG_FILE", "$MACHINE")],
        Same("user/ci"),
    ),
    with(
        "a broken file that is not needed",
        "nonsense",
        "",
        KEYS,
        Different(REFUSED, "user/ci", NONE),
    ),
    with("no profile in it", "", "[b]\n$CI", A, Same(REFUSED)),
    with("empty files", "\n", "\n", A, Same(REFUSED)),
];

const FIRST: &[(&str, &str)] = &[("keys", "# mine\nAWSAccessKeyId=$ID\nAWSSecretKey = $KEY\n")];
const BOTO: &[(&str, &str)] = &[(".boto", "[Credentials]\n$CI")];
#[test]
fn files_of_older_tools_are_read_alike() {
    compare(FILES_OF_OLDER_TOOLS);
}

const FILES_OF_OLDER_TOOLS: &[Row] = &[
    with(
        "of the first tools",
        "",
        "",
        &[("AWS_CREDENTIAL_FILE", "~/keys")],
        Same("user/ci"),
    )
    .and(FIRST),
    with(
        "behind a profile",
        "",
        "[default]\n$BOB",
        &[("AWS_CREDENTIAL_FILE", "~/keys")],
        Same("user/bob"),
    )
    .and(FIRST),
    with(
        "not there",
        "",
        "",
        &[("AWS_CREDENTIAL_FILE", "~/none"), CONTAINER],
        Same(REFUSED),
    ),
    with(
        "without a secret",
        "",
        "",
        &[("AWS_CREDENTIAL_FILE", "~/keys"), CONTAINER],
        Same(REFUSED),
    )
    .and(&[("keys", "AWSAccessKeyId=$ID\n")]),
    with(
        "without a key",
        "",
        "",
        &[("AWS_CREDENTIAL_FILE", "~/keys"), CONTAINER],
        Same("role/Two"),
    )
    .and(&[("keys", "nothing here\n")]),
    row("of boto 2", "", "", Same("user/ci")).and(BOTO),
    with(
        "of boto 2 before a container",
        "",
        "",
        &[CONTAINER],
        Same("user/ci"),
    )
    .and(BOTO),
    row(
        "of boto 2 behind a profile",
        "[default]\n$BOB",
        "",
        Same("user/bob"),
    )
    .and(BOTO),
    with(
        "of boto 2 elsewhere",
        "",
        "",
        &[("BOTO_CONFIG", "$HOME/boto")],
        Same("user/bob"),
    )
    .and(&[
        ("boto", "[Credentials]\n$BOB"),
        (".boto", "[Credentials]\n$CI"),
    ]),
    with(
        "an empty name of it",
        "",
        "",
        &[("BOTO_CONFIG", ""), CONTAINER],
        Same("role/Two"),
    )
    .and(BOTO),
    row("half a key of boto 2", "", "", Same(REFUSED))
        .and(&[(".boto", "[Credentials]\naws_access_key_id = $ID\n")]),
    row("a broken file of boto 2", "", "", Same(REFUSED)).and(&[(".boto", "nonsense\n")]),
    with(
        "a file of gsutil without keys",
        "",
        "",
        &[CONTAINER],
        Same("role/Two"),
    )
    .and(&[(".boto", "[Boto]\nhttps_validate_certificates = True\n")]),
];
