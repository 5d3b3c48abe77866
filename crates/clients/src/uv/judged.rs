//! Explains why uv asks no keyring, or what wins over the keyring's answer.

use std::collections::BTreeSet;

use codeartifact_auth::endpoint::UrlParts;
use codeartifact_auth::error::Exit;

use super::read::{self, Index};
use super::{CHECK, UV};
use crate::finding::Finding;
use crate::here::{self, Here};
use crate::netrc;
use crate::python::keyring;
use crate::variables::shouted;

pub(super) fn findings(here: &Here<'_>) -> Vec<Finding> {
    let (mut indexes, provider) = read::ours(here);
    let has = |index: &Index, what: &str| {
        let name = index.name.as_deref();
        let variable = name.map(|name| format!("UV_INDEX_{}_{what}", shouted(name)));
        variable.is_some_and(|name| here.environment.text(&name).is_some())
    };
    // Every one that has its password from a variable, as `codeartifact exec` sets it, asks no keyring.
    indexes.retain(|index| !has(index, "PASSWORD"));
    let mut findings = with_password(&indexes);
    findings.extend(unknown(&indexes, |index| {
        index.has_user() || has(index, "USERNAME")
    }));
    if indexes.is_empty() {
        return findings;
    }
    if provider.as_deref() != Some("subprocess") {
        findings.push(failed("asks no keyring by default".to_owned()).hint(
            "set UV_KEYRING_PROVIDER=subprocess, or keyring-provider = \"subprocess\" in uv.toml",
        ));
    } else if let Some(netrc) = in_the_way(here, &indexes) {
        findings.push(netrc);
    } else if findings.is_empty() {
        findings.push(keyring::on_path(here.environment, &[]).finding(CHECK, UV.name));
    }
    findings
}

/// Indexes that have a password in their URL: uv sends it as it is, also where it was meant for a variable.
fn with_password(indexes: &[Index]) -> Vec<Finding> {
    let has_one = |index: &&Index| {
        let login = UrlParts::cut(&index.url).userinfo.split_once(':');
        login.is_some_and(|(_, password)| !password.is_empty())
    };
    let told = indexes.iter().filter(has_one).map(|index| {
        let (index, place) = (index.shown(), index.place());
        failed(format!(
            "asks no keyring for {index}, whose URL has a password ({place})"
        ))
        .hint("write the URL as https://aws@…, without a password")
    });
    told.collect()
}

/// Indexes for which uv asks no keyring.
fn unknown(indexes: &[Index], is_known: impl Fn(&Index) -> bool) -> Vec<Finding> {
    let without_user = indexes.iter().filter(|it| !it.always && !is_known(it));
    let names: BTreeSet<_> = without_user.map(|it| (it.shown(), it.place())).collect();
    let told = names.into_iter().map(|(index, place)| {
        failed(format!(
            "asks no keyring for {index} ({place}), because it knows no user there"
        ))
        .hint("write the URL as https://aws@…, or authenticate = \"always\" beside it")
    });
    told.collect()
}

/// uv takes what netrc says, old or not, and asks no keyring.
fn in_the_way(here: &Here<'_>, indexes: &[Index]) -> Option<Finding> {
    let file = here::read(&netrc::path(here.environment)?)?;
    let entries = netrc::ours(&file.text, |machine| here.is_ours(machine));
    let is_used = |it: &&netrc::Entry| indexes.iter().any(|index| index.url.contains(&it.machine));
    let netrc::Entry { line, machine } = entries.iter().find(is_used)?;
    let name = &file.name;
    let text =
        format!("asks no keyring for {machine}, because {name}:{line} has a password for it");
    Some(failed(text).hint(format!("take that entry out of {name}")))
}

fn failed(text: String) -> Finding {
    Finding::failed(CHECK, UV.name, text, Exit::Configuration)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::setting::Origin;

    #[test]
    fn an_index_without_a_user_is_told_of_and_no_other() {
        let index = |url: &str, always| Index {
            url: url.to_owned(),
            always,
            origin: Origin::File(PathBuf::from("uv.toml"), None),
            name: None,
        };
        let indexes = [
            index("https://a/", false),
            index("https://aws@b/", false),
            index("https://c/", true),
        ];
        let told = unknown(&indexes, Index::has_user);
        assert_eq!(told.len(), 1);
        let passwords = [
            index("https://aws:${A}@a/", true),
            index("https://aws:@a/", false),
        ];
        let with = with_password(&[&indexes[..], &passwords].concat());
        assert_eq!(with.len(), 1, "{with:?}");
        assert!(!with[0].text.contains("${A}"), "{with:?}");
        assert!(
            told[0].text.contains("for https://a/ (uv.toml)"),
            "{told:?}"
        );
    }
}
