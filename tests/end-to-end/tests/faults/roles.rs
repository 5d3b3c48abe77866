//! Roles that refuse. AWS words most refusals alike; what can be told apart is told by what the connection says, by
//! what worked before, and by what the role does without the external id.

use codeartifact_end_to_end::fixture::NPM;

use crate::{Case, DEVELOPER};

const ASSUME: &str = "sts:AssumeRole";

const DENIED: &str = "User: arn:aws:iam::198331734661:user/ci is not authorized to perform: sts:AssumeRole on resource: \
                      arn:aws:iam::198331734661:role/IntegrationReadOnly";

pub(crate) const CASES: &[Case] = &[
    ("via_refused", |job| {
        job.edit("IntegrationReadOnly", "NoSuchRole")
    }),
    ("role_refused", |job| {
        job.edit("acme-7f3c2a91", "acme-00000000")
    }),
    ("role_refused", |job| job.role("CodeArtifactUntrusting")),
    ("role_refused", |job| job.role("CodeArtifactDeleted")),
    ("role_refused_since", |job| {
        job.keys(DEVELOPER);
        job.edit("via = ", "# via = ");
        job.role("CodeArtifactForDev");
        let _ = job.sandbox.run("codeartifact", &["token", NPM]).succeeded();
        job.refuse(ASSUME, 403, "AccessDenied", DENIED);
    }),
    ("role_of_other_account", |job| {
        job.edit("111122223333:role", "198331734661:role");
    }),
    ("external_id_not_sent", |job| {
        job.edit("external_id", "# external_id")
    }),
    ("external_id_not_enforced", |job| {
        job.role("CodeArtifactOpen")
    }),
    ("external_id_short", |job| {
        job.role("CodeArtifactShort");
        job.edit("acme-7f3c2a91", "abc12");
    }),
    ("external_id_unused", |job| {
        job.edit("via = ", "# via = ");
        job.role("CodeArtifactPipeline");
        job.set("CODEARTIFACT_SOURCE", "env:ID_TOKEN");
        job.set("ID_TOKEN", "my-web-identity-token");
    }),
    ("caller_not_allowed", |job| {
        let because = "because no identity-based policy allows the sts:AssumeRole action";
        job.refuse(ASSUME, 403, "AccessDenied", &format!("{DENIED} {because}"));
    }),
    ("explicitly_denied", |job| job.role("CodeArtifactDenied")),
    ("explicitly_denied", |job| {
        let because = "with an explicit deny in a service control policy";
        job.refuse(ASSUME, 403, "AccessDenied", &format!("{DENIED} {because}"));
    }),
    ("session_too_long", |job| {
        let text =
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        job.refuse(ASSUME, 400, "ValidationError", text);
    }),
    ("session_policy_refused", |job| {
        job.edit("external_id", "scope = \"repositories\"\nexternal_id");
        let text = "Packed policy consumes 112% of allotted space, please use smaller policy.";
        job.refuse(ASSUME, 400, "PackedPolicyTooLarge", text);
    }),
    ("value_refused", |job| {
        let text = "1 validation error detected: Value at 'roleArn' failed to satisfy constraint";
        job.refuse(ASSUME, 400, "ValidationError", text);
    }),
    ("region_off", |job| {
        let text = "STS is not activated in this region for account:198331734661.";
        job.refuse(ASSUME, 403, "RegionDisabledException", text);
    }),
];
