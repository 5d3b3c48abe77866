//! Sessions of `aws login`, which both renew by their refresh token and a proof that they have the key. The AWS CLI's
//! version 1 has no such command, but reads what version 2 leaves behind.

use std::fs;

use codeartifact_end_to_end::fixture::NPM;
use codeartifact_end_to_end::{Emulator, Sandbox};

use crate::{ASK, Different, REFUSED, Same, compare, row, who, with};

const CONFIG: &str =
    "[default]\nlogin_session = arn:aws:sts::111122223333:assumed-role/One/developer\n";

/// The file of that session; its name is the SHA-256 of that.
const FILE: &str =
    ".aws/login/cache/89d192f3618c37f8d819353ba579d1b5d42875d2d8182db0bc86cd063d161e0d.json";
const ELSEWHERE: &str =
    "elsewhere/89d192f3618c37f8d819353ba579d1b5d42875d2d8182db0bc86cd063d161e0d.json";

/// A session that was over long ago, with the key in the documentation of AWS's SDK for Rust.
const OVER: &str = r#"{"accessToken": {"accessKeyId": "ASIAIOSFODNN7EXAMPLE", "secretAccessKey": "x", "sessionToken": "x", "accountId": "111122223333", "expiresAt": "2020-01-01T00:00:00Z"}, "tokenType": "aws_sigv4", "refreshToken": "my-login-refresh-token", "idToken": "x", "clientId": "arn:aws:signin:::devtools/same-device", "dpopKey": "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIFDZHUzOG1Pzq+6F0mjMlOSp1syN9LRPBuHMoCFXTcXhoAoGCCqGSM49\nAwEHoUQDQgAE9qhj+KtcdHj1kVgwxWWWw++tqoh7H7UHs7oXh8jBbgF47rrYGC+t\ndjiIaHK3dBvvdE7MGj5HsepzLm3Kj91bqA==\n-----END EC PRIVATE KEY-----\n"}"#;

/// The same as it is written by a tool in Go, and with few fields.
const OVER_IN_GO: &str = r#"{"accessToken": {"accessKeyId": "x", "secretAccessKey": "x", "sessionToken": "x", "accountId": "111122223333", "expiresAt": "2020-01-01T00:00:00-08:00"}, "refreshToken": "my-login-refresh-token", "clientId": "arn:aws:signin:::devtools/same-device", "dpopKey": "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIFDZHUzOG1Pzq+6F0mjMlOSp1syN9LRPBuHMoCFXTcXhoAoGCCqGSM49\nAwEHoUQDQgAE9qhj+KtcdHj1kVgwxWWWw++tqoh7H7UHs7oXh8jBbgF47rrYGC+t\ndjiIaHK3dBvvdE7MGj5HsepzLm3Kj91bqA==\n-----END EC PRIVATE KEY-----\n"}"#;

const REVOKED: &str = r#"{"accessToken": {"accessKeyId": "x", "secretAccessKey": "x", "sessionToken": "x", "accountId": "111122223333", "expiresAt": "2020-01-01T00:00:00Z"}, "refreshToken": "another", "clientId": "x", "dpopKey": "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIFDZHUzOG1Pzq+6F0mjMlOSp1syN9LRPBuHMoCFXTcXhoAoGCCqGSM49\nAwEHoUQDQgAE9qhj+KtcdHj1kVgwxWWWw++tqoh7H7UHs7oXh8jBbgF47rrYGC+t\ndjiIaHK3dBvvdE7MGj5HsepzLm3Kj91bqA==\n-----END EC PRIVATE KEY-----\n"}"#;

const WITHOUT_KEY: &str = r#"{"accessToken": {"accessKeyId": "x", "secretAccessKey": "x", "sessionToken": "x", "accountId": "111122223333", "expiresAt": "2020-01-01T00:00:00Z"}, "refreshToken": "my-login-refresh-token", "clientId": "x", "dpopKey": "x"}"#;

#[test]
fn sessions() {
    compare(&[
        row("renewed", CONFIG, "", Same("role/One")).and(&[(FILE, OVER)]),
        row("another time zone", CONFIG, "", Same("role/One")).and(&[(FILE, OVER_IN_GO)]),
        row("revoked", CONFIG, "", Same(REFUSED)).and(&[(FILE, REVOKED)]),
        row("without its key", CONFIG, "", Same(REFUSED)).and(&[(FILE, WITHOUT_KEY)]),
        row("not there", CONFIG, "", Same(REFUSED)),
        row("nonsense", CONFIG, "", Same(REFUSED)).and(&[(FILE, "nonsense")]),
        row(
            "a role behind it",
            "[default]\n$TWOsource_profile = b\n[profile b]\nlogin_session = arn:aws:sts::111122223333:assumed-role/One/developer\n",
            "",
            Same("role/One > role/Two"),
        )
        .and(&[(FILE, OVER)]),
        with(
            "another folder",
            CONFIG,
            "",
            &[("AWS_LOGIN_CACHE_DIRECTORY", "$MACHINE/elsewhere")],
            Same("role/One"),
        )
        .and(&[(ELSEWHERE, OVER)]),
        with(
            "another folder, by a tilde",
            CONFIG,
            "",
            &[("AWS_LOGIN_CACHE_DIRECTORY", "~/elsewhere")],
            Same("role/One"),
        )
        .and(&[(ELSEWHERE, OVER)]),
        with(
            "another folder, by a variable",
            CONFIG,
            "",
            &[("AWS_LOGIN_CACHE_DIRECTORY", "${HOME}/elsewhere")],
            Same("role/One"),
        )
        .and(&[(ELSEWHERE, OVER)]),
        with(
            "an empty folder",
            CONFIG,
            "",
            &[("AWS_LOGIN_CACHE_DIRECTORY", "")],
            Different(
                REFUSED,
                "role/One",
                "an empty variable counts as unset, as it does in CI systems",
            ),
        )
        .and(&[(FILE, OVER)]),
    ]);
}

/// Each goes on with what the other has renewed.
#[test]
fn a_renewed_session_is_shared_with_the_aws_cli() {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("identities", &mut sandbox);
    sandbox.client("awscli", "aws");
    sandbox.set("CODEARTIFACT_CACHE", "off");
    sandbox.write("home/.aws/config", CONFIG);
    let file = format!("home/{FILE}");
    let renewals = || emulator.journal().of("signin:CreateOAuth2Token").len();
    let ours: &[&str] = &["token", NPM];
    for (first, second) in [
        (("codeartifact", ours), ("aws", &ASK[..])),
        (("aws", &ASK[..]), ("codeartifact", ours)),
    ] {
        sandbox.write(&file, OVER);
        let (before, seen) = (renewals(), emulator.journal().0.len());
        for (program, arguments) in [first, second] {
            let _ = sandbox.run(program, arguments).succeeded();
            assert_eq!(renewals(), before + 1, "{program}");
        }
        let kept: serde_json::Value = serde_json::from_str(&sandbox.read(&file)).unwrap();
        assert_eq!(kept["idToken"], "x", "what is not ours stays");
        assert_ne!(kept["refreshToken"], "my-login-refresh-token");
        let both = who(&emulator.journal().after(seen));
        assert_eq!(both, "role/One > role/One");
    }
    sandbox.write(&file, OVER);
    let _ = sandbox.run("codeartifact", ours).succeeded();
    assert_eq!(sandbox.mode(&file), 0o600);
    let folder = sandbox.path("home/.aws/login/cache");
    assert_eq!(fs::read_dir(folder).unwrap().count(), 1, "nothing is left");
}
