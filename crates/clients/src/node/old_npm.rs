//! npm 6 sends a token only to the very host and port that the registry's URL has, and CodeArtifact writes `:443` into the
//! URLs of files: without `always-auth`, which AWS's documentation asks for, every file is refused. npm 11 warns of that
//! setting, so it is for the older one alone.

use std::path::Path;

use codeartifact_auth::environment::Environment;

use crate::here;

const ALWAYS_AUTH: &str = "npm_config_always_auth";
/// The first that passes over the setting.
const FIRST_WITHOUT: u32 = 7;

/// The variable that an npm needs; `program` is its script `bin/npm-cli.js`, or leads there.
pub fn variable(program: &Path, environment: &Environment) -> Option<(&'static str, String)> {
    let is_free = environment.in_any_case(ALWAYS_AUTH).is_none();
    let is_old = major(program).is_some_and(|major| major < FIRST_WITHOUT);
    (is_free && is_old).then(|| (ALWAYS_AUTH, "true".to_owned()))
}

fn major(program: &Path) -> Option<u32> {
    let script = program.canonicalize().ok()?;
    let package = here::read(&script.parent()?.parent()?.join("package.json"))?;
    let package: serde_json::Value = serde_json::from_str(&package.text).ok()?;
    let is_npm = package["name"] == "npm";
    let version = package["version"].as_str().filter(|_| is_npm)?;
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;

    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn only_an_old_npm_gets_it() {
        let rows = [
            ("npm", "6.14.18", true),
            ("npm", "7.0.0", false),
            ("npm", "11.21.2", false),
            ("pnpm", "6.35.1", false),
        ];
        for (name, version, expected) in rows {
            let folder = tempfile::tempdir().unwrap();
            let package = folder.path().join("lib/npm");
            fs::create_dir_all(package.join("bin")).unwrap();
            fs::write(package.join("bin/npm-cli.js"), "").unwrap();
            let text = format!(r#"{{"version": "{version}", "name": "{name}"}}"#);
            fs::write(package.join("package.json"), text).unwrap();
            let link = folder.path().join("npm");
            std::os::unix::fs::symlink(package.join("bin/npm-cli.js"), &link).unwrap();
            let environment = Environment::fixed(&[], folder.path().to_owned(), Timestamp(0));
            let found = variable(&link, &environment);
            assert_eq!(found.is_some(), expected, "{name} {version}");
        }
    }
}
