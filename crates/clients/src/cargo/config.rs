//! cargo's configuration, as far as it is about registries: the files from the current directory up, the user's, and the
//! variables, which win over both. Nothing is judged or changed here.

use std::path::{Path, PathBuf};

use toml_edit::{Document, Item};

use crate::cargo::{CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS, COMMAND, home};
use crate::here::{self, Here, NamedText};
use crate::setting::Origin;
use crate::toml;

/// The settings and the tokens of the user; the older names still count, and win.
pub(super) const FILES_OF_HOME: [&str; 4] =
    ["config", "config.toml", "credentials", "credentials.toml"];

/// Their copies in a trial's scratch folder.
pub(super) const COPIES: [(&str, &str); 4] = [
    ("home/config", "config"),
    ("home/config.toml", "config.toml"),
    ("home/credentials", "credentials"),
    ("home/credentials.toml", "credentials.toml"),
];

/// The registries of cargo's settings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Config {
    /// The first of each name counts.
    pub(super) registries: Vec<Registry>,
    /// The global providers, each with its arguments.
    pub(super) providers: Vec<Vec<String>>,
}

/// A registry of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Registry {
    pub(super) name: String,
    /// As it is there.
    pub(super) index: String,
    pub(super) provider: Option<Provider>,
    /// Set if it only replaces another source, for which cargo looks for a registry with the same index.
    pub(super) is_replacement: bool,
    pub(super) origin: Origin,
}

/// A registry's own credential provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Provider {
    /// The program and its arguments.
    pub(super) words: Vec<String>,
    pub(super) origin: Origin,
}

impl Registry {
    pub(super) fn has_other_provider(&self) -> bool {
        self.provider.as_ref().is_some_and(|it| !it.is_ours())
    }
}

impl Provider {
    pub(super) fn is_ours(&self) -> bool {
        program_of_ours(&self.words).is_some()
    }
}

/// Our program among the words of a provider.
pub(super) fn program_of_ours(words: &[String]) -> Option<&str> {
    let mut words = words.iter().map(String::as_str);
    words.find(|word| word.rsplit(['/', '\\']).next() == Some(COMMAND))
}

/// The file of settings in a folder: the older name if that is there.
pub(super) fn file_in(folder: &Path) -> PathBuf {
    let older = folder.join("config");
    if older.is_file() {
        older
    } else {
        folder.join("config.toml")
    }
}

impl Config {
    pub(super) fn of(here: &Here<'_>) -> Self {
        let projects = here.directories().into_iter().map(|it| it.join(".cargo"));
        let folders = projects.chain(home(here.environment));
        let mut config = Self::default();
        config.add_variables(here);
        for file in folders.filter_map(|folder| here::read(&file_in(&folder))) {
            config.add_file(&file);
        }
        config
    }

    /// `CARGO_REGISTRIES_NAME_INDEX`, and `…_CREDENTIAL_PROVIDER`, whose words are parted by blanks.
    fn add_variables(&mut self, here: &Here<'_>) {
        let variables = here.environment.starting_with("CARGO_REGISTRIES_");
        for (variable, index) in &variables {
            let name = variable.strip_prefix("CARGO_REGISTRIES_");
            let Some(name) = name.and_then(|it| it.strip_suffix("_INDEX")) else {
                continue;
            };
            let provider = format!("CARGO_REGISTRIES_{name}_CREDENTIAL_PROVIDER");
            let provider = variables.iter().find(|(name, _)| *name == provider);
            self.add(Registry {
                name: name.to_lowercase().replace('_', "-"),
                index: index.clone(),
                provider: provider.map(|(name, text)| Provider {
                    words: words(text),
                    origin: Origin::Variable(name.clone()),
                }),
                is_replacement: false,
                origin: Origin::Variable(variable.clone()),
            });
        }
        let global = here.variable(CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS);
        let global = global.map(|it| words(&it.text)).unwrap_or_default();
        self.providers.extend(global.into_iter().map(|it| vec![it]));
    }

    /// A file that is not TOML is told by cargo itself.
    fn add_file(&mut self, file: &NamedText) {
        let Ok(document) = Document::parse(file.text.clone()) else {
            return;
        };
        for (table, key) in [("registries", "index"), ("source", "registry")] {
            let tables = toml::at(&document, &[table]).and_then(Item::as_table_like);
            for (name, registry) in tables.into_iter().flat_map(|it| it.iter()) {
                self.extend(registry_of(name, registry, key, file));
            }
        }
        let global = toml::at(&document, &["registry", "global-credential-providers"]);
        let global = global.and_then(Item::as_array).into_iter().flatten();
        let global = global.filter_map(|it| it.as_str());
        self.providers.extend(global.map(words));
    }

    fn extend(&mut self, registry: Option<Registry>) {
        if let Some(registry) = registry {
            self.add(registry);
        }
    }

    /// The earlier name wins; a later file may add the provider to it.
    fn add(&mut self, registry: Registry) {
        let mut known = self.registries.iter_mut();
        match known.find(|it| it.name == registry.name) {
            Some(known) if known.provider.is_none() => known.provider = registry.provider,
            Some(_) => {}
            None => self.registries.push(registry),
        }
    }
}

fn registry_of(name: &str, registry: &Item, key: &str, file: &NamedText) -> Option<Registry> {
    let index = registry.get(key)?;
    let provider = registry.get("credential-provider");
    Some(Registry {
        name: name.to_owned(),
        index: index.as_str()?.to_owned(),
        provider: provider.map(|it| Provider {
            words: words_of(it),
            origin: origin_of(it, file),
        }),
        is_replacement: key != "index",
        origin: origin_of(index, file),
    })
}

fn origin_of(item: &Item, file: &NamedText) -> Origin {
    let line = item
        .span()
        .map(|span| file.text[..span.start].lines().count());
    Origin::File(PathBuf::from(&file.name), line)
}

/// An array has a word in each of its values; a text is parted by blanks.
fn words_of(provider: &Item) -> Vec<String> {
    match provider.as_array() {
        Some(array) => array
            .iter()
            .filter_map(|it| Some(it.as_str()?.to_owned()))
            .collect(),
        None => words(provider.as_str().unwrap_or_default()),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use codeartifact_auth::environment::Environment;
    use codeartifact_auth::token::Timestamp;

    use super::*;

    const PROJECT: &str = "[registries.acme]\nindex = \"sparse+https://near/\"\n";
    const USER: &str = "[registries]\nother = { index = \"https://far/\", credential-provider = \"a b\" }\n\
        [registries.acme]\nindex = \"sparse+https://far/\"\ncredential-provider = [\"codeartifact-cargo\"]\n\
        [source.mirror]\nregistry = \"sparse+https://mirror/\"\n\
        [registry]\nglobal-credential-providers = [\"cargo:token\", \"c d\"]\n";

    #[test]
    fn the_nearest_file_wins_and_variables_win_over_all() {
        let home = tempfile::tempdir().unwrap();
        let work = home.path().join("project/crate");
        fs::create_dir_all(&work).unwrap();
        for (folder, text) in [("project/.cargo", PROJECT), (".cargo", USER)] {
            fs::create_dir(home.path().join(folder)).unwrap();
            fs::write(home.path().join(folder).join("config.toml"), text).unwrap();
        }
        let variables = [
            ("CARGO_REGISTRIES_MY_OWN_INDEX", "sparse+https://variable/"),
            ("CARGO_REGISTRIES_MY_OWN_CREDENTIAL_PROVIDER", "e f"),
            ("CARGO_REGISTRIES_MY_OWN_TOKEN", "x"),
            ("CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS", "g"),
        ];
        let environment = Environment::fixed(&variables, home.path().to_owned(), Timestamp(0));
        let config = Config::of(&Here::at(work, &environment));
        let found: Vec<_> = config
            .registries
            .iter()
            .map(|it| {
                let provider = it.provider.as_ref();
                let provider = provider.map(|it| it.words.join(" ")).unwrap_or_default();
                let origin = it
                    .origin
                    .to_string()
                    .replace(&home.path().display().to_string(), "~")
                    .replace('\\', "/");
                format!("{} {} [{provider}] {origin}", it.name, it.index)
            })
            .collect();
        assert_eq!(
            found,
            [
                "my-own sparse+https://variable/ [e f] the variable CARGO_REGISTRIES_MY_OWN_INDEX",
                "acme sparse+https://near/ [codeartifact-cargo] ~/project/.cargo/config.toml:2",
                "other https://far/ [a b] ~/.cargo/config.toml:2",
                "mirror sparse+https://mirror/ [] ~/.cargo/config.toml:7",
            ]
        );
        assert_eq!(
            config.providers,
            [vec!["g"], vec!["cargo:token"], vec!["c", "d"]]
        );
    }
}
