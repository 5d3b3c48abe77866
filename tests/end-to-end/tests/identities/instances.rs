//! Containers and instances: which is asked, and an instance whose metadata service is old, slow or closed: when it is asked
//! without a token, as its version 1 wants it.

use crate::{CONTAINER, REFUSED, Row, Same, compare, compare_during, with};

const ON: (&str, &str) = ("AWS_EC2_METADATA_DISABLED", "false");
const HERE: (&str, &str) = (
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "$EMULATOR/h/169.254.169.254/",
);
const WITHOUT_OFF: (&str, &str) = ("AWS_EC2_METADATA_V1_DISABLED", "True");

/// It gives no token, and is asked without one where that is not switched off.
const CLOSED: &[Row] = &[
    with("as it is", "", "", &[ON, HERE], Same("role/Two")),
    with(
        "switched off by a variable",
        "",
        "",
        &[ON, HERE, WITHOUT_OFF],
        Same(REFUSED),
    ),
    with(
        "switched off by the profile",
        "[default]\nec2_metadata_v1_disabled = true\n",
        "",
        &[ON, HERE],
        Same(REFUSED),
    ),
    with(
        "the variable goes before the profile",
        "[default]\nec2_metadata_v1_disabled = true\n",
        "",
        &[ON, HERE, ("AWS_EC2_METADATA_V1_DISABLED", "false")],
        Same("role/Two"),
    ),
    with(
        "a value that is neither",
        "",
        "",
        &[ON, HERE, ("AWS_EC2_METADATA_V1_DISABLED", "1")],
        Same("role/Two"),
    ),
];

#[test]
fn a_service_of_version_1() {
    for status in [403, 404, 405, 500] {
        let rows = if status == 403 { CLOSED } else { &CLOSED[..1] };
        let fault = format!(r#"{{"fault": "refuse", "action": "imds:token", "status": {status}}}"#);
        compare_during(&fault, rows);
    }
    compare_during(r#"{"fault": "hang", "action": "imds:token"}"#, &CLOSED[..1]);
    compare_during(
        r#"{"fault": "reset", "action": "imds:token"}"#,
        &CLOSED[..1],
    );
}

#[test]
fn a_service_that_understands_nothing() {
    compare_during(
        r#"{"fault": "refuse", "action": "imds:token", "status": 400}"#,
        &[with("refused", "", "", &[ON, HERE], Same(REFUSED))],
    );
    compare_during(
        r#"{"fault": "garbage", "action": "imds:credentials"}"#,
        &[with("garbage", "", "", &[ON, HERE], Same(REFUSED))],
    );
}

#[test]
fn a_service_of_version_2_alone_is_asked_by_it() {
    compare(&[with(
        "switched off, not needed",
        "",
        "",
        &[ON, HERE, WITHOUT_OFF],
        Same("role/Two"),
    )]);
}

#[test]
fn a_service_that_is_slow() {
    compare_during(
        r#"{"fault": "delay", "action": "imds:credentials", "milliseconds": 1400}"#,
        &[
            with("too slow", "", "", &[ON, HERE], Same(REFUSED)),
            with(
                "waited for",
                "",
                "",
                &[ON, HERE, ("AWS_METADATA_SERVICE_TIMEOUT", "4")],
                Same("role/Two"),
            ),
        ],
    );
    compare_during(
        r#"{"fault": "status", "action": "imds:credentials", "times": 1}"#,
        &[
            with("asked once", "", "", &[ON, HERE], Same(REFUSED)),
            with(
                "asked again",
                "[default]\nmetadata_service_num_attempts = 2\n",
                "",
                &[ON, HERE],
                Same("role/Two"),
            ),
        ],
    );
}

#[test]
fn containers_and_instances_are_asked_alike() {
    compare(MACHINES);
}

const MACHINES: &[Row] = &[
    with(
        "an instance, without a slash behind",
        "",
        "",
        &[ON, HERE],
        Same("role/Two"),
    ),
    with(
        "an instance, the other family beside",
        "",
        "",
        &[ON, HERE, ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6")],
        Same("role/Two"),
    ),
    with(
        "an instance that is switched off in capitals",
        "",
        "",
        &[("AWS_EC2_METADATA_DISABLED", "TRUE"), HERE],
        Same(REFUSED),
    ),
    with(
        "an instance beside a file that is broken for others",
        "[default]\nregion = x\n  # note\n",
        "",
        &[ON, HERE],
        Same("role/Two"),
    ),
    with(
        "a container before an instance",
        "",
        "",
        &[ON, HERE, CONTAINER],
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
];
