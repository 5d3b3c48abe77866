//! The pinned clients as rows: how each is set up for us, and its words for what all of them do.

/// One client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    /// Its folder in `tests/.clients`.
    pub folder: &'static str,
    /// Its command.
    pub command: &'static str,
    /// The name of its `codeartifact setup`.
    pub setup: &'static str,
    /// Installs exactly what the lock file says.
    pub ci: &'static str,
    /// Adds the package that follows.
    pub add: &'static str,
    /// Runs the command of the package that follows without adding it; empty where there is no such thing.
    pub dlx: &'static str,
    /// Asks for advisories; empty where that goes to a fixed host.
    pub audit: &'static str,
    /// Publishes the package in the working folder; empty where that does not follow `publishConfig`.
    pub publish: &'static str,
    /// Its lock file.
    pub lock: &'static str,
}

pub(crate) const NPM_11: Client = Client {
    folder: "npm",
    command: "npm",
    setup: "npm",
    ci: "ci",
    add: "install",
    dlx: "exec --yes --",
    audit: "audit",
    publish: "publish",
    lock: "package-lock.json",
};

/// The last that needs `always-auth` for the files of CodeArtifact, whose URLs have a port.
pub(crate) const NPM_6: Client = Client {
    folder: "npm-6",
    dlx: "",
    audit: "",
    ..NPM_11
};

pub(crate) const PNPM: Client = Client {
    folder: "pnpm",
    command: "pnpm",
    setup: "pnpm",
    ci: "install --frozen-lockfile",
    add: "add",
    dlx: "dlx",
    audit: "audit",
    publish: "publish --no-git-checks",
    lock: "pnpm-lock.yaml",
};

pub(crate) const YARN: Client = Client {
    folder: "yarn",
    command: "yarn",
    setup: "yarn",
    ci: "install --immutable",
    add: "add",
    dlx: "dlx --quiet",
    audit: "npm audit",
    publish: "install && yarn npm publish",
    lock: "yarn.lock",
};

pub(crate) const YARN_1: Client = Client {
    folder: "yarn-1",
    ci: "install --frozen-lockfile",
    dlx: "",
    audit: "",
    publish: "publish --non-interactive --new-version 2.0.0",
    ..YARN
};

pub(crate) const BUN: Client = Client {
    folder: "bun",
    command: "bun",
    setup: "bun",
    ci: "install --frozen-lockfile",
    add: "add",
    dlx: "x",
    audit: "audit",
    publish: "publish",
    lock: "bun.lock",
};

/// All of them, the newest of a kind first.
pub(crate) const CLIENTS: [Client; 8] = [
    NPM_11,
    Client {
        folder: "npm-10",
        ..NPM_11
    },
    PNPM,
    Client {
        folder: "pnpm-10",
        ..PNPM
    },
    Client {
        folder: "pnpm-9",
        ..PNPM
    },
    YARN,
    YARN_1,
    BUN,
];
