//! uv: an index with `authenticate = "always"`, without which uv would not ask for a URL that names no user, and
//! `keyring-provider`. Ours comes first: uv takes a package from the first index that has it, and from no other.

use codeartifact_auth::environment::{
    UV_CONFIG_FILE, UV_DEFAULT_INDEX, UV_INDEX_URL, UV_KEYRING_PROVIDER, UV_NO_CONFIG,
};
use toml_edit::{DocumentMut, Item};

use super::{Asks, Client, Place, files, remark, replace_ours, toml};
use crate::commands::setup::repository::Repository;
use crate::commands::setup::text::Text;
use crate::output::Hindrance;

pub(in super::super) const UV: Client = Client {
    name: "uv",
    asks: Asks::Command,
    file: files::uv,
    edit,
    winning: &[
        UV_CONFIG_FILE,
        UV_NO_CONFIG,
        UV_DEFAULT_INDEX,
        UV_INDEX_URL,
        UV_KEYRING_PROVIDER,
    ],
};

const PROVIDER: &str = "keyring-provider";

/// Where uv's settings stand: at the root of `uv.toml`, in a table of `pyproject.toml`.
struct Layout {
    path: &'static [&'static str],
    table: Option<&'static str>,
    array: &'static str,
}

const UV_TOML: Layout = Layout {
    path: &[],
    table: None,
    array: "[[index]]",
};

const PYPROJECT: Layout = Layout {
    path: &["tool", "uv"],
    table: Some("[tool.uv]"),
    array: "[[tool.uv.index]]",
};

fn edit(text: &mut Text, repository: &Repository, place: Place) -> anyhow::Result<String> {
    replace_ours(text, &repository.name)?;
    let is_pyproject = ["project", "tool", "build-system"];
    let document = toml::document(text)?;
    let is_pyproject = is_pyproject.iter().any(|key| document.contains_key(key));
    let layout = match place == Place::Project && is_pyproject {
        true => PYPROJECT,
        false => UV_TOML,
    };
    let (remarks, is_default) = judge_others(text, &layout)?;
    set_provider(text, &layout)?;
    let url = repository.endpoint.client_url();
    let at = match layout.table {
        None => toml::first_header(text),
        Some(_) => toml::first_of(text, layout.array),
    };
    let body = index(repository, &layout, &url, is_default);
    text.insert(at, &repository.name, &body);
    toml::prove(text, |document| says(document, &layout, &url))?;
    Ok(remarks)
}

fn index(repository: &Repository, layout: &Layout, url: &str, is_default: bool) -> Vec<String> {
    let mut lines = vec![
        layout.array.to_owned(),
        toml::pair("name", &toml::name_of(repository)),
        toml::pair("url", url),
    ];
    if is_default {
        lines.push("default = true".to_owned());
    }
    lines.push(toml::pair("authenticate", "always"));
    lines
}

/// Whether ours becomes the default index, in the place of the public one; there can be one.
fn judge_others(text: &Text, layout: &Layout) -> Result<(String, bool), Hindrance> {
    let document = toml::document(text)?;
    let path = [layout.path, &["index"]].concat();
    let is_default = |table: &&Item| table.get("default").and_then(Item::as_bool) == Some(true);
    let other = toml::tables(&document, &path).into_iter().find(is_default);
    Ok(match other.and_then(|table| toml::string(table, "url")) {
        None => (String::new(), true),
        Some(url) => {
            let text = format!(
                "{url} stays the default index; uv asks it for what this repository does not have"
            );
            (remark(&text), false)
        }
    })
}

/// Once in a file, for all repositories.
fn set_provider(text: &mut Text, layout: &Layout) -> Result<(), Hindrance> {
    let line = toml::pair(PROVIDER, "subprocess");
    let document = toml::document(text)?;
    let path = [layout.path, &[PROVIDER]].concat();
    match toml::at(&document, &path).and_then(Item::as_str) {
        Some("subprocess") => return Ok(()),
        Some(_) => set_other_aside(text),
        None => {}
    }
    match layout.table.map(|table| (table, toml::header(text, table))) {
        None => text.insert(toml::first_header(text), toml::SHARED, &[line]),
        Some((_, Some(header))) => text.insert(header + 1, toml::SHARED, &[line]),
        Some((table, None)) => text.insert(text.end(), toml::SHARED, &[table.to_owned(), line]),
    }
    Ok(())
}

fn set_other_aside(text: &mut Text) {
    let is_it = |line: &&str| {
        line.trim_start()
            .strip_prefix(PROVIDER)
            .is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    if let Some(at) = text.lines().iter().position(is_it) {
        text.set_aside(at, toml::SHARED);
    }
}

fn says(document: &DocumentMut, layout: &Layout, url: &str) -> bool {
    let index = [layout.path, &["index"]].concat();
    let provider = [layout.path, &[PROVIDER]].concat();
    let first = toml::tables(document, &index).first().copied();
    first.and_then(|table| toml::string(table, "url")) == Some(url)
        && toml::at(document, &provider).and_then(Item::as_str) == Some("subprocess")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::setup::python::for_tests::{acme, globex};

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

    fn edited(before: &str, place: Place) -> Result<(String, String), String> {
        let mut text = Text::parse(before);
        let remarks = edit(&mut text, &acme(), place).map_err(|error| error.to_string())?;
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
            assert_eq!(edited(before, Place::User), Ok((expected, String::new())));
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
            assert_eq!(
                edited(&before, Place::Project),
                Ok((expected, String::new()))
            );
        }
    }

    #[test]
    fn another_default_index_stays_behind_ours() {
        let before = "[[index]]\nurl = \"https://example.com/simple\"\ndefault = true\n";
        let (after, remarks) = edited(before, Place::User).unwrap();
        assert_eq!(after, format!("{KEYRING}{}{before}", ours("[[index]]", "")));
        assert!(
            remarks.contains("https://example.com/simple stays the default"),
            "{remarks}"
        );
    }

    #[test]
    fn two_repositories_share_the_provider() {
        let mut text = Text::parse("");
        for repository in [acme(), globex(), acme()] {
            edit(&mut text, &repository, Place::User).unwrap();
        }
        assert_eq!(text.names(), ["(keyring)", "acme", "globex"]);
        text.remove(Some("globex")).unwrap();
        assert_eq!(text.names(), ["(keyring)", "acme"]);
    }

    #[test]
    fn a_layout_without_a_place_is_refused() {
        let before = "index = [{ url = \"https://example.com/\" }]\n";
        let error = edited(before, Place::User).unwrap_err();
        assert!(error.contains("by hand"), "{error}");
    }
}
