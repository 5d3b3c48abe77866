//! The order of GOPROXY: who is asked for a private module besides the repository, and before it.

use super::{Judged, failed, is_ours};
use crate::finding::Finding;
use crate::go::settings::entries;
use crate::go::setup::leak;
use crate::go::values::fallbacks;
use crate::go::{CHECK, GONOSUMDB, GOPROXY, GOSUMDB, Go};

impl Judged<'_> {
    /// Public code could pass for private.
    pub(super) fn confusion(&self) -> Option<Finding> {
        let others = fallbacks(self.asked.get(GOPROXY), |entry| is_ours(self.here, entry));
        let private = match self.asked.get(GOSUMDB) {
            "off" => "any path",
            _ => self.asked.get(GONOSUMDB).trim(),
        };
        if others.is_empty() || private.is_empty() {
            return None;
        }
        let finding = Finding::warning(CHECK, Go::NAME, leak(&others, private));
        let repository = self.repository()?.root();
        Some(finding.hint(format!(
            "make the public proxy an upstream of the repository, then {}",
            self.command(GOPROXY, &repository)
        )))
    }

    /// Go falls through to what follows a `|` whenever anything fails.
    pub(super) fn bar(&self) -> Option<Finding> {
        let entries = entries(self.asked.get(GOPROXY)).into_iter();
        let mut ours = entries.filter(|(entry, _)| is_ours(self.here, entry));
        ours.find(|(_, separator)| *separator == Some('|'))?;
        let text = "a `|` in GOPROXY behind the repository lets go ask the next proxy for private modules whenever a \
                    token is refused";
        let finding = Finding::warning(CHECK, Go::NAME, text);
        Some(finding.hint(format!("put a comma there: {}", self.command(GOPROXY, "…"))))
    }

    /// Whoever publishes a private module's name on a proxy in front of the repository wins.
    pub(super) fn ahead(&self) -> Option<Finding> {
        let entries = entries(self.asked.get(GOPROXY)).into_iter();
        let before = entries.map(|(entry, _)| entry);
        let before: Vec<_> = before
            .take_while(|entry| !is_ours(self.here, entry))
            .collect();
        let others = fallbacks(self.asked.get(GOPROXY), |entry| !before.contains(&entry));
        let first = others.first()?;
        let text = format!(
            "it asks {} first, where anyone can publish a private module's name",
            crate::words::without_passwords(first)
        );
        let hint = format!("put the repository first: {}", self.command(GOPROXY, "…"));
        Some(Finding::warning(CHECK, Go::NAME, text).hint(hint))
    }

    /// Nothing behind `direct` or `off` is asked.
    pub(super) fn passed_by(&self) -> Option<Finding> {
        let before = entries(self.asked.get(GOPROXY)).into_iter();
        let mut before = before
            .map(|(entry, _)| entry)
            .take_while(|entry| !is_ours(self.here, entry));
        let end = before.find(|entry| ["direct", "off"].contains(entry))?;
        let text =
            format!("GOPROXY has `{end}` before the repository, and nothing behind that is asked");
        let hint = format!("put the repository first: {}", self.command(GOPROXY, "…"));
        Some(failed(text).hint(hint))
    }
}
