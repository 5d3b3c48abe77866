//! Explains by its settings and its version why pip asks no keyring.

use codeartifact_auth::endpoint::{UrlParts, without_userinfo};
use codeartifact_auth::error::Exit;

use super::places::own_programs;
use super::read::PipSettings;
use super::{CHECK, INDEXES, NO_INPUT, PIP, PROVIDER, beside, requirements};
use crate::finding::Finding;
use crate::here::Here;
use crate::python::{keyring, with_user};

pub(super) fn findings(here: &Here<'_>) -> Vec<Finding> {
    if super::settings(here).unwrap_or_default().is_empty() {
        return Vec::new();
    }
    let variable = |name: &str| here.variable(name);
    let reader = PipSettings::read(here, &variable);
    let unasked = from_a_variable(here).or_else(|| unasked(&reader));
    let finding = unasked.unwrap_or_else(|| {
        keyring::on_path(here.environment, &own_programs(here.environment)).finding(CHECK, PIP.name)
    });
    vec![finding]
}

/// A requirements file that was written for a token in a variable.
fn from_a_variable(here: &Here<'_>) -> Option<Finding> {
    let named = requirements::named(here);
    let mut ours = named.iter().filter(|it| here.is_ours(&it.url));
    let (named, variable) = ours.find_map(|it| Some((it, it.variable()?)))?;
    let text = format!("{} takes the password from {variable}", named.origin());
    let index = with_user(&without_userinfo(&named.url));
    Some(failed(text).hint(format!("write {index} there, and pip asks the keyring")))
}

/// The URLs of all indexes.
fn urls(reader: &PipSettings<'_>, here: &Here<'_>) -> Vec<String> {
    let indexes = INDEXES.into_iter().filter_map(|index| reader.get(index));
    let texts: Vec<_> = indexes.map(|value| value.text).collect();
    let configured = texts.iter().flat_map(|text| text.split_whitespace());
    let required = requirements::named(here).into_iter().map(|it| it.url);
    required.chain(configured.map(str::to_owned)).collect()
}

/// Returns what a trial of pip does not show.
pub(super) fn risks(here: &Here<'_>) -> Vec<Finding> {
    no_input(here)
        .into_iter()
        .chain(beside::risks(here))
        .collect()
}

/// A trial cannot show what an option of a later command does: scripts run pip with `--no-input`.
fn no_input(here: &Here<'_>) -> Option<Finding> {
    let variable = |name: &str| here.variable(name);
    let reader = PipSettings::read(here, &variable);
    let provider = reader.get(PROVIDER).unwrap_or_default().text;
    let is_unnamed = ["", "auto"].contains(&provider.trim());
    let asks = |url: &String| here.is_ours(url) && !UrlParts::cut(url).userinfo.contains(':');
    let asks = urls(&reader, here).iter().any(asks);
    let text = "asks no keyring with `--no-input`, because no provider is named";
    let is_so = is_unnamed && asks && unasked(&reader).is_none();
    is_so.then(|| {
        doubtful(text.to_owned()).hint("pip config set global.keyring-provider subprocess")
    })
}

/// The first release that asks a keyring command at all, and the first that does so for a URL without a user name.
const ASKS_COMMANDS: (u32, u32) = (23, 1);
const ASKS_FOR_ANYONE: (u32, u32) = (26, 2);

/// An older pip asks less.
pub(super) fn reason(here: &Here<'_>, version: Option<&str>) -> Option<Finding> {
    let version = numbers(version?)?;
    if version < ASKS_COMMANDS {
        let text = "asked no keyring: pip asks a keyring command since 23.1";
        return Some(failed(text.to_owned()).hint(
            "`codeartifact exec -- pip install …` works with this one; or python -m pip install --upgrade pip, with the public index",
        ));
    }
    let variable = |name: &str| here.variable(name);
    let reader = PipSettings::read(here, &variable);
    let urls = urls(&reader, here).into_iter();
    let mut bare = urls.filter(|url| here.is_ours(url) && UrlParts::cut(url).userinfo.is_empty());
    let bare = bare.next().filter(|_| version < ASKS_FOR_ANYONE)?;
    let text = "asked no keyring: pip before 26.2 asks one only for a URL with a user name";
    let named = bare.replacen("://", "://aws@", 1);
    Some(failed(text.to_owned()).hint(format!("pip config set global.index-url {named}")))
}

/// `23.2.1` as far as it decides anything.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// Returns why pip asks no keyring command: the user has to say so.
fn unasked(reader: &PipSettings<'_>) -> Option<Finding> {
    let provider = reader.get(PROVIDER).unwrap_or_default();
    let no_input = reader.get(NO_INPUT).filter(|page| is_true(&page.text));
    let named = match provider.text.trim() {
        "" => "auto",
        named => named,
    };
    let (text, state): (String, fn(String) -> Finding) = match (named, no_input) {
        ("subprocess", _) | ("auto", None) => return None,
        ("auto", Some(page)) => (
            format!(
                "asks no keyring: {} switches that off unless a provider is named",
                page.name
            ),
            failed,
        ),
        ("disabled", _) => (
            format!("asks no keyring: {} says `disabled`", provider.name),
            failed,
        ),
        (other, _) => (
            format!(
                "asks the `{other}` provider ({}), which answers only with our back end installed beside it",
                provider.name
            ),
            doubtful,
        ),
    };
    Some(state(text).hint("set PIP_KEYRING_PROVIDER=subprocess, or run `pip config set global.keyring-provider subprocess`"))
}

fn failed(text: String) -> Finding {
    Finding::failed(CHECK, PIP.name, text, Exit::Configuration)
}

fn doubtful(text: String) -> Finding {
    Finding::warning(CHECK, PIP.name, text)
}

/// As Python's `distutils.util.strtobool` has it.
fn is_true(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    ["y", "yes", "t", "true", "on", "1"].contains(&text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::State;
    use crate::pip::read::{in_file, located};

    fn settings_of(variables: &[(&str, &str)], text: &str) -> Option<Finding> {
        let find = |name: &str| {
            let mut variables = variables.iter();
            let found = variables.find(|(variable, _)| *variable == name)?;
            Some(located(name, found.1))
        };
        unasked(&PipSettings {
            variable: &find,
            configured: in_file(&located("pip.conf", text)),
        })
    }

    type Variables = &'static [(&'static str, &'static str)];

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let rows = [
            ("23.2.1", Some((23, 2))),
            ("26.2", Some((26, 2))),
            ("9.0.3", Some((9, 0))),
            ("26.3.dev0", Some((26, 3))),
            ("x", None),
            ("26", None),
        ];
        for (version, expected) in rows {
            assert_eq!(numbers(version), expected, "{version}");
        }
        assert!((9, 0) < ASKS_COMMANDS && (26, 10) > ASKS_FOR_ANYONE);
    }

    #[test]
    fn pip_is_told_to_ask_or_it_does_not() {
        let rows: [(Variables, &str, Option<&str>); 9] = [
            (&[], "", None),
            (
                &[
                    ("PIP_KEYRING_PROVIDER", "subprocess"),
                    ("PIP_NO_INPUT", "1"),
                ],
                "",
                None,
            ),
            (&[("PIP_NO_INPUT", "0")], "", None),
            (
                &[("PIP_NO_INPUT", "1")],
                "",
                Some("PIP_NO_INPUT switches that off"),
            ),
            (
                &[],
                "[global]\nno-input = true\n",
                Some("pip.conf switches that off"),
            ),
            (
                &[("PIP_NO_INPUT", "1")],
                "[global]\nkeyring-provider = subprocess\n",
                None,
            ),
            (
                &[("PIP_KEYRING_PROVIDER", "auto"), ("PIP_NO_INPUT", "yes")],
                "",
                Some("PIP_NO_INPUT"),
            ),
            (
                &[],
                "[global]\nkeyring-provider = disabled\n",
                Some("pip.conf says `disabled`"),
            ),
            (
                &[("PIP_KEYRING_PROVIDER", "import")],
                "",
                Some("the `import` provider (PIP_KEYRING_PROVIDER)"),
            ),
        ];
        for (variables, text, says) in rows {
            let found = settings_of(variables, text);
            assert_eq!(found.is_some(), says.is_some(), "{variables:?} {text}");
            if let (Some(found), Some(says)) = (found, says) {
                assert!(found.text.contains(says), "{found:?}");
                assert_ne!(found.state, State::Ok);
            }
        }
    }
}
