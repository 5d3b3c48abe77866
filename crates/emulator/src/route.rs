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
    /// Of the scenario's own host, which no name of AWS's is.
    Checksums,
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

    #[test]
    fn repositories() {
        let expected = Some(Service::Repository(Domain {
            name: "my-domain".to_owned(),
            owner: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
        }));
        for host in [
            "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com",
            "My-Domain-111122223333.D.codeartifact.us-east-1.amazonaws.com.:443",
            "my-domain-111122223333.codeartifact.us-east-1.on.aws",
        ] {
            assert_eq!(service(host), expected, "{host}");
        }
    }

    #[test]
    fn services() {
        let region = || "us-east-1".to_owned();
        let (sts, api) = (
            Service::Sts { region: region() },
            Service::CodeArtifact { region: region() },
        );
        for (host, expected) in [
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
                &Service::VpcRepository { region: region() },
            ),
            (
                "portal.sso.us-east-1.amazonaws.com",
                &Service::SsoPortal { region: region() },
            ),
            (
                "oidc.us-east-1.amazonaws.com",
                &Service::SsoOidc { region: region() },
            ),
            ("169.254.169.254", &Service::Instance),
            ("169.254.170.2:80", &Service::Container),
            (asset_host("us-east-1").as_str(), &Service::Assets),
        ] {
            assert_eq!(service(host).as_ref(), Some(expected), "{host}");
        }
    }

    #[test]
    fn look_alikes() {
        for host in [
            "my-domain-111122223333.d.codeartifact.us-east-1.on.aws",
            "my-domain-1111.d.codeartifact.us-east-1.amazonaws.com",
            "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com.example.com",
            "sts.nowhere.amazonaws.com",
            "example.com",
            "",
        ] {
            assert_eq!(service(host), None, "{host}");
        }
    }
}
