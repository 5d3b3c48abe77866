//! Names, certificates, proxies, services that do not answer as they should, and clocks.

use crate::Case;

const TOKEN: &str = "codeartifact:GetAuthorizationToken";

pub(crate) const CASES: &[Case] = &[
    // RFC 6761: no such name has an address. A resolver that is not there is given up soon.
    ("name_unknown", |job| {
        job.set("AWS_ENDPOINT_URL_STS", "https://sts.invalid");
        job.set("NO_PROXY", "sts.invalid");
        job.set("no_proxy", "sts.invalid");
        job.set("RES_OPTIONS", "timeout:1 attempts:1");
    }),
    ("network_failed", |job| {
        job.set("AWS_ENDPOINT_URL_STS", "https://127.0.0.1:1");
    }),
    ("certificate_unknown", |job| {
        job.sandbox.unset("AWS_CA_BUNDLE");
        job.sandbox.unset("REQUESTS_CA_BUNDLE");
        job.sandbox.unset("SSL_CERT_FILE");
    }),
    ("proxy_refused", |job| {
        job.sandbox.unset("https_proxy");
        job.set("HTTPS_PROXY", "http://127.0.0.1:1");
    }),
    ("throttled", |job| {
        job.in_short();
        job.emulator.fault(&format!(
            r#"{{"fault": "throttle", "seconds": 60, "action": "{TOKEN}"}}"#
        ));
    }),
    ("server_failed", |job| {
        job.emulator.fault(&format!(
            r#"{{"fault": "status", "status": 500, "action": "{TOKEN}"}}"#
        ));
    }),
    ("server_failed", |job| {
        job.emulator
            .fault(r#"{"fault": "status", "status": 503, "action": "npm"}"#);
    }),
    ("answer_garbled", |job| {
        job.emulator
            .fault(&format!(r#"{{"fault": "garbage", "action": "{TOKEN}"}}"#));
    }),
    ("answer_garbled", |job| {
        job.emulator
            .fault(r#"{"fault": "garbage", "action": "npm"}"#);
    }),
    ("clock_wrong", |job| {
        let text = "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z";
        job.refuse("sts:GetCallerIdentity", 403, "SignatureDoesNotMatch", text);
    }),
    ("clock_off", |job| job.emulator.shift_clock(1200)),
];

pub(crate) const SLOW: &[Case] = &[("timed_out", |job| {
    job.emulator
        .fault(r#"{"fault": "hang", "action": "sts:AssumeRole"}"#);
})];
