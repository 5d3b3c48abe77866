//! `codeartifact-goauth`: the command for GOAUTH that gives go its CodeArtifact tokens (`go help goauth`). Go's settings
//! are `codeartifact_clients::go`'s to know.

mod answer;
mod conversation;
mod prefix;
mod reach;
mod refusal;

use codeartifact_helper::{End, Helper, Io};

/// Speaks as a GOAUTH command.
#[derive(Debug)]
pub struct Goauth;

impl Helper for Goauth {
    const NAME: &'static str = "codeartifact-goauth";

    const HELP: &'static str = "\
usage: codeartifact-goauth [URL]

Gives go the tokens for the CodeArtifact repositories in GOPROXY. go runs it:
  go env -w GOAUTH=codeartifact-goauth GOPROXY=https://HOST/go/REPOSITORY/

Without URL it answers for all of GOPROXY; with one, for that, and reads the
response that go got on stdin. See `go help goauth`.
";

    fn run(&self, io: &mut Io<'_>) -> End {
        conversation::answer(io).into()
    }
}
