//! go's own settings, as go itself finds and reads them (cmd/go: `cfg.Getenv`, `cfg.EnvFile`, `modfetch.proxyList`).
//! It does not judge whose they are.

use std::path::PathBuf;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::user_file::read_regular;

use super::{GOENV, GOPROXY};

/// The variable of that name, else what `go env -w` has written.
///
/// GOROOT's `go.env` is passed over: it holds defaults, and none of ours.
pub fn setting(name: &str, environment: &Environment) -> Option<String> {
    environment.text(name).or_else(|| {
        let text = read_regular(&env_file(environment)?).ok()?;
        value_in(&String::from_utf8_lossy(&text), name)
    })
}

/// The entries of a GOPROXY, each with the separator behind it: after `,` go asks the next one for what is not there,
/// after `|` whenever anything fails.
pub fn entries(list: &str) -> Vec<(&str, Option<char>)> {
    let pieces = list.split_inclusive([',', '|']);
    let entries = pieces.map(|piece| match piece.strip_suffix([',', '|']) {
        Some(entry) => (entry.trim(), piece.chars().last()),
        None => (piece.trim(), None),
    });
    entries.filter(|(entry, _)| !entry.is_empty()).collect()
}

/// Returns the entries of GOPROXY, up to `direct` or `off`, each as a URL.
pub fn proxies(environment: &Environment) -> Vec<String> {
    split(&setting(GOPROXY, environment).unwrap_or_default())
}

/// As go: `off` and `direct` end the list; what is no single word and has no scheme gets `https://`.
fn split(list: &str) -> Vec<String> {
    let urls = entries(list).into_iter().map(|(entry, _)| entry);
    urls.take_while(|entry| !matches!(*entry, "off" | "direct"))
        .map(with_scheme)
        .collect()
}

pub(super) fn with_scheme(entry: &str) -> String {
    let bare = entry.contains(['.', ':', '/']) && !entry.contains(":/") && !entry.starts_with('/');
    let scheme = if bare { "https://" } else { "" };
    format!("{scheme}{entry}")
}

/// As in go, the last line counts, and nothing is quoted.
fn value_in(env_file: &str, wanted: &str) -> Option<String> {
    let line = env_file
        .split('\n')
        .nth(line_of(env_file, wanted)?.checked_sub(1)?)?;
    Some(line.split_once('=')?.1.to_owned())
}

/// The number of the line that counts, from 1.
pub(super) fn line_of(env_file: &str, wanted: &str) -> Option<usize> {
    let lines: Vec<_> = env_file.split('\n').collect();
    let is_it = |line: &&str| line.split_once('=').is_some_and(|(name, _)| name == wanted);
    lines.iter().rposition(is_it).map(|place| place + 1)
}

/// Returns the path that `go env GOENV` prints.
pub fn env_file(environment: &Environment) -> Option<PathBuf> {
    match environment.variable(GOENV) {
        Some(file) if file == "off" => None,
        Some(file) => Some(PathBuf::from(file)),
        None => default_file(environment),
    }
}

/// Returns its usual path, which counts unless [`GOENV`] names another.
pub(super) fn default_file(environment: &Environment) -> Option<PathBuf> {
    Some(environment.user_configuration()?.join("go/env"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_what_stands_behind_them() {
        type Entry = (&'static str, Option<char>);
        let rows: [(&str, &[Entry]); 5] = [
            ("", &[]),
            ("https://a", &[("https://a", None)]),
            (
                "https://a, direct",
                &[("https://a", Some(',')), ("direct", None)],
            ),
            (
                "https://a|b,,c|",
                &[("https://a", Some('|')), ("b", Some(',')), ("c", Some('|'))],
            ),
            ("off", &[("off", None)]),
        ];
        for (list, expected) in rows {
            assert_eq!(entries(list), expected, "{list:?}");
        }
    }

    #[test]
    fn env_files_are_read_as_go_reads_them() {
        let rows = [
            ("GOPROXY=https://a\n", Some("https://a")),
            (
                "GOAUTH=netrc\nGOPROXY=https://a,direct",
                Some("https://a,direct"),
            ),
            ("GOPROXY=https://a\nGOPROXY=https://b\n", Some("https://b")),
            ("# GOPROXY=https://a\n", None),
            ("XGOPROXY=https://a\n", None),
            (" GOPROXY=https://a\n", None),
            ("GOPROXY\n", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(value_in(text, GOPROXY).as_deref(), expected, "{text:?}");
        }
    }

    /// A home with an env file in each place where go may look on Linux.
    #[cfg(not(any(windows, target_os = "macos")))]
    #[test]
    fn the_variable_comes_before_the_env_file_that_go_itself_would_read() {
        use std::fs;

        use codeartifact_auth::environment::XDG_CONFIG_HOME;
        use codeartifact_auth::token::Timestamp;

        let home = tempfile::tempdir().unwrap();
        let write = |file: &str, proxy: &str| {
            let file = home.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, format!("GOPROXY=https://{proxy}\n")).unwrap();
            file.to_str().unwrap().to_owned()
        };
        write(".config/go/env", "home");
        let xdg = write("xdg/go/env", "xdg").replace("/go/env", "");
        let other = write("other", "other");
        type Variables<'a> = &'a [(&'a str, &'a str)];
        let rows: [(Variables<'_>, Option<&str>); 8] = [
            (&[], Some("https://home")),
            (&[(XDG_CONFIG_HOME, &xdg)], Some("https://xdg")),
            (&[(XDG_CONFIG_HOME, "relative")], None),
            (
                &[(XDG_CONFIG_HOME, &xdg), (GOENV, &other)],
                Some("https://other"),
            ),
            (&[(GOENV, "off")], None),
            (&[(GOENV, "/nowhere")], None),
            (&[(GOPROXY, "https://set")], Some("https://set")),
            (&[(GOPROXY, "")], Some("https://home")),
        ];
        for (variables, expected) in rows {
            let environment = Environment::fixed(variables, home.path().to_owned(), Timestamp(0));
            assert_eq!(
                setting(GOPROXY, &environment).as_deref(),
                expected,
                "{variables:?}"
            );
        }
    }

    #[test]
    fn lists_are_read_as_go_reads_them() {
        let rows: [(&str, &[&str]); 12] = [
            ("", &[]),
            ("off", &[]),
            ("direct", &[]),
            ("https://a/go/r/", &["https://a/go/r/"]),
            ("https://a,https://b", &["https://a", "https://b"]),
            ("https://a|https://b", &["https://a", "https://b"]),
            (" https://a , direct", &["https://a"]),
            ("https://a,direct,https://b", &["https://a"]),
            ("https://a,off,https://b", &["https://a"]),
            (",,https://a,", &["https://a"]),
            ("a.example/go/r", &["https://a.example/go/r"]),
            ("/srv/proxy,file:///srv", &["/srv/proxy", "file:///srv"]),
        ];
        for (list, expected) in rows {
            assert_eq!(split(list), expected, "{list:?}");
        }
    }
}
