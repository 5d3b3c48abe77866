//! The README, as a stranger follows it: each `console` block is typed into a shell, and prints what the page shows.
//! And what clients say when they fail, as the page about trouble has it.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod blocks;
mod files;
mod session;
mod symptoms;

use std::path::Path;

use blocks::Block;
use session::Desk;

pub(crate) const README: &str = include_str!("../../../../README.md");

/// Sections whose commands are typed by a test of this topic.
const TYPED: [&str; 13] = [
    "Start: one account",
    "pip, uv",
    "poetry, pdm, hatch, twine",
    "npm, pnpm, Yarn, Bun",
    "Go",
    "cargo",
    "NuGet, dotnet",
    "Anything that starts several of them",
    "Connections: many accounts",
    "GitHub Actions, without any AWS key",
    "Docker",
    "Untrusted builds",
    "When it does not work",
];

/// Blocks that are shown and not typed, and what runs them instead.
const RUN_ELSEWHERE: [(&str, &str); 9] = [
    (
        "./install/build.sh ~/.local/bin",
        "tests/run.sh, before the topic binaries",
    ),
    (
        "./install/demo.sh",
        "the same session is that of the topic main_job",
    ),
    ("codeartifact uninstall --dry-run", "the topic uninstall"),
    ("codeartifact login", "the topic login, at a terminal"),
    ("pipx inject poetry", "the topic python, with the wheel"),
    ("codeartifact setup maven", "the topic formats"),
    ("codeartifact setup ruby", "the topic formats"),
    (
        "echo 'common --credential_helper",
        "the helper's own tests, by the specification: no registry has a Bazel 7",
    ),
    ("./tests/run.sh", "this is it"),
];

#[test]
fn every_block_is_run_by_a_test() {
    for block in blocks::of(README) {
        let Block {
            heading,
            language,
            text,
        } = &block;
        let first = text.lines().next().unwrap();
        match language.as_str() {
            "console" => assert!(TYPED.contains(&heading.as_str()), "{heading}: {text}"),
            "sh" => assert!(
                RUN_ELSEWHERE
                    .iter()
                    .any(|(start, _)| first.starts_with(start)),
                "{heading}: {text}"
            ),
            "toml" | "yaml" | "dockerfile" => {}
            other => panic!("no test runs a block of language `{other}`: {text}"),
        }
    }
    let indented = blocks::prose(README).find(|line| line.starts_with("    "));
    assert_eq!(indented, None, "a block without a fence");
}

#[test]
fn one_account() {
    let desk = Desk::developer(&["pip"]);
    desk.with_virtual_environment();
    desk.types("Start: one account");
}

#[test]
#[ignore = "it draws install/demo/session.svg anew"]
fn picture() {
    let desk = Desk::developer(&["pip"]);
    desk.with_virtual_environment();
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../install/demo/session.svg");
    desk.draws("Start: one account", 4, &picture);
}

#[test]
fn pip_and_uv() {
    let desk = Desk::developer(&["pip", "uv"]);
    desk.with_virtual_environment();
    desk.types("pip, uv");
}

#[test]
fn tools_of_python() {
    let desk = Desk::developer(&["pdm"]);
    desk.write("pyproject.toml", files::PYPROJECT);
    desk.types("poetry, pdm, hatch, twine");
}

#[test]
fn npm_and_its_like() {
    let desk = Desk::developer(&["npm", "pnpm", "yarn", "bun"]);
    desk.write("package.json", files::PACKAGE_JSON);
    desk.types("npm, pnpm, Yarn, Bun");
}

#[test]
fn go() {
    let desk = Desk::developer(&["go"]);
    desk.write("go.mod", files::GO_MOD);
    desk.types("Go");
}

#[test]
fn cargo() {
    let desk = Desk::developer(&[]);
    desk.with_cargo();
    desk.write("Cargo.toml", files::CARGO_TOML);
    desk.write("src/lib.rs", "");
    desk.types("cargo");
}

#[test]
fn nuget() {
    Desk::developer(&[]).types("NuGet, dotnet");
}

#[test]
fn a_command_that_starts_several() {
    let desk = Desk::developer(&["pip", "npm"]);
    desk.with_virtual_environment();
    desk.write("Makefile", files::MAKEFILE);
    desk.write("package.json", files::PACKAGE_JSON);
    desk.write(
        ".npmrc",
        &format!("registry={}/npm/my-repo/\n", session::HOST),
    );
    desk.types("Anything that starts several of them");
}

#[test]
fn a_connection() {
    let desk = Desk::platform(&[]);
    desk.types("Connections: many accounts");
    desk.configure(&blocks::of(README));
    let _ = desk.run("codeartifact connections").succeeded();
}

#[test]
fn a_pipeline_s_role() {
    let desk = Desk::platform(&[]);
    desk.connect();
    desk.types("GitHub Actions, without any AWS key");
}

#[test]
fn docker() {
    let desk = Desk::developer(&["pip"]);
    desk.with_virtual_environment();
    desk.with_docker(&blocks::of(README));
    desk.types("Docker");
}

#[test]
fn an_untrusted_build() {
    let desk = Desk::platform(&["npm"]);
    desk.connect();
    desk.with_npm_project();
    desk.types("Untrusted builds");
}

#[test]
fn when_it_does_not_work() {
    let desk = Desk::platform(&["pip", "npm"]);
    desk.connect();
    let _ = desk.run("codeartifact setup pip acme").succeeded();
    desk.write("package.json", files::PACKAGE_JSON);
    desk.write(
        ".npmrc",
        &format!("registry={}/npm/my-repo/\n", session::HOST),
    );
    desk.types("When it does not work");
}
