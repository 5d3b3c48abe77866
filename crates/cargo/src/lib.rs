//! `codeartifact-cargo`: the credential provider that gives cargo its CodeArtifact tokens (The Cargo Book, "Credential
//! Provider Protocol"). Which registries ask it is cargo's configuration, and so `codeartifact_clients`'s to know.
//!
//! The protocol is written here and not taken from the crate `cargo-credential`: that reads and writes the process's own
//! streams, so no test could hold a conversation with byte buffers; its `Secret` can be serialized and is not wiped; and
//! it needs a newer compiler than this workspace.

mod conversation;
mod message;

use codeartifact_helper::{End, Helper, Io};

/// Speaks as a credential provider of cargo.
#[derive(Debug)]
pub struct Cargo;

impl Helper for Cargo {
    const NAME: &'static str = "codeartifact-cargo";

    const HELP: &'static str = "\
usage: codeartifact-cargo --cargo-plugin

Gives cargo the tokens for its CodeArtifact registries. cargo runs it; in
config.toml, for one registry or beside the providers of all others:
  [registries.NAME]
  index = \"sparse+https://HOST/cargo/REPOSITORY/\"
  credential-provider = \"codeartifact-cargo\"

  [registry]
  global-credential-providers = [\"cargo:token\", \"codeartifact-cargo\"]

`codeartifact setup cargo` writes either. `cargo login --registry NAME` gets a
new token where the kept one is refused; `cargo logout` forgets it.
";

    fn run(&self, io: &mut Io<'_>) -> End {
        conversation::hold(io).into()
    }
}
