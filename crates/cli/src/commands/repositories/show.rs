//! What was found, for people and for programs. Nothing is asked here.

use codeartifact_auth::endpoint::{Format, RepositoryRef};
use codeartifact_auth::mint::Repository;
use serde_json::{Map, Value, json};

use super::Found;
use crate::words::table;

/// A block for each repository, under its domain.
pub(super) fn text(found: &[Found], only: &[Format]) -> String {
    let blocks: Vec<_> = found.iter().map(|found| domain(found, only)).collect();
    blocks.join("\n")
}

fn domain(found: &Found, only: &[Format]) -> String {
    let domain = &found.endpoint.domain;
    let mut text = format!(
        "domain {} of account {} in {}\n",
        domain.name, domain.owner, domain.region
    );
    if found.all && found.repositories.is_empty() {
        text.push_str("\nno repositories\n");
    }
    for repository in &found.repositories {
        let description = repository.description.as_deref();
        let description = description.map(|text| format!("  {}", on_one_line(text)));
        text.push_str(&format!(
            "\n{}{}\n",
            repository.name,
            description.unwrap_or_default()
        ));
        let rows = urls(found, repository, only);
        let rows = rows.map(|(format, url)| [format!("  {format}"), url]);
        text.push_str(&table(&rows.collect::<Vec<_>>()));
    }
    text
}

/// What somebody else wrote, as a terminal may show it.
fn on_one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Every format: AWS does not tell which of them a repository holds, since it serves them all.
fn urls(
    found: &Found,
    repository: &Repository,
    only: &[Format],
) -> impl Iterator<Item = (Format, String)> {
    let shown = |format: &Format| only.is_empty() || only.contains(format);
    Format::ALL.into_iter().filter(shown).map(|format| {
        let place = RepositoryRef {
            format,
            repository: repository.name.clone(),
        };
        (format, found.endpoint.client_url_of(&place))
    })
}

/// A list of domains.
pub(super) fn json(found: &[Found], only: &[Format]) -> String {
    let domains = found.iter().map(|found| {
        let domain = &found.endpoint.domain;
        let repositories = found.repositories.iter();
        json!({
            "domain": domain.name,
            "owner": domain.owner,
            "region": domain.region,
            "all": found.all,
            "repositories": repositories
                .map(|repository| one(found, repository, only))
                .collect::<Vec<_>>(),
        })
    });
    format!("{:#}\n", Value::from_iter(domains))
}

fn one(found: &Found, repository: &Repository, only: &[Format]) -> Value {
    let urls = urls(found, repository, only);
    json!({
        "name": repository.name,
        "description": repository.description,
        "urls": urls
            .map(|(format, url)| (format.name().to_owned(), url.into()))
            .collect::<Map<String, Value>>(),
    })
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::endpoint::{Endpoint, MappedHosts};

    use super::*;

    const IPV4: &str =
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
    const VPC: &str = "https://vpce-0a1b.d.codeartifact.us-east-1.vpce.amazonaws.com/npm/d/my-domain-111122223333/my-repo/";

    fn found(url: &str, names: &[&str]) -> Found {
        let repositories = names.iter().map(|name| Repository {
            name: (*name).to_owned(),
            description: Some("what\nit is".to_owned()),
        });
        Found {
            endpoint: Endpoint::parse(url, &MappedHosts::new()).unwrap(),
            repositories: repositories.collect(),
            all: true,
        }
    }

    #[test]
    fn every_format_is_shown_as_its_client_takes_it() {
        let text = text(&[found(IPV4, &["other"])], &[]);
        let root = IPV4.trim_end_matches("npm/my-repo/");
        let expected = format!(
            "domain my-domain of account 111122223333 in us-east-1\n\n\
             other  what it is\n  \
             npm      {root}npm/other/\n  \
             pypi     {root}pypi/other/simple/\n  \
             go       {root}go/other/\n  \
             cargo    sparse+{root}cargo/other/\n  \
             nuget    {root}nuget/other/v3/index.json\n  \
             maven    {root}maven/other/\n  \
             ruby     {root}ruby/other/\n  \
             swift    {root}swift/other/\n  \
             generic  {root}generic/other/\n"
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn a_vpc_endpoint_stays_the_host() {
        let shown = text(&[found(VPC, &["other"])], &[Format::Pypi]);
        let url = "https://vpce-0a1b.d.codeartifact.us-east-1.vpce.amazonaws.com/pypi/d/my-domain-111122223333/other/simple/";
        assert!(shown.ends_with(&format!("\n  pypi  {url}\n")), "{shown}");
    }

    #[test]
    fn programs_get_the_same() {
        let shown: Value = serde_json::from_str(&json(&[found(IPV4, &["other"])], &[])).unwrap();
        let urls = &shown[0]["repositories"][0]["urls"];
        assert_eq!(urls.as_object().unwrap().len(), Format::ALL.len());
        assert_eq!(
            (&shown[0]["domain"], &shown[0]["all"]),
            (&json!("my-domain"), &json!(true))
        );
    }

    #[test]
    fn an_empty_domain_is_said_to_be_empty() {
        let empty = text(&[found(IPV4, &[])], &[]);
        assert!(empty.ends_with("\n\nno repositories\n"), "{empty}");
    }
}
