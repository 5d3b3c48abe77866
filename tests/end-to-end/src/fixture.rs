//! The story that most tests share: a platform whose job reads a customer's repository through two roles.
//! The other half of it is `scenarios/two-hops.toml`.

use crate::emulator::Emulator;
use crate::sandbox::Sandbox;

/// The customer's npm repository.
pub const NPM: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
/// The customer's PyPI repository.
pub const PYPI: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/";
/// The same, for clients that ask a keyring only for a user whose name they know.
pub const PYPI_OF_AWS: &str = "https://aws@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/";
/// The customer's Go repository.
pub const GO: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/";

/// The platform's own role, assumed first.
pub const INTEGRATION_ROLE: &str = "arn:aws:iam::198331734661:role/IntegrationReadOnly";
/// The customer's role, assumed second.
pub const READER_ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactReader";
/// The role that the customer made for another tenant.
pub const OTHER_ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactOther";
/// The external id that the customer's role asks for.
pub const EXTERNAL_ID: &str = "acme-7f3c2a91";

/// The key of the platform's user; it is worth nothing outside the emulator.
pub const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
/// Its secret, which no program may write anywhere.
pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

const CONFIG: &str = "home/.config/codeartifact/config.toml";

/// A sandbox that holds the platform's key, the customer's connection and the three clients, and its emulator.
pub fn two_hops() -> (Sandbox, Emulator) {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("two-hops", &mut sandbox);
    for client in ["pip", "npm", "go"] {
        sandbox.client(client, client);
    }
    sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
    sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    acme().configure(&sandbox);
    (sandbox, emulator)
}

/// The connection as it should be.
pub fn acme() -> Connection {
    Connection {
        name: "acme",
        role: READER_ROLE,
        external_id: EXTERNAL_ID,
        npm: NPM.to_owned(),
        pypi: PYPI.to_owned(),
        go: GO.to_owned(),
    }
}

/// Another tenant's, which reads the same repositories through a role of its own.
pub fn globex() -> Connection {
    Connection {
        name: "globex",
        role: OTHER_ROLE,
        external_id: "globex-51e8d0b4",
        ..acme()
    }
}

/// A third tenant's, which differs from acme's in its name alone.
pub fn initech() -> Connection {
    Connection {
        name: "initech",
        ..acme()
    }
}

/// One connection of the configuration; a test changes what it wants to see go wrong.
#[derive(Clone, Debug)]
#[expect(
    missing_docs,
    reason = "the fields are the keys of the configuration file"
)]
pub struct Connection {
    pub name: &'static str,
    pub role: &'static str,
    pub external_id: &'static str,
    pub npm: String,
    pub pypi: String,
    pub go: String,
}

impl Connection {
    /// Makes this the only connection of the sandbox.
    pub fn configure(&self, sandbox: &Sandbox) {
        Self::configure_all(std::slice::from_ref(self), sandbox);
    }

    /// Makes these the connections of the sandbox.
    pub fn configure_all(connections: &[Self], sandbox: &Sandbox) {
        let blocks: String = connections.iter().map(Self::block).collect();
        sandbox.write(
            CONFIG,
            &format!("[defaults]\nvia = [\"{INTEGRATION_ROLE}\"]\n\n{blocks}"),
        );
    }

    fn block(&self) -> String {
        let Self {
            name,
            role,
            external_id,
            npm,
            pypi,
            go,
        } = self;
        format!(
            "[connections.{name}]\naccount_id = \"111122223333\"\nrole_arn = \"{role}\"\n\
             external_id = \"{external_id}\"\nnpm = \"{npm}\"\npypi = \"{pypi}\"\ngo = \"{go}\"\n\n"
        )
    }
}
