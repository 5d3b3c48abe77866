//! A module's path as Go wants it: go refuses to get a module of any other.
//! Source: golang.org/x/mod/module, `CheckPath`.

use codeartifact_clients::error::UserError;

use super::source::is_device;

/// Checks the path in the first line of go.mod.
pub(super) fn check(module: &str) -> Result<(), UserError> {
    let first = module.split('/').next().unwrap_or_default();
    let problem = if !first.contains('.') {
        Some("has no dot in its first part, which is a host")
    } else if first.starts_with('-') || !first.bytes().all(is_of_a_host) {
        Some("begins with something else than a host in lower case")
    } else {
        module.split('/').find_map(wrong_in)
    };
    problem.map_or(Ok(()), |problem| {
        Err(UserError::new(format!(
            "go gets no module of the path `{module}`: it {problem}\n  \
             hint: name it in the first line of go.mod as in example.com/my/module"
        )))
    })
}

/// What is wrong with one part of it.
fn wrong_in(part: &str) -> Option<&'static str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let short = part.split('.').next().unwrap_or_default();
    if part.is_empty() {
        Some("has an empty part")
    } else if part.starts_with('.') || part.ends_with('.') {
        Some("has a part that begins or ends with a dot")
    } else if !part.bytes().all(is_plain) {
        Some("has a character other than letters, digits and `-._~`")
    } else if is_device(part) {
        Some("has a part that Windows takes for a device")
    } else if is_short_name(short) {
        Some("has a part that ends with a tilde and digits")
    } else {
        None
    }
}

fn is_of_a_host(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte)
}

/// `module~1`: Windows may have another file of that name.
fn is_short_name(name: &str) -> bool {
    name.rsplit_once('~').is_some_and(|(_, digits)| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let rows = [
            ("example.com/my/Module", ""),
            ("example.com/a~b/v2", ""),
            ("gopkg.in/yaml.v3", ""),
            ("mine", "no dot"),
            ("mine/module", "no dot"),
            ("Example.com/a", "lower case"),
            ("-a.example.com/a", "lower case"),
            ("example.com/", "an empty part"),
            ("example.com//a", "an empty part"),
            ("example.com/.a", "with a dot"),
            ("example.com/a.", "with a dot"),
            ("example.com/a b", "a character"),
            ("example.com/a+b", "a character"),
            ("example.com/AUX.go", "a device"),
            ("example.com/a~1", "a tilde"),
        ];
        for (path, expected) in rows {
            match check(path) {
                Ok(()) => assert_eq!(expected, "", "{path}"),
                Err(error) => {
                    let said = error.to_string();
                    assert!(!expected.is_empty() && said.contains(expected), "{said}");
                }
            }
        }
    }
}
