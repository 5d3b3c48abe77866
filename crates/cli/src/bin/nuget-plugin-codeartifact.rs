//! `nuget-plugin-codeartifact`: gives NuGet its tokens. The protocol is in the crate `nuget`.

use std::process::ExitCode;

use nuget_plugin_codeartifact::Nuget;

fn main() -> ExitCode {
    codeartifact_helper::main(Nuget)
}
