//! Finds the package manager that put our programs into their folder, and its command to remove them. It keeps a list of its
//! files, so it has to do that itself. Only looks; the programs of an archive or of `install/build.sh` are no package
//! manager's.

use std::fs;
use std::path::Path;

/// Debian's list of the files of our package.
const DEBIAN: &str = "/var/lib/dpkg/info/codeartifact.list";

/// The wheel's name.
const WHEEL: &str = "codeartifact-keyring";

/// The command that removes the programs of this folder, if a package manager put them there.
pub(super) fn remover(folder: &Path) -> Option<String> {
    remover_with(folder, Path::new(DEBIAN))
}

fn remover_with(folder: &Path, debian: &Path) -> Option<String> {
    debians(folder, debian)
        .or_else(|| npms(folder))
        .or_else(|| pythons(folder))
}

fn debians(folder: &Path, list: &Path) -> Option<String> {
    let list = fs::read_to_string(list).ok()?;
    let program = folder.join("codeartifact").display().to_string();
    list.lines()
        .any(|line| line == program)
        .then(|| "sudo apt remove codeartifact".to_owned())
}

/// A package of npm's is below `node_modules`: of a project, of all users, or of `npx`, which keeps it in a cache.
fn npms(folder: &Path) -> Option<String> {
    let modules = folder
        .ancestors()
        .filter(|it| it.ends_with("node_modules"))
        .last()?;
    let root = modules.parent()?;
    Some(
        if root.ends_with("lib") || cfg!(windows) && root.ends_with("npm") {
            "npm uninstall --global codeartifact-npm".to_owned()
        } else if root.parent().is_some_and(|it| it.ends_with("_npx")) {
            format!("npm cache npx rm {}", root.file_name()?.to_string_lossy())
        } else {
            format!("npm uninstall --prefix {} codeartifact-npm", root.display())
        },
    )
}

/// An environment of Python's has `pyvenv.cfg`; uv's and pipx's tools have a note of theirs beside it.
fn pythons(folder: &Path) -> Option<String> {
    let environment = folder.parent()?;
    if !environment.join("pyvenv.cfg").is_file() {
        return None;
    }
    let tool = environment.file_name()?.to_string_lossy();
    let is_own = tool == WHEEL;
    Some(if environment.join("uv-receipt.toml").is_file() {
        if is_own {
            format!("uv tool uninstall {WHEEL}")
        } else {
            format!("uv tool install --force {tool}")
        }
    } else if environment.join("pipx_metadata.json").is_file() {
        if is_own {
            format!("pipx uninstall {WHEEL}")
        } else {
            format!("pipx uninject {tool} {WHEEL}")
        }
    } else {
        let python = folder.join("python").display().to_string();
        format!("{python} -m pip uninstall {WHEEL}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of programs below a temporary directory, and the files that tell whose it is.
    fn asked(programs: &str, files: &[&str]) -> Option<String> {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(programs);
        fs::create_dir_all(&folder).unwrap();
        for file in files {
            let file = root.path().join(file);
            fs::write(file, folder.join("codeartifact").display().to_string()).unwrap();
        }
        let said = remover_with(&folder, &root.path().join("list"))?;
        let said = said.replace(&root.path().display().to_string(), "ROOT");
        Some(said.replace('\\', "/"))
    }

    #[test]
    fn every_package_manager_is_told_by_what_it_leaves() {
        let rows: [(&str, &[&str], Option<&str>); 10] = [
            (".local/bin", &[], None),
            ("bin", &["list"], Some("sudo apt remove codeartifact")),
            (
                "lib/node_modules/codeartifact-npm/node_modules/@codeartifact-npm/linux-x64/bin",
                &[],
                Some("npm uninstall --global codeartifact-npm"),
            ),
            (
                "lib/node_modules/@codeartifact-npm/linux-x64/bin",
                &[],
                Some("npm uninstall --global codeartifact-npm"),
            ),
            (
                "project/node_modules/@codeartifact-npm/linux-x64/bin",
                &[],
                Some("npm uninstall --prefix ROOT/project codeartifact-npm"),
            ),
            (
                "_npx/1a2b/node_modules/@codeartifact-npm/linux-x64/bin",
                &[],
                Some("npm cache npx rm 1a2b"),
            ),
            (
                "venv/bin",
                &["venv/pyvenv.cfg"],
                Some("ROOT/venv/bin/python -m pip uninstall codeartifact-keyring"),
            ),
            (
                "codeartifact-keyring/bin",
                &[
                    "codeartifact-keyring/pyvenv.cfg",
                    "codeartifact-keyring/uv-receipt.toml",
                ],
                Some("uv tool uninstall codeartifact-keyring"),
            ),
            (
                "twine/bin",
                &["twine/pyvenv.cfg", "twine/uv-receipt.toml"],
                Some("uv tool install --force twine"),
            ),
            (
                "poetry/bin",
                &["poetry/pyvenv.cfg", "poetry/pipx_metadata.json"],
                Some("pipx uninject poetry codeartifact-keyring"),
            ),
        ];
        for (programs, files, expected) in rows {
            assert_eq!(asked(programs, files).as_deref(), expected, "{programs}");
        }
    }
}
