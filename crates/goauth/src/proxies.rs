//! The proxies in GOPROXY, as go itself finds and reads them (cmd/go: `cfg.Getenv`, `cfg.EnvFile`, `modfetch.proxyList`).
//! It does not judge whose they are.

use std::fs;
use std::path::PathBuf;

use codeartifact_auth::environment::{APPDATA, Environment, GOENV, GOPROXY, XDG_CONFIG_HOME};

/// What GOPROXY lists, up to `direct` or `off`, each as a URL.
///
/// GOROOT's `go.env` is passed over: it holds defaults, and none of ours.
pub(crate) fn proxies(environment: &Environment) -> Vec<String> {
    let list = environment.text(GOPROXY).or_else(|| {
        let text = fs::read(env_file(environment)?).ok()?;
        value_in(&String::from_utf8_lossy(&text))
    });
    split(&list.unwrap_or_default())
}

/// What `go env -w GOPROXY=…` has written. As in go, the last line counts, and nothing is quoted.
fn value_in(env_file: &str) -> Option<String> {
    let mut lines = env_file.split('\n').filter_map(|line| line.split_once('='));
    let (_, value) = lines.rfind(|(name, _)| *name == GOPROXY)?;
    Some(value.to_owned())
}

/// As go: `off` and `direct` end the list; what is no single word and has no scheme gets `https://`.
fn split(list: &str) -> Vec<String> {
    list.split([',', '|'])
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .take_while(|entry| !matches!(*entry, "off" | "direct"))
        .map(with_scheme)
        .collect()
}

fn with_scheme(entry: &str) -> String {
    let bare = entry.contains(['.', ':', '/']) && !entry.contains(":/") && !entry.starts_with('/');
    match bare {
        true => format!("https://{entry}"),
        false => entry.to_owned(),
    }
}

/// Where `go env GOENV` says it is.
fn env_file(environment: &Environment) -> Option<PathBuf> {
    match environment.variable(GOENV) {
        Some(file) if file == "off" => None,
        Some(file) => Some(PathBuf::from(file)),
        None => Some(user_configuration(environment)?.join("go/env")),
    }
}

/// Go's `os.UserConfigDir`, which is not always where other programs keep theirs.
fn user_configuration(environment: &Environment) -> Option<PathBuf> {
    if cfg!(windows) {
        return environment.variable(APPDATA).map(PathBuf::from);
    }
    if cfg!(target_os = "macos") {
        return Some(environment.home()?.join("Library/Application Support"));
    }
    match environment.variable(XDG_CONFIG_HOME).map(PathBuf::from) {
        Some(directory) => directory.is_absolute().then_some(directory),
        None => Some(environment.home()?.join(".config")),
    }
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;

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
            assert_eq!(value_in(text).as_deref(), expected, "{text:?}");
        }
    }

    /// A home with an env file in each place where go may look on Linux.
    #[cfg(not(any(windows, target_os = "macos")))]
    #[test]
    fn the_variable_comes_before_the_env_file_that_go_itself_would_read() {
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
        let rows: [(Variables<'_>, &[&str]); 8] = [
            (&[], &["https://home"]),
            (&[(XDG_CONFIG_HOME, &xdg)], &["https://xdg"]),
            (&[(XDG_CONFIG_HOME, "relative")], &[]),
            (
                &[(XDG_CONFIG_HOME, &xdg), (GOENV, &other)],
                &["https://other"],
            ),
            (&[(GOENV, "off")], &[]),
            (&[(GOENV, "/nowhere")], &[]),
            (&[(GOPROXY, "https://set")], &["https://set"]),
            (&[(GOPROXY, "")], &["https://home"]),
        ];
        for (variables, expected) in rows {
            let environment = Environment::fixed(variables, home.path().to_owned(), Timestamp(0));
            assert_eq!(proxies(&environment), expected, "{variables:?}");
        }
    }
}
