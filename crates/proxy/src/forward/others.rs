//! Hosts that are not the connection's: which of them a build may reach through the proxy. Such a host never gets a
//! token; the question is what a build can send there.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// The choice of `--others`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Others {
    /// Every host of the public Internet.
    Tunnel,
    /// None.
    Refuse,
    /// These: `index.example.com`, `*.example.com`, `index.example.com:8443`.
    List(Vec<String>),
}

impl Others {
    /// Judges a host by its name; its address is judged when it is resolved.
    pub(crate) fn judge(&self, host: &str, port: u16, usual: u16) -> Result<(), Refusal> {
        if is_address(host) || is_local(host) {
            return Err(Refusal::Address {
                host: host.to_owned(),
            });
        }
        let named = if port == usual {
            host.to_owned()
        } else {
            format!("{host}:{port}")
        };
        let is_allowed = match self {
            Self::Tunnel => port == usual,
            Self::Refuse => false,
            Self::List(entries) => entries.iter().any(|entry| fits(entry, &named)),
        };
        is_allowed
            .then_some(())
            .ok_or(Refusal::Host { host: named })
    }
}

fn fits(entry: &str, host: &str) -> bool {
    match entry.strip_prefix('*') {
        Some(suffix) => host
            .strip_suffix(suffix)
            .is_some_and(|rest| !rest.is_empty()),
        None => entry == host,
    }
}

/// `127.0.0.1`, `[::1]`, and the numbers that resolvers take for addresses: `2130706433`, `0x7f.1`.
fn is_address(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let digits = last.strip_prefix("0x").unwrap_or(last);
    host.starts_with('[') || host.contains(':') || {
        let is_hex = last.starts_with("0x") && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex || last.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Names that a resolver would lead to this machine or its network. Where the user's own proxy resolves, the name is
/// all there is to judge by.
fn is_local(host: &str) -> bool {
    let is_below = |name: &str| host == name || host.ends_with(&format!(".{name}"));
    ["localhost", "local", "internal", "localdomain"]
        .into_iter()
        .any(is_below)
        || !host.contains('.')
}

impl FromStr for Others {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "tunnel" => Ok(Self::Tunnel),
            "refuse" => Ok(Self::Refuse),
            list => {
                let entries = list
                    .split(',')
                    .map(|entry| entry.trim().to_ascii_lowercase());
                entries
                    .map(|entry| check(&entry).map(|()| entry))
                    .collect::<Result<_, _>>()
                    .map(Self::List)
            }
        }
    }
}

fn check(entry: &str) -> Result<(), String> {
    let host = entry.strip_prefix("*.").unwrap_or(entry);
    let (host, port) = host.split_once(':').unwrap_or((host, "443"));
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if host.contains('.') && host.bytes().all(is_host) && port.parse::<u16>().is_ok() {
        Ok(())
    } else {
        Err(format!(
            "`{entry}` is neither tunnel nor refuse nor a host such as index.example.com or *.example.com"
        ))
    }
}

impl fmt::Display for Others {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tunnel => formatter.write_str("tunnel"),
            Self::Refuse => formatter.write_str("refuse"),
            Self::List(entries) => formatter.write_str(&entries.join(",")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let list = "index.example.com, *.Python.example,git.example.com:8443";
        let rows = [
            ("tunnel", "index.example.com", 443, "ok"),
            ("tunnel", "index.example.com", 8443, "host"),
            ("tunnel", "index.example.com", 22, "host"),
            ("refuse", "index.example.com", 443, "host"),
            (list, "index.example.com", 443, "ok"),
            (list, "index.example.com.evil.example", 443, "host"),
            (list, "xindex.example.com", 443, "host"),
            (list, "files.python.example", 443, "ok"),
            (list, "python.example", 443, "host"),
            (list, "evilpython.example", 443, "host"),
            (list, "git.example.com", 8443, "ok"),
            (list, "git.example.com", 443, "host"),
            ("tunnel", "127.0.0.1", 443, "address"),
            ("tunnel", "169.254.169.254", 443, "address"),
            ("tunnel", "[::1]", 443, "address"),
            ("tunnel", "2130706433", 443, "address"),
            ("tunnel", "0x7f000001", 443, "address"),
            ("tunnel", "0x7f.1", 443, "address"),
            ("tunnel", "localhost", 443, "address"),
            ("tunnel", "a.localhost", 443, "address"),
            ("tunnel", "metadata.google.internal", 443, "address"),
            ("tunnel", "router", 443, "address"),
        ];
        for (others, host, port, expected) in rows {
            let others: Others = others.parse().unwrap();
            let found = others.judge(host, port, 443);
            let found = found.err().map_or("ok", |refusal| refusal.name());
            assert_eq!(found, expected, "{others} {host}:{port}");
        }
    }

    #[test]
    fn a_list_is_checked() {
        for wrong in [
            "",
            "tunel",
            "*",
            "*.",
            "index.example.com,",
            "a b.example.com",
            "h.example.com:x",
        ] {
            assert!(wrong.parse::<Others>().is_err(), "{wrong:?}");
        }
    }
}
