//! Finds programs: ours beside the running test, the clients below `tests/.clients`.
//! Nothing is looked up on the machine's PATH, so a test never meets a program that nobody pinned.

use std::path::{Path, PathBuf};

/// Reads what the person who runs the tests asks for, by a variable that `tests/README.md` names.
#[expect(clippy::disallowed_methods, reason = "no program of ours reads it")]
pub fn asked_for(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A binary of this workspace, built into the folder that the running test comes from.
pub(crate) fn own(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let profile = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
    present(
        profile
            .join(name)
            .with_extension(std::env::consts::EXE_EXTENSION),
    )
}

/// The programs that are no helper: the tool, and the two names of the file that asks AWS.
pub const TOOLS: [&str; 3] = ["codeartifact", "codeartifact-aws", "codeartifact-proxy"];

/// The names of our helpers' programs, in order: each is a file of the package that users install.
pub fn helpers() -> Vec<String> {
    let files = std::fs::read_dir(repository().join("crates/cli/src/bin")).unwrap();
    let names = files.map(|file| file.unwrap().path());
    let names = names.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    let mut names: Vec<_> = names
        .filter(|name| !TOOLS.contains(&name.as_str()))
        .collect();
    names.sort();
    names
}

/// A command of a pinned client, or of `machine`: its Python and Node.
pub(crate) fn client(name: &str, command: &str) -> PathBuf {
    present(
        repository()
            .join("tests/.clients")
            .join(name)
            .join("bin")
            .join(command),
    )
}

/// The root of this repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn present(path: PathBuf) -> PathBuf {
    assert!(
        path.exists(),
        "{} is missing: tests/run.sh fetches the clients and builds the programs",
        path.display()
    );
    path
}
