//! Registries in variables, and tokens in variables that would win over the file.

use codeartifact_auth::endpoint::Endpoint;

use super::finder::Finder;
use super::names::{names_registry, scope_of};
use crate::setting::Origin;

/// No token: a repository beside this one, which has no line of its own, would be sent it.
pub(crate) const STAND_IN: &str = "see-the-repository";

/// Everything npm reads from variables begins so, in any case: `npm_config_registry`, `npm_config_@scope:registry`,
/// `npm_config_//host/path/:_authToken`, `npm_config_userconfig`.
const NPM_CONFIG_PREFIX: &str = "npm_config_";
/// From where Corepack takes the package manager itself.
pub const COREPACK_REGISTRY: &str = "COREPACK_NPM_REGISTRY";
/// Its token for that registry: Corepack has no other way to get one.
pub const COREPACK_TOKEN: &str = "COREPACK_NPM_TOKEN";
/// The same of pnpm from 11 on.
const PNPM_CONFIG_PREFIX: &str = "pnpm_config_";
/// Registries as variables of Yarn 1, Yarn 2+, Bun and Corepack name them.
const OTHER_REGISTRIES: [&str; 5] = [
    "yarn_registry",
    "YARN_NPM_REGISTRY_SERVER",
    "YARN_NPM_PUBLISH_REGISTRY",
    "BUN_CONFIG_REGISTRY",
    COREPACK_REGISTRY,
];

/// Looks through the variables that clients read.
pub(super) fn search(finder: &mut Finder<'_>) {
    let environment = finder.environment;
    let prefixes = [NPM_CONFIG_PREFIX, PNPM_CONFIG_PREFIX];
    let of = |prefix: &'static str| {
        let found = environment.starting_with(prefix).into_iter();
        found.map(move |(name, value)| (prefix.len(), name, value))
    };
    for (length, name, value) in prefixes.into_iter().flat_map(of) {
        let key = &name[length..];
        // npm turns `_` into `-` and lowers the case, which leaves these names as they are.
        if names_registry(&key.to_ascii_lowercase()) {
            finder.consider(scope_of(key), &value, Origin::Variable(name.clone()));
        } else if let Some(registry) = key.strip_suffix(":_authToken")
            && value != STAND_IN
        {
            warn_of_token(finder, registry, &name);
        }
    }
    for name in OTHER_REGISTRIES {
        if let Some(value) = environment.in_any_case(name) {
            finder.consider(None, &value, Origin::Variable((*name).to_owned()));
        }
    }
}

fn warn_of_token(finder: &mut Finder<'_>, registry: &str, name: &str) {
    if Endpoint::parse(&format!("https:{registry}"), finder.hosts).is_ok() {
        finder.search.remark(format!(
            "the variable {name} has a token, which wins over the fresh one"
        ));
    }
}

impl super::Search {
    /// The registry that Corepack asks for the package manager.
    pub fn of_corepack(&self) -> Option<&Endpoint> {
        let origin = Origin::Variable(COREPACK_REGISTRY.to_owned());
        let mut found = self.found.iter();
        found.find(|it| it.origin == origin).map(|it| &it.endpoint)
    }
}
