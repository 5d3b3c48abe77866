//! How the files are read: names, indentation, comments, what is refused.

use crate::{Different, REFUSED, Same, compare, row, with};

const A: &[(&str, &str)] = &[("AWS_PROFILE", "a")];

#[test]
fn names_of_sections() {
    compare(&[
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
    ]);
}

#[test]
fn lines_of_a_section() {
    compare(&[
        with(
            "a comment",
            "# büro\n; note\n[profile a]\n# note\n$CI",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "an indented comment",
            "[profile a]\n  # note\n$CI",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "all keys indented",
            "[profile a]\n  aws_access_key_id = $ID\n  aws_secret_access_key = $KEY\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "tabs",
            "[profile a]\n\taws_access_key_id\t=\t$ID\n\taws_secret_access_key\t=\t$KEY\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "colons",
            "[profile a]\naws_access_key_id: $ID\naws_secret_access_key: $KEY\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "no blanks",
            "[profile a]\naws_access_key_id=$ID\naws_secret_access_key=$KEY\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "upper case",
            "[profile a]\nAWS_ACCESS_KEY_ID = $ID\nAws_Secret_Access_Key = $KEY\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "quoted keys",
            "[profile a]\naws_access_key_id = \"$ID\"\naws_secret_access_key = \"$KEY\"\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "a comment behind a value",
            "[profile a]\naws_access_key_id = $ID # prod\naws_secret_access_key = $KEY\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "a nested block",
            "[profile a]\n$CIs3 =\n  max_concurrent_requests = 20\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a comment in it",
            "[profile a]\ns3 =\n  # faster\n  max_concurrent_requests = 20\n$CI",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a line in it that is none",
            "[profile a]\n$CIs3 =\n  faster\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "services with a comment",
            "[profile a]\n$CI[services s]\n  # note\nsts =\n  endpoint_url = http://x\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "carriage returns",
            "[profile a]\r\naws_access_key_id = $ID\r\naws_secret_access_key = $KEY\r\n",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "a byte order mark",
            "\u{feff}[profile a]\n$CI",
            "",
            A,
            Same(REFUSED),
        ),
        with("no section", "$CI", "", A, Same(REFUSED)),
        with(
            "no value",
            "[profile a]\n$CInonsense\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "a section twice",
            "[profile a]\n$CI[profile a]\nregion = us-east-1\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "a key twice",
            "[profile a]\n$CIregion = x\nregion = y\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "another profile's mistake",
            "[profile a]\n$CI[profile b]\nnonsense\n",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "a comment behind a role",
            "[profile a]\n$ONE    # reader\nsource_profile = b\n[profile b]\n$CI",
            "",
            A,
            Same("user/ci > role/One"),
        ),
        with(
            "a line behind a role",
            "[profile a]\n$ONE    reader\nsource_profile = b\n[profile b]\n$CI",
            "",
            A,
            Same(REFUSED),
        ),
        with(
            "a blank line in a block",
            "[profile a]\ns3 =\n\n  x = 1\n\n$CI",
            "",
            A,
            Same("user/ci"),
        ),
        with(
            "blanks behind values",
            "[profile a]\naws_access_key_id = $ID  \naws_secret_access_key = $KEY  \n",
            "",
            A,
            Same("user/ci"),
        ),
    ]);
}

#[test]
fn where_the_files_are() {
    const NONE: &str = "the AWS CLI needs no file for keys in variables either, but reads it";
    const KEYS: &[(&str, &str)] = &[
        ("AWS_ACCESS_KEY_ID", "$ID"),
        ("AWS_SECRET_ACCESS_KEY", "$KEY"),
    ];
    compare(&[
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
    ]);
}
