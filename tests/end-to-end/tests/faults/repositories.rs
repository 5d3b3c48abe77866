//! Repositories that the token does not open, and packages that are not in them.

use crate::Case;

pub(crate) const CASES: &[Case] = &[
    ("repository_absent", |job| {
        job.role("CodeArtifactLister");
        job.edit("/npm/my-repo/", "/npm/my-rep/");
    }),
    ("repository_not_readable", |job| {
        job.edit("/npm/my-repo/", "/npm/public-store/");
    }),
    ("token_not_taken", |job| {
        job.emulator
            .fault(r#"{"fault": "revoke", "action": "npm"}"#);
    }),
    ("package_absent", |job| {
        job.arguments = vec!["--package", "npm:no-such-package"];
    }),
    ("version_absent", |job| {
        job.arguments = vec!["--package", "npm:@my-scope/my-package@9.9.9"];
    }),
    ("version_absent", |job| {
        job.arguments = vec!["--package", "pypi:My_Package@9.9.9"];
    }),
    ("package_of_other_format", |job| {
        job.arguments = vec!["--package", "npm:my-source-package"];
    }),
    ("package_elsewhere", |job| {
        job.role("CodeArtifactLooker");
        job.arguments = vec!["--package", "go:example.org/punctuation@v1.2.0"];
    }),
    ("upstream_not_connected", |job| {
        job.role("CodeArtifactLister");
        job.arguments = vec!["--package", "go:example.org/punctuation"];
    }),
];
