//! The repositories of a connection as clients may address them: which hosts are the proxy's to answer for, and the
//! roots of the paths below each. Names only; nothing is resolved.

use std::collections::BTreeMap;

use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::{Domain, Endpoint, Format, MappedHosts};

/// A repository, as one host has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Room {
    /// `/npm/my-repo/`; `/` on a host of the user's own that serves this one repository.
    pub(crate) root: String,
    /// The domain whose token opens it.
    pub(crate) domain: Domain,
    pub(crate) format: Format,
    pub(crate) repository: String,
    /// Writing is allowed too.
    pub(crate) publishes: bool,
    /// Nothing answers there: modules for Go are served out of generic packages.
    pub(crate) is_of_modules: bool,
}

/// Hosts, and what is open there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    pub(crate) connection: String,
    hosts: BTreeMap<String, Vec<Room>>,
}

impl Reach {
    /// A repository is reached by its own host, by the host of its configured URL, by its dual-stack host and by the
    /// user's own hosts in front of its domain.
    pub(crate) fn of(connection: &Connection, mapped: &MappedHosts, publish: &[String]) -> Self {
        let mut reach = Self {
            connection: connection.name.clone().unwrap_or_default(),
            hosts: BTreeMap::new(),
        };
        for endpoint in connection.endpoints.values() {
            let own = ways(&endpoint.domain, mapped);
            for way in [endpoint].into_iter().chain(&own) {
                let is_aws = !mapped.contains_key(way.host());
                reach.add(way, endpoint, publish, is_aws);
            }
        }
        reach
    }

    fn add(&mut self, way: &Endpoint, to: &Endpoint, publish: &[String], is_aws: bool) {
        let Some(place) = &to.place else { return };
        let url = way.root_of(place);
        // A host that serves another repository leads elsewhere, which another way has.
        let Some(root) = url
            .strip_prefix("https://")
            .and_then(|rest| rest.strip_prefix(way.host()))
        else {
            return;
        };
        let room = Room {
            root: root.to_owned(),
            domain: to.domain.clone(),
            format: place.format,
            repository: place.repository.clone(),
            publishes: publish.contains(&place.repository),
            is_of_modules: is_aws && place.format == Format::Go,
        };
        let rooms = self.hosts.entry(way.host().to_owned()).or_default();
        if !rooms.contains(&room) {
            rooms.push(room);
        }
    }

    /// The hosts, without a port if that is 443.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = &str> {
        self.hosts.keys().map(String::as_str)
    }

    pub(crate) fn has_host(&self, host: &str) -> bool {
        self.hosts.contains_key(host)
    }

    /// The repository that a path is in: whole segments, in exactly this case.
    pub(crate) fn room(&self, host: &str, path: &str) -> Option<&Room> {
        let is_in = |room: &&Room| {
            path.starts_with(&room.root) || Some(path) == room.root.strip_suffix('/')
        };
        self.hosts.get(host)?.iter().find(is_in)
    }

    /// Hosts and repositories that are open for writing.
    pub(crate) fn publishing(&self) -> impl Iterator<Item = (&str, &Room)> {
        let all = self
            .hosts
            .iter()
            .flat_map(|(host, rooms)| rooms.iter().map(move |room| (&**host, room)));
        all.filter(|(_, room)| room.publishes)
    }

    /// The repositories by name.
    pub(crate) fn repositories(&self) -> impl Iterator<Item = &str> {
        let rooms = self.hosts.values().flatten();
        rooms.map(|room| room.repository.as_str())
    }
}

/// The other hosts by which a domain is reached.
fn ways(domain: &Domain, mapped: &MappedHosts) -> Vec<Endpoint> {
    let own = Endpoint::of_domain(domain).ok();
    let dual_stack = own.as_ref().and_then(|own| {
        let suffix = own.partition().dualstack_suffix?;
        let label = own.host().split('.').next()?;
        let host = format!("{label}.codeartifact.{}.{suffix}", domain.region);
        Endpoint::parse(&host, &MappedHosts::new()).ok()
    });
    let aliases = mapped
        .iter()
        .filter(|(_, target)| target.domain == *domain)
        .filter_map(|(alias, _)| Endpoint::parse(&format!("https://{alias}/"), mapped).ok());
    own.into_iter().chain(dual_stack).chain(aliases).collect()
}

#[cfg(test)]
pub(crate) mod for_tests {
    use codeartifact_auth::connection::Configuration;

    use super::Reach;

    pub(crate) const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
    pub(crate) const VPC: &str = "vpce-0a-b.d.codeartifact.us-east-1.vpce.amazonaws.com";

    /// A connection with three formats, a VPC endpoint and two hosts of the user's own.
    pub(crate) fn reach(publish: &[&str]) -> Reach {
        let text = format!(
            "[connections.acme]\naccount_id = '111122223333'\nnpm = 'https://{HOST}/npm/my-repo/'\n\
             pypi = 'https://{HOST}/pypi/my-repo/simple/'\ngo = 'https://{HOST}/go/my-repo/'\n\
             maven = 'https://{VPC}/maven/d/my-domain-111122223333/my-repo/'\n[hosts]\n\
             'packages.example.com' = 'https://{HOST}/'\n'npm.example.com' = 'https://{HOST}/npm/my-repo/'\n\
             'others.example.com' = 'https://other-111122223333.d.codeartifact.us-east-1.amazonaws.com/'"
        );
        let configuration = Configuration::parse(&text).unwrap();
        let connection = configuration.connection("acme").unwrap();
        let publish: Vec<String> = publish.iter().map(|name| (*name).to_owned()).collect();
        Reach::of(connection, configuration.hosts(), &publish)
    }
}

#[cfg(test)]
mod tests {
    use super::for_tests::{HOST, VPC, reach};

    #[test]
    fn every_way_to_the_connections_repositories_and_no_other() {
        let reach = reach(&[]);
        let hosts: Vec<_> = reach.hosts().collect();
        let dual_stack = "my-domain-111122223333.codeartifact.us-east-1.on.aws";
        let expected = [
            dual_stack,
            HOST,
            "npm.example.com",
            "packages.example.com",
            VPC,
        ];
        assert_eq!(hosts, expected);
        let rows = [
            (HOST, "/npm/my-repo/x", Some("npm")),
            (HOST, "/npm/my-repo/", Some("npm")),
            (HOST, "/npm/my-repo", Some("npm")),
            (HOST, "/pypi/my-repo/simple/x/", Some("pypi")),
            (dual_stack, "/go/my-repo/x/@v/list", Some("go")),
            ("packages.example.com", "/npm/my-repo/x", Some("npm")),
            ("npm.example.com", "/x", Some("npm")),
            (
                VPC,
                "/maven/d/my-domain-111122223333/my-repo/x",
                Some("maven"),
            ),
            (HOST, "/maven/my-repo/x", Some("maven")),
            // Whole segments, exact case.
            (HOST, "/npm/my-repository/x", None),
            (HOST, "/npm/my-rep", None),
            (HOST, "/npm/MY-REPO/x", None),
            (HOST, "/npm/other/x", None),
            (HOST, "/cargo/my-repo/x", None),
            (HOST, "/", None),
            (VPC, "/maven/d/other-111122223333/my-repo/x", None),
            (VPC, "/npm/my-repo/x", None),
            ("others.example.com", "/npm/my-repo/x", None),
        ];
        for (host, path, expected) in rows {
            let found = reach.room(host, path).map(|room| room.format.name());
            assert_eq!(found, expected, "{host}{path}");
        }
    }
}
