//! Versions as Go wants them of a module: canonical, and of the major version that the module's path ends in.
//! Source: golang.org/x/mod/module, `CheckPathMajor`; the Go modules reference, "Major version suffixes".

use codeartifact_clients::error::UsageError;
use semver::Version;

/// Checks a version of the module with this path.
pub(super) fn check(module: &str, version: &str) -> Result<(), UsageError> {
    let wrong = |reason: String| Err(UsageError::new(reason));
    let number = version.strip_prefix('v');
    let Some(number) = number.and_then(|number| Version::parse(number).ok()) else {
        return wrong(format!(
            "`{version}` is not a version of a module\n  hint: write it as v1.2.0 or v1.2.0-rc.1"
        ));
    };
    if !number.build.is_empty() {
        return wrong(format!(
            "a module with a go.mod has no version with `+{}`\n  hint: leave it out",
            number.build
        ));
    }
    let (path, suffix) = major(module);
    match (suffix, number.major) {
        (None, 0 | 1) => Ok(()),
        (Some(suffix), major) if suffix == major => Ok(()),
        (_, 0 | 1) => wrong(format!(
            "{version} is no version of {module}\n  hint: versions below v2 are of module {path}"
        )),
        (_, major) => wrong(format!(
            "{version} is no version of {module}\n  hint: it is one of module {path}{}v{major}, in the first line of go.mod",
            separator(module)
        )),
    }
}

/// `gopkg.in/yaml.v3` has a dot, and one for v0 and v1 too.
fn separator(module: &str) -> char {
    if module.starts_with("gopkg.in/") {
        '.'
    } else {
        '/'
    }
}

/// The path without its major version, and that.
fn major(module: &str) -> (&str, Option<u64>) {
    let mark = format!("{}v", separator(module));
    let found = module
        .rsplit_once(mark.as_str())
        .and_then(|(path, number)| {
            let is_number =
                !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
            Some((
                path,
                number
                    .parse()
                    .ok()
                    .filter(|number: &u64| is_number && *number > 1)?,
            ))
        });
    found.map_or((module, None), |(path, number)| (path, Some(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_versions() {
        let rows = [
            ("example.com/a", "v1.2.0", Ok(())),
            ("example.com/a", "v0.0.1-rc.1", Ok(())),
            ("example.com/a/v2", "v2.0.0", Ok(())),
            ("gopkg.in/a.v3", "v3.1.0", Ok(())),
            ("example.com/a", "1.2.0", Err("write it as v1.2.0")),
            ("example.com/a", "v1.2", Err("write it as v1.2.0")),
            ("example.com/a", "v1.2.0+incompatible", Err("leave it out")),
            ("example.com/a", "v2.0.0", Err("module example.com/a/v2,")),
            (
                "example.com/a/v2",
                "v3.0.0",
                Err("module example.com/a/v3,"),
            ),
            (
                "example.com/a/v2",
                "v1.0.0",
                Err("are of module example.com/a"),
            ),
        ];
        for (module, version, expected) in rows {
            let found = check(module, version).map_err(|error| error.to_string());
            match expected {
                Ok(()) => assert_eq!(found, Ok(()), "{module} {version}"),
                Err(words) => assert!(found.unwrap_err().contains(words), "{module} {version}"),
            }
        }
    }
}
