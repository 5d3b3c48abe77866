//! Roles that refuse. AWS words most refusals alike; what can be told apart is told by what the connection says, by
//! what worked before, and by what the role does without the external id.

use codeartifact_end_to_end::fixture::NPM;

use crate::{DEVELOPER, Job, Trouble};

const ASSUME: &str = "sts:AssumeRole";

const DENIED: &str = "User: arn:aws:iam::198331734661:user/ci is not authorized to perform: sts:AssumeRole on resource: \
                      arn:aws:iam::198331734661:role/IntegrationReadOnly";

pub(crate) const CASES: &[Trouble] = &[
    (
        "via_refused",
        |job| job.edit("IntegrationReadOnly", "NoSuchRole"),
        |job, hint| {
            assert!(
                hint.starts_with("the role's trust policy must name the caller"),
                "{hint}"
            );
            job.edit("NoSuchRole", "IntegrationReadOnly");
        },
    ),
    (
        "role_refused",
        |job| job.edit("acme-7f3c2a91", "acme-00000000"),
        |job, hint| {
            let policy = job.run_what(hint).succeeded().stdout;
            assert!(
                policy.contains("\"sts:ExternalId\": \"acme-00000000\""),
                "{policy}"
            );
            job.edit("acme-00000000", "acme-7f3c2a91");
        },
    ),
    (
        "role_refused",
        |job| job.role("CodeArtifactUntrusting"),
        |job, hint| {
            let policy = job.run_what(hint).succeeded().stdout;
            assert!(policy.contains("role/IntegrationReadOnly"), "{policy}");
            job.edit("CodeArtifactUntrusting", "CodeArtifactReader");
        },
    ),
    (
        "role_refused",
        |job| job.role("CodeArtifactDeleted"),
        |job, hint| {
            let _ = job.run_what(hint).succeeded();
            job.edit("CodeArtifactDeleted", "CodeArtifactReader");
        },
    ),
    (
        "role_refused_since",
        |job| {
            job.keys(DEVELOPER);
            job.edit("via = ", "# via = ");
            job.role("CodeArtifactForDev");
            let _ = job.sandbox.run("codeartifact", &["token", NPM]).succeeded();
            job.refuse(ASSUME, 403, "AccessDenied", DENIED);
        },
        |job, hint| {
            assert!(
                hint.ends_with("ask the owner of account 111122223333"),
                "{hint}"
            );
            job.emulator.recover();
        },
    ),
    (
        "role_of_other_account",
        |job| job.edit("111122223333:role", "198331734661:role"),
        |job, hint| {
            let hint = hint.replace(" ARN", " arn:aws:iam::111122223333:role/CodeArtifactReader");
            let _ = job.run_what(&hint).succeeded();
        },
    ),
    (
        "external_id_not_sent",
        |job| job.edit("external_id", "# external_id"),
        |job, hint| {
            let _ = job
                .run_what(&hint.replace(" ID`", " acme-7f3c2a91`"))
                .succeeded();
        },
    ),
    (
        "external_id_not_enforced",
        |job| job.role("CodeArtifactOpen"),
        |job, hint| {
            let policy = job.run_what(hint).succeeded().stdout;
            assert!(policy.contains("sts:ExternalId"), "{policy}");
            // The customer deploys that for the role.
            job.edit("CodeArtifactOpen", "CodeArtifactReader");
        },
    ),
    (
        "external_id_short",
        |job| {
            job.role("CodeArtifactShort");
            job.edit("acme-7f3c2a91", "abc12");
        },
        |job, hint| {
            assert!(
                hint.starts_with("keep it if a role asks for it already"),
                "{hint}"
            );
            job.warns = true;
        },
    ),
    (
        "external_id_unused",
        |job| {
            job.edit("via = ", "# via = ");
            job.role("CodeArtifactPipeline");
            job.set("CODEARTIFACT_SOURCE", "env:ID_TOKEN");
            job.set("ID_TOKEN", "my-web-identity-token");
        },
        |job, hint| {
            assert!(hint.starts_with("remove `external_id`"), "{hint}");
            job.edit("external_id", "# external_id");
        },
    ),
    (
        "caller_not_allowed",
        |job| {
            let because = "because no identity-based policy allows the sts:AssumeRole action";
            job.refuse(ASSUME, 403, "AccessDenied", &format!("{DENIED} {because}"));
        },
        recovered,
    ),
    (
        "explicitly_denied",
        |job| job.role("CodeArtifactDenied"),
        |job, _| job.edit("CodeArtifactDenied", "CodeArtifactReader"),
    ),
    (
        "explicitly_denied",
        |job| {
            let because = "with an explicit deny in a service control policy";
            job.refuse(ASSUME, 403, "AccessDenied", &format!("{DENIED} {because}"));
        },
        recovered,
    ),
    (
        "session_too_long",
        |job| {
            let text =
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
            job.refuse(ASSUME, 400, "ValidationError", text);
        },
        recovered,
    ),
    (
        "session_policy_refused",
        |job| {
            job.edit("external_id", "scope = \"repositories\"\nexternal_id");
            let text = "Packed policy consumes 112% of allotted space, please use smaller policy.";
            job.refuse(ASSUME, 400, "PackedPolicyTooLarge", text);
        },
        |job, hint| {
            let written = hint.split('`').nth(1).unwrap();
            job.edit("scope = \"repositories\"", written);
            job.emulator.recover();
        },
    ),
    (
        "value_refused",
        |job| {
            let text =
                "1 validation error detected: Value at 'roleArn' failed to satisfy constraint";
            job.refuse(ASSUME, 400, "ValidationError", text);
        },
        |job, hint| {
            let shown = job.run_what(hint).succeeded().stdout;
            assert!(shown.contains("role/CodeArtifactReader"), "{shown}");
            job.emulator.recover();
        },
    ),
    (
        "region_off",
        |job| {
            let text = "STS is not activated in this region for account:198331734661.";
            job.refuse(ASSUME, 403, "RegionDisabledException", text);
        },
        recovered,
    ),
];

/// An administrator of the account has done what the hint says.
fn recovered(job: &mut Job, hint: &str) {
    assert!(!hint.contains('`'), "no command to run: {hint}");
    job.emulator.recover();
}
