//! Any URL or host that a client may hand us → [`Endpoint`]: which domain, which repository.
//! The only URL parser. No configuration (mapped hosts are passed in), no I/O.
//!
//! Hosts are compared exactly: a token must never leave for a look-alike. Grammar and limits:
//! the CodeArtifact service model and user guide ("Domain", "Repository", VPC endpoint and dual-stack pages).

mod format;
mod host;
mod partition;
mod resemblance;
mod url;

use std::collections::BTreeMap;
use std::fmt;

pub use format::Format;
pub use host::{is_account_id, is_domain_name, is_repository_name};
pub use partition::Partition;
pub use resemblance::resembles_ours;

use serde::{Deserialize, Serialize};

pub use url::{UrlParts, without_userinfo};

use crate::error::EndpointError;
use host::Host;
use url::Url;

/// A CodeArtifact domain. A token is issued for one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Domain {
    /// 2–50 characters, `[a-z][a-z0-9-]*[a-z0-9]`.
    pub name: String,
    /// The 12-digit account that owns it.
    pub owner: String,
    /// The Region whose tokens its repositories take.
    pub region: String,
}

/// A repository and the format it is read in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RepositoryRef {
    /// The first path segment.
    pub format: Format,
    /// 2–100 characters, case-sensitive.
    pub repository: String,
}

/// A domain or repository, as a client addresses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The domain whose token opens it.
    pub domain: Domain,
    /// The repository; `None` when the client named only the host.
    pub place: Option<RepositoryRef>,
    /// `https://HOST` as clients address it, lower case, no trailing slash.
    origin: String,
    layout: Layout,
}

/// The path of a repository under its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Layout {
    /// `/FORMAT/REPOSITORY/`, on a domain's own host.
    Domain,
    /// `/FORMAT/d/DOMAIN-OWNER/REPOSITORY/`, on a VPC endpoint's host, which all domains share.
    Vpc,
    /// `/`: a host of the user's own that serves this one repository.
    Mounted,
}

/// Hosts of the user's own (`[hosts]` in the configuration): host or `host:port`, as [`mapped_host`] spells it
/// → the endpoint behind it.
pub type MappedHosts = BTreeMap<String, Endpoint>;

/// The spelling under which a host of the user's own (`HOST`, `HOST:PORT`) is looked up; `None` if it is anything else.
pub fn mapped_host(text: &str) -> Option<String> {
    let bare = !text.contains(['/', '@', '?', '#', '+']);
    Url::split(text)
        .filter(|_| bare)
        .map(|url| url.authority().into_owned())
}

impl Endpoint {
    /// Reads a URL (`https://…`, `sparse+https://…`, with or without userinfo, deeper than the repository or not)
    /// or a bare host (`HOST`, `HOST:443`, `//HOST/…`).
    ///
    /// # Errors
    /// [`EndpointError`], which never contains the userinfo.
    pub fn parse(text: &str, mapped: &MappedHosts) -> Result<Endpoint, EndpointError> {
        let Some(url) = Url::split(text) else {
            return Err(url::not_ours(text));
        };
        if let Some(target) = mapped.get(&*url.authority()) {
            return Endpoint::through(&url, target);
        }
        let Some(host) = Host::read(&url.host) else {
            return Err(url::not_ours(text));
        };
        url.require_https()?;
        url.require_default_port()?;
        match host {
            Host::Domain(domain) => Endpoint::on_domain_host(&url, domain),
            Host::Vpc { region } => Endpoint::on_vpc_host(&url, &region),
        }
    }

    /// The domain's own host, without a repository.
    ///
    /// # Errors
    /// The domain's name, owner or Region is none.
    pub fn of_domain(domain: &Domain) -> Result<Endpoint, EndpointError> {
        let origin = domain.origin();
        let endpoint = Endpoint::parse(&origin, &MappedHosts::new())?;
        if endpoint.domain == *domain {
            Ok(endpoint)
        } else {
            Err(url::not_ours(&origin))
        }
    }

    fn on_domain_host(url: &Url<'_>, domain: Domain) -> Result<Endpoint, EndpointError> {
        Ok(Endpoint {
            domain,
            place: url.place(0)?,
            origin: url.origin(),
            layout: Layout::Domain,
        })
    }

    fn on_vpc_host(url: &Url<'_>, region: &str) -> Result<Endpoint, EndpointError> {
        let label = url.vpc_label()?;
        let Some(domain) = host::read_label(label, region) else {
            return Err(url.malformed("names no domain and 12-digit owner after `/d/`"));
        };
        match url.place(2)? {
            None => Err(url.malformed(url::VPC_FORM)),
            place => Ok(Endpoint {
                domain,
                place,
                origin: url.origin(),
                layout: Layout::Vpc,
            }),
        }
    }

    /// Through a host of the user's own. If that serves one repository, a path that names none is inside of it.
    fn through(url: &Url<'_>, target: &Endpoint) -> Result<Endpoint, EndpointError> {
        url.require_https_or_loopback()?;
        let (place, layout) = match (url.place(0), &target.place) {
            (Ok(None) | Err(_), Some(only)) => (Some(only.clone()), Layout::Mounted),
            (place, _) => (place?, Layout::Domain),
        };
        Ok(Endpoint {
            domain: target.domain.clone(),
            place,
            origin: url.origin(),
            layout,
        })
    }

    /// The repository's root as clients address it, with a trailing slash: `https://HOST/npm/my-repo/`;
    /// for a bare host, `https://HOST/`.
    pub fn root(&self) -> String {
        match &self.place {
            Some(place) => self.root_of(place),
            None => format!("{}/", self.origin),
        }
    }

    /// The root of any repository of the same domain, through the same host unless that serves another one.
    pub fn root_of(&self, place: &RepositoryRef) -> String {
        let RepositoryRef { format, repository } = place;
        let origin = &self.origin;
        match self.layout {
            Layout::Domain => format!("{origin}/{format}/{repository}/"),
            Layout::Vpc => format!("{origin}/{format}/d/{}/{repository}/", self.domain.label()),
            Layout::Mounted if self.place.as_ref() == Some(place) => format!("{origin}/"),
            Layout::Mounted => format!("{}/{format}/{repository}/", self.domain.origin()),
        }
    }

    /// The repository's URL as a client that installs from it is given it: the root, for PyPI its index, for NuGet its
    /// service index, for cargo `sparse+…`.
    pub fn client_url(&self) -> String {
        match &self.place {
            Some(place) => self.client_url_of(place),
            None => self.root(),
        }
    }

    /// The URL of any repository of the same domain, as its clients are given it.
    pub fn client_url_of(&self, place: &RepositoryRef) -> String {
        let root = self.root_of(place);
        let scheme = if place.format == Format::Cargo {
            "sparse+"
        } else {
            ""
        };
        format!("{scheme}{root}{}", place.format.ending())
    }

    /// The host (with port, if the user mapped one) that the token would be sent to.
    pub fn host(&self) -> &str {
        self.origin
            .split_once("://")
            .map_or(self.origin.as_str(), |(_, host)| host)
    }

    /// The host without the domain's label. It differs between IPv4, dual-stack and VPC hosts.
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

impl Domain {
    /// `DOMAIN-OWNER`, as in hosts and VPC paths.
    fn label(&self) -> String {
        format!("{}-{}", self.name, self.owner)
    }

    fn origin(&self) -> String {
        let suffix = Partition::of_region(&self.region).suffix;
        let (label, region) = (self.label(), &self.region);
        format!("https://{label}.d.codeartifact.{region}.{suffix}")
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
