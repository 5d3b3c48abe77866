//! Registries in variables, and tokens in variables that would win over the file.

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;

use super::{Search, names_registry, scope_of};
use crate::setting::Origin;

/// Everything npm reads from variables begins so, in any case: `npm_config_registry`, `npm_config_@scope:registry`,
/// `npm_config_//host/path/:_authToken`, `npm_config_userconfig`.
const NPM_CONFIG_PREFIX: &str = "npm_config_";
/// The default registry, as variables of pnpm, Yarn 1, Yarn 2+ and Bun name it beside npm's `npm_config_registry`.
const OTHER_REGISTRIES: [&str; 4] = [
    "pnpm_config_registry",
    "yarn_registry",
    "YARN_NPM_REGISTRY_SERVER",
    "BUN_CONFIG_REGISTRY",
];

/// Looks through the variables that clients read.
pub(super) fn search(search: &mut Search<'_>, environment: &Environment) {
    for (name, value) in environment.starting_with(NPM_CONFIG_PREFIX) {
        let key = &name[NPM_CONFIG_PREFIX.len()..];
        // npm turns `_` into `-` and lowers the case, which leaves these names as they are.
        if names_registry(&key.to_ascii_lowercase()) {
            search.consider(scope_of(key), &value, Origin::Variable(name.clone()));
        } else if let Some(registry) = key.strip_suffix(":_authToken") {
            warn_of_token(search, registry, &name);
        }
    }
    for name in OTHER_REGISTRIES {
        if let Some(value) = environment.in_any_case(name) {
            search.consider(None, &value, Origin::Variable((*name).to_owned()));
        }
    }
}

fn warn_of_token(search: &mut Search<'_>, registry: &str, name: &str) {
    if Endpoint::parse(&format!("https:{registry}"), search.hosts).is_ok() {
        search.remark(format!(
            "the variable {name} has a token, which wins over the fresh one"
        ));
    }
}
