//! Checks a scenario as a whole: names are those that AWS allows, and every reference has its target.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};

use super::{Account, Scenario, ScenarioDomain};

pub(super) fn scenario(scenario: &Scenario) -> anyhow::Result<()> {
    ensure!(!scenario.accounts.is_empty(), "there are no accounts");
    check_checksums(scenario)?;
    for (id, account) in &scenario.accounts {
        check_account(id, account).with_context(|| format!("accounts.{id}"))?;
    }
    check_keys(scenario)?;
    check_roles(scenario)?;
    for (host, url) in &scenario.hosts {
        let target = url
            .strip_prefix("https://")
            .map(|rest| rest.split('/').next().unwrap_or_default());
        let known = target.is_some_and(|target| crate::route::host(target).is_some());
        ensure!(
            known,
            "hosts.{host}: {url} is not the https URL of a CodeArtifact repository host"
        );
    }
    Ok(())
}

fn check_account(id: &str, account: &Account) -> anyhow::Result<()> {
    ensure!(is_account_id(id), "an account is 12 digits");
    for (name, role) in &account.roles {
        ensure!(
            (3600..=43200).contains(&role.max_session_duration),
            "roles.{name}: max_session_duration is 3600 to 43200"
        );
    }
    for (name, domain) in &account.domains {
        check_domain(name, domain).with_context(|| format!("domains.{name}"))?;
    }
    Ok(())
}

fn check_domain(name: &str, domain: &ScenarioDomain) -> anyhow::Result<()> {
    ensure!(
        is_domain(name),
        "a domain is 2 to 50 of a-z, 0-9 and hyphens, and starts with a letter"
    );
    ensure!(!domain.regions.is_empty(), "region is missing");
    for (name, repository) in &domain.repositories {
        ensure!(
            is_repository(name),
            "repositories.{name}: a repository is 2 to 100 of A-Z, a-z, 0-9, dot, _ and -"
        );
        for upstream in &repository.upstreams {
            ensure!(
                domain.repositories.contains_key(upstream),
                "repositories.{name}: upstream {upstream} does not exist"
            );
        }
    }
    Ok(())
}

/// A database that a repository passes on must exist, and its host must have no other meaning.
fn check_checksums(scenario: &Scenario) -> anyhow::Result<()> {
    let Some(database) = &scenario.checksum_database else {
        let domains = scenario
            .accounts
            .values()
            .flat_map(|it| it.domains.values());
        let mut repositories = domains.flat_map(|domain| &domain.repositories);
        let passing = repositories.find(|(_, repository)| repository.checksum_database);
        return match passing {
            None => Ok(()),
            Some((name, _)) => bail!("repositories.{name}: there is no [checksum_database]"),
        };
    };
    let host = &database.host;
    let taken = scenario.hosts.contains_key(host) || crate::route::host(host).is_some();
    ensure!(!taken, "checksum_database: {host} is another host's name");
    Ok(())
}

fn check_keys(scenario: &Scenario) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for account in scenario.accounts.values() {
        let users = account.users.values().map(|user| &user.keys);
        for keys in users.chain(&account.root) {
            ensure!(
                seen.insert(&keys.access_key_id),
                "access key {} is used twice",
                keys.access_key_id
            );
        }
    }
    Ok(())
}

fn check_roles(scenario: &Scenario) -> anyhow::Result<()> {
    let instance = scenario.instance.iter().map(|instance| &instance.role);
    let container = scenario.container.iter().map(|container| &container.role);
    let sso = scenario.sso.iter().flat_map(|sso| &sso.roles);
    let login = scenario.login.iter().map(|login| &login.role);
    for arn in instance.chain(container).chain(sso).chain(login) {
        ensure!(
            scenario.role(arn).is_some(),
            "role {arn} does not exist in this scenario"
        );
    }
    Ok(())
}

pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// `[a-z][a-z0-9\-]{0,48}[a-z0-9]`, from CodeArtifact's service model.
pub(crate) fn is_domain(text: &str) -> bool {
    let bytes = text.as_bytes();
    (2..=50).contains(&bytes.len())
        && bytes[0].is_ascii_lowercase()
        && bytes[bytes.len() - 1] != b'-'
        && bytes
            .iter()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

/// `[A-Za-z0-9][A-Za-z0-9._\-]{1,99}`, from CodeArtifact's service model.
pub(crate) fn is_repository(text: &str) -> bool {
    let bytes = text.as_bytes();
    (2..=100).contains(&bytes.len())
        && bytes[0].is_ascii_alphanumeric()
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(b))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{EXAMPLE, Scenario};
    use super::*;

    #[test]
    fn the_documented_example_loads() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests"));
        let scenario = Scenario::parse(EXAMPLE, folder).expect("the example");
        assert!(
            scenario
                .domain("111122223333", "us-east-1", "my-domain")
                .is_some()
        );
        assert!(
            scenario
                .role("arn:aws:iam::111122223333:role/CodeArtifactReader")
                .is_some()
        );
    }

    /// A scenario, and what its error must say.
    const MISTAKES: &[(&str, &str)] = &[
        ("", "missing field `accounts`"),
        ("[accounts]", "there are no accounts"),
        ("[accounts.1234]", "accounts.1234: an account is 12 digits"),
        (
            "[accounts.111122223333.domain.my-domain]",
            "unknown field `domain`, expected one of `organization`",
        ),
        (
            "[accounts.111122223333.domains.My_Domain]\nregion='us-east-1'",
            "a domain is 2 to 50",
        ),
        (
            "[accounts.111122223333.domains.my-domain]",
            "region is missing",
        ),
        (
            "[accounts.111122223333.domains.my-domain]\nregion='us-east-1'\n[accounts.111122223333.domains.my-domain.repositories.my-repo]\nupstreams=['x1']",
            "upstream x1 does not exist",
        ),
        (
            "[accounts.111122223333.domains.my-domain]\nregion='us-east-1'\n[accounts.111122223333.domains.my-domain.repositories.my-repo]\npackages='absent-folder'",
            "repositories.my-repo: packages",
        ),
        (
            "[accounts.111122223333.domains.my-domain]\nregion='us-east-1'\n[accounts.111122223333.domains.my-domain.repositories.my-repo]\nchecksum_database=true",
            "repositories.my-repo: there is no [checksum_database]",
        ),
        (
            "[accounts.111122223333]\n[checksum_database]\nhost='sum.example.com'\npackages='absent-folder'",
            "checksum_database: absent-folder/go is not a folder",
        ),
        (
            "[accounts.111122223333.roles.Reader]",
            "accounts.111122223333: roles.Reader: trust is missing",
        ),
        (
            "[accounts.111122223333.roles.Reader]\ntrust='{}'",
            "roles.Reader: trust: missing field `Statement`",
        ),
        (
            "[accounts.111122223333.roles.Reader]\ntrust_file='absent.json'",
            "cannot read absent.json",
        ),
        (
            "redirect=200\n[accounts.111122223333]",
            "redirect: 200 is no redirect",
        ),
        (
            "[accounts.111122223333]\n[hosts]\n'packages.example.com'='https://example.com/'",
            "hosts.packages.example.com",
        ),
        (
            "[accounts.111122223333]\n[instance]\nrole='arn:aws:iam::111122223333:role/Absent'",
            "does not exist in this scenario",
        ),
        (
            "[accounts.111122223333.root]\naccess_key_id='AKIA1'\nsecret_access_key='a'\n[accounts.198331734661.root]\naccess_key_id='AKIA1'\nsecret_access_key='b'",
            "access key AKIA1 is used twice",
        ),
        (
            "[accounts.111122223333]\n[[faults]]\naction='npm'\nfault='sleep'",
            "unknown variant `sleep`",
        ),
        (
            "[accounts.111122223333.roles.Reader]\ntrust='{\"Statement\":[]}'\nmax_session_duration=900",
            "max_session_duration is 3600 to 43200",
        ),
    ];

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in MISTAKES {
            let error = Scenario::parse(text, Path::new(""))
                .map(drop)
                .expect_err(text);
            assert!(format!("{error:#}").contains(expected), "{text}: {error:#}");
        }
    }

    #[test]
    fn names() {
        for (domain, expected) in [
            ("my-domain", true),
            ("a", false),
            ("1a", false),
            ("my_domain", false),
            ("my-", false),
        ] {
            assert_eq!(is_domain(domain), expected, "{domain}");
        }
        for (repository, expected) in [
            ("my-repo", true),
            ("My.Repo_1", true),
            ("d", false),
            (".d", false),
            ("a/b", false),
        ] {
            assert_eq!(is_repository(repository), expected, "{repository}");
        }
    }
}
