//! Judges go's settings for our helper and for private modules: why no token is sent, why an install fails although
//! one is, and where public code could pass for private. It explains; what go sends is seen by a trial.

mod helper;
mod order;

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::error::Exit;

use super::asked::Asked;
use super::running::{self, Trouble};
use super::settings::{entries, with_scheme};
use super::values::patterns;
use super::{CHECK, GONOPROXY, GONOSUMDB, GOPRIVATE, GOPROXY, GOSUMDB, GOTOOLCHAIN, Go};
use crate::finding::Finding;
use crate::here::Here;

/// The settings, where one of our repositories is in GOPROXY.
pub(super) struct Judged<'a> {
    here: &'a Here<'a>,
    asked: Asked,
}

impl<'a> Judged<'a> {
    /// `None` where go does not use CodeArtifact: nothing is judged then.
    pub(super) fn of(here: &'a Here<'a>) -> Option<Self> {
        let asked = Asked::of(here);
        let goproxy = entries(asked.get(GOPROXY)).into_iter();
        let is_used = goproxy.into_iter().any(|(entry, _)| is_ours(here, entry));
        is_used.then_some(Self { here, asked })
    }

    /// Returns why our repository gets no token, the first reason first.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let checks = [
            self.quoted(),
            self.passed_by(),
            self.plain_http(),
            self.helper(),
            self.around(),
        ];
        checks.into_iter().flatten().collect()
    }

    /// Returns why an install fails although our token is sent.
    pub(super) fn caveat(&self) -> Option<Finding> {
        let found = self.toolchain().or_else(|| self.unverifiable());
        found.or_else(|| self.ahead()).or_else(|| self.around())
    }

    /// Returns what should be fixed though all works.
    pub(super) fn risks(&self) -> Vec<Finding> {
        self.bar().into_iter().chain(self.confusion()).collect()
    }

    /// go takes quotes in its env file for a part of the value.
    fn quoted(&self) -> Option<Finding> {
        let goproxy = self.asked.get(GOPROXY);
        goproxy.contains(QUOTES).then(|| {
            let text = "GOPROXY has quotes in it, which go takes for a part of the URL";
            let hint = self.command(GOPROXY, &goproxy.replace(QUOTES, ""));
            failed(text).hint(hint)
        })
    }

    /// go gives credentials of GOAUTH to https alone.
    fn plain_http(&self) -> Option<Finding> {
        let mut entries = entries(self.asked.get(GOPROXY)).into_iter();
        let is_plain = |entry: &str| entry.trim_start_matches(QUOTES).starts_with("http:");
        let (entry, _) = entries.find(|(entry, _)| is_plain(entry) && is_ours(self.here, entry))?;
        let text = format!(
            "GOPROXY has {}, and go sends credentials to https alone",
            crate::words::without_passwords(entry)
        );
        let url = self.repository()?.root().replace("http://", "https://");
        Some(failed(text).hint(self.command(GOPROXY, &url)))
    }

    /// A module that GOPRIVATE names goes past every proxy, unless GONOPROXY says otherwise.
    fn around(&self) -> Option<Finding> {
        let around = self.asked.get(GONOPROXY);
        let goprivate = self.asked.get(GOPRIVATE);
        let name = if around == goprivate {
            GOPRIVATE
        } else {
            GONOPROXY
        };
        if patterns(around).is_empty() || around == "none" {
            return None;
        }
        let text = format!(
            "{name}={around} leads go around the repository for those modules, to where their sources are"
        );
        let hint = if self.is_variable(name) {
            format!("unset {name} && export {GONOSUMDB}={around}")
        } else {
            format!("go env -u {name} && go env -w {GONOSUMDB}={around}")
        };
        Some(Finding::warning(CHECK, Go::NAME, text).hint(hint))
    }

    /// The checksum database knows no private module.
    fn unverifiable(&self) -> Option<Finding> {
        let list = self.asked.get(GONOSUMDB);
        // The end of a line is a part of the last pattern, which then matches nothing.
        let mut matching = list.split(',').filter(|it| !it.trim().is_empty());
        if self.asked.get(GOSUMDB) == "off" || matching.any(|pattern| !pattern.ends_with('\r')) {
            return None;
        }
        let why = match list.trim() {
            "" => format!("no pattern in {GONOSUMDB} names them"),
            _ => format!("the line of {GONOSUMDB} ends with a carriage return"),
        };
        let text = format!(
            "go cannot verify private modules, because the checksum database does not know them and {why}"
        );
        let patterns = match list.trim() {
            "" => "example.com/private",
            list => list,
        };
        let finding = if self.has_sums() {
            Finding::warning(CHECK, Go::NAME, text)
        } else {
            failed(text)
        };
        Some(finding.hint(self.command(GONOSUMDB, patterns)))
    }

    /// Tells if there are sums: go does not verify again what go.sum names.
    fn has_sums(&self) -> bool {
        let sums = self.here.nearest("go.sum");
        sums.is_some_and(|sums| !sums.text.trim().is_empty())
    }

    /// The go that the project or GOTOOLCHAIN asks for is not the one that runs.
    fn toolchain(&self) -> Option<Finding> {
        let (text, hint) = match running::trouble(self.here)? {
            Trouble::TooOld { running, asks } => (
                format!("{asks}, and {} keeps it at go {running}", asks.keeper()),
                format!("update go, or {}", self.command(GOTOOLCHAIN, "auto")),
            ),
            Trouble::NotOnPath(asks) => (
                format!(
                    "{asks}, which is not on PATH, and GOTOOLCHAIN={} loads none",
                    asks.toolchain
                ),
                format!("install it, or {}", self.command(GOTOOLCHAIN, "auto")),
            ),
            Trouble::LoadsWithoutGoauth(chosen) => (
                format!("{GOTOOLCHAIN}={chosen} makes go another one, which {NO_GOAUTH}"),
                self.removal(GOTOOLCHAIN),
            ),
            Trouble::Loads(asks) if self.asked.get(GOSUMDB) == "off" => (
                format!("{asks}, and go loads no toolchain while GOSUMDB is `off`"),
                format!(
                    "install go {} yourself, or {}",
                    asks.version,
                    self.removal(GOSUMDB)
                ),
            ),
            Trouble::Loads(asks) => {
                let text = format!(
                    "{asks}, which go loads through the repository first (golang.org/toolchain)"
                );
                let finding = Finding::warning(CHECK, Go::NAME, text);
                return Some(finding.hint(
                    "see what `go version` says here; where the repository does not have it, install that go yourself",
                ));
            }
        };
        Some(failed(text).hint(hint))
    }

    /// Returns the command that removes a setting.
    fn removal(&self, name: &str) -> String {
        if self.is_variable(name) {
            format!("unset {name}")
        } else {
            format!("go env -u {name}")
        }
    }

    fn repository(&self) -> Option<Endpoint> {
        let mut entries = entries(self.asked.get(GOPROXY)).into_iter();
        entries.find_map(|(entry, _)| endpoint(self.here, entry))
    }

    fn is_variable(&self, name: &str) -> bool {
        self.here.environment.text(name).is_some()
    }

    /// A variable wins over what `go env -w` writes.
    fn command(&self, name: &str, value: &str) -> String {
        if self.is_variable(name) {
            format!("export {name}={}", in_quotes(value))
        } else {
            format!("go env -w {}", in_quotes(&format!("{name}={value}")))
        }
    }
}

const QUOTES: &[char] = &['"', '\''];

/// The words for a go before 1.24.
pub(super) const NO_GOAUTH: &str = "runs no credential helper: GOAUTH came with go 1.24";

fn failed(text: impl Into<String>) -> Finding {
    Finding::failed(CHECK, Go::NAME, text, Exit::Configuration)
}

/// As a shell needs it.
fn in_quotes(text: &str) -> String {
    if text.contains([' ', ';', '\'', '*']) {
        format!("\"{text}\"")
    } else {
        text.to_owned()
    }
}

pub(super) fn is_ours(here: &Here<'_>, entry: &str) -> bool {
    endpoint(here, entry).is_some()
}

/// The repository that an entry of GOPROXY means, even one with quotes or by http, with which go fails.
pub(super) fn endpoint(here: &Here<'_>, entry: &str) -> Option<Endpoint> {
    let url = with_scheme(entry.trim_matches(QUOTES));
    here.endpoint(&url).or_else(|| {
        let rest = url.strip_prefix("http://")?;
        let whole = here.endpoint(&format!("https://{rest}"));
        // A tunnel on this machine that has the repository's host in its path.
        whole.or_else(|| {
            let mut tails = rest.match_indices('/').map(|(at, _)| &rest[at + 1..]);
            tails.find_map(|tail| here.endpoint(&format!("https://{tail}")))
        })
    })
}
