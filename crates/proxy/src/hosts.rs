//! Which hosts the stand-in takes for repositories, and which it lets through. Names only: nothing is resolved.

use codeartifact_auth::endpoint::{Endpoint, MappedHosts};

/// How the stand-in treats a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKind {
    /// It answers as CodeArtifact does.
    Repository,
    /// It lets the client through: a helper needs AWS to mint.
    Aws,
    /// It answers with 404.
    Other,
}

/// AWS's services that take part in getting a token.
const SERVICES: [&str; 7] = [
    "codeartifact",
    "oidc",
    "portal",
    "signin",
    "sso",
    "sts",
    "sts-fips",
];

/// Where a machine, a task or a pod of AWS gets its identity, over plain HTTP.
const METADATA: [&str; 4] = [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "[fd00:ec2::254]",
];

/// The endings of AWS's hosts, in all partitions, dual-stack forms included.
const SUFFIXES: [&str; 10] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "api.aws",
    "aws.amazon.com",
    "c2s.ic.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
    "on.aws",
    "sc2s.sgov.gov",
];

/// The kind of a host as CodeArtifact's grammar, the user's `[hosts]` and the list of AWS's services have it.
/// Loopback goes through as well unless it is mapped: containers get their identity there.
pub fn host_kind(host: &str, mapped: &MappedHosts) -> HostKind {
    if Endpoint::parse(&format!("https://{host}"), mapped).is_ok() {
        return HostKind::Repository;
    }
    // A VPC endpoint's host is not enough to parse: the path names the domain.
    if host.starts_with("vpce-") && host.contains(".d.codeartifact.") && has_aws_suffix(host) {
        return HostKind::Repository;
    }
    let name = host.strip_suffix(":80").unwrap_or(host);
    let bare = name.rsplit_once(':').map_or(name, |(bare, _)| bare);
    let loopback = matches!(bare, "localhost" | "127.0.0.1" | "[::1]");
    if loopback || METADATA.contains(&name) || is_service(host) {
        HostKind::Aws
    } else {
        HostKind::Other
    }
}

/// `sts.amazonaws.com`, `sts.us-east-1.amazonaws.com`, `portal.sso.us-east-1.amazonaws.com`, `us-east-1.signin.aws.amazon.com`.
fn is_service(host: &str) -> bool {
    has_aws_suffix(host)
        && host
            .split('.')
            .take(2)
            .any(|label| SERVICES.contains(&label))
}

fn has_aws_suffix(host: &str) -> bool {
    SUFFIXES.iter().any(|suffix| {
        host.strip_suffix(suffix)
            .is_some_and(|rest| rest.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_kinds() {
        let target = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/";
        let target = Endpoint::parse(target, &MappedHosts::new()).unwrap();
        let mapped = MappedHosts::from([
            ("packages.example.com".to_owned(), target.clone()),
            ("localhost:8443".to_owned(), target),
        ]);
        let rows = [
            (
                "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com",
                HostKind::Repository,
            ),
            (
                "my-domain-111122223333.codeartifact.us-east-1.on.aws",
                HostKind::Repository,
            ),
            (
                "vpce-0a1b-2c3d.d.codeartifact.us-east-1.vpce.amazonaws.com",
                HostKind::Repository,
            ),
            ("packages.example.com", HostKind::Repository),
            ("localhost:8443", HostKind::Repository),
            ("sts.amazonaws.com", HostKind::Aws),
            ("sts.us-east-1.amazonaws.com", HostKind::Aws),
            ("codeartifact.us-east-1.amazonaws.com", HostKind::Aws),
            ("codeartifact.us-east-1.api.aws", HostKind::Aws),
            ("oidc.us-east-1.amazonaws.com", HostKind::Aws),
            ("portal.sso.us-east-1.amazonaws.com", HostKind::Aws),
            ("us-east-1.signin.aws.amazon.com", HostKind::Aws),
            ("sts.cn-north-1.amazonaws.com.cn", HostKind::Aws),
            ("169.254.169.254:80", HostKind::Aws),
            ("localhost:9911", HostKind::Aws),
            ("127.0.0.1:80", HostKind::Aws),
            ("my-bucket.s3.us-east-1.amazonaws.com", HostKind::Other),
            ("sts.evil-amazonaws.com", HostKind::Other),
            ("sts.amazonaws.com.example.com", HostKind::Other),
            ("sts.us-east-1.amazonaws.com:80", HostKind::Other),
            ("index.example.com", HostKind::Other),
        ];
        for (host, expected) in rows {
            assert_eq!(host_kind(host, &mapped), expected, "{host}");
        }
    }
}
