//! Any URL or host that a client may hand us → [`Endpoint`]: which domain, which repository.
//! The only URL parser. No configuration (mapped hosts are passed in), no I/O.
//!
//! Hosts are compared exactly: a token must never leave for a look-alike. Grammar and limits:
//! the CodeArtifact service model and user guide ("Domain", "Repository", VPC endpoint and dual-stack pages).

mod partition;

use std::collections::BTreeMap;
use std::fmt;

pub use partition::Partition;

use crate::error::EndpointError;

/// Package formats, by the name that stands in a repository's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    #[expect(missing_docs, reason = "the names are the formats' own")]
    Npm,
    #[expect(missing_docs, reason = "the names are the formats' own")]
    Pypi,
    /// Served under `/go/REPO/`, though the API's list of formats lacks it.
    Go,
    #[expect(missing_docs, reason = "the names are the formats' own")]
    Cargo,
    #[expect(missing_docs, reason = "the names are the formats' own")]
    Nuget,
    #[expect(missing_docs, reason = "the names are the formats' own")]
    Maven,
    #[expect(missing_docs, reason = "the names are the formats' own")]
    Ruby,
    #[expect(missing_docs, reason = "the names are the formats' own")]
    Swift,
    #[expect(missing_docs, reason = "the names are the formats' own")]
    Generic,
}

impl Format {
    /// Every format, in the order people are shown them.
    pub const ALL: [Format; 9] = [
        Format::Npm,
        Format::Pypi,
        Format::Go,
        Format::Cargo,
        Format::Nuget,
        Format::Maven,
        Format::Ruby,
        Format::Swift,
        Format::Generic,
    ];

    /// The name in paths and in the configuration: lower case.
    pub fn name(self) -> &'static str {
        match self {
            Format::Npm => "npm",
            Format::Pypi => "pypi",
            Format::Go => "go",
            Format::Cargo => "cargo",
            Format::Nuget => "nuget",
            Format::Maven => "maven",
            Format::Ruby => "ruby",
            Format::Swift => "swift",
            Format::Generic => "generic",
        }
    }

    /// The format of that exact name.
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A CodeArtifact domain: what a token is issued for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain {
    /// 2–50 characters, `[a-z][a-z0-9-]*[a-z0-9]`.
    pub name: String,
    /// The 12-digit account that owns it.
    pub owner: String,
    /// The Region whose tokens its repositories take.
    pub region: String,
}

/// A repository and the format it is read in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The first path segment.
    pub format: Format,
    /// 2–100 characters, case-sensitive.
    pub repository: String,
}

/// Where a client wants to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The domain whose token opens it.
    pub domain: Domain,
    /// The repository; `None` when the client named only the host.
    pub place: Option<Place>,
    /// `https://HOST` as clients address it, lower case, no trailing slash.
    origin: String,
    /// What stands between format and repository: empty, or `d/DOMAIN-OWNER/` on a VPC endpoint's host.
    inset: String,
}

/// Hosts of the user's own (`[hosts]` in the configuration): host or `host:port`, lower case → the endpoint behind it.
pub type MappedHosts = BTreeMap<String, Endpoint>;

impl Endpoint {
    /// Reads a URL (`https://…`, `sparse+https://…`, with or without userinfo, deeper than the repository or not)
    /// or a bare host (`HOST`, `HOST:443`).
    ///
    /// # Errors
    /// [`EndpointError`], which never contains the userinfo.
    pub fn parse(text: &str, mapped: &MappedHosts) -> Result<Endpoint, EndpointError> {
        let url = Url::split(text)?;
        if let Some(target) = mapped.get(&url.authority()) {
            return url.onto(target);
        }
        url.require_https()?;
        url.require_default_port()?;
        match Host::read(url.host.trim_end_matches('.')) {
            Some(Host::Domain(domain)) => url.at(domain, ""),
            Some(Host::VpcEndpoint { region }) => url.behind_vpc_endpoint(&region),
            None => Err(url.not_ours()),
        }
    }

    /// The repository's root as clients address it, with a trailing slash: `https://HOST/npm/my-repo/`;
    /// for a bare host, `https://HOST/`.
    pub fn root(&self) -> String {
        match &self.place {
            Some(place) => self.root_of(place),
            None => format!("{}/", self.origin),
        }
    }

    /// The root of another repository of the same domain, addressed through the same host.
    pub fn root_of(&self, place: &Place) -> String {
        let Place { format, repository } = place;
        format!("{}/{format}/{}{repository}/", self.origin, self.inset)
    }

    /// The host (with port, if the user mapped one) that the token would be sent to.
    pub fn host(&self) -> &str {
        self.origin
            .split_once("://")
            .map_or(self.origin.as_str(), |(_, host)| host)
    }

    /// What the host ends in after the domain's label: what tells IPv4, dual-stack and VPC hosts apart.
    pub fn host_suffix(&self) -> &str {
        let host = self.host();
        host.split_once('.').map_or(host, |(_, suffix)| suffix)
    }

    /// The partition of the domain's Region.
    pub fn partition(&self) -> Partition {
        Partition::of_region(&self.domain.region)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.root())
    }
}

/// A URL's pieces, still unjudged.
struct Url<'a> {
    shown: String,
    scheme: String,
    host: String,
    port: Option<&'a str>,
    path: &'a str,
}

impl<'a> Url<'a> {
    fn split(text: &'a str) -> Result<Self, EndpointError> {
        let text = text.trim();
        let text = text.strip_prefix("sparse+").unwrap_or(text);
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let host_and_port = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        let (host, port) = match host_and_port.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (host_and_port, None),
        };
        let url = Self {
            shown: format!("{scheme}://{host_and_port}{tail}"),
            scheme: scheme.to_ascii_lowercase(),
            host: host.to_ascii_lowercase(),
            port,
            path: tail.split(['?', '#']).next().unwrap_or_default(),
        };
        match url.host.bytes().all(is_host_byte)
            && url.path.bytes().all(|byte| byte.is_ascii_graphic())
        {
            true => Ok(url),
            false => Err(url.not_ours()),
        }
    }

    /// Host, and port unless it is the default one: what `[hosts]` has as keys.
    fn authority(&self) -> String {
        let host = self.host.trim_end_matches('.');
        match self.port {
            None | Some("443") => host.to_owned(),
            Some(port) => format!("{host}:{port}"),
        }
    }

    fn require_https(&self) -> Result<(), EndpointError> {
        match self.scheme.as_str() {
            "https" => Ok(()),
            "http" if Host::read(&self.host).is_some() => {
                Err(self.malformed("is not https, so a token sent there could be read on the way"))
            }
            _ => Err(self.not_ours()),
        }
    }

    fn require_default_port(&self) -> Result<(), EndpointError> {
        match self.port {
            None | Some("443") => Ok(()),
            Some(_) => Err(self.not_ours()),
        }
    }

    /// The endpoint behind a host of the user's own. Plain http is for loopback alone.
    fn onto(&self, target: &Endpoint) -> Result<Endpoint, EndpointError> {
        let loopback = matches!(self.host.as_str(), "localhost" | "127.0.0.1");
        if self.scheme != "https" && !(self.scheme == "http" && loopback) {
            return Err(
                self.malformed("is a mapped host, which must be https unless it is on loopback")
            );
        }
        let endpoint = self.at(target.domain.clone(), "")?;
        Ok(Endpoint {
            place: endpoint.place.or_else(|| target.place.clone()),
            ..endpoint
        })
    }

    fn behind_vpc_endpoint(&self, region: &str) -> Result<Endpoint, EndpointError> {
        let mut segments = self.segments().skip(1);
        let label =
            match (segments.next(), segments.next()) {
                (Some("d"), Some(label)) => label,
                _ => return Err(self.malformed(
                    "lacks `/FORMAT/d/DOMAIN-OWNER/REPOSITORY/`, which a VPC endpoint's host needs",
                )),
            };
        match read_label(label, region) {
            Some(domain) => self.at(domain, &format!("d/{label}/")),
            None => Err(self.malformed("names no domain and 12-digit owner after `/d/`")),
        }
    }

    fn at(&self, domain: Domain, inset: &str) -> Result<Endpoint, EndpointError> {
        Ok(Endpoint {
            domain,
            place: self.place(inset)?,
            origin: format!("{}://{}", self.scheme, self.authority()),
            inset: inset.to_owned(),
        })
    }

    /// An unknown first segment is left to the server: the host alone decides which token fits.
    fn place(&self, inset: &str) -> Result<Option<Place>, EndpointError> {
        let mut segments = self.segments();
        let Some(format) = segments.next().and_then(Format::from_name) else {
            return Ok(None);
        };
        match segments.nth(inset.matches('/').count()) {
            None => Ok(None),
            Some(repository) if is_repository_name(repository) => Ok(Some(Place {
                format,
                repository: repository.to_owned(),
            })),
            Some(_) => Err(self.malformed("names a repository that breaks CodeArtifact's rules (2–100 of `A–Z a–z 0–9 . _ -`)")),
        }
    }

    fn segments(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').filter(|segment| !segment.is_empty())
    }

    fn not_ours(&self) -> EndpointError {
        EndpointError::NotCodeArtifact(self.shown.clone())
    }

    fn malformed(&self, reason: &'static str) -> EndpointError {
        EndpointError::Malformed {
            url: self.shown.clone(),
            reason,
        }
    }
}

/// What a host name says by itself.
enum Host {
    Domain(Domain),
    VpcEndpoint { region: String },
}

impl Host {
    /// `LABEL.d.codeartifact.REGION.SUFFIX`, `LABEL.codeartifact.REGION.DUALSTACK-SUFFIX` (no `.d.`),
    /// `vpce-….d.codeartifact.REGION.vpce.SUFFIX`.
    fn read(host: &str) -> Option<Host> {
        let (label, rest) = host.split_once('.')?;
        if let Some(rest) = rest.strip_prefix("d.codeartifact.") {
            let (region, suffix) = rest.split_once('.')?;
            let partition = Partition::of_exact_region(region)?;
            return match suffix.strip_prefix("vpce.") {
                Some(suffix) if suffix == partition.suffix && is_vpc_label(label) => {
                    Some(Host::VpcEndpoint {
                        region: region.to_owned(),
                    })
                }
                None if suffix == partition.suffix => read_label(label, region).map(Host::Domain),
                _ => None,
            };
        }
        let (region, suffix) = rest.strip_prefix("codeartifact.")?.split_once('.')?;
        let partition = Partition::of_exact_region(region)?;
        (partition.dualstack_suffix == Some(suffix))
            .then(|| read_label(label, region).map(Host::Domain))
            .flatten()
    }
}

/// `DOMAIN-OWNER`, split at the last hyphen, since a domain may hold hyphens and digits itself.
fn read_label(label: &str, region: &str) -> Option<Domain> {
    let (name, owner) = label.rsplit_once('-')?;
    (is_domain_name(name) && is_account_id(owner)).then(|| Domain {
        name: name.to_owned(),
        owner: owner.to_owned(),
        region: region.to_owned(),
    })
}

/// Whether `text` is an AWS account: exactly 12 ASCII digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `text` is a legal domain name: 2–50 of `a–z 0–9 -`, beginning with a letter, not ending in a hyphen.
pub fn is_domain_name(text: &str) -> bool {
    (2..=50).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Whether `text` is a legal repository name: 2–100 of `A–Z a–z 0–9 . _ -`, beginning with a letter or digit.
pub fn is_repository_name(text: &str) -> bool {
    (2..=100).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn is_vpc_label(label: &str) -> bool {
    label.strip_prefix("vpce-").is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    })
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

#[cfg(test)]
mod tests;
