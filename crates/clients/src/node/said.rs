//! Asks a client of the npm family about its registries. Two cannot be asked: Bun has no such command, and
//! Yarn 1 tells its own settings and npm's one after the other, but not which of them wins.

use serde_json::{Map, Value};

use crate::here::Here;
use crate::setting::{Origin, Setting};

/// The registries that a client says it uses.
pub(crate) struct Said {
    /// The command that was asked.
    command: String,
    /// A scope, or none for the default registry; and the URL.
    registries: Vec<(Option<String>, String)>,
}

impl Said {
    /// npm and pnpm tell their settings as JSON, one key for each as in `.npmrc`; pnpm 10 has those of
    /// `pnpm-workspace.yaml` in a map beside them.
    pub(crate) fn of_settings(client: &str, arguments: &[&str], here: &Here<'_>) -> Option<Self> {
        let text = here.ask(client, arguments, &[])?;
        let settings: Map<String, Value> = serde_json::from_str(&text).ok()?;
        let scope_of = |key: &str| match key {
            "default" => None,
            scope => Some(scope.to_owned()),
        };
        let mapped = settings.get("registries").and_then(Value::as_object);
        let mapped = mapped.into_iter().flatten();
        let mapped = mapped.map(|(key, url)| (scope_of(key), url));
        let own = settings.iter().filter_map(|(key, url)| {
            let scope = key.strip_suffix(":registry");
            let scope = scope.filter(|it| it.starts_with('@'));
            (key == "registry" || scope.is_some()).then_some((scope.map(str::to_owned), url))
        });
        let all = own.chain(mapped);
        let registries = all.filter_map(|(scope, url)| Some((scope, url.as_str()?.to_owned())));
        Some(Self {
            command: format!("{client} {}", arguments.join(" ")),
            registries: registries.collect(),
        })
    }

    /// Yarn 2 and later are asked for each setting: in the whole list of 4.18 (`yarn config --json`) every map is empty.
    pub(crate) fn of_yarn(here: &Here<'_>) -> Option<Self> {
        let ask = |key: &str| -> Option<Value> {
            let text = here.ask("yarn", &["config", "get", key, "--json"], &[])?;
            serde_json::from_str(&text).ok()
        };
        let scopes = ask("npmScopes")?;
        let scopes = scopes.as_object().into_iter().flatten();
        let scopes = scopes.map(|(scope, entry)| {
            (
                Some(format!("@{scope}")),
                entry.get("npmRegistryServer").cloned(),
            )
        });
        let all = scopes.chain([(None, ask("npmRegistryServer"))]);
        let registries = all.filter_map(|(scope, url)| Some((scope, url?.as_str()?.to_owned())));
        Some(Self {
            command: "yarn config".to_owned(),
            registries: registries.collect(),
        })
    }

    /// Those of ours, each with the place where it was read.
    pub(crate) fn settings(&self, read: &[Setting], here: &Here<'_>) -> Vec<Setting> {
        let ours = self.registries.iter();
        let ours = ours.filter_map(|(name, url)| Some((name.clone(), here.endpoint(url)?)));
        let with_origin = ours.map(|(name, endpoint)| {
            let is_same = |it: &&Setting| it.name == name && it.endpoint.root() == endpoint.root();
            let origin = read.iter().find(is_same).map(|it| it.origin.clone());
            Setting {
                origin: origin.unwrap_or_else(|| Origin::Variable(self.command.clone())),
                name,
                endpoint,
            }
        });
        with_origin.collect()
    }
}
