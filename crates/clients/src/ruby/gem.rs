//! gem's sources. gem has no login but one in a source's URL, so a call gets its sources with logins in a file of settings
//! of its own, which it reads behind all others.
//!
//! Source: `Gem::ConfigFile` and `Gem::LocalRemoteOptions` of RubyGems 3.3.

use std::path::PathBuf;

use codeartifact_auth::token::Secret;

use crate::here::{self, Here};
use crate::variables::USER;

/// The variable that names further files of settings.
pub const GEMRC: &str = "GEMRC";

/// The file of all users.
const SYSTEM: &str = "/etc/gemrc";

/// The sources of a call of gem's.
#[derive(Debug, PartialEq, Eq)]
pub struct Sources {
    urls: Vec<String>,
    /// The arguments of the call that are not about sources.
    pub arguments: Vec<String>,
}

impl Sources {
    /// The sources of the call with these arguments, and of gem's settings where it names none. `None` if none is ours.
    pub fn of(arguments: &[String], here: &Here<'_>) -> Option<Self> {
        let (mut urls, arguments) = parted(arguments);
        if urls.is_empty() {
            let files = files(here).into_iter();
            let mut listed = files.filter_map(|file| listed(&here::read(&file)?.text));
            urls = listed.next_back()?;
        }
        let is_ours = |url: &String| here.endpoint(url).is_some();
        urls.iter().any(is_ours).then_some(Self { urls, arguments })
    }

    /// The file of settings, each source of ours with its token, if there is one.
    pub fn gemrc(&self, here: &Here<'_>, mut token: impl FnMut(&str) -> Option<Secret>) -> Secret {
        let mut text = ":sources:\n".to_owned();
        for url in &self.urls {
            let root = here.endpoint(url).map(|it| it.client_url());
            let login = root.and_then(|root| Some((token(&root)?, root)));
            let url = login.map_or_else(|| url.clone(), |(token, root)| with_login(&root, &token));
            text += &format!("- {}\n", serde_json::Value::from(url));
        }
        Secret::new(text)
    }
}

fn with_login(root: &str, token: &Secret) -> String {
    let rest = root.trim_start_matches("https://");
    format!("https://{USER}:{}@{rest}", token.expose())
}

/// The sources that the call names, and its other arguments.
fn parted(arguments: &[String]) -> (Vec<String>, Vec<String>) {
    let (mut urls, mut others) = (Vec::new(), Vec::new());
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-s" | "--source" => urls.extend(words.next().cloned()),
            "--clear-sources" => {}
            _ => match word.strip_prefix("--source=") {
                Some(url) => urls.push(url.to_owned()),
                None => others.push(word.clone()),
            },
        }
    }
    (urls, others)
}

/// gem's files of settings, the one that counts most last.
fn files(here: &Here<'_>) -> Vec<PathBuf> {
    let home = here.environment.home();
    let own = home.map(|home| {
        let older = home.join(".gemrc");
        let newer = home.join(".config/gem/gemrc");
        if older.is_file() { older } else { newer }
    });
    let named = here.environment.text(GEMRC).unwrap_or_default();
    let named = std::env::split_paths(&named).collect::<Vec<_>>();
    let system = PathBuf::from(SYSTEM);
    [system].into_iter().chain(own).chain(named).collect()
}

/// The list `:sources:` of a file, as gem itself writes it, or in brackets.
fn listed(text: &str) -> Option<Vec<String>> {
    let mut lines = text.lines();
    let rest = lines.find_map(|line| {
        let rest = line.trim_start_matches(':').strip_prefix("sources:")?;
        Some(rest.trim())
    })?;
    let bare = |word: &str| word.trim().trim_matches(['"', '\'']).to_owned();
    if let Some(within) = rest.strip_prefix('[') {
        let words = within.trim_end_matches(']').split(',');
        return Some(words.map(bare).collect());
    }
    let items = lines.map_while(|line| line.trim_start().strip_prefix("- "));
    Some(items.map(bare).collect())
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::environment::Environment;
    use codeartifact_auth::token::Timestamp;

    use super::*;

    const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

    fn settings_for(line: &str, gemrc: &str) -> Option<(String, Vec<String>)> {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join(".gemrc"), gemrc).unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let here = Here::at(home.path().to_owned(), &environment);
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        let sources = Sources::of(&words, &here)?;
        let text = sources.gemrc(&here, |_| Some(Secret::new("new".to_owned())));
        Some((text.expose().to_owned(), sources.arguments))
    }

    #[test]
    fn sources_are_those_of_the_call_or_else_of_the_settings() {
        let ours = format!("https://{HOST}/ruby/my-repo");
        let full = format!("- \"https://aws:new@{HOST}/ruby/my-repo/\"\n");
        let public = "- \"https://rubygems.org/\"\n";
        let listed = format!(
            "---\n:backtrace: false\n:sources:\n- https://rubygems.org/\n- {ours}\n:update: true\n"
        );
        let old = format!(":sources: ['https://aws:old@{HOST}/ruby/my-repo/']\n");
        let rows = [
            ("install x", listed.as_str(), format!("{public}{full}")),
            ("install x", &old, full.clone()),
            (&format!("install --source {ours} x"), "", full.clone()),
            (
                &format!("install --clear-sources --source={ours}/ x"),
                &old,
                full.clone(),
            ),
            (
                &format!("install x -s https://rubygems.org/ -s {ours}"),
                "",
                format!("{public}{full}"),
            ),
            (
                "install x",
                ":sources:\n- https://rubygems.org/\n",
                String::new(),
            ),
            (
                "install x --source https://rubygems.org/",
                &old,
                String::new(),
            ),
            ("install x", "", String::new()),
        ];
        for (line, gemrc, expected) in rows {
            let found = settings_for(line, gemrc);
            let text = found.as_ref().map(|(text, _)| text.as_str());
            let expected = (!expected.is_empty()).then(|| format!(":sources:\n{expected}"));
            assert_eq!(text, expected.as_deref(), "{line} {gemrc}");
            assert!(
                found.is_none_or(|(_, words)| words == ["install", "x"]),
                "{line}"
            );
        }
    }
}
