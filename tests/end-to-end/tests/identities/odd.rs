//! Odd but legal: names, settings, variables and programs that nobody means to write and some have.

use crate::{Different, REFUSED, Same, compare, row, with};

const A: &[(&str, &str)] = &[("AWS_PROFILE", "a")];
const NEEDLESS: &str = "a setting that is not needed does no harm";

#[test]
fn names_and_lines() {
    compare(&[
        with(
            "odd names in a section",
            "[profile a.b/c@d+e]\n$CI",
            "",
            &[("AWS_PROFILE", "a.b/c@d+e")],
            Same("user/ci"),
        ),
        with(
            "a name in other letters",
            "[profile 部门]\n$CI",
            "",
            &[("AWS_PROFILE", "部门")],
            Same("user/ci"),
        ),
        with(
            "blanks around the name in the variable",
            "[profile a]\n$CI",
            "",
            &[("AWS_PROFILE", " a ")],
            Same(REFUSED),
        ),
        with(
            "two blanks in a section",
            "[profile   a]\n$CI",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a name with a quote inside",
            "[profile it's]\n$CI",
            "",
            &[("AWS_PROFILE", "it's")],
            Same(REFUSED),
        ),
        with(
            "a name with an escaped blank",
            "[profile my\\ team]\n$CI",
            "",
            &[("AWS_PROFILE", "my team")],
            Same("user/ci"),
        ),
        with(
            "half of the name quoted",
            "[profile my\" \"team]\n$CI",
            "",
            &[("AWS_PROFILE", "my team")],
            Same("user/ci"),
        ),
        with(
            "keys in capitals",
            "[profile a]\nAWS_ACCESS_KEY_ID = $ID\nAws_Secret_Access_Key = $KEY\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a semicolon behind a value",
            "[profile a]\naws_access_key_id = $ID ; mine\naws_secret_access_key = $KEY\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "line ends of old Macs",
            "[profile a]\raws_access_key_id = $ID\raws_secret_access_key = $KEY\r",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a form feed",
            "[profile a]\n\u{c}aws_access_key_id = $ID\naws_secret_access_key = $KEY\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a line of blanks in between",
            "[profile a]\naws_access_key_id = $ID\n   \naws_secret_access_key = $KEY\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a nested key is none",
            "[profile a]\ns3 =\n  aws_access_key_id = $ID\n  aws_secret_access_key = $KEY\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "a value of two lines",
            "[profile a]\n$CIregion = us-east-1\n  us-west-2\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "an empty section",
            "[]\n[profile a]\n$CI",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "brackets in a name",
            "[profile a[1]]\n$CI",
            "",
            &[("AWS_PROFILE", "a[1]")],
            Same("user/ci"),
        ),
        with(
            "the profile in both files, a role in credentials",
            "[profile a]\nregion = us-east-1\n[profile b]\n$CI",
            "[a]\n$ONEsource_profile = b\n",
            A,
            Same("user/ci > role/One"),
        ),
        with(
            "both files are one",
            "",
            "[profile a]\n$CI",
            &[
                ("AWS_PROFILE", "a"),
                ("AWS_CONFIG_FILE", "$MACHINE/.aws/credentials"),
            ],
            Same("user/ci"),
        ),
        with(
            "no file by /dev/null",
            "[default]\n$BOB",
            "[default]\n$CI",
            &[("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")],
            Same("user/bob"),
        ),
        row(
            "a session in credentials",
            "[default]\nsso_session = corp\n$SSO",
            "$CORP",
            Same(REFUSED),
        ),
        row(
            "a session with a blank",
            "[default]\nsso_session = my corp\n$SSO[sso-session \"my corp\"]\n$LEGACY",
            "",
            Same(REFUSED),
        ),
        row(
            "an account in quotes",
            "[default]\nsso_session = corp\nsso_account_id = \"111122223333\"\nsso_role_name = One\n$CORP",
            "",
            Same(REFUSED),
        ),
        row(
            "a start page with a slash more",
            "[default]\nsso_session = corp\nsso_start_url = https://example.awsapps.com/start/\n$SSO$CORP",
            "",
            Same(REFUSED),
        ),
    ]);
}

#[test]
fn roles_and_sources() {
    compare(&[
        with(
            "a source in small letters",
            "[default]\n$ONEcredential_source = environment\n",
            "",
            &[
                ("AWS_PROFILE", "default"),
                ("AWS_ACCESS_KEY_ID", "$ID"),
                ("AWS_SECRET_ACCESS_KEY", "$KEY"),
            ],
            Same("user/ci"),
        ),
        with(
            "two sources",
            "[default]\n$ONEcredential_source = Environment\nsource_profile = b\n[profile b]\n$CI",
            "",
            &[
                ("AWS_PROFILE", "default"),
                ("AWS_ACCESS_KEY_ID", "$ID"),
                ("AWS_SECRET_ACCESS_KEY", "$KEY"),
            ],
            Same("user/ci"),
        ),
        row(
            "a role whose source is SSO with keys beside",
            "[default]\n$TWOsource_profile = b\n[profile b]\n$CIsso_session = corp\n$SSO$CORP",
            "",
            Same("role/One > role/Two"),
        ),
        row(
            "a role whose source has a web identity",
            "[default]\n$TWOsource_profile = b\n[profile b]\n$ONEweb_identity_token_file = $MACHINE/token\n",
            "",
            Same("role/One > role/Two"),
        ),
        with(
            "a role whose source is itself, keys in credentials",
            "[profile a]\n$ONEsource_profile = a\n",
            "[a]\n$CI",
            A,
            Same("user/ci > role/One"),
        ),
        row(
            "a long duration",
            "[default]\n$ONEduration_seconds = 43200\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same("user/ci for 43200 > role/One"),
        ),
        row(
            "a duration that is too short",
            "[default]\n$ONEduration_seconds = 60\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same(REFUSED),
        ),
        row(
            "a duration with a sign",
            "[default]\n$ONEduration_seconds = +900\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same("user/ci for 900 > role/One"),
        ),
        row(
            "a session name with an equals sign",
            "[default]\n$ONErole_session_name = me=you@example.com\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same("user/ci > role/One"),
        ),
        row(
            "a role of another partition",
            "[default]\nrole_arn = arn:aws-cn:iam::111122223333:role/One\nsource_profile = b\n[profile b]\n$CI",
            "",
            Same(REFUSED),
        ),
    ]);
}

#[test]
fn variables() {
    compare(&[
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
    ]);
}

#[test]
fn programs() {
    compare(&[
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
    ]);
}
