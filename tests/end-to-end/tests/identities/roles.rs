//! Profiles that assume roles.

use crate::{Different, REFUSED, Row, Same, compare, row, with};

#[test]
fn chains_have_the_same_signers() {
    compare(CHAINS);
}

const CHAINS: &[Row] = &[
    row(
        "one",
        "[default]\n$ONEsource_profile = b\n[profile b]\n$CI",
        "",
        Same("user/ci > role/One"),
    ),
    row(
        "three",
        "[default]\n$ONEsource_profile = b\n[profile b]\n$TWOsource_profile = c\n[profile c]\n$ONEsource_profile = d\n[profile d]\n$CI",
        "",
        Same("user/ci > role/One > role/Two > role/One"),
    ),
    row(
        "the source in credentials",
        "[default]\n$ONEsource_profile = b\n",
        "[b]\n$CI",
        Same("user/ci > role/One"),
    ),
    row(
        "the role in credentials",
        "",
        "[default]\n$ONEsource_profile = b\n[b]\n$CI",
        Same("user/ci > role/One"),
    ),
    row(
        "a source with a blank",
        "[default]\n$ONEsource_profile = my base\n[profile \"my base\"]\n$CI",
        "",
        Same("user/ci > role/One"),
    ),
    row(
        "an external id",
        "[default]\n$THREEexternal_id = acme-7f3c2a91\nsource_profile = b\n[profile b]\n$CI",
        "",
        Same("user/ci > role/Three"),
    ),
    row(
        "a wrong external id",
        "[default]\n$THREEexternal_id = other\nsource_profile = b\n[profile b]\n$CI",
        "",
        Same(REFUSED),
    ),
    row(
        "a quoted external id",
        "[default]\n$THREEexternal_id = \"acme-7f3c2a91\"\nsource_profile = b\n[profile b]\n$CI",
        "",
        Same(REFUSED),
    ),
    row(
        "a comment behind the external id",
        "[default]\n$THREEexternal_id = acme-7f3c2a91 #2\nsource_profile = b\n[profile b]\n$CI",
        "",
        Same(REFUSED),
    ),
    row(
        "its own source by keys",
        "[default]\n$ONEsource_profile = default\n$CI",
        "",
        Same("user/ci > role/One"),
    ),
    row(
        "its own source without keys",
        "[default]\n$ONEsource_profile = default\n",
        "",
        Same(REFUSED),
    ),
    row(
        "its own source by a program",
        "[default]\n$ONEsource_profile = default\ncredential_process = sh $MACHINE/give\n",
        "",
        Same(REFUSED),
    ),
    row(
        "a circle",
        "[default]\n$ONEsource_profile = b\n[profile b]\n$TWOsource_profile = default\n",
        "",
        Same(REFUSED),
    ),
    row(
        "a source that is not there",
        "[default]\n$ONEsource_profile = b\n",
        "",
        Same(REFUSED),
    ),
    row(
        "a source without credentials",
        "[default]\n$ONEsource_profile = b\n[profile b]\nregion = us-east-1\n",
        "",
        Same(REFUSED),
    ),
    row("no source", "[default]\n$ONE$CI", "", Same(REFUSED)),
    row(
        "two sources",
        "[default]\n$ONEsource_profile = b\ncredential_source = Environment\n[profile b]\n$CI",
        "",
        Same(REFUSED),
    ),
    row(
        "keys of a source before its role",
        "[default]\n$ONEsource_profile = b\n[profile b]\n$CI$TWOsource_profile = c\n",
        "",
        Same("user/ci > role/One"),
    ),
    row(
        "a role before keys beside it",
        "[default]\n$ONEsource_profile = b\n$BOB[profile b]\n$CI",
        "",
        Same("user/ci > role/One"),
    ),
    row(
        "a program as source",
        "[default]\n$ONEsource_profile = b\n[profile b]\ncredential_process = sh $MACHINE/give\n",
        "",
        Same("user/bob > role/One"),
    ),
    row(
        "a sign-in as source",
        "[default]\n$TWOsource_profile = b\n[profile b]\nsso_session = corp\n$SSO$CORP",
        "",
        Same("role/One > role/Two"),
    ),
    row(
        "a web identity as source",
        "[default]\n$TWOsource_profile = b\n[profile b]\n$ONEweb_identity_token_file = $MACHINE/token\n",
        "",
        Same("role/One > role/Two"),
    ),
    row(
        "a web identity",
        "[default]\n$ONEweb_identity_token_file = $MACHINE/token\n",
        "",
        Same("role/One"),
    ),
    row(
        "a web identity's file is not there",
        "[default]\n$ONEweb_identity_token_file = $MACHINE/none\n",
        "",
        Same(REFUSED),
    ),
    row(
        "a tilde in it",
        "[default]\n$ONEweb_identity_token_file = ~/token\n",
        "",
        Same(REFUSED),
    ),
    row(
        "a name for the session",
        "[default]\n$ONErole_session_name = me\nsource_profile = b\n[profile b]\n$CI",
        "",
        Same("user/ci > role/One"),
    ),
    row(
        "a name that STS does not take",
        "[default]\n$ONErole_session_name = my name\nsource_profile = b\n[profile b]\n$CI",
        "",
        Same(REFUSED),
    ),
    row(
        "an MFA device",
        "[default]\n$ONEsource_profile = b\nmfa_serial = arn:aws:iam::111122223333:mfa/ci\n[profile b]\n$CI",
        "",
        Same(REFUSED),
    ),
    row(
        "an MFA device without a role",
        "[default]\n$CImfa_serial = arn:aws:iam::111122223333:mfa/ci\n",
        "",
        Same("user/ci"),
    ),
];

const KEYS: &[(&str, &str)] = &[
    ("AWS_ACCESS_KEY_ID", "$ID"),
    ("AWS_SECRET_ACCESS_KEY", "$KEY"),
];
#[test]
fn sources_are_named_alike() {
    compare(NAMED_SOURCES);
}

const NAMED_SOURCES: &[Row] = &[
    with(
        "keys before it",
        "[default]\n$ONEcredential_source = Environment\n",
        "",
        KEYS,
        Same("user/ci"),
    ),
    row(
        "the environment without keys",
        "[default]\n$ONEcredential_source = Environment\n",
        "",
        Same(REFUSED),
    ),
    row(
        "something unknown",
        "[default]\n$ONEcredential_source = environment\n",
        "",
        Same(REFUSED),
    ),
    with(
        "a container",
        "[default]\n$ONEcredential_source = EcsContainer\n",
        "",
        &[(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "$EMULATOR/h/169.254.170.2/v2/credentials/my-task",
        )],
        Same("role/Two > role/One"),
    ),
    row(
        "a container that is none",
        "[default]\n$ONEcredential_source = EcsContainer\n",
        "",
        Same(REFUSED),
    ),
    with(
        "an instance",
        "[default]\n$ONEcredential_source = Ec2InstanceMetadata\n",
        "",
        &[
            ("AWS_EC2_METADATA_DISABLED", "false"),
            (
                "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                "$EMULATOR/h/169.254.169.254/",
            ),
        ],
        Same("role/Two > role/One"),
    ),
];

const CHAIN: &str = "STS refuses more than an hour to a chained session, so no more is asked for";
#[test]
fn durations_are_asked_for_alike() {
    compare(DURATIONS);
}

const DURATIONS: &[Row] = &[
    row(
        "two hours",
        "[default]\n$ONEduration_seconds = 7200\nsource_profile = b\n[profile b]\n$CI",
        "",
        Same("user/ci for 7200 > role/One"),
    ),
    row(
        "a quarter of an hour",
        "[default]\n$ONEduration_seconds = 900\nsource_profile = b\n[profile b]\n$CI",
        "",
        Same("user/ci for 900 > role/One"),
    ),
    row(
        "no number",
        "[default]\n$ONEduration_seconds = long\nsource_profile = b\n[profile b]\n$CI",
        "",
        Same("user/ci > role/One"),
    ),
    row(
        "too short",
        "[default]\n$ONEduration_seconds = 60\nsource_profile = b\n[profile b]\n$CI",
        "",
        Same(REFUSED),
    ),
    row(
        "two hours in a chain",
        "[default]\n$TWOduration_seconds = 7200\nsource_profile = b\n[profile b]\n$ONEsource_profile = c\n[profile c]\n$CI",
        "",
        Different(REFUSED, "user/ci > role/One for 3600 > role/Two", CHAIN),
    ),
];
