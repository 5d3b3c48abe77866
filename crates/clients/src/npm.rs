//! npm: shims that refresh the tokens before it reads `.npmrc`, and, for the packages that are named, the registry to
//! read them from.

use crate::leftover::Leftovers;
use crate::node::registries::CLIENTS;
use crate::node::said::Said;
use crate::node::{MACHINES_NPMRC, NPMRC, Node, shims, tokens};
use crate::trial::Trial;

/// npm's room. Its shims stand for every client: a project's scripts may start any of them.
pub(crate) const NPM: Node = Node {
    name: "npm",
    about: "npm and every client that reads .npmrc: shims on PATH that refresh the tokens first",
    notes: EXAMPLE,
    write: |plan, setup| shims::write("npm", CLIENTS, plan, setup),
    undo: |plan, setup| shims::undo("npm", CLIENTS, plan, setup),
    leftovers: Leftovers {
        published: &["package.json", "package-lock.json", "npm-shrinkwrap.json"],
        ..Leftovers::NONE
    },
    findings: |here, search| {
        let hint = "run `codeartifact-npm`, or put a link to it that is named npm first on PATH";
        tokens::findings(NPM.name, hint, here, search)
    },
    risks: |_, _| Vec::new(),
    shims: |_| &["npm"],
    said: |here| Said::of_settings("npm", &["config", "ls", "--json"], here),
    reads: |_| &[NPMRC, MACHINES_NPMRC, "npm_config_"],
    has_scoped_logins: false,
    trial: |package, _, scratch| {
        let cache = format!("--cache={}", scratch.path("cache"));
        let options = ["--update-notifier=false", "--fetch-retries=0"];
        let view = [&["view", package, &cache], &options[..]].concat();
        Some(Trial::of(&view).succeeding())
    },
};

const EXAMPLE: &str = "\
Examples:
  codeartifact setup npm                            registries stay as you have configured them
  codeartifact setup npm acme --scope @my-scope     and packages of that scope come from acme's repository

The shims lie in a directory of their own, which has to stand first on PATH. --undo with a connection or URL takes the
registry lines for it away; without one, everything.";
