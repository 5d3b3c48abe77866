//! One table of every spelling that clients use and every look-alike that attackers might. What holds for any
//! text is in `properties.rs`. A row: what is handed in, `=>`, then either domain, owner, Region, format,
//! repository and root, or the error's kind and some of its words.

use super::*;

const IPV4: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
const DUAL: &str = "my-domain-111122223333.codeartifact.us-east-1.on.aws";
const VPC: &str = "vpce-0a1b2c3d4e5f60718-abcd1234.d.codeartifact.us-east-1.vpce.amazonaws.com";

const TABLE: &str = r"
# what clients hand over: the index root, deeper URLs, hosts
https://{ipv4}/npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://{ipv4}/npm/my-repo => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://{ipv4}/npm/my-repo/@scope%2fname => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://{ipv4}/npm/my-repo/@scope/name/-/name-1.0.0.tgz => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://{ipv4}/pypi/my-repo/simple/ => {mine} pypi my-repo https://{ipv4}/pypi/my-repo/
https://{ipv4}/pypi/my-repo/simple/demo/ => {mine} pypi my-repo https://{ipv4}/pypi/my-repo/
https://{ipv4}/go/my-repo/example.com/a/@v/v1.0.0.mod => {mine} go my-repo https://{ipv4}/go/my-repo/
sparse+https://{ipv4}/cargo/my-repo/ => {mine} cargo my-repo https://{ipv4}/cargo/my-repo/
https://{ipv4}/nuget/my-repo/v3/index.json => {mine} nuget my-repo https://{ipv4}/nuget/my-repo/
https://{ipv4}/maven/my-repo/ => {mine} maven my-repo https://{ipv4}/maven/my-repo/
https://{ipv4}/ruby/my-repo/ => {mine} ruby my-repo https://{ipv4}/ruby/my-repo/
https://{ipv4}/swift/my-repo/login => {mine} swift my-repo https://{ipv4}/swift/my-repo/
https://{ipv4}/generic/my-repo/ => {mine} generic my-repo https://{ipv4}/generic/my-repo/
{ipv4} => {mine} - - https://{ipv4}/
{ipv4}:443 => {mine} - - https://{ipv4}/
https://{ipv4} => {mine} - - https://{ipv4}/
https://{ipv4}/ => {mine} - - https://{ipv4}/
https://{ipv4}:443/npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/
//{ipv4}/npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/
{ipv4}/npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://{ipv4}/npm/my-repo/?write=true => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://{ipv4}/pypi/my-repo/simple/demo/#sha256=00 => {mine} pypi my-repo https://{ipv4}/pypi/my-repo/
https://{ipv4}?x=/npm/other/ => {mine} - - https://{ipv4}/
https://{ipv4}#@evil.example/npm/ => {mine} - - https://{ipv4}/
https://{ipv4}?@evil.example/npm/ => {mine} - - https://{ipv4}/
https://{ipv4}//npm//my-repo// => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://{ipv4}/npm/ => {mine} - - https://{ipv4}/
https://{ipv4}/format-of-tomorrow/my-repo/ => {mine} - - https://{ipv4}/
https://{ipv4}/NPM/my-repo/ => {mine} - - https://{ipv4}/
https://{ipv4}/npm/My.Repo_1/ => {mine} npm My.Repo_1 https://{ipv4}/npm/My.Repo_1/
HTTPS://MY-DOMAIN-111122223333.D.CodeArtifact.US-EAST-1.AmazonAWS.com/npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://{ipv4}./npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://{ipv4}.:443/npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/

# userinfo
https://aws@{ipv4}/pypi/my-repo/simple/ => {mine} pypi my-repo https://{ipv4}/pypi/my-repo/
https://aws:SECRET@{ipv4}/pypi/my-repo/simple/ => {mine} pypi my-repo https://{ipv4}/pypi/my-repo/
https://aws:SECRET@{ipv4}:443/npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://me@example.com:SEC@RET:SECRET@{ipv4}/npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://evil.example@{ipv4}/npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/
https://@{ipv4}/npm/my-repo/ => {mine} npm my-repo https://{ipv4}/npm/my-repo/
aws:SECRET@{ipv4} => {mine} - - https://{ipv4}/
https://aws:SECRET@{ipv4}/npm/x/ => malformed `https://{ipv4}/npm/x/` names a repository
https://aws:SECRET@packages.example.org/simple/ => foreign `https://packages.example.org/simple/`
https://aws:SEC/SECRET@packages.example.org/simple/ => foreign `…`
https://aws:12/SECRET@{ipv4}/npm/my-repo/ => foreign `…`
https://SEC?SECRET@{ipv4}/ => foreign `…`
aws:SECRET@packages.example.org/://x => foreign `packages.example.org/://x`
https://packages.example.org/simple/?token=SECRET#SECRET => foreign `https://packages.example.org/simple/`

# other hosts of AWS
https://{dual}/npm/my-repo/ => {mine} npm my-repo https://{dual}/npm/my-repo/
{dual}:443 => {mine} - - https://{dual}/
https://my-domain-111122223333.d.codeartifact.us-gov-west-1.amazonaws.com/npm/my-repo/ => my-domain 111122223333 us-gov-west-1 npm my-repo https://my-domain-111122223333.d.codeartifact.us-gov-west-1.amazonaws.com/npm/my-repo/
https://my-domain-111122223333.d.codeartifact.cn-north-1.amazonaws.com.cn/npm/my-repo/ => my-domain 111122223333 cn-north-1 npm my-repo https://my-domain-111122223333.d.codeartifact.cn-north-1.amazonaws.com.cn/npm/my-repo/
https://my-domain-111122223333.d.codeartifact.eusc-de-east-1.amazonaws.eu/ => my-domain 111122223333 eusc-de-east-1 - - https://my-domain-111122223333.d.codeartifact.eusc-de-east-1.amazonaws.eu/
https://my-domain-111122223333.d.codeartifact.us-iso-east-1.c2s.ic.gov/ => my-domain 111122223333 us-iso-east-1 - - https://my-domain-111122223333.d.codeartifact.us-iso-east-1.c2s.ic.gov/
https://{vpc}/npm/d/my-domain-111122223333/my-repo/ => {mine} npm my-repo https://{vpc}/npm/d/my-domain-111122223333/my-repo/
https://{vpc}/pypi/d/my-domain-111122223333/my-repo/simple/demo/ => {mine} pypi my-repo https://{vpc}/pypi/d/my-domain-111122223333/my-repo/
https://vpce-0a-b1-us-east-1a.d.codeartifact.us-east-1.vpce.amazonaws.com/go/d/my-domain-111122223333/my-repo => {mine} go my-repo https://vpce-0a-b1-us-east-1a.d.codeartifact.us-east-1.vpce.amazonaws.com/go/d/my-domain-111122223333/my-repo/
https://vpce-tools-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => vpce-tools 111122223333 us-east-1 - - https://vpce-tools-111122223333.d.codeartifact.us-east-1.amazonaws.com/
{vpc} => malformed lacks `/FORMAT/d/DOMAIN-OWNER/REPOSITORY/`
https://{vpc}/npm/my-repo/ => malformed lacks `/FORMAT/d/DOMAIN-OWNER/REPOSITORY/`
https://{vpc}/npm/d/my-domain-111122223333/ => malformed lacks `/FORMAT/d/DOMAIN-OWNER/REPOSITORY/`
https://{vpc}/other/d/my-domain-111122223333/my-repo/ => malformed lacks `/FORMAT/d/DOMAIN-OWNER/REPOSITORY/`
https://{vpc}/npm/d/my-domain/my-repo/ => malformed names no domain and 12-digit owner after `/d/`
https://{vpc}/npm/d/My-Domain-111122223333/my-repo/ => malformed names no domain
https://{vpc}/npm/d/my-domain-111122223333/r/ => malformed names a repository
https://vpce-.d.codeartifact.us-east-1.vpce.amazonaws.com/npm/d/my-domain-111122223333/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-east-1.vpce.amazonaws.com/npm/my-repo/ => foreign
https://vpce-0a.codeartifact.us-east-1.vpce.amazonaws.com/npm/d/my-domain-111122223333/my-repo/ => foreign
https://codeartifact.us-east-1.amazonaws.com/ => foreign
https://my-domain-111122223333.codeartifact.us-east-1.api.aws/ => foreign
https://111122223333.dkr.ecr.us-east-1.amazonaws.com/ => foreign

# look-alikes
https://{ipv4}.example/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.example/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-east-1.evil-amazonaws.com/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-east-1-amazonaws.com/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.evil.us-east-1.amazonaws.com/npm/my-repo/ => foreign
https://evil.my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/ => foreign
https://{ipv4}@evil.example/npm/my-repo/ => foreign `https://evil.example/npm/my-repo/`
https://{ipv4}:443@evil.example/npm/my-repo/ => foreign `https://evil.example/npm/my-repo/`
https://evil.example/{ipv4}/npm/my-repo/ => foreign
https://evil.example#{ipv4}/npm/my-repo/ => foreign
https://evil.example?@{ipv4}/npm/my-repo/ => foreign `…`
https://evil.example/@{ipv4}/npm/my-repo/ => foreign `…`
https://evil.example\@{ipv4}/npm/my-repo/ => foreign
https://{ipv4}\@evil.example/npm/my-repo/ => foreign
https://{ipv4}\.evil.example/npm/my-repo/ => foreign
https://{ipv4}\npm\my-repo\ => foreign
https:\\{ipv4}/npm/my-repo/ => foreign
https:{ipv4}/npm/my-repo/ => foreign
https:///{ipv4}/npm/my-repo/ => foreign
https://[{ipv4}]/npm/my-repo/ => foreign
https://[evil.example]@{ipv4}/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact{tab}.us-east-1.amazonaws.com/npm/my-repo/ => foreign codeartifact\t.us
https://{ipv4}{newline}.evil.example/npm/my-repo/ => foreign com\n.evil
https://{ipv4}/npm/my-repo/{newline}x => foreign
https://{ipv4}%2eevil.example/npm/my-repo/ => foreign
https://{ipv4}%00.evil.example/npm/my-repo/ => foreign
https://my-domain-111122223333%2ed.codeartifact.us-east-1.amazonaws.com/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-east-1.аmazonaws.com/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com。/npm/my-repo/ => foreign
https://my-domain-111122223333。d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/ => foreign
https://xn--my-domain-111122223333.d.codeartifact.us-east-1.xn--mazonaws-2fg.com/ => foreign
https://my-domain-111122223333..d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://.my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://{ipv4}../npm/my-repo/ => foreign
https://my-domain-111122223333.codeartifact.us-east-1.amazonaws.com/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-east-1.on.aws/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com.cn/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.cn-north-1.amazonaws.com/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-iso-east-1.amazonaws.com/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-isob-east-1.c2s.ic.gov/npm/my-repo/ => foreign
https://my-domain-111122223333.codeartifact.eusc-de-east-1.on.aws/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.us-east.amazonaws.com/npm/my-repo/ => foreign
https://my-domain-111122223333.d.codeartifact.xx-east-1.amazonaws.com/npm/my-repo/ => foreign
https://packages.example.org/simple/ => foreign `https://packages.example.org/simple/` is not a CodeArtifact URL
python-poetry-check => foreign `python-poetry-check`
 => foreign
https:// => foreign
://{ipv4}/ => foreign
@ => foreign
: => foreign

# schemes and ports
http://{ipv4}/npm/my-repo/ => malformed is not https
http://{ipv4}:443/npm/my-repo/ => malformed is not https
ftp://{ipv4}/npm/my-repo/ => malformed is not https
https://{ipv4}:8443/npm/my-repo/ => malformed names a port
https://{ipv4}:80/npm/my-repo/ => malformed names a port
https://{ipv4}:0443/npm/my-repo/ => malformed names a port
https://{ipv4}:/npm/my-repo/ => foreign
https://{ipv4}:443:443/npm/my-repo/ => foreign
https://{ipv4}:4a3/npm/my-repo/ => foreign
https://{ipv4}:000443/npm/my-repo/ => foreign

# limits
https://a-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://ab-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => ab 111122223333 us-east-1 - - https://ab-111122223333.d.codeartifact.us-east-1.amazonaws.com/
https://{a50}-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => {a50} 111122223333 us-east-1 - - https://{a50}-111122223333.d.codeartifact.us-east-1.amazonaws.com/
https://a{a50}-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://a1-2--3-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => a1-2--3 111122223333 us-east-1 - - https://a1-2--3-111122223333.d.codeartifact.us-east-1.amazonaws.com/
https://x-444455556666-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => x-444455556666 111122223333 us-east-1 - - https://x-444455556666-111122223333.d.codeartifact.us-east-1.amazonaws.com/
https://1a-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://my_domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://my-domain--111122223333.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://-111122223333.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://my-domain-11112222333.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://my-domain-1111222233334.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://my-domain-11112222333a.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://my-domain.d.codeartifact.us-east-1.amazonaws.com/ => foreign
https://{ipv4}/npm/r/ => malformed names a repository
https://{ipv4}/npm/r1/ => {mine} npm r1 https://{ipv4}/npm/r1/
https://{ipv4}/npm/{a50}{a50}/ => {mine} npm {a50}{a50} https://{ipv4}/npm/{a50}{a50}/
https://{ipv4}/npm/{a50}{a50}a/ => malformed names a repository
https://{ipv4}/npm/-repo/ => malformed names a repository
https://{ipv4}/npm/my%2Drepo/ => malformed names a repository
https://{ipv4}/npm/../pypi/my-repo/ => malformed names a repository

# hosts of the user's own
https://packages.example.com/npm/my-repo/ => {mine} npm my-repo https://packages.example.com/npm/my-repo/
https://aws:SECRET@Packages.Example.COM.:443/pypi/my-repo/simple/ => {mine} pypi my-repo https://packages.example.com/pypi/my-repo/
packages.example.com => {mine} - - https://packages.example.com/
https://packages.example.com/npm/x/ => malformed names a repository
https://packages.example.com:8443/npm/my-repo/ => foreign
https://sub.packages.example.com/npm/my-repo/ => foreign
https://packages.example.com.evil.example/npm/my-repo/ => foreign
http://packages.example.com/npm/my-repo/ => malformed must be https unless it is on loopback
https://ports.example.com:8443/go/my-repo/ => {mine} go my-repo https://ports.example.com:8443/go/my-repo/
https://ports.example.com/go/my-repo/ => foreign
http://localhost:8080/npm/my-repo/ => {mine} npm my-repo http://localhost:8080/npm/my-repo/
https://localhost:8080/npm/my-repo/ => {mine} npm my-repo https://localhost:8080/npm/my-repo/
sparse+http://127.0.0.1:8080/cargo/my-repo/ => {mine} cargo my-repo http://127.0.0.1:8080/cargo/my-repo/
http://localhost:8081/npm/my-repo/ => foreign
ftp://localhost:8080/npm/my-repo/ => malformed must be https unless it is on loopback
https://npm.example.com/ => {mine} npm my-repo https://npm.example.com/
https://npm.example.com/@scope%2fname => {mine} npm my-repo https://npm.example.com/
https://npm.example.com/npm/-/npm-11.0.0.tgz => {mine} npm my-repo https://npm.example.com/
https://npm.example.com/pypi/other-repo/simple/ => {mine} pypi other-repo https://npm.example.com/pypi/other-repo/
";

const MAPPED: [(&str, &str); 5] = [
    ("packages.example.com", "https://{ipv4}/"),
    ("ports.example.com:8443", "https://{ipv4}/"),
    ("localhost:8080", "https://{ipv4}/"),
    ("127.0.0.1:8080", "https://{ipv4}/"),
    ("npm.example.com", "https://{ipv4}/npm/my-repo/"),
];

pub(super) fn spelled_out(text: &str) -> String {
    text.replace("{mine}", "my-domain 111122223333 us-east-1")
        .replace("{ipv4}", IPV4)
        .replace("{dual}", DUAL)
        .replace("{vpc}", VPC)
        .replace("{a50}", &"a".repeat(50))
        .replace("{tab}", "\t")
        .replace("{newline}", "\n")
}

pub(super) fn mapped() -> MappedHosts {
    let target = |url| Endpoint::parse(&spelled_out(url), &MappedHosts::new()).unwrap();
    MAPPED
        .into_iter()
        .map(|(host, url)| (mapped_host(host).unwrap(), target(url)))
        .collect()
}

fn outcome(text: &str) -> String {
    let endpoint = match Endpoint::parse(text, &mapped()) {
        Ok(endpoint) => endpoint,
        Err(error @ EndpointError::NotCodeArtifact(_)) => return format!("foreign {error}"),
        Err(error @ EndpointError::Malformed { .. }) => return format!("malformed {error}"),
    };
    let Domain {
        name,
        owner,
        region,
    } = &endpoint.domain;
    let (format, repository) = match &endpoint.place {
        Some(place) => (place.format.name(), place.repository.as_str()),
        None => ("-", "-"),
    };
    format!(
        "{name} {owner} {region} {format} {repository} {}",
        endpoint.root()
    )
}

#[test]
fn every_spelling_and_every_look_alike() {
    let rows: Vec<_> = TABLE
        .lines()
        .filter_map(|row| row.split_once("=>"))
        .collect();
    assert!(rows.len() >= 150, "only {} rows were read", rows.len());
    for (text, expected) in rows {
        let (text, expected) = (spelled_out(text), spelled_out(expected));
        let (text, expected) = (text.strip_suffix(' ').unwrap(), expected.trim());
        let found = outcome(text);
        let (kind, words) = expected.split_once(' ').unwrap_or((expected, ""));
        match kind {
            "foreign" | "malformed" => {
                assert!(
                    found.starts_with(kind) && found.contains(words),
                    "{text:?}: {found}"
                );
            }
            _ => assert_eq!(found, expected, "{text:?}"),
        }
        assert!(!found.contains("SEC"), "{text:?}: {found}");
    }
}

#[test]
fn mapped_hosts_are_hosts_and_nothing_else() {
    let rows = [
        ("packages.example.com", Some("packages.example.com")),
        ("Packages.Example.COM.", Some("packages.example.com")),
        ("packages.example.com:443", Some("packages.example.com")),
        (
            "packages.example.com:8443",
            Some("packages.example.com:8443"),
        ),
        ("localhost:80", Some("localhost:80")),
        ("https://packages.example.com", None),
        ("//packages.example.com", None),
        ("packages.example.com/", None),
        ("packages.example.com/npm", None),
        ("me@packages.example.com", None),
        ("packages.example.com?x", None),
        ("sparse+packages.example.com", None),
        ("packages.example.com:", None),
        ("packages example.com", None),
        ("*.example.com", None),
        ("", None),
    ];
    for (text, expected) in rows {
        assert_eq!(mapped_host(text).as_deref(), expected, "{text:?}");
    }
}

#[test]
fn a_domain_has_a_host_unless_its_names_are_none() {
    let rows = [
        ("my-domain", "111122223333", "us-east-1", true),
        ("my-domain", "111122223333", "cn-north-1", true),
        ("My-Domain", "111122223333", "us-east-1", false),
        ("me@my-domain", "111122223333", "us-east-1", false),
        ("my-domain", "1111", "us-east-1", false),
        ("my-domain", "111122223333", "nowhere", false),
        (
            "my-domain",
            "111122223333",
            "us-east-1.amazonaws.com/",
            false,
        ),
    ];
    for (name, owner, region, legal) in rows {
        let domain = Domain {
            name: name.to_owned(),
            owner: owner.to_owned(),
            region: region.to_owned(),
        };
        let found = Endpoint::of_domain(&domain).map(|endpoint| endpoint.domain);
        assert_eq!(found.ok() == Some(domain), legal, "{name} {owner} {region}");
    }
}

#[test]
fn another_repository_of_the_domain_is_reached_through_the_same_host() {
    let other = RepositoryRef {
        format: Format::Pypi,
        repository: "other-repo".to_owned(),
    };
    let rows = [
        (
            "https://{ipv4}/npm/my-repo/",
            "https://{ipv4}/pypi/other-repo/",
        ),
        ("https://{dual}/", "https://{dual}/pypi/other-repo/"),
        (
            "https://{vpc}/npm/d/my-domain-111122223333/my-repo/",
            "https://{vpc}/pypi/d/my-domain-111122223333/other-repo/",
        ),
        (
            "https://packages.example.com/",
            "https://packages.example.com/pypi/other-repo/",
        ),
        (
            "https://npm.example.com/",
            "https://{ipv4}/pypi/other-repo/",
        ),
    ];
    for (text, expected) in rows {
        let endpoint = Endpoint::parse(&spelled_out(text), &mapped()).unwrap();
        assert_eq!(endpoint.root_of(&other), spelled_out(expected), "{text}");
    }
}
