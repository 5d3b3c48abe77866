//! Our lines in cargo's configuration: a registry with its provider, or the provider beside all others.

use toml_edit::{Array, Item};

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

/// Names the registry, and its provider unless that is to be global. Returns what has to make room.
pub(super) fn add(
    text: &mut Text,
    repository: &Repository,
    global: bool,
) -> Result<Option<String>, UserError> {
    let mut before = None;
    let mark = format!("cargo {}", repository.name);
    Toml::edit(text, &mark, |toml| {
        if global {
            add_global(&mut toml.marked(SHARED_MARK))?;
        }
        let (name, url) = (toml::name_of(repository), repository.endpoint.client_url());
        let provider = Array::from_iter([COMMAND]);
        let path = ["registries", name.as_str()];
        let is_there = toml::at(&toml.document()?, &path).is_some();
        if is_there {
            let other = toml.set(&path, "index", url.as_str())?;
            before = other.map(|url| format!("the index of {name} was {url}"));
            if !global {
                toml.set(&path, PROVIDER, provider)?;
            }
        } else {
            let mut body = vec![format!("[{}]", path.join(".")), toml::pair("index", url)];
            if !global {
                body.push(toml::pair(PROVIDER, provider));
            }
            toml.append(&body);
        }
        Ok(())
    })?;
    Ok(before)
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
        undone_with(before, |text| add(text, &acme, global).map(drop))
    }

    #[test]
    fn a_registry_is_added_with_its_provider_and_taken_back() {
        let ours =
            format!("[registries.acme]\n{INDEX}credential-provider = [\"codeartifact-cargo\"]\n");
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
