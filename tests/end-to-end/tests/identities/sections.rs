//! Names of sections, and what is beside the settings.

use crate::{A, Different, NEEDLESS, REFUSED, Row, Same, compare, row, with};

#[test]
fn sections_are_found_by_the_same_names() {
    compare(NAMES_OF_SECTIONS);
}

const NAMES_OF_SECTIONS: &[Row] = &[
    with("config", "[profile a]\n$CI", "", A, Same("user/ci")),
    with("credentials", "", "[a]\n$CI", A, Same("user/ci")),
    with(
        "keys in credentials, the Region in config",
        "[profile a]\nregion = us-east-1\n",
        "[a]\n$CI",
        A,
        Same("user/ci"),
    ),
    with(
        "double quotes",
        "[profile \"a\"]\n$CI",
        "",
        A,
        Same("user/ci"),
    ),
    with(
        "single quotes",
        "[profile 'a']\n$CI",
        "",
        A,
        Same("user/ci"),
    ),
    with(
        "a blank in quotes",
        "[profile \"my team\"]\n$CI",
        "",
        &[("AWS_PROFILE", "my team")],
        Same("user/ci"),
    ),
    with(
        "a blank without quotes",
        "[profile my team]\n$CI",
        "",
        &[("AWS_PROFILE", "my team")],
        Same(REFUSED),
    ),
    with(
        "an escaped blank",
        "[profile my\\ team]\n$CI",
        "",
        &[("AWS_PROFILE", "my team")],
        Same("user/ci"),
    ),
    with(
        "a blank in credentials",
        "",
        "[my team]\n$CI",
        &[("AWS_PROFILE", "my team")],
        Same("user/ci"),
    ),
    with(
        "brackets in credentials",
        "",
        "[team(prod)]\n$CI",
        &[("AWS_PROFILE", "team(prod)")],
        Same("user/ci"),
    ),
    with(
        "commas in credentials",
        "",
        "[a,b]\n$CI",
        &[("AWS_PROFILE", "a,b")],
        Same("user/ci"),
    ),
    with(
        "an umlaut",
        "[profile büro]\n$CI",
        "",
        &[("AWS_PROFILE", "büro")],
        Same("user/ci"),
    ),
    with("without the word profile", "[a]\n$CI", "", A, Same(REFUSED)),
    with(
        "the word profile in credentials",
        "",
        "[profile a]\n$CI",
        A,
        Same(REFUSED),
    ),
    with(
        "blanks in brackets",
        "[ profile a ]\n$CI",
        "",
        A,
        Same(REFUSED),
    ),
    with("upper case", "[profile A]\n$CI", "", A, Same(REFUSED)),
    with(
        "a comment behind the name",
        "[profile a] # note\n$CI",
        "",
        A,
        Same("user/ci"),
    ),
    with(
        "another kind of comment",
        "[profile a] /* note */\n$CI",
        "",
        A,
        Same("user/ci"),
    ),
    with("a tab", "[profile\ta]\n$CI", "", A, Same("user/ci")),
    with("an open quote", "[profile \"a]\n$CI", "", A, Same(REFUSED)),
    row(
        "default twice, in two ways",
        "[profile default]\n$BOB[default]\n$CI",
        "",
        Same("user/ci"),
    ),
    row(
        "the same the other way round",
        "[default]\n$CI[profile default]\n$BOB",
        "",
        Same("user/bob"),
    ),
    with(
        "settings of both files",
        "[profile a]\n$BOB",
        "[a]\n$CI",
        A,
        Same("user/ci"),
    ),
    with(
        "defaults for all",
        "[DEFAULT]\n$CI[profile a]\nregion = us-east-1\n",
        "",
        A,
        Same("user/ci"),
    ),
];

#[test]
fn sections_and_settings_that_are_nearly_right() {
    compare(SECTIONS_AND_SETTINGS);
}

const SECTIONS_AND_SETTINGS: &[Row] = &[
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
];
