//! `go env -json`: what a go says of its settings and its version.

use std::collections::BTreeMap;

use super::GOPROXY;
use crate::here::Here;

/// Without a toolchain that `go.mod` asks for: go would load it.
pub(super) const LOCAL: (&str, &str) = ("GOTOOLCHAIN", "local");

/// go becomes another toolchain only if that is on this machine.
pub(super) const OFFLINE: (&str, &str) = (GOPROXY, "off");

pub(super) const GOVERSION: &str = "GOVERSION";

/// Returns what a go says of these settings; `None` where it says nothing.
pub(super) fn env(
    here: &Here<'_>,
    program: &str,
    names: &[&str],
    variables: &[(&str, &str)],
) -> Option<BTreeMap<String, String>> {
    let arguments = [&["env", "-json"], names].concat();
    serde_json::from_str(&here.ask(program, &arguments, variables)?).ok()
}

pub(super) fn number(version: &str) -> &str {
    version.strip_prefix("go").unwrap_or(version)
}

/// Tells if this go runs the commands of GOAUTH, as go 1.24 was the first to do. A version that cannot be read is a
/// development build.
pub(super) fn has_goauth(version: &str) -> bool {
    let mut numbers = number(version).split('.').map(|it| {
        let digits = it.find(|it: char| !it.is_ascii_digit()).unwrap_or(it.len());
        it[..digits].parse::<u32>().ok()
    });
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(1), Some(minor)) => minor >= 24,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goauth_came_with_1_24() {
        let rows = [
            ("1.23.9", false),
            ("go1.9", false),
            ("1.24rc1", true),
            ("go1.24", true),
            ("1.27.3", true),
            ("2.0", true),
            ("devel", true),
            ("", true),
        ];
        for (version, expected) in rows {
            assert_eq!(has_goauth(version), expected, "{version}");
        }
    }
}
