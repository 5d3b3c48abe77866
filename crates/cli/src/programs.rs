//! Our own programs, as one release installs them into one folder: which there are, and whether they belong together.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use codeartifact_auth::VERSION;
use codeartifact_auth::minter::folder_of_programs;
use codeartifact_clients::here;

/// Every program of a release. The last two are needed by the others.
pub(crate) const ALL: [&str; 10] = [
    "codeartifact-keyring",
    "codeartifact-npm",
    "codeartifact-goauth",
    "codeartifact-cargo",
    "nuget-plugin-codeartifact",
    "codeartifact-bazel",
    "codeartifact-ruby",
    "codeartifact-proxy",
    "codeartifact",
    "codeartifact-aws",
];

/// A program says its version within milliseconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// The programs that are in the folder of this one.
pub(crate) fn installed() -> Vec<PathBuf> {
    let Ok(folder) = folder_of_programs() else {
        return Vec::new();
    };
    let paths = ALL.map(|name| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)));
    paths.into_iter().filter(|path| path.is_file()).collect()
}

/// A sentence for each program beside this one that is of another release or build.
pub(crate) fn mixed() -> Vec<String> {
    let programs = installed();
    programs.iter().filter_map(|path| differs(path)).collect()
}

fn differs(program: &Path) -> Option<String> {
    let ended = here::run(Command::new(program).arg("--version"), PATIENCE)?;
    let text = String::from_utf8_lossy(&ended.stdout);
    let theirs = text.split_once(' ').map_or("unknown", |(_, it)| it.trim());
    (release(theirs) != release(VERSION)).then(|| {
        format!(
            "{} is {}, and this program is {}; install all programs of one release into one folder",
            program.display(),
            release(theirs),
            release(VERSION)
        )
    })
}

/// The version and the commit: programs of one release may differ in their linkage.
fn release(version: &str) -> &str {
    let end = version.find(", ").or_else(|| version.find(" ("));
    version[..end.unwrap_or(version.len())].trim_end_matches(',')
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_program_of_the_package_is_known() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
        let mut sources: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        sources.push("codeartifact".to_owned());
        sources.sort();
        let mut known = ALL.to_vec();
        known.sort_unstable();
        assert_eq!(sources, known);
    }

    #[test]
    fn a_release_is_a_version_and_its_commit() {
        let rows = [
            ("0.1.0 (1a2b3c4, x86_64-linux static)", "0.1.0 (1a2b3c4"),
            ("0.1.0 (1a2b3c4, x86_64-linux dynamic)", "0.1.0 (1a2b3c4"),
            ("0.1.0 (x86_64-linux dynamic)", "0.1.0"),
            ("0.1.0", "0.1.0"),
        ];
        for (version, expected) in rows {
            assert_eq!(release(version), expected, "{version}");
        }
    }
}
