//! Values that decide how AWS is asked.

use crate::{REFUSED, Same, compare, row, with};

#[test]
fn session_tokens() {
    compare(&[
        row(
            "empty",
            "[default]\n$CIaws_session_token =\n",
            "",
            Same("user/ci"),
        ),
        row(
            "empty in credentials",
            "",
            "[default]\n$CIaws_session_token =\n",
            Same("user/ci"),
        ),
        row(
            "wrong",
            "",
            "[default]\n$CIaws_session_token = x\n",
            Same(REFUSED),
        ),
        row(
            "wrong by its older name",
            "",
            "[default]\n$CIaws_security_token = x\n",
            Same(REFUSED),
        ),
    ]);
}

/// An empty `https_proxy` beside HTTPS_PROXY differs: the AWS CLI then asks the network itself, which no test may.
#[test]
fn proxies() {
    const NOWHERE: &str = "http://127.0.0.1:1";
    const CONFIG: &str = "[default]\n$CI";
    compare(&[
        with(
            "upper case empty",
            CONFIG,
            "",
            &[("HTTPS_PROXY", "")],
            Same("user/ci"),
        ),
        with(
            "lower case goes first",
            CONFIG,
            "",
            &[("HTTPS_PROXY", NOWHERE)],
            Same("user/ci"),
        ),
        with(
            "and is wrong",
            CONFIG,
            "",
            &[("https_proxy", NOWHERE)],
            Same(REFUSED),
        ),
        with(
            "in a web server's program",
            CONFIG,
            "",
            &[("REQUEST_METHOD", "GET")],
            Same("user/ci"),
        ),
        with(
            "NO_PROXY in upper case",
            CONFIG,
            "",
            &[("NO_PROXY", "*")],
            Same("user/ci"),
        ),
        with(
            "without a scheme",
            CONFIG,
            "",
            &[("https_proxy", "$ADDRESS")],
            Same("user/ci"),
        ),
    ]);
}

#[test]
fn endpoints() {
    compare(&[
        row(
            "services",
            "[default]\n$CIservices = s\n[services s]\ncodeartifact =\n  endpoint_url = $EMULATOR/h/codeartifact.us-east-1.amazonaws.com\n",
            "",
            Same("user/ci"),
        ),
        row(
            "services that are not there",
            "[default]\n$CIservices = nope\n",
            "",
            Same(REFUSED),
        ),
        row(
            "an endpoint nobody is at",
            "[default]\n$CIservices = s\n[services \"s\"]\ncodeartifact =\n  endpoint_url = http://127.0.0.1:1\n",
            "",
            Same(REFUSED),
        ),
        with(
            "which is not used",
            "[default]\n$CIendpoint_url = http://127.0.0.1:1\n",
            "",
            &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")],
            Same("user/ci"),
        ),
        row(
            "ca_bundle with a tilde",
            "[default]\n$CIca_bundle = ~/none.pem\n",
            "",
            Same("user/ci"),
        ),
    ]);
}
