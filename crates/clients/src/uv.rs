//! uv: an index with `authenticate = "always"`, without which uv would not ask for a URL that names no user, and
//! `keyring-provider`. Ours comes first: uv takes a package from the first index that has it, and from no other.
//!
//! Source: uv's documentation, "HTTP credentials" and "Alternative indexes"; tried with uv 0.13.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::{UrlParts, without_userinfo};
use codeartifact_auth::error::Exit;
use toml_edit::{Document, Item};

use crate::error::{UsageError, UserError};
use crate::finding::Finding;
use crate::here::{self, Here, NamedText};
use crate::leftover::Leftovers;
use crate::netrc;
use crate::python::{self, Asks, NOTE, Python, SHARED, keyring};
use crate::setting::{Origin, Setting};
use crate::setup::{Level, Repository};
use crate::text::Text;
use crate::toml::{self, Toml};
use crate::trial::{self, Scratch, Trial};
use crate::variables::{Variables, plain, shouted};
use crate::words::without_passwords;

/// uv's indexes, as `NAME=URL` or URL.
const UV_INDEX: &str = "UV_INDEX";
/// The index of last resort.
const UV_DEFAULT_INDEX: &str = "UV_DEFAULT_INDEX";
/// The same by an older name.
const UV_INDEX_URL: &str = "UV_INDEX_URL";
/// Further indexes by an older name.
const UV_EXTRA_INDEX_URL: &str = "UV_EXTRA_INDEX_URL";
/// How uv asks a keyring: `disabled`, `subprocess`.
const UV_KEYRING_PROVIDER: &str = "UV_KEYRING_PROVIDER";
/// One configuration file, instead of all others.
const UV_CONFIG_FILE: &str = "UV_CONFIG_FILE";
/// Switches the configuration files off.
const UV_NO_CONFIG: &str = "UV_NO_CONFIG";

/// uv's room.
pub(crate) const UV: Python = Python {
    name: "uv",
    check: CHECK,
    about: "uv: an index that is always authenticated, and the `keyring` command it asks",
    notes: NOTE,
    has_project: true,
    asks: Asks::Command,
    file: |here, level| match level {
        Level::User => user_file(here),
        // A project's `uv.toml` hides the table in its `pyproject.toml`.
        Level::Project => Some(PathBuf::from("uv.toml"))
            .filter(|file| file.is_file())
            .or_else(python::pyproject),
    },
    edit,
    winning: &[
        UV_CONFIG_FILE,
        UV_NO_CONFIG,
        UV_DEFAULT_INDEX,
        UV_INDEX_URL,
        UV_KEYRING_PROVIDER,
    ],
    settings,
    require_distinct_names,
    variables,
    leftovers: Leftovers {
        sends: "uv sends it and asks no keyring",
        project: &["uv.toml"],
        others: &[("pyproject.toml", "uv and poetry send it and ask nobody")],
        published: &["uv.lock"],
        passwords: &["UV_INDEX_*_PASSWORD", "UV_PUBLISH_PASSWORD"],
        variables: &[UV_INDEX, UV_DEFAULT_INDEX, UV_INDEX_URL, UV_EXTRA_INDEX_URL],
        user: |here| {
            user_file(here)
                .into_iter()
                .chain(netrc::path(here.environment))
                .collect()
        },
    },
    findings,
    intended: |here| python::named_in(here, user_file(here)),
    trials,
    ..Python::EMPTY
};

const CHECK: &str = "client_uv";
const PROVIDER: &str = "keyring-provider";

fn user_file(here: &Here<'_>) -> Option<PathBuf> {
    python::below_dot_config(here.environment, "uv/uv.toml")
}

fn edit(text: &mut Text, repository: &Repository, level: Level) -> Result<Vec<String>, UserError> {
    let mut remarks = Vec::new();
    let url = repository.endpoint.client_url();
    Toml::edit(text, &repository.name, |toml| {
        let document = toml.document()?;
        let tables = ["project", "tool", "build-system"];
        let is_pyproject =
            level == Level::Project && tables.iter().any(|it| document.as_table().contains_key(it));
        // At the root of `uv.toml`, in a table of `pyproject.toml`.
        let (table, array): (&[&str], _) = if is_pyproject {
            (&["tool", "uv"], "[[tool.uv.index]]")
        } else {
            (&[], "[[index]]")
        };
        let indexes = [table, &["index"]].concat();
        let other = default_index(&document, &indexes);
        toml.named(SHARED).set(table, PROVIDER, "subprocess")?;
        let mut body = vec![
            array.to_owned(),
            toml::pair("name", toml::name_of(repository)),
            toml::pair("url", &url),
            toml::pair("authenticate", "always"),
        ];
        if other.is_none() {
            // In the place of the public one; there can be one.
            body.insert(3, "default = true".to_owned());
        }
        remarks.extend(other.map(|url| {
            let url = without_passwords(&url);
            format!(
                "{url} stays the default index; uv asks it for what this repository does not have"
            )
        }));
        let place = if is_pyproject { &indexes } else { table };
        toml.insert_before(place, &body)
    })?;
    Ok(remarks)
}

fn default_index(document: &Document<String>, indexes: &[&str]) -> Option<String> {
    let is_default = |table: &&Item| table.get("default").and_then(Item::as_bool) == Some(true);
    let other = toml::tables(document, indexes)
        .into_iter()
        .find(is_default)?;
    toml::string(other, "url").map(str::to_owned)
}

fn variables(variables: &mut Variables<'_>) {
    let has_sources = variables.sources(UV.name).next().is_some();
    if let Some(target) = variables.target() {
        if !has_sources && variables.is_free(UV_INDEX_URL) {
            let index = format!("{}={}", plain(&target.name, '-'), target.index);
            variables.offer(UV_DEFAULT_INDEX, &index);
        }
        variables.publish([
            "UV_PUBLISH_URL",
            "UV_PUBLISH_USERNAME",
            "UV_PUBLISH_PASSWORD",
        ]);
    }
    variables.name_users("UV_INDEX", UV.name);
}

/// A project's own packages first: which index each comes from may be named there, and `uv pip` does not look.
fn trials(here: &Here<'_>, _: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
    let project = here.nearest("pyproject.toml").filter(|file| {
        let document = Document::parse(file.text.clone());
        document.is_ok_and(|document| document.as_table().contains_key("project"))
    });
    let target = scratch.path("target");
    let lock = Trial::of(&["lock", "--dry-run", "--upgrade", "--no-cache"]);
    let install = Trial::of(&[
        "pip",
        "install",
        "--dry-run",
        "--no-cache",
        "--python",
        "python3",
        "--target",
        &target,
        trial::PACKAGE,
    ])
    .succeeding();
    let trials = project.map(|_| lock).into_iter().chain([install]);
    trials
        .map(|trial| trial.with("UV_PYTHON_DOWNLOADS", "never"))
        .collect()
}

/// An index as uv is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Index {
    name: Option<String>,
    url: String,
    always: bool,
    origin: Origin,
}

impl Index {
    /// Its name, or its URL without what is before the host.
    fn shown(&self) -> String {
        match &self.name {
            Some(name) => format!("the index {name}"),
            None => without_userinfo(&self.url),
        }
    }

    fn place(&self) -> String {
        match &self.origin {
            Origin::Variable(name) => name.clone(),
            other => other.to_string(),
        }
    }

    fn has_user(&self) -> bool {
        !UrlParts::cut(&self.url).userinfo.is_empty()
    }
}

/// The indexes of variables and files that are CodeArtifact's, with what the files say of keyrings.
fn read(here: &Here<'_>) -> (Vec<Index>, Option<String>) {
    let (mut indexes, provider) = read_all(here);
    indexes.retain(|index| here.is_ours(&index.url));
    (indexes, provider)
}

/// The same with those of other servers.
fn read_all(here: &Here<'_>) -> (Vec<Index>, Option<String>) {
    let names = [UV_DEFAULT_INDEX, UV_INDEX, UV_INDEX_URL, UV_EXTRA_INDEX_URL];
    let set = names.into_iter().filter_map(|name| here.variable(name));
    let mut indexes: Vec<_> = set.flat_map(|variable| of_variable(&variable)).collect();
    let project = here.nearest("uv.toml").and_then(|file| parsed(&file, &[]));
    let project = project.or_else(|| parsed(&here.nearest("pyproject.toml")?, &["tool", "uv"]));
    let user = user_file(here).and_then(|file| parsed(&here::read(&file)?, &[]));
    let mut provider = here.environment.text(UV_KEYRING_PROVIDER);
    for (file, table) in project.into_iter().chain(user) {
        indexes.extend(of_table(&table, &file));
        provider = provider.or_else(|| Some(table.get(PROVIDER)?.as_str()?.to_owned()));
    }
    (indexes, provider)
}

/// uv's variables are named after indexes, and several names make one variable: `x-y`, `x_y`, `X.Y`.
fn require_distinct_names(here: &Here<'_>) -> anyhow::Result<()> {
    let (indexes, _) = read_all(here);
    let named = || {
        indexes
            .iter()
            .filter_map(|it| Some((it.name.as_deref()?, it)))
    };
    for (name, ours) in named().filter(|(_, it)| here.is_ours(&it.url)) {
        let host = |index: &Index| UrlParts::cut(&index.url).host_and_port.to_ascii_lowercase();
        let mut others = named();
        let is_taken = |(other, it): &(&str, &Index)| {
            shouted(other) == shouted(name) && host(it) != host(ours)
        };
        if let Some((other, _)) = others.find(is_taken) {
            return Err(UsageError::new(format!(
                "the indexes `{other}` and `{name}` are on two hosts, and uv has the same variables for both: UV_INDEX_{}_…\n  \
                 hint: rename one of them",
                shouted(name)
            ))
            .into());
        }
    }
    Ok(())
}

/// A file that is no TOML is passed over: uv itself stops there, in its own words.
fn parsed(file: &NamedText, path: &[&str]) -> Option<(PathBuf, Item)> {
    let document = Document::parse(file.text.clone()).ok()?;
    Some((
        PathBuf::from(&file.name),
        toml::at(&document, path)?.clone(),
    ))
}

/// `NAME=URL` or a URL, several of them apart by blanks.
fn of_variable(variable: &NamedText) -> Vec<Index> {
    let entries = variable.text.split_whitespace().map(|entry| {
        let (name, url) = match entry.split_once('=') {
            Some((name, url)) if !name.contains(':') => (Some(name.to_owned()), url),
            _ => (None, entry),
        };
        Index {
            name,
            url: url.to_owned(),
            always: false,
            origin: Origin::Variable(variable.name.clone()),
        }
    });
    entries.collect()
}

fn of_table(table: &Item, file: &Path) -> Vec<Index> {
    let index = |table: Option<&Item>, url: &str| Index {
        name: table
            .and_then(|it| toml::string(it, "name"))
            .map(str::to_owned),
        url: url.to_owned(),
        always: table.and_then(|it| toml::string(it, "authenticate")) == Some("always"),
        origin: Origin::File(file.to_owned(), None),
    };
    let listed = table
        .get("index")
        .map(toml::elements)
        .unwrap_or_default()
        .into_iter();
    let listed = listed.filter_map(|it| Some(index(Some(it), toml::string(it, "url")?)));
    let older = ["index-url", "extra-index-url"].into_iter();
    let older = older.filter_map(|key| table.get(key)).flat_map(urls);
    listed.chain(older.map(|url| index(None, url))).collect()
}

/// One URL, or a list of them.
fn urls(item: &Item) -> Vec<&str> {
    let listed = item.as_array().into_iter().flatten();
    let listed = listed.filter_map(toml_edit::Value::as_str);
    item.as_str().into_iter().chain(listed).collect()
}

fn settings(here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    let (indexes, _) = read(here);
    let found = indexes.into_iter().filter_map(|index| {
        Some(Setting {
            endpoint: here.endpoint(&index.url)?,
            name: index.name,
            origin: index.origin,
        })
    });
    Ok(found.collect())
}

fn findings(here: &Here<'_>) -> Vec<Finding> {
    let (mut indexes, provider) = read(here);
    let has = |index: &Index, what: &str| {
        let name = index.name.as_deref();
        let variable = name.map(|name| format!("UV_INDEX_{}_{what}", shouted(name)));
        variable.is_some_and(|name| here.environment.text(&name).is_some())
    };
    // Every one that has its password from a variable, as `codeartifact exec` sets it, asks no keyring.
    indexes.retain(|index| !has(index, "PASSWORD"));
    let mut findings = unknown(&indexes, |index| index.has_user() || has(index, "USERNAME"));
    if indexes.is_empty() {
        return findings;
    }
    if provider.as_deref() != Some("subprocess") {
        findings.push(
            failed("asks no keyring unless it is told to".to_owned())
                .hint("set UV_KEYRING_PROVIDER=subprocess, or keyring-provider = \"subprocess\" in uv.toml"),
        );
    } else if let Some(netrc) = in_the_way(here, &indexes) {
        findings.push(netrc);
    } else if findings.is_empty() {
        findings.push(keyring::on_path(here.environment, &[]).finding(CHECK, UV.name));
    }
    findings
}

/// Indexes for which uv asks no keyring.
fn unknown(indexes: &[Index], is_known: impl Fn(&Index) -> bool) -> Vec<Finding> {
    let without_user = indexes.iter().filter(|it| !it.always && !is_known(it));
    let names: BTreeSet<_> = without_user.map(|it| (it.shown(), it.place())).collect();
    let told = names.into_iter().map(|(index, place)| {
        failed(format!(
            "asks no keyring for {index} ({place}), because it knows no user there"
        ))
        .hint("write the URL as https://aws@…, or authenticate = \"always\" beside it")
    });
    told.collect()
}

/// uv takes what netrc says, old or not, and asks no keyring.
fn in_the_way(here: &Here<'_>, indexes: &[Index]) -> Option<Finding> {
    let file = here::read(&netrc::path(here.environment)?)?;
    let entries = netrc::ours(&file.text, |machine| here.is_ours(machine));
    let is_used = |it: &&netrc::Entry| indexes.iter().any(|index| index.url.contains(&it.machine));
    let netrc::Entry { line, machine } = entries.iter().find(is_used)?;
    let name = &file.name;
    let text =
        format!("asks no keyring for {machine}, because {name}:{line} has a password for it");
    Some(failed(text).hint(format!("take that entry out of {name}")))
}

fn failed(text: String) -> Finding {
    Finding::failed(CHECK, UV.name, text, Exit::Configuration)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::for_tests::{acme, globex};

    const KEYRING: &str = "# >>> codeartifact setup (keyring)
keyring-provider = \"subprocess\"
# <<< codeartifact setup (keyring)
";

    fn ours(array: &str, default: &str) -> String {
        format!(
            "# >>> codeartifact setup acme
{array}
name = \"acme\"
url = \"https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/\"
{default}authenticate = \"always\"
# <<< codeartifact setup acme
"
        )
    }

    fn edited(before: &str, level: Level) -> Result<(String, Vec<String>), String> {
        let mut text = Text::parse(before);
        let remarks = edit(&mut text, &acme(), level).map_err(|error| error.to_string())?;
        let after = text.to_string();
        text.remove(None).unwrap();
        assert_eq!(text.to_string(), before, "undone");
        Ok((after, remarks))
    }

    #[test]
    fn a_users_file_keeps_what_it_has() {
        let ours = ours("[[index]]", "default = true\n");
        let rows = [
            ("", format!("{KEYRING}{ours}")),
            (
                "offline = false\n",
                format!("offline = false\n{KEYRING}{ours}"),
            ),
            (
                "offline = false\n# mine\n[pip]\nstrict = true\n",
                format!("offline = false\n{KEYRING}{ours}# mine\n[pip]\nstrict = true\n"),
            ),
            (
                "keyring-provider = \"subprocess\"\n",
                format!("keyring-provider = \"subprocess\"\n{ours}"),
            ),
            (
                "keyring-provider = \"disabled\"\n",
                format!(
                    "# set aside by codeartifact setup (keyring): keyring-provider = \"disabled\"\n{KEYRING}{ours}"
                ),
            ),
        ];
        for (before, expected) in rows {
            assert_eq!(edited(before, Level::User), Ok((expected, Vec::new())));
        }
    }

    #[test]
    fn a_projects_file_too() {
        let project = "[project]\nname = \"x\"\n";
        let ours = ours("[[tool.uv.index]]", "default = true\n");
        let with_table = KEYRING.replacen('\n', "\n[tool.uv]\n", 1);
        let rows = [
            (project.to_owned(), format!("{project}{with_table}{ours}")),
            (
                format!("{project}[tool.uv]\npackage = false\n"),
                format!("{project}[tool.uv]\n{KEYRING}package = false\n{ours}"),
            ),
        ];
        for (before, expected) in rows {
            assert_eq!(edited(&before, Level::Project), Ok((expected, Vec::new())));
        }
    }

    #[test]
    fn another_default_index_stays_behind_ours() {
        let before = "[[index]]\nurl = \"https://example.com/simple\"\ndefault = true\n";
        let (after, remarks) = edited(before, Level::User).unwrap();
        assert_eq!(after, format!("{KEYRING}{}{before}", ours("[[index]]", "")));
        assert!(
            remarks[0].contains("https://example.com/simple stays the default"),
            "{remarks:?}"
        );
    }

    #[test]
    fn two_repositories_share_the_provider() {
        let mut text = Text::parse("");
        for repository in [acme(), globex(), acme()] {
            edit(&mut text, &repository, Level::User).unwrap();
        }
        assert_eq!(text.names(), ["(keyring)", "acme", "globex"]);
        text.remove(Some("globex")).unwrap();
        assert_eq!(text.names(), ["(keyring)", "acme"]);
    }

    #[test]
    fn a_layout_without_a_place_is_refused() {
        let before = "index = [{ url = \"https://example.com/\" }]\n";
        let error = edited(before, Level::User).unwrap_err();
        assert!(error.contains("by hand"), "{error}");
    }

    #[test]
    fn indexes_are_read_from_every_form() {
        let table = "index-url = 'https://a/'\nextra-index-url = ['https://b/']\n\
            [[index]]\nname = 'c'\nurl = 'https://c/'\nauthenticate = 'always'\n[[index]]\nurl = 'https://u@d/'\n";
        let table = Document::parse(table.to_owned()).unwrap();
        let variable = NamedText {
            name: "UV_INDEX".to_owned(),
            text: "https://e/?x=y f=https://f/".to_owned(),
        };
        let found: Vec<_> = of_table(table.as_item(), Path::new("uv.toml"))
            .into_iter()
            .chain(of_variable(&variable))
            .collect();
        let shown: Vec<_> = found
            .iter()
            .map(|index| (index.shown(), index.always))
            .collect();
        let expected = [
            ("the index c", true),
            ("https://d/", false),
            ("https://a/", false),
            ("https://b/", false),
            ("https://e/?x=y", false),
            ("the index f", false),
        ];
        assert_eq!(
            shown,
            expected.map(|(shown, always)| (shown.to_owned(), always))
        );
    }

    #[test]
    fn an_index_without_a_user_is_told_of_and_no_other() {
        let index = |url: &str, always| Index {
            url: url.to_owned(),
            always,
            origin: Origin::File(PathBuf::from("uv.toml"), None),
            name: None,
        };
        let indexes = [
            index("https://a/", false),
            index("https://aws@b/", false),
            index("https://c/", true),
        ];
        let told = unknown(&indexes, Index::has_user);
        assert_eq!(told.len(), 1);
        assert!(
            told[0].text.contains("for https://a/ (uv.toml)"),
            "{told:?}"
        );
    }
}
