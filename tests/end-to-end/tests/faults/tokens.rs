//! Authorization tokens that CodeArtifact does not give.

use crate::{Case, DEVELOPER};

pub(crate) const CASES: &[Case] = &[
    ("token_not_allowed", |job| job.role("CodeArtifactTokenless")),
    ("bearer_token_not_allowed", |job| {
        job.role("CodeArtifactBearerless")
    }),
    ("duration_capped", |job| job.role("CodeArtifactCapped")),
    ("domain_absent", |job| {
        job.edit("my-domain-", "no-such-domain-")
    }),
    ("domain_misspelt", |job| {
        job.role("CodeArtifactLister");
        job.edit("my-domain-", "my-domian-");
    }),
    ("region_wrong", |job| {
        job.role("CodeArtifactLister");
        job.edit("my-domain-", "my-other-domain-");
    }),
    ("domain_of_other_account", |job| {
        job.keys(DEVELOPER);
        job.arguments = vec![
            "https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/",
        ];
    }),
    ("domains_failed", |job| {
        job.program = "codeartifact-npm";
        job.command = &[];
        let scopes = (0..400).map(|number| {
            format!(
                "@s{number}:registry=https://made-up-{number}-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/\n"
            )
        });
        job.sandbox
            .write("work/.npmrc", &scopes.collect::<String>());
    }),
    // No token needs it, so it is another command that asks.
    ("list_not_allowed", |job| {
        job.command = &["repositories", "acme"]
    }),
];
