//! Which service a host name stands for. Only names are looked at: whether a domain exists is asked later,
//! as AWS's own names resolve for every domain.

use crate::tokens::Domain;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Service {
    Sts {
        region: String,
    },
    CodeArtifact {
        region: String,
    },
    /// A domain's repositories, by its own host name.
    Repository(Domain),
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
    Instance,
    Container,
}

/// The service behind a host name; a port, a trailing dot and the case of letters do not matter.
pub(crate) fn service(host: &str) -> Option<Service> {
    let host = normalise(host);
    match host.as_str() {
        "169.254.169.254" => return Some(Service::Instance),
        "169.254.170.2" => return Some(Service::Container),
        "sts.amazonaws.com" => {
            return Some(Service::Sts {
                region: "us-east-1".to_owned(),
            });
        }
        _ => {}
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

/// Where package files are, which is no host that may see a token.
pub(crate) fn asset_host(region: &str) -> String {
    format!("assets-193858265520-{region}.s3.{region}.amazonaws.com")
}

/// `my-domain-111122223333`, split at the last hyphen since a domain may contain some itself.
pub(crate) fn split_label(label: &str) -> Option<(&str, &str)> {
    let (name, owner) = label.rsplit_once('-')?;
    let is_owner = owner.len() == 12 && owner.bytes().all(|b| b.is_ascii_digit());
    (is_owner && !name.is_empty()).then_some((name, owner))
}

fn ipv4(labels: &[&str]) -> Option<Service> {
    match *labels {
        [label, "d", "codeartifact", region] if is_region(region) => domain(label, region),
        [bucket, "s3", region] if is_region(region) && bucket.starts_with("assets-") => {
            Some(Service::Assets)
        }
        ["portal", "sso", region] if is_region(region) => Some(Service::SsoPortal {
            region: region.to_owned(),
        }),
        ["oidc", region] if is_region(region) => Some(Service::SsoOidc {
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

fn api(labels: &[&str]) -> Option<Service> {
    match *labels {
        ["sts" | "sts-fips", region] if is_region(region) => Some(Service::Sts {
            region: region.to_owned(),
        }),
        ["codeartifact" | "codeartifact-fips", region] if is_region(region) => {
            Some(Service::CodeArtifact {
                region: region.to_owned(),
            })
        }
        _ => None,
    }
}

fn vpc(labels: &[&str], region: &str) -> Option<Service> {
    let region = region.to_owned();
    match *labels {
        ["d", "codeartifact"] => Some(Service::VpcRepository { region }),
        ["api", "codeartifact"] => Some(Service::CodeArtifact { region }),
        ["sts"] => Some(Service::Sts { region }),
        _ => None,
    }
}

fn domain(label: &str, region: &str) -> Option<Service> {
    let (name, owner) = split_label(label)?;
    Some(Service::Repository(Domain {
        name: name.to_owned(),
        owner: owner.to_owned(),
        region: region.to_owned(),
    }))
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

    fn repository(name: &str) -> Option<Service> {
        let owner = "111122223333".to_owned();
        Some(Service::Repository(Domain {
            name: name.to_owned(),
            owner,
            region: "us-east-1".to_owned(),
        }))
    }

    #[test]
    fn hosts() {
        let region = || "us-east-1".to_owned();
        for (host, expected) in [
            (
                "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com",
                repository("my-domain"),
            ),
            (
                "My-Domain-111122223333.D.codeartifact.us-east-1.amazonaws.com.:443",
                repository("my-domain"),
            ),
            (
                "my-domain-111122223333.codeartifact.us-east-1.on.aws",
                repository("my-domain"),
            ),
            (
                "my-domain-111122223333.d.codeartifact.us-east-1.on.aws",
                None,
            ),
            (
                "my-domain-1111.d.codeartifact.us-east-1.amazonaws.com",
                None,
            ),
            (
                "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com.example.com",
                None,
            ),
            (
                "vpce-0a-b.d.codeartifact.us-east-1.vpce.amazonaws.com",
                Some(Service::VpcRepository { region: region() }),
            ),
            (
                "vpce-0a-b.api.codeartifact.us-east-1.vpce.amazonaws.com",
                Some(Service::CodeArtifact { region: region() }),
            ),
            (
                "vpce-0a-b.sts.us-east-1.vpce.amazonaws.com",
                Some(Service::Sts { region: region() }),
            ),
            (
                "codeartifact.us-east-1.amazonaws.com",
                Some(Service::CodeArtifact { region: region() }),
            ),
            (
                "codeartifact-fips.us-east-1.amazonaws.com",
                Some(Service::CodeArtifact { region: region() }),
            ),
            (
                "codeartifact.us-east-1.api.aws",
                Some(Service::CodeArtifact { region: region() }),
            ),
            ("sts.amazonaws.com", Some(Service::Sts { region: region() })),
            (
                "sts.us-east-1.amazonaws.com",
                Some(Service::Sts { region: region() }),
            ),
            ("sts.nowhere.amazonaws.com", None),
            (
                "portal.sso.us-east-1.amazonaws.com",
                Some(Service::SsoPortal { region: region() }),
            ),
            (
                "oidc.us-east-1.amazonaws.com",
                Some(Service::SsoOidc { region: region() }),
            ),
            ("169.254.169.254", Some(Service::Instance)),
            ("169.254.170.2:80", Some(Service::Container)),
            ("example.com", None),
            ("", None),
        ] {
            assert_eq!(service(host), expected, "{host}");
        }
        assert_eq!(service(&asset_host("us-east-1")), Some(Service::Assets));
    }
}
