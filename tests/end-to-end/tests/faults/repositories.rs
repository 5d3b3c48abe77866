//! Repositories that the token does not open, and packages that are not in them.

use codeartifact_end_to_end::fixture::GO;

use crate::{Case, Job};

pub(crate) const CASES: &[Case] = &[
    // A reader may not.
    ("publication_not_allowed", publishes),
    ("publication_nowhere", |job| {
        publishes(job);
        let absent = ("ResourceNotFoundException", "Repository not found");
        job.refuse(
            "codeartifact:ListPackageVersionAssets",
            404,
            absent.0,
            absent.1,
        );
        job.refuse(
            "codeartifact:PublishPackageVersion",
            404,
            absent.0,
            absent.1,
        );
    }),
    ("version_taken", |job| {
        publishes(job);
        let absent = ("ResourceNotFoundException", "Package not found");
        job.refuse(
            "codeartifact:ListPackageVersionAssets",
            404,
            absent.0,
            absent.1,
        );
        let taken = ("ConflictException", "version v1.0.0 is Published");
        job.refuse("codeartifact:PublishPackageVersion", 409, taken.0, taken.1);
    }),
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

/// A module that is published through the connection.
fn publishes(job: &mut Job) {
    job.edit("npm = ", &format!("go = \"{GO}\"\nnpm = "));
    job.sandbox
        .write("work/go.mod", "module example.com/private/greeting\n");
    job.command = &["go", "publish", "v1.0.0"];
}
