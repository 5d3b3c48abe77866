//! The three settings of the go command that lead it to us, and how they change: pure functions of text.
//! It runs nothing and writes nothing: where the values are kept is `env_file`'s to know.
//!
//! Grammar: `go help goauth`, `go help environment`, and the Go modules reference on GOPROXY.

mod proxies;

use super::goauth::{self, COMMAND, DEFAULT, is_ours};
use super::settings::entries;
use super::{GOAUTH, GONOSUMDB, GOPROXY};
use crate::error::UsageError;

pub(super) use proxies::{fallbacks, is_same_url};
use proxies::{with_proxy, without_proxies};

/// The settings' values, as `go env` prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Values {
    pub(super) goauth: String,
    pub(super) gonosumdb: String,
    pub(super) goproxy: String,
}

/// The repository that a setup puts first, and what goes with it.
pub(super) struct SetupRequest<'a> {
    /// The repository's URL.
    pub(super) repository: &'a str,
    /// Patterns of modules that the checksum database must not be asked about.
    pub(super) private: &'a [String],
    /// Tells which other entries of GOPROXY stay behind the repository.
    pub(super) keeps: &'a dyn Fn(&str) -> bool,
}

impl Values {
    /// Their names, in the order in which `go env -w` sorts them.
    pub(super) const NAMES: [&'static str; 3] = [GOAUTH, GONOSUMDB, GOPROXY];

    pub(super) fn of(mut value: impl FnMut(&str) -> String) -> Self {
        Self {
            goauth: value(GOAUTH),
            gonosumdb: value(GONOSUMDB),
            goproxy: value(GOPROXY),
        }
    }

    pub(super) fn get(&self, name: &str) -> &str {
        match name {
            GOAUTH => &self.goauth,
            GONOSUMDB => &self.gonosumdb,
            _ => &self.goproxy,
        }
    }

    /// The settings that read the repository first and check no sums of private modules.
    pub(super) fn with(&self, wanted: &SetupRequest<'_>) -> Result<Values, UsageError> {
        Ok(Values {
            goauth: with_command(&self.goauth)?,
            gonosumdb: with_patterns(&self.gonosumdb, wanted.private),
            goproxy: with_proxy(&self.goproxy, wanted)?,
        })
    }

    /// The settings without these repositories and patterns; without our command too, unless it `is_needed`.
    pub(super) fn without(&self, proxies: &[&str], private: &[&str], is_needed: bool) -> Values {
        let command = |goauth: &str| {
            if is_needed {
                goauth.to_owned()
            } else {
                without_command(goauth)
            }
        };
        Values {
            goauth: command(&self.goauth),
            gonosumdb: without_patterns(&self.gonosumdb, private),
            goproxy: without_proxies(&self.goproxy, proxies),
        }
    }
}

/// The elements of a setting: commands, patterns or proxies.
pub(super) fn elements<'a>(name: &str, value: &'a str) -> Vec<&'a str> {
    match name {
        GOAUTH => goauth::commands(value).collect(),
        _ => entries(value).into_iter().map(|(entry, _)| entry).collect(),
    }
}

fn with_command(goauth: &str) -> Result<String, UsageError> {
    let mut commands: Vec<_> = goauth::commands(goauth).collect();
    if commands.contains(&"off") {
        return Err(UsageError::new(
            "GOAUTH is `off`, which go does not combine with a command; unset it first: go env -u GOAUTH",
        ));
    }
    let is_named = commands.iter().any(|command| is_ours(command));
    // go refuses a list with an empty command; a list that is all right stays as it is written.
    if is_named && commands.len() == goauth.split(';').count() {
        return Ok(goauth.to_owned());
    }
    if commands.is_empty() {
        commands.push(DEFAULT);
    }
    if !is_named {
        commands.push(COMMAND);
    }
    Ok(commands.join("; "))
}

fn without_command(goauth: &str) -> String {
    let kept = goauth::commands(goauth).filter(|command| *command != COMMAND);
    kept.collect::<Vec<_>>().join("; ")
}

fn with_patterns(gonosumdb: &str, private: &[String]) -> String {
    let mut all = patterns(gonosumdb);
    for pattern in private.iter().flat_map(|it| patterns(it)) {
        if !all.contains(&pattern) {
            all.push(pattern);
        }
    }
    all.join(",")
}

fn without_patterns(gonosumdb: &str, private: &[&str]) -> String {
    let kept = patterns(gonosumdb).into_iter();
    kept.filter(|pattern| !private.contains(pattern))
        .collect::<Vec<_>>()
        .join(",")
}

/// The patterns of a list, as go matches them: without blanks around, and without the empty ones.
pub(super) fn patterns(list: &str) -> Vec<&str> {
    let patterns = list.split(',').map(str::trim);
    patterns.filter(|pattern| !pattern.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) const OURS: &str =
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/";
    pub(super) const OTHER: &str =
        "https://my-other-domain-111122223333.d.codeartifact.eu-west-1.amazonaws.com/go/my-repo/";
    pub(super) const PUBLIC: &str = "https://proxy.example.com,direct";
    const HELPED: &str = "netrc; codeartifact-goauth";

    fn settings(goauth: &str, goproxy: &str, gonosumdb: &str) -> Values {
        Values {
            goauth: goauth.into(),
            gonosumdb: gonosumdb.into(),
            goproxy: goproxy.into(),
        }
    }

    pub(super) fn is_codeartifact(entry: &str) -> bool {
        entry.contains(".d.codeartifact.")
    }

    fn with(before: &Values, keeps: &dyn Fn(&str) -> bool) -> Result<Values, UsageError> {
        before.with(&SetupRequest {
            repository: OURS,
            private: &["example.com/private".to_owned()],
            keeps,
        })
    }

    #[test]
    fn only_repositories_of_codeartifact_stay_behind_ours() {
        let quoted = "'/my tools/codeartifact-goauth'";
        let both = format!("{OURS},{OTHER}");
        let rows = [
            (settings("netrc", PUBLIC, ""), HELPED, OURS, ""),
            (settings("", "", ""), HELPED, OURS, ""),
            (
                settings("git /work", "direct", "a"),
                "git /work; codeartifact-goauth",
                OURS,
                "a,",
            ),
            (
                settings(HELPED, &format!("{OTHER}|direct"), ""),
                HELPED,
                &both,
                "",
            ),
            (
                settings(quoted, &format!("{OURS}|{PUBLIC}"), ""),
                quoted,
                OURS,
                "",
            ),
            (
                settings("netrc ; ", &format!("{PUBLIC},{OURS}"), "a\r"),
                HELPED,
                OURS,
                "a,",
            ),
        ];
        for (before, goauth, goproxy, patterns) in rows {
            let after = with(&before, &is_codeartifact).unwrap();
            let gonosumdb = format!("{patterns}example.com/private");
            assert_eq!(after, settings(goauth, goproxy, &gonosumdb), "{before:?}");
            assert_eq!(
                with(&after, &is_codeartifact).unwrap(),
                after,
                "twice is once"
            );
        }
    }

    #[test]
    fn what_was_there_stays_behind_us_if_it_is_asked_for() {
        let without_slash = OURS.trim_end_matches('/');
        let rows = [
            (PUBLIC.to_owned(), format!("{OURS},{PUBLIC}")),
            (String::new(), OURS.to_owned()),
            (
                format!("{without_slash},direct"),
                format!("{without_slash},direct"),
            ),
            (format!("{PUBLIC},{OURS}"), format!("{OURS},{PUBLIC}")),
            (
                "https://a|direct".to_owned(),
                format!("{OURS},https://a|direct"),
            ),
        ];
        for (before, expected) in rows {
            let after = with(&settings("netrc", &before, ""), &|_| true).unwrap();
            assert_eq!(after.goproxy, expected, "{before}");
            assert_eq!(with(&after, &|_| true).unwrap(), after, "twice is once");
        }
    }

    #[test]
    fn what_would_leak_or_fail_is_refused_with_the_reason() {
        let rows = [
            (
                settings("netrc", &format!("{OURS}|direct"), ""),
                "private modules",
            ),
            (settings("off", PUBLIC, ""), "go env -u GOAUTH"),
        ];
        for (before, reason) in rows {
            let error = with(&before, &|_| true).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn undoing_leaves_what_the_user_had() {
        let rows = [
            settings("netrc", PUBLIC, ""),
            settings("git /work", "direct", "corp.example.com"),
            settings(
                "netrc",
                "https://a|https://b,off",
                "a.example.com,b.example.com",
            ),
        ];
        for before in rows {
            let after = with(&before, &|_| true).unwrap();
            let private = ["example.com/private"];
            assert_eq!(after.without(&[OURS], &private, false), before);
            let kept = after.without(&[], &[], true);
            assert_eq!(kept, after);
        }
    }
}
