//! What the rooms of npm, pnpm, Yarn and Bun share: `.npmrc` files, which registries a project uses, the user's own file
//! with its tokens, the shims, and the links by which pnpm asks for a token. Helpers use it, too: no client is asked here.

mod expand;
pub mod helper;
pub mod npmrc;
pub mod registries;
pub(crate) mod settings;
pub(crate) mod shims;
pub mod user;

/// The user's `.npmrc`, instead of the one in the home directory; npm itself exports it in lower case to scripts.
pub const NPM_USERCONFIG: &str = "npm_config_userconfig";
/// Set by every client for the scripts it runs: which script of the package this is.
pub const NPM_LIFECYCLE_EVENT: &str = "npm_lifecycle_event";

/// `//host/path/`, as npm writes a registry in keys.
pub fn without_scheme(url: &str) -> String {
    url.find("//").map_or(url, |at| &url[at..]).to_owned()
}
