//! AWS's partitions: which Regions they hold and which DNS suffixes their repository hosts end in.
//! Data only. Source: botocore's partitions.json; where CodeArtifact is not offered yet (every partition
//! but `aws`), the host form is that of the partition's other services.

/// A group of Regions with its own ARNs and host names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// As in ARNs: `aws`, `aws-cn`, …
    pub name: &'static str,
    /// The end of hosts: `amazonaws.com`.
    pub suffix: &'static str,
    /// The end of dual-stack repository hosts, where there are any: `on.aws`.
    pub dualstack_suffix: Option<&'static str>,
    region_prefixes: &'static [&'static str],
}

const AWS: Partition = Partition {
    name: "aws",
    suffix: "amazonaws.com",
    dualstack_suffix: Some("on.aws"),
    region_prefixes: &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
};

/// More specific prefixes first: `us-gov-west-1` also begins with `us-`.
const PARTITIONS: [Partition; 8] = [
    Partition {
        name: "aws-us-gov",
        suffix: "amazonaws.com",
        dualstack_suffix: Some("on.aws"),
        region_prefixes: &["us-gov"],
    },
    Partition {
        name: "aws-cn",
        suffix: "amazonaws.com.cn",
        dualstack_suffix: Some("on.amazonwebservices.com.cn"),
        region_prefixes: &["cn"],
    },
    Partition {
        name: "aws-eusc",
        suffix: "amazonaws.eu",
        dualstack_suffix: None,
        region_prefixes: &["eusc-de"],
    },
    Partition {
        name: "aws-iso",
        suffix: "c2s.ic.gov",
        dualstack_suffix: None,
        region_prefixes: &["us-iso"],
    },
    Partition {
        name: "aws-iso-b",
        suffix: "sc2s.sgov.gov",
        dualstack_suffix: None,
        region_prefixes: &["us-isob"],
    },
    Partition {
        name: "aws-iso-e",
        suffix: "cloud.adc-e.uk",
        dualstack_suffix: None,
        region_prefixes: &["eu-isoe"],
    },
    Partition {
        name: "aws-iso-f",
        suffix: "csp.hci.ic.gov",
        dualstack_suffix: None,
        region_prefixes: &["us-isof", "eu-isof"],
    },
    AWS,
];

impl Partition {
    /// The partition of a Region that was read from an endpoint; `aws` for a Region that no partition claims.
    pub fn of_region(region: &str) -> Partition {
        Partition::of_exact_region(region).unwrap_or(AWS)
    }

    /// The ends of repository hosts of every partition.
    pub(super) fn suffixes() -> impl Iterator<Item = &'static str> {
        let suffixes = |it: &Partition| [Some(it.suffix), it.dualstack_suffix];
        PARTITIONS.iter().flat_map(suffixes).flatten()
    }

    /// Tells whether `text` names a partition in ARNs.
    pub(crate) fn is_name(text: &str) -> bool {
        PARTITIONS.iter().any(|partition| partition.name == text)
    }

    /// The partition of `region`, if it has the form of a Region and a partition claims its prefix.
    pub(super) fn of_exact_region(region: &str) -> Option<Partition> {
        let (place, number) = region.rsplit_once('-')?;
        let (prefix, _) = place.rsplit_once('-')?;
        let well_formed = is_number(number) && place.split('-').all(is_word);
        PARTITIONS
            .into_iter()
            .find(|partition| partition.region_prefixes.contains(&prefix))
            .filter(|_| well_formed)
    }
}

fn is_number(text: &str) -> bool {
    (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word(text: &str) -> bool {
    (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_belong_to_partitions() {
        let rows = [
            ("us-east-1", Some("aws")),
            ("ap-southeast-12", Some("aws")),
            ("us-gov-west-1", Some("aws-us-gov")),
            ("cn-north-1", Some("aws-cn")),
            ("eusc-de-east-1", Some("aws-eusc")),
            ("us-iso-east-1", Some("aws-iso")),
            ("us-isob-east-1", Some("aws-iso-b")),
            ("eu-isoe-west-1", Some("aws-iso-e")),
            ("us-isof-south-1", Some("aws-iso-f")),
            ("us-east", None),
            ("us-east-", None),
            ("us-east-123", None),
            ("us-East-1", None),
            ("xx-east-1", None),
            ("-east-1", None),
            ("", None),
        ];
        for (region, partition) in rows {
            let found = Partition::of_exact_region(region).map(|partition| partition.name);
            assert_eq!(found, partition, "{region}");
        }
    }
}
