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
