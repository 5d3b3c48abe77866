//! `codeartifact-bazel`: answers for one URL what to send there, as the credential helper protocol has it that Bazel
//! began and other build tools speak (github.com/EngFlow/credential-helper-spec). Which URLs a tool asks about is its own
//! configuration.

mod conversation;
mod message;

use codeartifact_helper::{End, Helper, Io};

/// Speaks as a credential helper of Bazel.
#[derive(Debug)]
pub struct Bazel;

impl Helper for Bazel {
    const NAME: &'static str = "codeartifact-bazel";

    const HELP: &'static str = "\
usage: codeartifact-bazel get

Reads {\"uri\": URL} from stdin and prints the headers to send there, and until
when: {\"headers\": {\"Authorization\": [...]}, \"expires\": TIME}. For a URL that is
not CodeArtifact's it prints {}. Bazel 7 and later runs it; in .bazelrc:
  common --credential_helper=*.amazonaws.com=codeartifact-bazel

The extension that `codeartifact setup maven` installs asks it, too.
";

    fn run(&self, io: &mut Io<'_>) -> End {
        conversation::hold(io).into()
    }
}
