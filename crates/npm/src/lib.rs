//! What `codeartifact-npm` is made of: finding the registries of a project, their tokens, the user's `.npmrc`.
//! A library beside the program, because `codeartifact setup` and `logout` change that file too, and only one crate
//! shall know how. It is no npm: nothing is installed here.

mod arguments;
mod exec;
mod expand;
pub mod helper;
mod lock;
mod no_file;
pub mod npmrc;
pub mod program;
mod refresh;
pub mod registries;
mod tokens;
pub mod user;
pub mod voice;
mod write;

/// The plugin by which Yarn 2 and later ask for headers.
pub const YARN_PLUGIN: &str = include_str!("yarn_plugin.cjs");
