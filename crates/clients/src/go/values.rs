//! The three settings of the go command that lead it to us, and how they change: pure functions of text.
//! It runs nothing: the room reads and writes them through `go env`.
//!
//! Grammar: `go help goauth`, `go help environment`, and the Go modules reference on GOPROXY.

use super::settings::entries;
use crate::error::UsageError;

/// Our command in GOAUTH.
pub(super) const COMMAND: &str = "codeartifact-goauth";

/// go uses this when GOAUTH is not set.
const DEFAULT_GOAUTH: &str = "netrc";

/// The settings' values, as `go env` prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Values {
    pub(super) goauth: String,
    pub(super) goproxy: String,
    pub(super) gonosumdb: String,
}

impl Values {
    /// The settings that read `proxy` (a repository's URL) first and check no sums of `private` modules.
    /// Other proxies and patterns stay behind it.
    pub(super) fn with(&self, proxy: &str, private: &[String]) -> Result<Values, UsageError> {
        Ok(Values {
            goauth: with_command(&self.goauth)?,
            goproxy: with_proxy(&self.goproxy, proxy)?,
            gonosumdb: with_patterns(&self.gonosumdb, private),
        })
    }

    /// Returns what go asks after `proxy` for modules whose sums nobody checks: whoever publishes one of those names there
    /// is believed.
    pub(super) fn falls_through_to(&self, proxy: &str) -> Option<&str> {
        if self.gonosumdb.is_empty() {
            return None;
        }
        let others = entries(&self.goproxy).into_iter().map(|(url, _)| url);
        let mut others = others.skip_while(|url| *url != proxy).skip(1);
        others.next().filter(|url| *url != "off")
    }

    /// The settings without us: what `with` added is gone, what the user had remains.
    pub(super) fn without(&self, proxies: &[String], private: &[String]) -> Values {
        Values {
            goauth: without_command(&self.goauth),
            goproxy: without_proxies(&self.goproxy, proxies),
            gonosumdb: without_patterns(&self.gonosumdb, private),
        }
    }
}

fn with_command(goauth: &str) -> Result<String, UsageError> {
    let commands: Vec<_> = commands(goauth).collect();
    if commands.contains(&"off") {
        return Err(UsageError::new(
            "GOAUTH is `off`, which go lets nobody combine with a command; unset it first: go env -u GOAUTH",
        ));
    }
    if commands.contains(&COMMAND) {
        return Ok(goauth.to_owned());
    }
    let kept = if commands.is_empty() {
        vec![DEFAULT_GOAUTH]
    } else {
        commands
    };
    Ok(format!("{}; {COMMAND}", kept.join("; ")))
}

fn without_command(goauth: &str) -> String {
    let kept: Vec<_> = commands(goauth)
        .filter(|command| *command != COMMAND)
        .collect();
    kept.join("; ")
}

fn commands(goauth: &str) -> impl Iterator<Item = &str> {
    goauth
        .split(';')
        .map(str::trim)
        .filter(|command| !command.is_empty())
}

/// In front and followed by a comma: go falls through to the next entry on 404 and 410 only. After a `|` it would
/// fall through on a refused token too, and ask a public proxy for private modules.
fn with_proxy(goproxy: &str, proxy: &str) -> Result<String, UsageError> {
    let entries = Entries::read(goproxy);
    match entries.separator_after(proxy) {
        Some('|') => Err(UsageError::new(
            "GOPROXY has `|` after this repository: whenever a token is refused, go would ask the next proxy for your \
             private modules; use a comma",
        )),
        _ if entries.names(proxy) => Ok(goproxy.to_owned()),
        _ if goproxy.is_empty() => Ok(proxy.to_owned()),
        _ => Ok(format!("{proxy},{goproxy}")),
    }
}

fn without_proxies(goproxy: &str, proxies: &[String]) -> String {
    let Entries(entries) = Entries::read(goproxy);
    let kept: Vec<_> = entries
        .into_iter()
        .filter(|(entry, _)| !proxies.iter().any(|proxy| is_same_url(entry, proxy)))
        .collect();
    let last = kept.len().saturating_sub(1);
    let piece = |(place, (entry, separator)): (usize, &(&str, Option<char>))| match separator {
        Some(separator) if place < last => format!("{entry}{separator}"),
        _ => (*entry).to_owned(),
    };
    kept.iter().enumerate().map(piece).collect()
}

/// GOPROXY's entries, each with the separator behind it.
struct Entries<'a>(Vec<(&'a str, Option<char>)>);

impl<'a> Entries<'a> {
    fn read(goproxy: &'a str) -> Self {
        Self(entries(goproxy))
    }

    fn names(&self, proxy: &str) -> bool {
        self.0.iter().any(|(entry, _)| is_same_url(entry, proxy))
    }

    fn separator_after(&self, proxy: &str) -> Option<char> {
        let (_, separator) = self.0.iter().find(|(entry, _)| is_same_url(entry, proxy))?;
        *separator
    }
}

fn is_same_url(one: &str, other: &str) -> bool {
    one.trim_end_matches('/')
        .eq_ignore_ascii_case(other.trim_end_matches('/'))
}

fn with_patterns(gonosumdb: &str, private: &[String]) -> String {
    let mut patterns: Vec<&str> = patterns(gonosumdb).collect();
    for pattern in private {
        if !patterns.contains(&pattern.as_str()) {
            patterns.push(pattern);
        }
    }
    patterns.join(",")
}

fn without_patterns(gonosumdb: &str, private: &[String]) -> String {
    let kept: Vec<_> = patterns(gonosumdb)
        .filter(|pattern| !private.iter().any(|gone| gone == pattern))
        .collect();
    kept.join(",")
}

fn patterns(gonosumdb: &str) -> impl Iterator<Item = &str> {
    gonosumdb
        .split(',')
        .map(str::trim)
        .filter(|pattern| !pattern.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_names_fall_through_to_whatever_follows() {
        let rows = [
            ("https://repo/", "example.com/private", None),
            ("https://repo/,off", "example.com/private", None),
            (
                "https://repo/,https://public,direct",
                "example.com/private",
                Some("https://public"),
            ),
            (
                "https://repo/,direct",
                "example.com/private",
                Some("direct"),
            ),
            ("https://repo/,direct", "", None),
        ];
        for (goproxy, gonosumdb, expected) in rows {
            let values = Values {
                goauth: String::new(),
                goproxy: goproxy.to_owned(),
                gonosumdb: gonosumdb.to_owned(),
            };
            assert_eq!(
                values.falls_through_to("https://repo/"),
                expected,
                "{goproxy}"
            );
        }
    }

    const OURS: &str =
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/";
    const PUBLIC: &str = "https://proxy.example.com,direct";

    fn settings(goauth: &str, goproxy: &str, gonosumdb: &str) -> Values {
        Values {
            goauth: goauth.into(),
            goproxy: goproxy.into(),
            gonosumdb: gonosumdb.into(),
        }
    }

    #[test]
    fn what_was_there_stays_behind_us() {
        let private = vec!["example.com/private".to_owned()];
        let both = format!("{OURS},{PUBLIC}");
        let without_slash = OURS.trim_end_matches('/');
        let rows = [
            (
                settings("netrc", PUBLIC, ""),
                settings("netrc; codeartifact-goauth", &both, "example.com/private"),
            ),
            (
                settings("", "", ""),
                settings("netrc; codeartifact-goauth", OURS, "example.com/private"),
            ),
            (
                settings("git /work; netrc", "direct", "corp.example.com"),
                settings(
                    "git /work; netrc; codeartifact-goauth",
                    &format!("{OURS},direct"),
                    "corp.example.com,example.com/private",
                ),
            ),
            (
                settings(
                    "codeartifact-goauth",
                    &format!("{without_slash},direct"),
                    "example.com/private",
                ),
                settings(
                    "codeartifact-goauth",
                    &format!("{without_slash},direct"),
                    "example.com/private",
                ),
            ),
            (
                settings("netrc", "https://proxy.example.com|direct", ""),
                settings(
                    "netrc; codeartifact-goauth",
                    &format!("{OURS},https://proxy.example.com|direct"),
                    "example.com/private",
                ),
            ),
        ];
        for (before, after) in rows {
            assert_eq!(before.with(OURS, &private).unwrap(), after);
            assert_eq!(after.with(OURS, &private).unwrap(), after, "twice is once");
        }
    }

    #[test]
    fn what_would_leak_or_fail_is_refused_with_the_reason() {
        let rows = [
            (
                settings("netrc", &format!("{OURS}|direct"), ""),
                "private modules",
            ),
            (
                settings("netrc", &format!("https://a.example.com,{OURS}|direct"), ""),
                "private modules",
            ),
            (settings("off", PUBLIC, ""), "go env -u GOAUTH"),
        ];
        for (before, reason) in rows {
            let error = before.with(OURS, &[]).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn undoing_leaves_what_the_user_had() {
        let private = vec!["example.com/private".to_owned()];
        let rows = [
            settings("netrc", PUBLIC, ""),
            settings("git /work", "direct", "corp.example.com"),
            settings(
                "netrc",
                "https://a.example.com|https://b.example.com,off",
                "a.example.com,b.example.com",
            ),
        ];
        for before in rows {
            let after = before.with(OURS, &private).unwrap();
            assert_eq!(after.without(&[OURS.to_owned()], &private), before);
        }
    }
}
