//! Tells which commands of a client ask a registry. It runs none of them.
//!
//! Scripts, editors and shells run the others all the time, and what a script itself starts comes through here again: a
//! refresh would only hold them up, and for long where AWS cannot be reached.

mod words;

use std::borrow::Cow;
use std::ffi::OsString;

use codeartifact_clients::node::registries::{Kind, kind};
use words::{ABOUT_ITSELF, FLAGS, OFFLINE_BUN, OFFLINE_NPM, ONLINE_PNPM, ONLINE_YARN, WITH_VALUE};

/// Tells if a client's command may ask a registry.
pub(crate) fn needs_registry(command: &[OsString]) -> bool {
    let Some((program, arguments)) = command.split_first() else {
        return true;
    };
    let words: Vec<Cow<'_, str>> = arguments.iter().map(|it| it.to_string_lossy()).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    if words
        .first()
        .is_some_and(|first| ABOUT_ITSELF.contains(first))
    {
        return false;
    }
    let program = program.to_string_lossy();
    match kind(program.as_ref().as_ref()) {
        // These run a package, which may have to be fetched.
        Some(_) if program.ends_with('x') => true,
        Some(kind) => asks(kind, &words),
        None => true,
    }
}

fn asks(kind: Kind, words: &[&str]) -> bool {
    let commands = commands(words);
    if commands.is_empty() {
        // Yarn alone installs; the others show their help.
        return kind == Kind::Yarn;
    }
    let mut commands = commands.into_iter();
    commands.any(|at| asks_by(kind, words[at], &words[at + 1..]))
}

/// Returns the words that may be the command; after an unknown option the word may be its value, so that the next one counts,
/// too.
fn commands(words: &[&str]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut is_certain = true;
    while let Some(word) = words.get(at) {
        if WITH_VALUE.contains(word) {
            at += 1;
        } else if word.starts_with('-') {
            is_certain = FLAGS.contains(word) || word.contains('=');
        } else {
            found.push(at);
            if is_certain {
                break;
            }
            is_certain = true;
        }
        at += 1;
    }
    found
}

fn asks_by(kind: Kind, command: &str, rest: &[&str]) -> bool {
    let names_package = || rest.iter().any(|word| !word.starts_with(['-', '.', '/']));
    match (kind, command) {
        (Kind::Npm, "pack" | "init" | "innit") => names_package(),
        (Kind::Npm, "exec" | "x") => !rest.iter().any(|word| matches!(*word, "-c" | "--call")),
        (Kind::Npm | Kind::Pnpm, "cache" | "store") => rest.first() == Some(&"add"),
        (Kind::Npm, _) => !OFFLINE_NPM.contains(&command),
        (Kind::Bun, "pm") => matches!(
            rest.first(),
            Some(&("view" | "whoami" | "trust" | "migrate"))
        ),
        (Kind::Bun, _) => !OFFLINE_BUN.contains(&command),
        (Kind::Pnpm, "recursive" | "multi" | "m") => asks(kind, rest),
        (Kind::Pnpm, _) => ONLINE_PNPM.contains(&command),
        (Kind::Yarn, "workspace") => rest.get(1..).is_some_and(|rest| asks(kind, rest)),
        (Kind::Yarn, "workspaces") => rest.first() != Some(&"list") && !rest.contains(&"run"),
        (Kind::Yarn, _) => ONLINE_YARN.contains(&command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_commands_that_never_ask_a_registry_are_spared() {
        let online = "npm ci|npm -w test install|npm --foo x install|npm --prefix ls ci|npm init vite|npm pack lodash|\
            npm exec -- cowsay|npm cache add x|npm new-command|npx ls|npx run|pnpm i|pnpm recursive install|pnpm -r --filter x up|\
            pnpm view x|pnpx x|yarn|yarn --immutable|yarn add x|yarn workspace a add b|yarn workspaces focus|yarn npm info x|\
            bun install|bun x y|bunx y|bun pm view x|make";
        for command in online.split('|') {
            assert!(needs(command), "{command}");
        }
        let offline = "npm|npm ls|npm list|npm root -g|npm prefix|npm bin|npm pkg get name|npm get registry|npm set a b|\
            npm run build|npm completion|npm -v|npm --version|npm --silent run build|npm -s ls --depth 0|npm --prefix x ls|\
            npm --loglevel silent root|npm --loglevel=silent root|npm --foo root|npm init -y|npm pack|npm pack ./x|npm exec -c x|\
            npm cache verify|npm query x|npm explain x|npm fund|npm help install|npx --version|pnpm list|pnpm test|pnpm build|\
            pnpm -r run build|pnpm exec x|pnpm root|yarn run x|yarn build|yarn --version|yarn workspace a build|\
            yarn workspaces foreach run build|bun run x|bun test|bun pm ls";
        for command in offline.split('|') {
            assert!(!needs(command), "{command}");
        }
    }

    fn needs(command: &str) -> bool {
        let words: Vec<_> = command.split_whitespace().map(OsString::from).collect();
        needs_registry(&words)
    }
}
