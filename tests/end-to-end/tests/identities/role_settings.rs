//! Roles whose settings are empty, odd or incomplete.

use crate::{A, CONTAINER, REFUSED, Row, Same, compare, row, with};

#[test]
fn odd_settings_of_roles_mean_the_same() {
    compare(ROLES_WITH_ODD_SETTINGS);
}

const ROLES_WITH_ODD_SETTINGS: &[Row] = &[
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
];

#[test]
fn odd_sources_of_roles_mean_the_same() {
    compare(ROLES_AND_SOURCES);
}

const ROLES_AND_SOURCES: &[Row] = &[
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
];
