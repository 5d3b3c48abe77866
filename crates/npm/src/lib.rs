//! What `codeartifact-npm` is made of: arguments, and a fresh token for each registry that is used. How npm's files are
//! read and written is `codeartifact_clients::node`'s to know. It is no npm: nothing is installed here.

mod arguments;
mod exec;
mod no_file;
pub mod program;
mod refresh;
mod tokens;
pub mod voice;
