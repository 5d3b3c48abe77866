//! `nuget-plugin-codeartifact`: the credential plugin that gives NuGet its CodeArtifact tokens (NuGet's documentation,
//! "NuGet cross platform plugins", protocol 2.0). A .NET SDK from 9.0.200 on finds it on PATH by its name.

mod conversation;
mod message;

use codeartifact_helper::{End, Helper, Io};

/// Speaks as a credential plugin of NuGet.
#[derive(Debug)]
pub struct Nuget;

impl Helper for Nuget {
    const NAME: &'static str = "nuget-plugin-codeartifact";

    const HELP: &'static str = "\
usage: nuget-plugin-codeartifact -Plugin

Gives NuGet the tokens for its CodeArtifact sources. NuGet runs it: a .NET SDK
from 9.0.200 on finds it on PATH, others by its path in NUGET_PLUGIN_PATHS.
";

    fn run(&self, io: &mut Io<'_>) -> End {
        conversation::hold(io).into()
    }
}
