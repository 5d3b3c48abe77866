//! The npm family and `codeartifact-npm`: each client is set up as the README says, then really installs and publishes.
//! Clients are rows (`clients`); a behaviour is one function for all of them. What they send is seen in the journal.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod carried;
mod clients;
mod days;
mod files;
mod managers;
mod mounts;
mod package;
mod pnpm;
mod projects;
mod public;
mod readers;
mod reports;
mod rush;
mod setup;
mod shapes;
mod spellings;
mod tokens;

use std::path::Path;

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, NPM, SECRET_ACCESS_KEY};
use codeartifact_end_to_end::install::GREETING;
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

use clients::Client;

/// The place of the customer's packages before a move.
const OLD_NPM: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-old-repo/";
/// The repository for what is published.
const RELEASES: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-releases/";
/// A repository of another domain, which another connection reaches.
const OTHER_DOMAIN: &str =
    "https://my-other-domain-198331734661.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
/// The public registry, which is to see no token.
const PUBLIC: &str = "https://registry.example.com/";

const CONFIG: &str = r#"
[connections.acme]
account_id = "111122223333"
role_arn = "arn:aws:iam::111122223333:role/CodeArtifactDeveloper"
external_id = "acme-7f3c2a91"
npm = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/"

[connections.own]
account_id = "198331734661"
role_arn = "arn:aws:iam::198331734661:role/CodeArtifactOwn"
npm = "https://my-other-domain-198331734661.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/"
"#;

/// An `.npmrc` that has grown for a while: a token that has run out, and other things.
const USERS_NPMRC: &str = "\
# mine\r
fund = false ; no thanks\r
//npm.example.com/:_authToken=${EXAMPLE}\r
//my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/:_authToken=eyJ-yesterday\r
";

/// A developer's machine with one client, two connections, and the registries of `scenarios/node.toml`.
struct Desk {
    // Before the sandbox, whose folder holds its journal: fields are dropped in this order.
    emulator: Emulator,
    sandbox: Sandbox,
    client: Client,
}

impl Desk {
    #[expect(
        clippy::print_stdout,
        reason = "a test that fails shows which client it was about"
    )]
    fn with(client: Client) -> Self {
        println!("{}", client.folder);
        let mut sandbox = Sandbox::new();
        let emulator = Emulator::start("node", &mut sandbox);
        sandbox.client(client.folder, client.command);
        sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
        sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
        sandbox.write("home/.config/codeartifact/config.toml", CONFIG);
        sandbox.write("home/.npmrc", USERS_NPMRC);
        // Yarn 1 does not start while a variable in there is not set.
        sandbox.set("EXAMPLE", "none");
        // The scripts that pnpm makes of a package's commands need these.
        for tool in ["sed", "dirname", "uname"] {
            sandbox.link(tool, &Path::new("/usr/bin").join(tool));
        }
        Self {
            emulator,
            sandbox,
            client,
        }
    }

    /// Types a line into a shell whose profile has the line that `codeartifact setup` shows.
    fn types(&self, line: &str) -> Outcome {
        let shims = self.sandbox.path("home/.local/share/codeartifact/shims");
        let line = format!("PATH='{}':\"$PATH\"; {line}", shims.display());
        self.sandbox.run("sh", &["-c", &line])
    }

    /// The client, in the working folder.
    fn client(&self, arguments: &str) -> Outcome {
        self.types(&format!("{} {arguments}", self.client.command))
    }
}
