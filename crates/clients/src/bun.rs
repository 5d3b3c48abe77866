//! Bun: it has no hook to ask us by, and reads the token from `.npmrc` as npm does.

use crate::leftover::Leftovers;
use crate::node::{Node, shims};

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
    findings: |_, _, _| Vec::new(),
};
