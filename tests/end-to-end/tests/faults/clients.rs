//! What a helper says of a request that no token helps.

use crate::Case;

pub(crate) const CASES: &[Case] = &[
    ("request_forbidden", |job| {
        job.program = "codeartifact-goauth";
        job.command = &[];
        job.set(
            "GOPROXY",
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/",
        );
        job.arguments = vec![
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/example.com/words/@v/list",
        ];
        job.input = "HTTP/1.1 403 Forbidden\r\n\r\n";
    }),
    ("url_with_credentials", |job| {
        job.program = "codeartifact-goauth";
        job.command = &[];
        job.arguments = vec![
            "https://aws:password@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/",
        ];
        job.input = "HTTP/1.1 401 Unauthorized\r\n\r\n";
    }),
    ("url_not_an_index", |job| {
        job.program = "keyring";
        job.command = &["--mode=creds", "--output=json", "get"];
        job.arguments = vec![
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/",
            "aws",
        ];
    }),
];
