//! How settings name a registry: the key, its scope, the URL.

use codeartifact_auth::endpoint::{Endpoint, UrlParts};

/// Every CodeArtifact host has this in its middle.
pub(super) const MARK: &str = ".codeartifact.";

/// Tells if a registry's value has more in its path than the repository: `https://HOST/npm/my-repo/more/`.
pub(super) fn goes_on(url: &str, endpoint: &Endpoint) -> bool {
    let path = |url: &str| UrlParts::cut(url).path.trim_matches('/').to_owned();
    let is_root = |root: &str| {
        root.strip_prefix(url)
            .is_some_and(|rest| matches!(rest, "" | "/"))
    };
    let root = endpoint.root();
    endpoint.place.is_some() && !is_root(&root) && path(url) != path(&root)
}

/// `registry`, `@scope:registry`: how npm calls a registry in files, in variables and on the command line.
pub(super) fn names_registry(key: &str) -> bool {
    key == "registry" || key.starts_with('@') && key.ends_with(":registry")
}

/// The scope in such a name, or in the option of that name.
pub(super) fn scope_of(key: &str) -> Option<&str> {
    let scope = key.trim_start_matches("--").strip_suffix(":registry");
    scope.filter(|scope| scope.starts_with('@'))
}
