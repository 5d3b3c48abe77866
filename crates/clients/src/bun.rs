//! Bun: it has no hook to ask us by, and reads the token from `.npmrc` as npm does.

use crate::leftover::Leftovers;
use crate::node::{NPMRC, Node, shims, tokens};
use crate::trial::Trial;

const COMMANDS: &[&str] = &["bun", "bunx"];

/// Bun's room.
pub(crate) const BUN: Node = Node {
    name: "bun",
    about: "Bun: shims on PATH that refresh the tokens first",
    notes: "",
    write: |plan, setup| shims::write("bun", COMMANDS, plan, setup),
    undo: |plan, setup| shims::undo("bun", COMMANDS, plan, setup),
    leftovers: Leftovers {
        sends: "Bun sends it instead of a fresh one",
        project: &["bunfig.toml"],
        published: &["bun.lock"],
        ..Leftovers::NONE
    },
    findings: |here, search| {
        let hint =
            "run `codeartifact-npm`, or `codeartifact setup bun`, which makes a link that does";
        tokens::findings(BUN.name, hint, here, search)
    },
    risks: |_, _| Vec::new(),
    shims: |_| COMMANDS,
    said: |_| None,
    reads: |_| {
        &[
            NPMRC,
            "bunfig.toml",
            ".bunfig.toml",
            "npm_config_",
            "BUN_CONFIG_",
        ]
    },
    has_scoped_logins: false,
    trial: |package, _, scratch| {
        let authorities = format!("--cafile={}", scratch.authorities.display());
        let trial = Trial::of(&["info", &authorities, package]);
        let trial = trial.with("BUN_INSTALL_CACHE_DIR", scratch.path("cache"));
        Some(trial.succeeding())
    },
};
