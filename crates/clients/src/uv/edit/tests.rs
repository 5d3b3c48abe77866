//! Users' files of uv before and after a setup.

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

/// One block of ours for each line that changes, however much changes in it.
#[test]
fn an_entry_in_one_line_is_completed_too() {
    let url = format!("https://aws:eyJ2ZXIi@{HOST}/pypi/my-repo/simple");
    let rows = [
        (format!("index = [{{ url = '{url}' }}]\n"), 1),
        (
            format!("index = [{{ url = '{url}' }}, {{ url = \"{url}/\", name = 'b' }}]\n"),
            1,
        ),
        (
            format!(
                "index = [\n  {{ url = 'https://example.com/' }},\n  {{ url = '{url}' }},\n]\n"
            ),
            1,
        ),
        (
            format!("index = [\n  {{ url = '{url}' }}, # a\n  {{ url = '{url}' }},\n]\n"),
            2,
        ),
    ];
    for (before, blocks) in rows {
        let (text, _) = after(&before, Level::User).unwrap();
        let ours = text.matches("# >>> codeartifact setup uv acme\n").count();
        assert_eq!(ours, blocks, "{text}");
        let entries = before.matches("pypi").count();
        let always = text.matches(", authenticate = \"always\"").count();
        assert_eq!(always, entries, "{text}");
        assert_eq!(text.matches("publish-url").count(), 1, "{text}");
        assert!(!text.contains("eyJ2ZXIi"), "{text}");
    }
}

/// Two entries of the repository, of which one is for the packages that name it.
#[test]
fn a_second_entry_is_completed_as_well() {
    let entry = |name: &str, more: &str| {
        format!(
            "[[index]]\nname = \"{name}\"\nurl = \"https://{HOST}/pypi/my-repo/simple/\"\n{more}"
        )
    };
    let before = entry("a", "default = true\n") + &entry("b", "explicit = true\n");
    let (text, _) = after(&before, Level::User).unwrap();
    assert_eq!(
        text.matches("authenticate = \"always\"").count(),
        2,
        "{text}"
    );
    assert_eq!(text.matches("publish-url").count(), 1, "{text}");
    assert_eq!(text.matches("[[index]]").count(), 2, "{text}");
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
fn ours_joins_others_in_one_line() {
    let rows = [
        "index = []\n",
        "index = [{ url = \"https://example.com/\" }]\n",
    ];
    for before in rows {
        let (text, _) = after(before, Level::User).unwrap();
        let document: toml_edit::DocumentMut = text.parse().unwrap();
        let first = &document["index"][0];
        assert_eq!(first["name"].as_str(), Some("acme"), "{text}");
        assert_eq!(first["authenticate"].as_str(), Some("always"), "{text}");
    }
}

#[test]
fn a_layout_without_a_place_is_refused() {
    let error = after("index = 1\n", Level::User).unwrap_err();
    assert!(error.contains("by hand"), "{error}");
}
