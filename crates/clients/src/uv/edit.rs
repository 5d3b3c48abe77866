//! What `setup uv` writes: an entry for the index, or what is missing in the entry that the user has for it already; and
//! the provider, which all entries share.

use toml_edit::Document;

use super::{OLDER, PROVIDER};
use crate::error::UserError;
use crate::python::{Wanted, free_name, with_user};
use crate::setup::Level;
use crate::text::Text;
use crate::toml::{self, Entry, Toml, entries};
use crate::words::without_passwords;

pub(super) fn edit(text: &mut Text, wanted: &Wanted<'_>) -> Result<Vec<String>, UserError> {
    let mut remarks = Vec::new();
    Toml::edit(text, wanted.mark, |toml| {
        let place = Place::of(&toml.document()?, wanted.level);
        toml.marked(wanted.shared)
            .set(place.table, PROVIDER, "subprocess")?;
        let is_older = complete_older(toml, &place, wanted)?;
        let document = toml.document()?;
        let there = entries(&document, &place.indexes());
        let is_meant =
            |entry: &Entry<'_>| entry.string("url").is_some_and(|it| wanted.is_meant(it));
        match there.iter().position(is_meant) {
            Some(number) => complete(toml, &place, number, &there[number], wanted),
            None if is_older => Ok(()),
            None => {
                remarks.extend(other_default(&there));
                add(toml, &place, &there, wanted)
            }
        }
    })?;
    Ok(remarks)
}

/// Where the file has uv's settings: at the root of `uv.toml`, in a table of `pyproject.toml`.
struct Place {
    table: &'static [&'static str],
    header: &'static str,
}

impl Place {
    fn of(document: &Document<String>, level: Level) -> Self {
        let tables = ["project", "tool", "build-system"];
        let mut tables = tables.iter();
        let is_pyproject =
            level == Level::Project && tables.any(|it| document.as_table().contains_key(it));
        if is_pyproject {
            Self {
                table: &["tool", "uv"],
                header: "[[tool.uv.index]]",
            }
        } else {
            Self {
                table: &[],
                header: "[[index]]",
            }
        }
    }

    fn indexes(&self) -> Vec<&'static str> {
        [self.table, &["index"]].concat()
    }
}

fn add(
    toml: &mut Toml<'_>,
    place: &Place,
    there: &[Entry<'_>],
    wanted: &Wanted<'_>,
) -> Result<(), UserError> {
    let is_taken = |name: &str| there.iter().any(|it| it.string("name") == Some(name));
    let name = free_name(toml::name_of(wanted.repository), is_taken);
    let mut body = vec![
        place.header.to_owned(),
        toml::pair("name", &name),
        toml::pair("url", wanted.index()),
        toml::pair("publish-url", with_user(&wanted.root())),
        toml::pair("authenticate", "always"),
    ];
    if !there.iter().any(|it| it.is("default")) {
        // In the place of the public one; there can be one.
        body.insert(3, "default = true".to_owned());
    }
    let indexes = place.indexes();
    let before: &[&str] = if place.table.is_empty() {
        &[]
    } else {
        &indexes
    };
    toml.insert_before(before, &body)
}

fn other_default(there: &[Entry<'_>]) -> Option<String> {
    let other = there.iter().find(|it| it.is("default"))?;
    let url = without_passwords(other.string("url")?);
    Some(format!(
        "{url} stays the default index; uv asks it for what this repository does not have"
    ))
}

/// The keys from before `[[index]]`, and those of `uv pip` alone, which have no place for more than a user in the URL. Returns
/// true if every command of uv reads one that is of the repository.
fn complete_older(
    toml: &mut Toml<'_>,
    place: &Place,
    wanted: &Wanted<'_>,
) -> Result<bool, UserError> {
    let of_pip = [place.table, &["pip"]].concat();
    let with = |url: &str| wanted.is_meant(url).then(|| with_user(&wanted.index()));
    let mut is_there = false;
    for key in OLDER {
        toml.exchange(&of_pip, key, with)?;
        is_there |= toml.exchange(place.table, key, with)?;
    }
    Ok(is_there)
}

/// Its name, its place, `default` and `explicit` stay as the user has them.
fn complete(
    toml: &mut Toml<'_>,
    place: &Place,
    number: usize,
    there: &Entry<'_>,
    wanted: &Wanted<'_>,
) -> Result<(), UserError> {
    let indexes = place.indexes();
    let mut set = |key: &str, value: &str| toml.set_in(&indexes, number, key, value);
    // The last first: each comes directly below the URL.
    set("authenticate", "always")?;
    let publish = there.string("publish-url");
    let is_other = publish.is_some_and(|it| !wanted.is_meant(it));
    if !is_other {
        set("publish-url", &with_user(&wanted.root()))?;
    }
    let url = there.string("url").unwrap_or_default();
    if !wanted.is_clean(url) || !url.trim_end_matches('/').ends_with("/simple") {
        set("url", &wanted.index())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::for_tests::{acme, edited, globex, with_wanted};
    use crate::uv::UV;

    const KEYRING: &str = "# >>> codeartifact setup uv (keyring)
keyring-provider = \"subprocess\"
# <<< codeartifact setup uv (keyring)
";

    const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

    fn ours(array: &str, default: &str) -> String {
        format!(
            "# >>> codeartifact setup uv acme
{array}
name = \"acme\"
url = \"https://{HOST}/pypi/my-repo/simple/\"
{default}publish-url = \"https://aws@{HOST}/pypi/my-repo/\"
authenticate = \"always\"
# <<< codeartifact setup uv acme
"
        )
    }

    fn after(before: &str, level: Level) -> Result<(String, Vec<String>), String> {
        edited(&UV, before, &acme(), level)
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
                format!("{KEYRING}{ours}"),
            ),
        ];
        for (before, expected) in rows {
            assert_eq!(after(before, Level::User), Ok((expected, Vec::new())));
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
            assert_eq!(after(&before, Level::Project), Ok((expected, Vec::new())));
        }
    }

    /// The commonest shape in public repositories, and how its URL varies.
    #[test]
    fn an_entry_of_the_repository_is_completed_where_it_is() {
        for url in [
            "https://HOST/pypi/my-repo/simple/",
            "https://HOST/pypi/my-repo/simple",
            "https://HOST/pypi/my-repo/",
            "https://aws:eyJ2ZXIi@HOST/pypi/my-repo/simple/",
            "https://__token__@HOST/pypi/my-repo/simple/",
            "https://aws@HOST/pypi/my-repo/simple/",
        ] {
            let url = url.replace("HOST", HOST);
            for name in ["private", "acme"] {
                let before = format!(
                    "[project]\nname = \"x\"\n[tool.uv.sources]\nmy-package = {{ index = \"{name}\" }}\n\
                     [[tool.uv.index]]\nname = \"other\"\nurl = \"https://example.com/\"\n\
                     [[tool.uv.index]]\nname = \"{name}\"\nurl = \"{url}\"\nexplicit = true\n"
                );
                let (text, remarks) = after(&before, Level::Project).unwrap();
                assert_eq!(remarks, Vec::<String>::new());
                assert!(
                    !text.contains("eyJ2ZXIi") && !text.contains("__token__"),
                    "{text}"
                );
                assert_eq!(text.matches("authenticate = \"always\"").count(), 1);
                assert_eq!(text.matches("[[tool.uv.index]]").count(), 2, "{text}");
                let document: toml_edit::DocumentMut = text.parse().unwrap();
                let index = &document["tool"]["uv"]["index"][1];
                assert_eq!(index["name"].as_str(), Some(name));
                assert_eq!(index["explicit"].as_bool(), Some(true));
                let publish = format!("https://aws@{HOST}/pypi/my-repo/");
                assert_eq!(index["publish-url"].as_str(), Some(&*publish));
            }
        }
    }

    #[test]
    fn an_entry_in_one_line_is_completed_too() {
        let before = format!("index = [{{ url = \"https://{HOST}/pypi/my-repo/simple/\" }}]\n");
        let (text, _) = after(&before, Level::User).unwrap();
        assert!(text.contains(", authenticate = \"always\""), "{text}");
    }

    #[test]
    fn keys_from_before_are_completed_where_they_are() {
        let ours = format!("https://aws@{HOST}/pypi/my-repo/simple/");
        let url = format!("https://aws:eyJ2ZXIi@{HOST}/pypi/my-repo/simple");
        let rows = [
            (format!("index-url = '{url}'\n"), true),
            (
                format!("extra-index-url = [\n  'https://example.com/', # a\n  '{url}',\n]\n"),
                true,
            ),
            (format!("[pip]\nindex-url = '{url}'\n"), false),
        ];
        for (before, is_all) in rows {
            let (text, _) = after(&before, Level::User).unwrap();
            assert!(!text.contains("eyJ2ZXIi"), "{text}");
            assert!(text.contains(&format!("\"{ours}\"")), "{text}");
            assert_eq!(text.contains("[[index]]"), !is_all, "{text}");
        }
    }

    #[test]
    fn a_name_that_is_taken_is_not_used_twice() {
        let before = "[[index]]\nname = \"acme\"\nurl = \"https://example.com/\"\n";
        let (text, _) = after(before, Level::User).unwrap();
        assert!(text.contains("name = \"acme-2\"\n"), "{text}");
    }

    #[test]
    fn another_default_index_stays_behind_ours() {
        let before = "[[index]]\nurl = \"https://aws:s3cret@example.com/simple\"\ndefault = true\n";
        let (text, remarks) = after(before, Level::User).unwrap();
        assert_eq!(text, format!("{KEYRING}{}{before}", ours("[[index]]", "")));
        let expected = "https://aws:…@example.com/simple stays the default";
        assert!(remarks[0].contains(expected), "{remarks:?}");
    }

    #[test]
    fn two_repositories_share_the_provider() {
        let mut text = Text::parse("");
        for repository in [acme(), globex()] {
            with_wanted(&repository, "uv", Level::User, |wanted| {
                edit(&mut text, wanted)
            })
            .unwrap();
        }
        assert_eq!(text.names(), ["uv (keyring)", "uv globex", "uv acme"]);
    }

    #[test]
    fn a_layout_without_a_place_is_refused() {
        let before = "index = [{ url = \"https://example.com/\" }]\n";
        let error = after(before, Level::User).unwrap_err();
        assert!(error.contains("by hand"), "{error}");
    }
}
