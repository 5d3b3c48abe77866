//! More of each kind: what people's homes, images and CI systems hold beside the usual.

use crate::{Different, REFUSED, Same, UNSET, compare, row, with};

const A: &[(&str, &str)] = &[("AWS_PROFILE", "a")];
const CONTAINER: (&str, &str) = (
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "$EMULATOR/h/169.254.170.2/v2/credentials/my-task",
);
const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "$ID"),
    ("AWS_SECRET_ACCESS_KEY", "$KEY"),
];
const TOKEN_FILE: (&str, &str) = ("AWS_WEB_IDENTITY_TOKEN_FILE", "$MACHINE/token");
const ROLE_ONE: (&str, &str) = ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/One");

const EMPTY: &str = "an empty variable counts as unset, as it does in CI systems";
const JUDGE: &str = "AWS judges keys, not this machine's clock";
const NEEDLESS: &str = "a setting that is not needed does no harm";

#[test]
fn sections_and_settings() {
    compare(&[
        with(
            "an indented first section",
            "  [profile a]\n$CI",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "an indented section behind a setting",
            "[profile b]\nregion = x\n  [profile a]\n$CI",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "a longer first word",
            "[profiles a]\n$CI",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a word stuck to it",
            "[profile-of a]\n$CI",
            "",
            A,
            Same("user/ci"),
        ),
        with("three words", "[profile a b]\n$CI", "", A, Same(REFUSED)),
        with(
            "an empty name beside it",
            "[profile]\nx = y\n[profile a]\n$CI",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a key on the next line",
            "[profile a]\naws_access_key_id =\n  $ID\naws_secret_access_key = $KEY\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "a hard blank behind a value",
            "[profile a]\naws_access_key_id = $ID\u{a0}\naws_secret_access_key = $KEY\u{a0}\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a control character behind a value",
            "[profile a]\naws_access_key_id = $ID\u{1f}\naws_secret_access_key = $KEY\n",
            "",
            A,
            Same("user/ci"),
        ),
        row("defaults alone", "[DEFAULT]\n$CI", "", Same(REFUSED)),
        with(
            "defaults in credentials",
            "",
            "[DEFAULT]\n$CI[a]\nregion = x\n",
            A,
            Same("user/ci"),
        ),
        with(
            "a setting twice, in capitals",
            "[profile a]\n$CIRegion = x\nregion = y\n",
            "",
            A,
            Same(REFUSED),
        ),
        row(
            "another section by capitals",
            "[default]\n$CI[Default]\n$BOB",
            "",
            Same("user/ci"),
        ),
        row(
            "a blank in the brackets",
            "[default ]\n$CI",
            "[default]\n$BOB",
            Same("user/bob"),
        ),
        with(
            "a block with a colon",
            "[profile a]\n$CIs3 =\n  max: 20\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "a percent sign",
            "[profile a]\n$CIx = %(y)s\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a plugin of others",
            "[plugins]\nx = y\n[profile a]\n$CI",
            "",
            A,
            Different(REFUSED, "user/ci", NEEDLESS),
        ),
        with(
            "a broken credentials file",
            "[profile a]\n$CI",
            "nonsense\n",
            A,
            Same(REFUSED),
        ),
        row(
            "SSO in credentials",
            "",
            "[default]\n$SSO$LEGACY",
            Same("role/One"),
        ),
        row(
            "a program in credentials",
            "",
            "[default]\ncredential_process = sh $MACHINE/give\n",
            Same("user/bob"),
        ),
        row(
            "a web identity in credentials",
            "",
            "[default]\n$ONEweb_identity_token_file = $MACHINE/token\n",
            Same("role/One"),
        ),
    ]);
}

#[test]
fn web_identities() {
    const OWN: &str = "[default]\n$TWOweb_identity_token_file = $MACHINE/token\n";
    compare(&[
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
    ]);
}

#[test]
fn files_of_older_tools() {
    const FIRST: &[(&str, &str)] = &[("keys", "# mine\nAWSAccessKeyId=$ID\nAWSSecretKey = $KEY\n")];
    const BOTO: &[(&str, &str)] = &[(".boto", "[Credentials]\n$CI")];
    compare(&[
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
    ]);
}

#[test]
fn empty_and_odd_variables() {
    compare(&[
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
    ]);
}

#[test]
fn roles_with_odd_settings() {
    compare(&[
        row(
            "an empty external id",
            "[default]\n$ONEexternal_id =\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same(REFUSED),
        ),
        row(
            "an empty duration",
            "[default]\n$ONEduration_seconds =\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same("user/ci > role/One"),
        ),
        row(
            "a duration with a fraction",
            "[default]\n$ONEduration_seconds = 900.5\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same("user/ci > role/One"),
        ),
        row(
            "a duration as Python writes it",
            "[default]\n$ONEduration_seconds = 3_600\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same("user/ci for 3600 > role/One"),
        ),
        row(
            "an empty MFA device",
            "[default]\n$ONEmfa_serial =\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same(REFUSED),
        ),
        row(
            "an empty source",
            "[default]\n$ONEsource_profile =\n[profile b]\n$CI",
            "",
            Same(REFUSED),
        ),
        row(
            "an empty session name",
            "[default]\n$ONErole_session_name =\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same("user/ci > role/One"),
        ),
        row(
            "no role at all",
            "[default]\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same(REFUSED),
        ),
        row(
            "a role that is none",
            "[default]\nrole_arn = One\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same(REFUSED),
        ),
        row(
            "a source with half a key",
            "[default]\n$ONEsource_profile = b\n[profile b]\naws_secret_access_key = $KEY\n",
            "",
            Same(REFUSED),
        ),
        row(
            "a source whose keys are in credentials, a program beside",
            "[default]\n$ONEsource_profile = b\n[profile b]\ncredential_process = sh $MACHINE/give\n",
            "[b]\n$CI",
            Same("user/ci > role/One"),
        ),
        row(
            "a source with a wrong session token",
            "[default]\n$ONEsource_profile = b\n",
            "[b]\n$CIaws_session_token = x\n",
            Same(REFUSED),
        ),
        with(
            "the source is a container's profile",
            "[default]\n$ONEsource_profile = b\n[profile b]\nregion = x\n",
            "",
            &[CONTAINER],
            Same(REFUSED),
        ),
    ]);
}

#[test]
fn programs_and_sign_ins() {
    const SSO: &str = "[default]\nsso_session = corp\n$SSO$CORP";
    compare(&[
        row("a version with a fraction", "[default]\ncredential_process = sh $MACHINE/one\n", "", Same("user/ci")).and(&[("one", "echo '{\"Version\": 1.0, \"AccessKeyId\": \"$ID\", \"SecretAccessKey\": \"$KEY\"}'\n")]),
        row("a version in quotes", "[default]\ncredential_process = sh $MACHINE/one\n", "", Same(REFUSED)).and(&[("one", "echo '{\"Version\": \"1\", \"AccessKeyId\": \"$ID\", \"SecretAccessKey\": \"$KEY\"}'\n")]),
        row("no command", "[default]\ncredential_process =\n", "", Same(REFUSED)),
        row("a line before the answer", "[default]\ncredential_process = sh -c 'echo hello; sh $MACHINE/give'\n", "", Same(REFUSED)),
        row("a warning beside the answer", "[default]\ncredential_process = sh -c 'echo hello >&2; sh $MACHINE/give'\n", "", Same("user/bob")),
        row("an end that is no time", "[default]\ncredential_process = sh $MACHINE/give ',\"Expiration\":\"soon\"'\n", "", Different(REFUSED, "user/bob", JUDGE)),
        row("an empty end", "[default]\ncredential_process = sh $MACHINE/give ',\"Expiration\":null'\n", "", Same("user/bob")),
        with("a sign-in that ends at no time", SSO, "", &[("TEST_SIGN_IN_ENDS", "soon")], Different(REFUSED, "role/One", JUDGE)),
        with("a sign-in that is over, in small letters", SSO, "", &[("TEST_SIGN_IN_ENDS", "2020-01-01t00:00:00z")], Same(REFUSED)),
        with("a sign-in for a profile by name", "[profile a]\nsso_session = corp\n$SSO$CORP", "", A, Same("role/One")),
        row("a session of another start page", "[default]\nsso_session = corp\nsso_start_url = https://other.awsapps.com/start\n$SSO$CORP", "", Same(REFUSED)),
        row("a role name with a blank behind", "[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = One  \n$CORP", "", Same("role/One")),
    ]);
}

#[test]
fn machines() {
    const INSTANCE: (&str, &str) = (
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "$EMULATOR/h/169.254.169.254",
    );
    const ON: (&str, &str) = ("AWS_EC2_METADATA_DISABLED", "false");
    compare(&[
        with(
            "an instance, without a slash behind",
            "",
            "",
            &[ON, INSTANCE],
            Same("role/Two"),
        ),
        with(
            "an instance, the other family beside",
            "",
            "",
            &[
                ON,
                INSTANCE,
                ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"),
            ],
            Same("role/Two"),
        ),
        with(
            "an instance that is switched off in capitals",
            "",
            "",
            &[("AWS_EC2_METADATA_DISABLED", "TRUE"), INSTANCE],
            Same(REFUSED),
        ),
        with(
            "an instance beside a file that is broken for others",
            "[default]\nregion = x\n  # note\n",
            "",
            &[ON, INSTANCE],
            Same("role/Two"),
        ),
        with(
            "a container before an instance",
            "",
            "",
            &[ON, INSTANCE, CONTAINER],
            Same("role/Two"),
        ),
        with(
            "a container on another host",
            "",
            "",
            &[(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://example.com/credentials",
            )],
            Same(REFUSED),
        ),
        with(
            "a container that shows a line break",
            "",
            "",
            &[CONTAINER, ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\nb")],
            Same(REFUSED),
        ),
        with(
            "a container whose token file is a folder",
            "",
            "",
            &[
                CONTAINER,
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "$MACHINE"),
            ],
            Same(REFUSED),
        ),
        with(
            "a token file before a token",
            "",
            "",
            &[
                CONTAINER,
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "$MACHINE/none"),
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "x"),
            ],
            Same(REFUSED),
        ),
    ]);
}
