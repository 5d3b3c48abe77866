//! Properties of any text: nothing panics, nothing but a known host is read, clients see the same host,
//! userinfo stays unseen. Single spellings are in `tests.rs`.

use proptest::prelude::*;

use super::tests::{mapped, spelled_out};
use super::*;

/// Texts that are near enough to URLs of ours to be read as such now and then.
fn near_urls() -> impl Strategy<Value = String> {
    let pieces = [
        "https://",
        "http://",
        "sparse+",
        "//",
        "/",
        "\\",
        "@",
        ":",
        ":443",
        ".",
        "-",
        "?",
        "#",
        "%2e",
        "\t",
        " ",
        "{ipv4}",
        "{ipv4}",
        "{dual}",
        "{vpc}",
        "packages.example.com",
        "npm.example.com",
        "localhost:8080",
        "my-domain",
        "111122223333",
        ".d.codeartifact.",
        "us-east-1",
        "cn-north-1",
        ".amazonaws.com",
        ".on.aws",
        ".cn",
        "/npm/my-repo/",
        "/pypi/",
        "/d/my-domain-111122223333/",
        "evil.example",
        "[",
        "é",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..7)
        .prop_map(|pieces| spelled_out(&pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), near in near_urls()) {
        let _ = Endpoint::parse(&text, &mapped());
        let _ = Endpoint::parse(&near, &mapped());
    }

    #[test]
    fn what_is_read_is_exactly_one_of_the_known_hosts(text in near_urls()) {
        if let Ok(endpoint) = Endpoint::parse(&text, &MappedHosts::new()) {
            let Domain { name, owner, region } = &endpoint.domain;
            let (host, partition) = (endpoint.host(), endpoint.partition());
            let suffix = partition.suffix;
            let ipv4 = format!("{name}-{owner}.d.codeartifact.{region}.{suffix}");
            let dual = partition
                .dualstack_suffix
                .map(|suffix| format!("{name}-{owner}.codeartifact.{region}.{suffix}"));
            let vpc = format!(".d.codeartifact.{region}.vpce.{suffix}");
            let is_vpc = host.strip_suffix(&vpc).is_some_and(|id| id.starts_with("vpce-") && !id.contains('.'));
            prop_assert!(host == ipv4 || Some(host) == dual.as_deref() || is_vpc, "{text}: {host}");
            prop_assert!(endpoint.root().starts_with(&format!("https://{host}/")), "{text}");
        }
    }

    /// A client that goes by the WHATWG rules, as Node and most others do, connects to the very host judged here.
    #[test]
    fn clients_cut_the_same_host_out_of_it(text in near_urls()) {
        if let Ok(endpoint) = Endpoint::parse(&text, &mapped())
            && let Ok(url) = ::url::Url::parse(text.strip_prefix("sparse+").unwrap_or(&text))
            && let Some(host) = url.host_str()
        {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            let seen = format!("{}{port}", host.strip_suffix('.').unwrap_or(host));
            prop_assert_eq!(endpoint.host(), seen, "{}", text);
        }
    }

    #[test]
    fn userinfo_is_never_shown(
        before in "[!-~]{0,6}",
        after in "[!-~é\\t ]{0,6}",
        host in prop::sample::select(vec!["{ipv4}", "{vpc}", "packages.example.com", "evil.example", "", "é"]),
        path in prop::sample::select(vec!["", "/", "/npm/my-repo/", "/npm/x/", "\\", "/@scope/name"]),
        scheme in prop::sample::select(vec!["https://", "http://", "sparse+https://", "", "//"]),
    ) {
        let text = spelled_out(&format!("{scheme}{before}SECRET{after}@{host}{path}"));
        let shown = match Endpoint::parse(&text, &mapped()) {
            Ok(endpoint) => format!("{endpoint} {endpoint:?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        prop_assert!(!shown.contains("SECRET"), "{text}: {shown}");
    }

    #[test]
    fn a_root_is_read_as_what_it_is_the_root_of(text in near_urls()) {
        if let Ok(endpoint) = Endpoint::parse(&text, &mapped()) {
            prop_assert_eq!(Endpoint::parse(&endpoint.root(), &mapped()), Ok(endpoint));
        }
    }
}
