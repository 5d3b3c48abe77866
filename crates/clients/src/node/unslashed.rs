//! A registry that is named without its last slash. Before npm publishes, it looks for a login by the folder of that URL
//! (`@npmcli/config`: `nerfDart`, `new URL('.', url)`), which is the one above the repository, finds none, and asks
//! nobody. What it would send is the token of the repository itself: so it is enough that there is something.

use codeartifact_auth::endpoint::Endpoint;

use super::registries::{CommandLine, Kind, STAND_IN, Search};
use super::without_scheme;

/// npm takes the names of such variables as they are, whatever is in them.
const PREFIX: &str = "npm_config_";

/// The variables by which npm finds a login; pnpm 9 and 10 let it publish.
pub fn variables(command: &CommandLine, search: &Search) -> Vec<(String, String)> {
    let by_pnpm = command.publishes || command.is_left_to_npm;
    let may_be_npm = command.may_be(Kind::Npm) || command.may_be(Kind::Pnpm) && by_pnpm;
    let without_slash = search.unslashed.iter().filter(|_| may_be_npm);
    let mut found: Vec<_> = without_slash.filter_map(variable).collect();
    found.sort();
    found.dedup();
    found
}

fn variable(endpoint: &Endpoint) -> Option<(String, String)> {
    let registry = without_scheme(&endpoint.root());
    let (folder, _) = registry.trim_end_matches('/').rsplit_once('/')?;
    let name = format!("{PREFIX}{folder}/:_authToken");
    Some((name, STAND_IN.to_owned()))
}
