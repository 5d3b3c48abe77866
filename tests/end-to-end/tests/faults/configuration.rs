//! Mistakes in the file, in a variable, or on the command line.

use codeartifact_end_to_end::fixture::NPM;

use crate::{CONFIG, Case, FILE};

const OTHER_OWNERS: &str =
    "https://my-domain-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";

pub(crate) const CASES: &[Case] = &[
    ("file_unusable", |job| {
        job.set("CODEARTIFACT_CONFIG", "/does/not/exist.toml");
    }),
    ("key_unknown", |job| job.edit("external_id", "externalid")),
    ("value_wrong", |job| {
        job.edit("external_id", "duration = \"20h\"\nexternal_id");
    }),
    ("format_differs", |job| job.edit("/npm/", "/maven/")),
    ("owner_differs", |job| {
        job.edit(
            "account_id = \"111122223333\"",
            "account_id = \"444455556666\"",
        );
    }),
    ("simple_missing", |job| {
        job.edit("npm", "pypi");
    }),
    ("simple_missing", |job| {
        job.arguments = vec![
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/",
        ];
    }),
    ("service_index_missing", |job| {
        job.arguments = vec![
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/nuget/my-repo/",
        ];
    }),
    ("connection_unknown", |job| job.arguments = vec!["acne"]),
    ("connection_empty", |job| {
        job.edit("npm = ", "# npm = ");
        job.command = &["policy", "trust"];
    }),
    ("connection_ambiguous", |job| {
        let (_, block) = CONFIG.split_once("[connections.acme]").unwrap();
        let other = block.replace("acme-7f3c2a91", "globex-51e8d0b4");
        let both = format!("{CONFIG}\n[connections.globex]{other}");
        job.sandbox.write(FILE, &both);
        job.arguments = vec![NPM];
    }),
    ("connection_required", |job| {
        job.set("CODEARTIFACT_REQUIRE_CONNECTION", "true");
        let url =
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/other/";
        job.arguments = vec![url];
    }),
    ("connection_of_other_account", |job| {
        job.set("CODEARTIFACT_CONNECTION", "acme");
        job.arguments = vec![OTHER_OWNERS];
    }),
    ("url_of_others", |job| {
        job.arguments = vec!["https://packages.example.com/npm/my-repo/"];
    }),
    ("url_malformed", |job| {
        job.arguments = vec![
            "http://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/",
        ];
    }),
    ("ca_bundle_unusable", |job| {
        job.set("AWS_CA_BUNDLE", "/does/not/exist.pem");
    }),
    ("shared_files_unreadable", |job| {
        job.shared_file("[profile ci\n");
        job.set("AWS_PROFILE", "ci");
    }),
    ("shared_files_unreadable", |job| {
        job.shared_file("[profile ci]\nregion = us-east-1\nregion\n");
        job.set("AWS_PROFILE", "ci");
    }),
    ("services_absent", |job| {
        job.shared_file("[default]\nservices = nope\n");
    }),
    ("endpoint_override_invalid", |job| {
        job.set("AWS_ENDPOINT_URL_STS", "localhost:4566");
    }),
    ("call_not_made", |job| {
        job.set("AWS_USE_FIPS_ENDPOINT", "true");
        job.set(
            "AWS_ENDPOINT_URL_STS",
            "https://sts.us-east-1.amazonaws.com",
        );
    }),
];
