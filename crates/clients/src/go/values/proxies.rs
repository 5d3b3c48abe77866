//! GOPROXY: which entry of it is asked first, and what go falls through to.

use super::SetupRequest;
use crate::error::UsageError;
use crate::go::settings::entries;

/// go asks these for a module that no repository of ours has: whoever publishes its name there is believed. What is on this
/// machine is not meant.
pub(in crate::go) fn fallbacks(goproxy: &str, is_ours: impl Fn(&str) -> bool) -> Vec<&str> {
    let is_local = |entry: &str| entry.starts_with('/') || entry.starts_with("file:");
    let mut found = Vec::new();
    for (entry, _) in entries(goproxy) {
        if entry == "off" {
            break;
        }
        if !is_ours(entry) && !is_local(entry) {
            found.push(entry);
        }
        if entry == "direct" {
            break;
        }
    }
    found
}

/// In front and followed by a comma: go falls through to the next entry on 404 and 410 only. After a `|` it would
/// fall through on a refused token too, and ask a public proxy for private modules.
pub(super) fn with_proxy(goproxy: &str, wanted: &SetupRequest<'_>) -> Result<String, UsageError> {
    let is_repository = |entry: &str| is_same_url(entry, wanted.repository);
    let entries = entries(goproxy).into_iter();
    let kept = entries.filter(|(entry, _)| is_repository(entry) || (wanted.keeps)(entry));
    let kept: Vec<_> = kept.collect();
    let place = kept.iter().position(|(entry, _)| is_repository(entry));
    let list = match place {
        Some(0) => kept,
        // A proxy before the repository was asked for its private modules first.
        _ => {
            let others = kept.into_iter().filter(|(entry, _)| !is_repository(entry));
            [(wanted.repository, Some(','))]
                .into_iter()
                .chain(others)
                .collect()
        }
    };
    match list.first() {
        Some((_, Some('|'))) if list.len() > 1 => Err(UsageError::new(
            "GOPROXY has `|` after this repository: whenever a token is refused, go would ask the next proxy for your \
             private modules; use a comma",
        )),
        _ => Ok(joined(&list)),
    }
}

pub(super) fn without_proxies(goproxy: &str, proxies: &[&str]) -> String {
    let is_gone = |entry: &str| proxies.iter().any(|proxy| is_same_url(entry, proxy));
    let kept = entries(goproxy).into_iter();
    joined(
        &kept
            .filter(|(entry, _)| !is_gone(entry))
            .collect::<Vec<_>>(),
    )
}

/// The list with the separators that its entries had.
fn joined(entries: &[(&str, Option<char>)]) -> String {
    let last = entries.len().saturating_sub(1);
    let piece = |(place, (entry, separator)): (usize, &(&str, Option<char>))| {
        if place < last {
            format!("{entry}{}", separator.unwrap_or(','))
        } else {
            (*entry).to_owned()
        }
    };
    entries.iter().enumerate().map(piece).collect()
}

pub(in crate::go) fn is_same_url(one: &str, other: &str) -> bool {
    one.trim_end_matches('/')
        .eq_ignore_ascii_case(other.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::values::tests::{OTHER, OURS, PUBLIC, is_codeartifact};

    #[test]
    fn private_names_fall_through_to_whatever_is_asked_besides() {
        let rows: [(String, &[&str]); 7] = [
            (OURS.to_owned(), &[]),
            (format!("{OURS},off"), &[]),
            (format!("{OURS},{OTHER}"), &[]),
            (
                format!("{OURS},{PUBLIC}"),
                &["https://proxy.example.com", "direct"],
            ),
            (format!("{OURS},direct,https://a"), &["direct"]),
            (format!("https://a,{OURS},off,https://b"), &["https://a"]),
            (format!("{OURS},/srv/modules,file:///srv"), &[]),
        ];
        for (goproxy, expected) in rows {
            assert_eq!(fallbacks(&goproxy, is_codeartifact), expected, "{goproxy}");
        }
    }
}
