//! The proxies in GOPROXY, as URLs. It does not judge whose they are.

use codeartifact_auth::environment::{Environment, GOPROXY};

use crate::settings::{entries, setting};

/// The entries of GOPROXY, up to `direct` or `off`, each as a URL.
pub(crate) fn proxies(environment: &Environment) -> Vec<String> {
    split(&setting(GOPROXY, environment).unwrap_or_default())
}

/// As go: `off` and `direct` end the list; an entry without a scheme gets `https://` unless it is a single word.
fn split(list: &str) -> Vec<String> {
    let urls = entries(list).into_iter().map(|(entry, _)| entry);
    urls.take_while(|entry| !matches!(*entry, "off" | "direct"))
        .map(with_scheme)
        .collect()
}

fn with_scheme(entry: &str) -> String {
    let bare = entry.contains(['.', ':', '/']) && !entry.contains(":/") && !entry.starts_with('/');
    if bare {
        format!("https://{entry}")
    } else {
        entry.to_owned()
    }
}

#[cfg(test)]
mod tests {
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
}
