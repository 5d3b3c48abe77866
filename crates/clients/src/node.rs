//! Shared by the rooms of npm, pnpm, Yarn and Bun: `.npmrc` files, which registries a project uses, the user's own file
//! with its tokens, the shims, and the links by which pnpm asks for a token. Helpers use it, too: no client is asked here.

mod client;
mod elsewhere;
mod expand;
pub mod helper;
pub mod npmrc;
pub mod old_npm;
pub mod registries;
pub(crate) mod said;
pub(crate) mod settings;
pub(crate) mod shims;
pub(crate) mod tokens;
pub mod unslashed;
pub mod user;
pub mod yarn_plugin;

pub(crate) use client::Node;

/// The user's `.npmrc`, instead of the one in the home directory; npm itself exports it in lower case to scripts.
pub const NPM_USERCONFIG: &str = "npm_config_userconfig";
/// The file that pnpm from 11 on reads instead.
pub const PNPM_TOKENS: &str = "pnpm_config_npmrc_auth_file";
/// Set by every client for the scripts it runs: which script of the package this is.
pub const NPM_LIFECYCLE_EVENT: &str = "npm_lifecycle_event";

/// The name of such a file in a project; the user's own may have another.
pub(crate) const NPMRC: &str = ".npmrc";
/// The machine's.
pub(crate) const MACHINES_NPMRC: &str = "etc/npmrc";
/// pnpm's logins, from 11 on.
pub(crate) const LOGINS: &str = "pnpm/auth.ini";

/// All that read `.npmrc` share it.
pub(crate) const CHECK: &str = "client_npm";

/// `//host/path/`, as npm writes a registry in keys.
pub fn without_scheme(url: &str) -> String {
    url.find("//").map_or(url, |at| &url[at..]).to_owned()
}

/// Yarn names registries as npm's keys do: `//host/npm/repo`.
pub(crate) fn with_scheme(url: &str) -> String {
    let scheme = if url.starts_with("//") { "https:" } else { "" };
    format!("{scheme}{url}")
}
