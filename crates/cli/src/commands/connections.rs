//! `codeartifact connections` lists all connections in a table, or shows one with all its values. External ids are
//! shortened for people, who share their screens; programs get them whole, to hand them to the other side.

use std::collections::BTreeSet;

use codeartifact_auth::connection::Connection;
use codeartifact_auth::environment::Environment;
use serde_json::{Map, Value, json};

use crate::arguments::{ConnectionsArguments, Format};
use crate::config_file::ConfigurationFile;
use crate::output::Output;
use crate::words::{self, table};

const SHOWN_OF_EXTERNAL_ID: usize = 4;

pub(crate) fn run(
    arguments: &ConnectionsArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let file = ConfigurationFile::of(environment)?;
    let configuration = file.configuration()?;
    let shown: Vec<_> = match &arguments.name {
        Some(name) => vec![configuration.require(name, None)?],
        None => configuration.connections().collect(),
    };
    let stdout = match (arguments.format, &arguments.name) {
        (Format::Json, _) => words::json(Value::from_iter(
            shown.iter().map(|connection| json(connection)),
        )),
        (Format::Text, Some(_)) => shown.iter().map(|connection| one(connection)).collect(),
        (Format::Text, None) => all(&shown),
    };
    let stderr = if shown.is_empty() {
        format!(
            "codeartifact: no connections in {}\n  hint: `codeartifact connect NAME` makes one\n",
            file.path().display()
        )
    } else {
        String::new()
    };
    Ok(Output::done(stdout, stderr))
}

fn all(connections: &[&Connection]) -> String {
    if connections.is_empty() {
        return String::new();
    }
    let head = ["NAME", "ACCOUNT", "ROLE", "DOMAINS", "FORMATS"];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(connections.iter().map(|connection| row(connection)));
    table(&rows)
}

fn row(connection: &Connection) -> [String; 5] {
    let role = connection
        .hops
        .last()
        .and_then(|hop| hop.role_arn.rsplit_once('/'));
    let domains = connection.endpoints.values().map(|it| &it.domain);
    let domains: BTreeSet<_> = domains
        .map(|domain| format!("{} ({})", domain.name, domain.region))
        .collect();
    let formats = connection.endpoints.keys().map(|format| format.name());
    [
        name_of(connection).to_owned(),
        connection
            .account_id
            .as_deref()
            .unwrap_or_default()
            .to_owned(),
        role.map_or("-", |(_, name)| name).to_owned(),
        Vec::from_iter(domains).join(", "),
        formats.collect::<Vec<_>>().join(" "),
    ]
}

/// Shows every value, of the connection itself or of `[defaults]`.
fn one(connection: &Connection) -> String {
    let source = connection.source.as_ref().map(ToString::to_string);
    let first = connection.profile.as_deref().or(source.as_deref());
    let key = if source.is_some() {
        "source"
    } else {
        "profile"
    };
    let line = |key: &str, value: &str| [key.to_owned(), value.to_owned()];
    let mut rows = vec![
        line("connection", name_of(connection)),
        line(
            "account",
            connection.account_id.as_deref().unwrap_or_default(),
        ),
        line(key, first.unwrap_or("the AWS default chain")),
    ];
    if connection.source.is_some() {
        rows.push(line("audience", connection.audience()));
    }
    for (number, hop) in connection.hops.iter().enumerate() {
        rows.push(line(&format!("hop {}", number + 1), &hop.role_arn));
    }
    if let Some(external_id) = external_id(connection) {
        rows.push(line("external id", &shortened(external_id)));
    }
    rows.push(line("duration", &connection.duration.to_string()));
    rows.push(line("cache", connection.cache.name()));
    rows.push(line("scope", connection.scope.name()));
    rows.extend(
        connection
            .urls()
            .map(|(format, url)| line(format.name(), &url)),
    );
    table(&rows)
}

fn json(connection: &Connection) -> Value {
    let roles = connection.hops.iter().map(|hop| hop.role_arn.as_str());
    let urls = connection
        .urls()
        .map(|(format, url)| (format.name().to_owned(), url.into()));
    json!({
        "name": name_of(connection),
        "account_id": connection.account_id,
        "profile": connection.profile,
        "source": connection.source.as_ref().map(ToString::to_string),
        "audience": connection.source.as_ref().map(|_| connection.audience()),
        "roles": roles.collect::<Vec<_>>(),
        "external_id": external_id(connection),
        "duration": connection.duration.to_string(),
        "cache": connection.cache.name(),
        "scope": connection.scope.name(),
        "urls": urls.collect::<Map<String, Value>>(),
    })
}

fn external_id(connection: &Connection) -> Option<&str> {
    connection.hops.last()?.external_id.as_deref()
}

fn shortened(external_id: &str) -> String {
    let start: String = external_id.chars().take(SHOWN_OF_EXTERNAL_ID).collect();
    format!("{start}… ({} characters)", external_id.chars().count())
}

fn name_of(connection: &Connection) -> &str {
    connection.name.as_deref().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::connection::Configuration;

    use super::*;

    const TEXT: &str = "\
[defaults]
via = ['arn:aws:iam::198331734661:role/IntegrationReadOnly']
[connections.acme]
account_id = '111122223333'
role_arn = 'arn:aws:iam::111122223333:role/team/CodeArtifactReader'
external_id = '7Qm4tZ0c'
pypi = 'https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/'
npm = 'https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/'
";

    fn acme() -> Connection {
        let configuration = Configuration::parse(TEXT).unwrap();
        configuration.connection("acme").unwrap().clone()
    }

    #[test]
    fn all_in_a_table() {
        assert_eq!(
            all(&[&acme()]),
            "NAME  ACCOUNT       ROLE                DOMAINS                FORMATS\n\
             acme  111122223333  CodeArtifactReader  my-domain (us-east-1)  npm pypi\n"
        );
        assert_eq!(all(&[]), "");
    }

    #[test]
    fn one_with_everything_but_the_whole_external_id() {
        assert_eq!(
            one(&acme()),
            "connection   acme\n\
             account      111122223333\n\
             profile      the AWS default chain\n\
             hop 1        arn:aws:iam::198331734661:role/IntegrationReadOnly\n\
             hop 2        arn:aws:iam::111122223333:role/team/CodeArtifactReader\n\
             external id  7Qm4… (8 characters)\n\
             duration     12h\n\
             cache        auto\n\
             scope        domain\n\
             npm          https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/\n\
             pypi         https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/\n"
        );
    }

    #[test]
    fn json_has_stable_keys() {
        let host = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        assert_eq!(
            json(&acme()),
            json!({
                "name": "acme",
                "account_id": "111122223333",
                "profile": null,
                "source": null,
                "audience": null,
                "roles": [
                    "arn:aws:iam::198331734661:role/IntegrationReadOnly",
                    "arn:aws:iam::111122223333:role/team/CodeArtifactReader",
                ],
                "external_id": "7Qm4tZ0c",
                "duration": "12h",
                "cache": "auto",
                "scope": "domain",
                "urls": {
                    "npm": format!("{host}/npm/my-repo/"),
                    "pypi": format!("{host}/pypi/my-repo/simple/"),
                },
            })
        );
    }
}
