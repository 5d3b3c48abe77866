//! Tells which service a host name means. Only names are looked at: if a domain exists is asked later,
//! as AWS's own names resolve for every domain.

use crate::domain::DomainId;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EmulatedHost {
    Sts {
        region: String,
    },
    CodeArtifact {
        region: String,
    },
    /// A domain's repositories, by its own host name.
    Repository(DomainId),
    /// Any domain's repositories, through an interface endpoint: the path names the domain.
    VpcRepository {
        region: String,
    },
    Assets,
    SsoPortal {
        region: String,
    },
    SsoOidc {
        region: String,
    },
    /// The page that a person opens to sign in.
    SsoDevice,
    /// The service behind `aws login`.
    SignIn,
    /// GitHub Actions' token service, and the issuer of its tokens.
    GithubActions,
    Instance,
    Container,
}

/// The service behind a host name; a port, a trailing dot and the case of letters do not matter.
pub(crate) fn host(name: &str) -> Option<EmulatedHost> {
    let host = normalise(name);
    match host.as_str() {
        "169.254.169.254" => return Some(EmulatedHost::Instance),
        "169.254.170.2" | "169.254.170.23" => return Some(EmulatedHost::Container),
        "sts.amazonaws.com" => {
            return Some(EmulatedHost::Sts {
                region: "us-east-1".to_owned(),
            });
        }
        _ => {}
    }
    if host.ends_with(".actions.githubusercontent.com") {
        return Some(EmulatedHost::GithubActions);
    }
    if let Some(region) = host.strip_suffix(".signin.aws.amazon.com") {
        return is_region(region).then_some(EmulatedHost::SignIn);
    }
    if let Some(labels) = host.strip_suffix(".amazonaws.com") {
        return ipv4(&labels.split('.').collect::<Vec<_>>());
    }
    if let Some(labels) = host.strip_suffix(".api.aws") {
        return api(&labels.split('.').collect::<Vec<_>>());
    }
    let labels: Vec<_> = host.strip_suffix(".on.aws")?.split('.').collect();
    match labels[..] {
        [label, "codeartifact", region] if is_region(region) => domain(label, region),
        _ => None,
    }
}

/// Lower case, without port and trailing dot.
pub(crate) fn normalise(host: &str) -> String {
    let without_port = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    without_port.trim_end_matches('.').to_ascii_lowercase()
}

/// The host of package files, which must not see a token.
pub(crate) fn asset_host(region: &str) -> String {
    format!("assets-193858265520-{region}.s3.{region}.amazonaws.com")
}

fn ipv4(labels: &[&str]) -> Option<EmulatedHost> {
    match *labels {
        [label, "d", "codeartifact", region] if is_region(region) => domain(label, region),
        [bucket, "s3", region] if is_region(region) && bucket.starts_with("assets-") => {
            Some(EmulatedHost::Assets)
        }
        ["portal", "sso", region] if is_region(region) => Some(EmulatedHost::SsoPortal {
            region: region.to_owned(),
        }),
        ["device", "sso", region] if is_region(region) => Some(EmulatedHost::SsoDevice),
        ["oidc", region] if is_region(region) => Some(EmulatedHost::SsoOidc {
            region: region.to_owned(),
        }),
        [endpoint, ref rest @ .., region, "vpce"]
            if is_region(region) && endpoint.starts_with("vpce-") =>
        {
            vpc(rest, region)
        }
        _ => api(labels),
    }
}

fn api(labels: &[&str]) -> Option<EmulatedHost> {
    match *labels {
        ["sts" | "sts-fips", region] if is_region(region) => Some(EmulatedHost::Sts {
            region: region.to_owned(),
        }),
        ["signin", region] if is_region(region) => Some(EmulatedHost::SignIn),
        ["codeartifact" | "codeartifact-fips", region] if is_region(region) => {
            Some(EmulatedHost::CodeArtifact {
                region: region.to_owned(),
            })
        }
        _ => None,
    }
}

fn vpc(labels: &[&str], region: &str) -> Option<EmulatedHost> {
    let region = region.to_owned();
    match *labels {
        ["d", "codeartifact"] => Some(EmulatedHost::VpcRepository { region }),
        ["api", "codeartifact"] => Some(EmulatedHost::CodeArtifact { region }),
        ["sts"] => Some(EmulatedHost::Sts { region }),
        _ => None,
    }
}

fn domain(label: &str, region: &str) -> Option<EmulatedHost> {
    DomainId::from_label(label, region).map(EmulatedHost::Repository)
}

/// `us-east-1`, `us-gov-west-1`
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let Some((number, words)) = parts.split_last() else {
        return false;
    };
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    words.len() >= 2
        && words.iter().all(is_word)
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories() {
        let expected = Some(EmulatedHost::Repository(DomainId {
            name: "my-domain".to_owned(),
            owner: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
        }));
        for name in [
            "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com",
            "My-Domain-111122223333.D.codeartifact.us-east-1.amazonaws.com.:443",
            "my-domain-111122223333.codeartifact.us-east-1.on.aws",
        ] {
            assert_eq!(host(name), expected, "{name}");
        }
    }

    #[test]
    fn services() {
        let region = || "us-east-1".to_owned();
        let (sts, api) = (
            EmulatedHost::Sts { region: region() },
            EmulatedHost::CodeArtifact { region: region() },
        );
        for (name, expected) in [
            ("sts.amazonaws.com", &sts),
            ("sts.us-east-1.amazonaws.com", &sts),
            ("sts-fips.us-east-1.amazonaws.com", &sts),
            ("vpce-0a-b.sts.us-east-1.vpce.amazonaws.com", &sts),
            ("codeartifact.us-east-1.amazonaws.com", &api),
            ("codeartifact-fips.us-east-1.amazonaws.com", &api),
            ("codeartifact.us-east-1.api.aws", &api),
            (
                "vpce-0a-b.api.codeartifact.us-east-1.vpce.amazonaws.com",
                &api,
            ),
            (
                "vpce-0a-b.d.codeartifact.us-east-1.vpce.amazonaws.com",
                &EmulatedHost::VpcRepository { region: region() },
            ),
            (
                "portal.sso.us-east-1.amazonaws.com",
                &EmulatedHost::SsoPortal { region: region() },
            ),
            (
                "oidc.us-east-1.amazonaws.com",
                &EmulatedHost::SsoOidc { region: region() },
            ),
            (
                "device.sso.us-east-1.amazonaws.com",
                &EmulatedHost::SsoDevice,
            ),
            ("us-east-1.signin.aws.amazon.com", &EmulatedHost::SignIn),
            ("signin.us-east-1.api.aws", &EmulatedHost::SignIn),
            (
                "token.actions.githubusercontent.com",
                &EmulatedHost::GithubActions,
            ),
            ("169.254.169.254", &EmulatedHost::Instance),
            ("169.254.170.2:80", &EmulatedHost::Container),
            ("169.254.170.23", &EmulatedHost::Container),
            (asset_host("us-east-1").as_str(), &EmulatedHost::Assets),
        ] {
            assert_eq!(host(name).as_ref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn look_alikes() {
        for name in [
            "my-domain-111122223333.d.codeartifact.us-east-1.on.aws",
            "my-domain-1111.d.codeartifact.us-east-1.amazonaws.com",
            "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com.example.com",
            "sts.nowhere.amazonaws.com",
            "example.com",
            "",
        ] {
            assert_eq!(host(name), None, "{name}");
        }
    }
}
