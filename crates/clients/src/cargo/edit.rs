//! Our lines in cargo's configuration: a registry with its provider, or the provider beside all others.

use toml_edit::{Array, Document, Item};

use crate::cargo::COMMAND;
use crate::error::UserError;
use crate::setup::Repository;
use crate::text::Text;
use crate::toml::{self, Toml};

/// The name of what all registries of a file share.
pub(super) const SHARED: &str = "(provider)";

const SHARED_MARK: &str = "cargo (provider)";

const PROVIDER: &str = "credential-provider";
const GLOBAL: (&str, &str) = ("registry", "global-credential-providers");

/// What is to be written.
pub(super) struct Wanted<'a> {
    pub(super) repository: &'a Repository,
    /// The name of the registry where another file has its index.
    pub(super) elsewhere: Option<&'a str>,
    /// Set if the provider is to be that of every registry which has none.
    pub(super) global: bool,
}

/// Names the registry, and its provider unless that is to be global. Returns what has to make room.
pub(super) fn add(text: &mut Text, wanted: &Wanted<'_>) -> Result<Option<String>, UserError> {
    let mut before = None;
    let mark = format!("cargo {}", wanted.repository.name);
    Toml::edit(text, &mark, |toml| {
        if wanted.global {
            add_global(&mut toml.marked(SHARED_MARK))?;
        }
        before = add_registry(toml, wanted)?;
        Ok(())
    })?;
    Ok(before)
}

/// The provider is a text: where a project has one too, cargo takes no array beside it.
fn add_registry(toml: &mut Toml<'_>, wanted: &Wanted<'_>) -> Result<Option<String>, UserError> {
    let url = wanted.repository.endpoint.client_url();
    let document = toml.document()?;
    let elsewhere = wanted.elsewhere.map(str::to_owned);
    let name = elsewhere
        .or_else(|| name_by_index(&document, &url))
        .unwrap_or_else(|| toml::name_of(wanted.repository));
    let path = ["registries", name.as_str()];
    let index = wanted.elsewhere.is_none().then_some(url);
    let provider = (!wanted.global).then_some(COMMAND);
    if toml::at(&document, &path).is_none() {
        let pairs = [("index", index.as_deref()), (PROVIDER, provider)];
        let pairs = pairs.map(|(key, value)| Some(toml::pair(key, value?)));
        let body: Vec<_> = pairs.into_iter().flatten().collect();
        if !body.is_empty() {
            toml.append(&[&[format!("[{}]", path.join("."))], body.as_slice()].concat());
        }
        return Ok(None);
    }
    let mut before = None;
    if let Some(index) = index {
        let other = toml.set(&path, "index", index)?;
        before = other.map(|url| format!("the index of {name} was {url}"));
    }
    if let Some(provider) = provider {
        toml.set(&path, PROVIDER, provider)?;
    }
    Ok(before)
}

/// The registry of this file that has the index.
fn name_by_index(document: &Document<String>, url: &str) -> Option<String> {
    let registries = toml::at(document, &["registries"])?.as_table_like()?;
    let mut registries = registries.iter();
    let found = registries.find(|(_, it)| it.get("index").and_then(Item::as_str) == Some(url));
    found.map(|(name, _)| name.to_owned())
}

/// Behind the others: cargo asks the last one first, and ours sends it on for every other registry.
fn add_global(toml: &mut Toml<'_>) -> Result<(), UserError> {
    let (table, key) = GLOBAL;
    let document = toml.document()?;
    let there = toml::at(&document, &[table, key]).and_then(Item::as_array);
    let there = there.into_iter().flatten().filter_map(|it| it.as_str());
    let mut providers: Vec<&str> = there.collect();
    if providers.contains(&COMMAND) {
        return Ok(());
    }
    if providers.is_empty() {
        // cargo's default.
        providers.push("cargo:token");
    }
    providers.push(COMMAND);
    toml.set(&[table], key, Array::from_iter(providers))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::for_tests::undone_with;
    use codeartifact_auth::endpoint::{Endpoint, MappedHosts};

    const INDEX: &str = "index = \"sparse+https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/cargo/my-repo/\"\n";

    fn added(before: &str, global: bool) -> String {
        let url =
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/cargo/my-repo/";
        let acme = Repository {
            name: "acme".to_owned(),
            endpoint: Endpoint::parse(url, &MappedHosts::new()).unwrap(),
        };
        let wanted = Wanted {
            repository: &acme,
            elsewhere: None,
            global,
        };
        undone_with(before, |text| add(text, &wanted).map(drop))
    }

    #[test]
    fn a_registry_is_added_with_its_provider_and_taken_back() {
        let ours =
            format!("[registries.acme]\n{INDEX}credential-provider = \"codeartifact-cargo\"\n");
        for before in [
            "",
            "[build]\njobs = 2\n",
            "[registries.other]\nindex = \"https://example.com/\"\n",
        ] {
            let after = added(before, false);
            assert!(
                after.starts_with(before) && after.contains(&ours),
                "{after}"
            );
        }
        let after = added(
            "[registries.acme]\nindex = \"sparse+https://example.com/\"\n",
            false,
        );
        assert!(!after.contains("example.com"), "{after}");
        assert!(after.contains(INDEX), "{after}");
    }

    #[test]
    fn a_global_provider_comes_behind_those_that_are_there() {
        let rows = [
            (
                "",
                "[registry]\nglobal-credential-providers = [\"cargo:token\", \"codeartifact-cargo\"]\n",
            ),
            (
                "[registry]\nglobal-credential-providers = [\"cargo:libsecret\"]\ndefault = \"x\"\n",
                "global-credential-providers = [\"cargo:libsecret\", \"codeartifact-cargo\"]\n",
            ),
        ];
        for (before, expected) in rows {
            let after = added(before, true);
            assert!(after.contains(expected), "{after}");
            assert!(
                after.contains(INDEX) && !after.contains(PROVIDER_LINE),
                "{after}"
            );
        }
    }

    const PROVIDER_LINE: &str = "\ncredential-provider";
}
