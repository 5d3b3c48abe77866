//! Lines of a project that divert a client on its way to a registry: through a proxy, or by a further settings file, which
//! may name one. The proxy sees the token: the project can also ask by `http`, and trust what answers in the registry's
//! place (`strict-ssl`, `cafile`). A proxy is the user's to name, or the machine's. Tried with npm 11, pnpm 10 and 12,
//! Yarn 4 and Bun 1.4.
//!
//! Not a parser for any of their files: a line counts that one of them might take for such a setting.

use std::path::Path;

use super::files::read_text;
use super::found::{Search, SettingsFile};
use super::naming::unescaped;
use crate::setting::Origin;

/// The settings, without dashes, underscores and cases: Bun takes the variables out of `.env`.
const NAMES: [&str; 7] = [
    "proxy",
    "httpproxy",
    "httpsproxy",
    "allproxy",
    "globalconfig",
    "userconfig",
    "npmrcauthfile",
];
/// They need nothing behind them: a YAML file can write a key in many ways.
const OF_YAML: [&str; 3] = ["httpProxy", "httpsProxy", "npmrcAuthFile"];

impl Search {
    /// Returns why no token may be handed out here. `reads_environment`: the client is, or may be, one that reads `.env` files.
    pub fn diversion(&self, reads_environment: bool) -> Option<String> {
        if let Some(file) = &self.unread {
            let file = file.display();
            return Some(format!(
                "{file} is too large to be read: it may lead the client, and the token, anywhere\n  hint: shorten it"
            ));
        }
        let origin = self.first_diversion(reads_environment)?;
        Some(format!(
            "{origin} leads the client through a proxy, or to further settings, of the project's choosing, which could \
             read the token\n  hint: name the proxy in HTTPS_PROXY, or in your own ~/.npmrc"
        ))
    }

    fn first_diversion(&self, reads_environment: bool) -> Option<Origin> {
        let of_settings = self.read.iter().filter(|file| file.is_projects);
        let of_settings = of_settings.filter_map(|file| Some((file.path.clone(), line_of(file)?)));
        let of_environment = || {
            let files = self.environment_files.iter().filter(|_| reads_environment);
            files.filter_map(|file| {
                let line = line_in(&read_text(file)?, file, true)?;
                Some((file.clone(), line))
            })
        };
        let mut found = of_settings.chain(of_environment());
        found
            .next()
            .map(|(file, line)| Origin::File(file, Some(line)))
    }
}

fn line_of(file: &SettingsFile) -> Option<usize> {
    line_in(&file.text, &file.path, file.has_comments)
}

fn line_in(text: &str, file: &Path, has_comments: bool) -> Option<usize> {
    let is_yaml = file
        .extension()
        .is_some_and(|it| it == "yml" || it == "yaml");
    let divides_by_blanks = file.ends_with(".yarnrc");
    let text = without_variables(&unescaped(text));
    let mut lines = text.split(['\n', '\r']);
    let at = lines.position(|line| {
        let is_comment = has_comments && line.trim_start().starts_with(['#', ';']);
        !is_comment && diverts(line, is_yaml, divides_by_blanks)
    });
    at.map(|at| at + 1)
}

fn diverts(line: &str, is_yaml: bool, divides_by_blanks: bool) -> bool {
    words(line).any(|(start, word)| {
        if !NAMES.iter().any(|name| letters(word).eq(name.bytes())) {
            return false;
        }
        let (before, behind) = (&line[..start], &line[start + word.len()..]);
        let behind = behind.trim_start_matches([' ', '\t', '"', '\'', '[', ']']);
        let is_key = behind.starts_with(['=', ':']) && !before.ends_with(['/', '.', '@']);
        let is_first = divides_by_blanks && before.trim_matches([' ', '\t', '"']).is_empty();
        let is_yamls = is_yaml && OF_YAML.contains(&word);
        is_yamls || (is_key || is_first) && !is_harmless(behind, is_yaml)
    })
}

/// Without dashes, underscores and capitals.
fn letters(word: &str) -> impl Iterator<Item = u8> {
    let letters = word.bytes().filter(|it| !matches!(it, b'-' | b'_'));
    letters.map(|it| it.to_ascii_lowercase())
}

/// Runs of what names are made of, with their places.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let words = line.split(move |it| !is_part(it));
    words
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr().addr() - line.as_ptr().addr(), word))
}

/// Switches a proxy off, or is the version of a package of that name.
fn is_harmless(value: &str, is_yaml: bool) -> bool {
    let value = value.trim_start_matches(['=', ':']);
    let value = value.trim_matches([' ', '\t', '"', '\'', ',']);
    let is_off = matches!(value, "null" | "false") || value.is_empty() && !is_yaml;
    let is_version = value.starts_with(['^', '~', '>', '<'])
        || ["catalog:", "workspace:", "npm:"]
            .iter()
            .any(|it| value.starts_with(it));
    is_off || is_version
}

/// npm replaces variables in keys, too: `https-pro${NOTHING?}xy`.
fn without_variables(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        plain.push_str(before);
        let line = behind.find(['\n', '\r']).unwrap_or(behind.len());
        rest = match behind[..line].find('}') {
            Some(end) => &behind[end + 1..],
            None => behind,
        };
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_diverts_is_found_however_it_is_written() {
        let rows = [
            (".npmrc", "a=b\nhttps-proxy=http://x/", Some(2)),
            (".npmrc", "PROXY = x:80", Some(1)),
            (".npmrc", "proxy[]=http://x/", Some(1)),
            (".npmrc", "\"https\\u002dproxy\"=http://x/", Some(1)),
            (".npmrc", "https-pro${NOTHING?}xy=http://x/", Some(1)),
            (".npmrc", "globalconfig=sub/rc", Some(1)),
            (".npmrc", "proxy=http://${USER}@x/", Some(1)),
            (".npmrc", "# proxy=http://x/\n;proxy=x", None),
            (".npmrc", "proxy=null\nhttps-proxy=false\nproxy=", None),
            (".npmrc", "noproxy=x\nregistry=http://proxy:8080/", None),
            (".yarnrc", "https-proxy \"http://x/\"", Some(1)),
            (".yarnrc", "registry \"https://x/proxy\"", None),
            (".yarnrc.yml", "httpsProxy: \"http://x/\"", Some(1)),
            (".yarnrc.yml", "a: &p httpsProxy\n*p : http://x/", Some(1)),
            (
                ".yarnrc.yml",
                "{networkSettings: {x: {httpProxy: y}}}",
                Some(1),
            ),
            (".yarnrc.yml", "\"https\\\n  Proxy\": y", Some(1)),
            (
                "pnpm-workspace.yaml",
                "overrides:\n  http-proxy: ^1.18.1",
                None,
            ),
            (
                "pnpm-workspace.yaml",
                "catalog:\n  http-proxy-agent: 7.0.0",
                None,
            ),
            ("pnpm-workspace.yaml", "npmrcAuthFile: sub/rc", Some(1)),
            (".env", "export HTTPS_PROXY=http://x/", Some(1)),
            (".env", "NO_PROXY=*\nGOPROXY=https://x/", None),
        ];
        for (file, text, expected) in rows {
            assert_eq!(
                line_in(text, Path::new(file), true),
                expected,
                "{file}: {text}"
            );
        }
    }
}
