//! Hosts that are not CodeArtifact's and were meant to be: a name with a slip in it gets no token, and its user has to
//! be shown why. No token ever depends on this.

use strsim::osa_distance;

use super::{Partition, Url};
use crate::error::EndpointError;

const SERVICE: &str = "codeartifact";

/// Returns what to tell about a URL or host that is not CodeArtifact's, if it looks like one with a slip: one label is
/// nearly the service's, and the end is nearly a partition's. A proxy such as `codeartifact.example.com` is none.
pub fn resembles_ours(text: &str) -> Option<EndpointError> {
    let url = Url::split(text)?;
    let labels: Vec<&str> = url.host.split('.').collect();
    let names_service = labels.iter().any(|label| is_near(label, SERVICE));
    let names_aws = Partition::suffixes().any(|suffix| ends_nearly(&labels, suffix));
    (names_service && names_aws)
        .then(|| url.malformed("has a host that looks like CodeArtifact's, and is misspelt"))
}

fn ends_nearly(labels: &[&str], suffix: &str) -> bool {
    let start = labels.len().checked_sub(suffix.split('.').count());
    start.is_some_and(|start| is_near(&labels[start..].join("."), suffix))
}

/// A slip for every five letters: two in `codeartifact`, one in `on.aws`.
fn is_near(word: &str, known: &str) -> bool {
    osa_distance(word, known) <= known.len() / 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_seen_and_other_hosts_are_left_alone() {
        let rows = [
            (
                "my-domain-111122223333.d.codeartfact.us-east-1.amazonaws.com",
                true,
            ),
            (
                "my-domain-111122223333.d.codeartifcat.us-east-1.amazonaws.com",
                true,
            ),
            (
                "my-domain-111122223333.d.code-artifact.us-east-1.amazonaws.com",
                true,
            ),
            (
                "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.co",
                true,
            ),
            (
                "my-domain-111122223333.d.codeartifact.us-east-1.amazonwas.com",
                true,
            ),
            (
                "my-domain-111122223333.d.codeartifact.useast1.amazonaws.com",
                true,
            ),
            ("my-domain.d.codeartifact.us-east-1.amazonaws.com", true),
            ("my-domain-111122223333.codeartifcat.us-east-1.on.aws", true),
            (
                "my-domain-111122223333.d.codeartfact.cn-north-1.amazonaws.com.cn",
                true,
            ),
            ("codeartifact.example.com", false),
            ("my-bucket.s3.us-east-1.amazonaws.com", false),
            ("pypi.org", false),
            ("example.com", false),
            ("localhost", false),
            ("poetry-repository-my-repo", false),
            ("", false),
        ];
        for (host, expected) in rows {
            for text in [
                host.to_owned(),
                format!("https://aws@{host}/pypi/my-repo/simple/"),
            ] {
                assert_eq!(resembles_ours(&text).is_some(), expected, "{text}");
            }
        }
    }

    #[test]
    fn userinfo_is_not_shown() {
        let error = resembles_ours(
            "https://aws:s3cret@d-111122223333.d.codeartfact.us-east-1.amazonaws.com/",
        );
        let shown = error.unwrap().to_string();
        assert!(
            shown.contains("codeartfact") && !shown.contains("s3cret"),
            "{shown}"
        );
    }
}
