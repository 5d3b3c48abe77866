//! The grammar of CodeArtifact's host names, and of the names in them. Whole hosts are compared, never their ends:
//! `evil-amazonaws.com` and `amazonaws.com.example` are hosts of others. No path is looked at.

use super::{Domain, Partition};

/// The meaning of a host name by itself.
#[derive(Debug)]
pub(super) enum Host {
    /// It names the domain.
    Domain(Domain),
    /// A VPC endpoint without private DNS: the path names the domain.
    Vpc { region: String },
}

impl Host {
    /// Reads `LABEL.d.codeartifact.REGION.SUFFIX`, `vpce-….d.codeartifact.REGION.vpce.SUFFIX` and
    /// `LABEL.codeartifact.REGION.DUALSTACK-SUFFIX` (no `.d.`), in lower case.
    pub(super) fn read(host: &str) -> Option<Host> {
        let (label, rest) = host.split_once('.')?;
        let (ipv4, rest) = match rest.strip_prefix("d.") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let (region, suffix) = rest.strip_prefix("codeartifact.")?.split_once('.')?;
        let partition = Partition::of_exact_region(region)?;
        if ipv4 && suffix.strip_prefix("vpce.") == Some(partition.suffix) {
            return is_vpc_label(label).then(|| Host::Vpc {
                region: region.to_owned(),
            });
        }
        let expected = if ipv4 {
            Some(partition.suffix)
        } else {
            partition.dualstack_suffix
        };
        (expected == Some(suffix))
            .then(|| read_label(label, region))?
            .map(Host::Domain)
    }
}

/// `DOMAIN-OWNER`, split at the last hyphen, since a domain may hold hyphens and digits itself.
pub(super) fn read_label(label: &str, region: &str) -> Option<Domain> {
    let (name, owner) = label.rsplit_once('-')?;
    (is_domain_name(name) && is_account_id(owner)).then(|| Domain {
        name: name.to_owned(),
        owner: owner.to_owned(),
        region: region.to_owned(),
    })
}

/// `vpce-ID-SUFFIX`, perhaps with a zone behind it. The form of IDs is not checked: AWS may change it, and they are under its own suffix.
fn is_vpc_label(label: &str) -> bool {
    label
        .strip_prefix("vpce-")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_lower_digit_or_hyphen))
}

/// Tells whether `text` is an AWS account: exactly 12 ASCII digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Tells whether `text` is a legal domain name: 2–50 of `a–z 0–9 -`, beginning with a letter, not ending in a hyphen.
pub fn is_domain_name(text: &str) -> bool {
    (2..=50).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.bytes().all(is_lower_digit_or_hyphen)
}

/// Tells whether `text` is a legal repository name: 2–100 of `A–Z a–z 0–9 . _ -`, beginning with a letter or digit.
pub fn is_repository_name(text: &str) -> bool {
    (2..=100).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn is_lower_digit_or_hyphen(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}
