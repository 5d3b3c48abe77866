//! Tests of what becomes of a `.yarnrc.yml`.

use super::*;

const URL: &str = "https://H/npm/my-repo/";

fn put_into(before: &str, scopes: &[&str], default: bool) -> Result<Text, String> {
    let scopes: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let additions = Additions {
        url: Some(URL.to_owned()),
        scopes: &scopes,
        default,
        is_ours: &|url| url.starts_with("https://H/"),
    };
    let mut text = Text::parse(before);
    match put(&mut text, "yarn acme", "yarn (plugin)", &additions) {
        Ok(()) => Ok(text),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns the line without its comment, as YAML has it.
fn meaning(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn lines_are_added_where_yaml_wants_them_and_taken_away_again() {
    for (before, scopes, default, expected) in added() {
        let after = put_into(before, scopes, default).unwrap();
        assert_eq!(meaning(&after.to_string()), expected, "{before}");
        let parts = after.parts().to_vec();
        let mut text = Text::parse(&after.to_string());
        for (mark, part) in parts.iter().rev() {
            text.put_back(part, mark).unwrap();
        }
        assert_eq!(text.to_string(), before);
    }
}

fn added() -> [(&'static str, &'static [&'static str], bool, String); 8] {
    let plugin = format!("plugins:\n  - {PLUGIN}\n");
    let server = |url: &str| format!("npmRegistryServer: \"{url}\"\n");
    let always = "npmAlwaysAuth: true\n";
    [
        ("", &[], false, plugin.clone()),
        ("a: b\n", &[], false, format!("a: b\n{plugin}")),
        (
            "plugins:\n  - x.cjs\na: b\n",
            &[],
            false,
            format!("{plugin}  - x.cjs\na: b\n"),
        ),
        (
            "plugins:\n- path: x.cjs\n  spec: y\n",
            &[],
            false,
            format!("plugins:\n- {PLUGIN}\n- path: x.cjs\n  spec: y\n"),
        ),
        (
            "npmRegistryServer: https://H/npm/r/ # ours\n",
            &[],
            false,
            format!("npmRegistryServer: https://H/npm/r/ # ours\n{plugin}{always}"),
        ),
        (
            "npmRegistryServer: https://example.com/\nnpmAlwaysAuth: false\n",
            &[],
            true,
            format!("{}{always}{plugin}", server(URL)),
        ),
        (
            "npmScopes:\n    other:\n        npmAlwaysAuth: true\n",
            &["@my-scope"],
            false,
            format!(
                "npmScopes:\n    my-scope:\n      {}    other:\n        npmAlwaysAuth: true\n{plugin}",
                server(URL)
            ),
        ),
        (
            "",
            &["@a", "@b"],
            false,
            format!(
                "{plugin}npmScopes:\n  a:\n    {}  b:\n    {}",
                server(URL),
                server(URL)
            ),
        ),
    ]
}

/// As `yarn config set` leaves the file: sorted anew, and without comments.
#[test]
fn the_plugin_is_taken_away_without_its_marks() {
    let rows = [
        (format!("a: b\n\nplugins:\n  - {PLUGIN}\n"), "a: b\n\n"),
        (
            format!("npmAlwaysAuth: true\nplugins:\n  - x.cjs\n  - {PLUGIN}\nz: 1\n"),
            "npmAlwaysAuth: true\nplugins:\n  - x.cjs\nz: 1\n",
        ),
        (
            format!("plugins:\n  - path: {PLUGIN}\n    spec: y\n  - x.cjs\n"),
            "plugins:\n  - x.cjs\n",
        ),
        ("plugins:\n  - x.cjs\n".to_owned(), "plugins:\n  - x.cjs\n"),
    ];
    for (before, after) in rows {
        let mut text = Text::parse(&before);
        let may_be_ours = take_plugin_away(&mut text);
        assert_eq!(text.to_string(), after, "{before}");
        let is_told = after.starts_with(ALWAYS_AUTH).then_some(1);
        assert_eq!(may_be_ours, is_told, "{before}");
    }
}

#[test]
fn what_cannot_be_added_to_is_refused() {
    for (before, scopes) in [
        ("plugins: [x.cjs]\n", &[][..]),
        ("npmScopes: {a: {}}\n", &["@b"]),
        ("npmScopes:\n  a:\n    npmAuthToken: x\n", &["@a"]),
        ("npmRegistryServer:\n  https://example.com/\n", &[]),
    ] {
        assert!(put_into(before, scopes, true).is_err(), "{before}");
    }
}

#[test]
fn what_would_be_in_the_way_is_said() {
    let is_ours = |url: &str| url.starts_with("https://H/");
    let rows = [
        (
            "npmRegistries:\n  \"//H/npm/r\":\n    npmAuthIdent: x\n",
            "without npmAlwaysAuth",
        ),
        (
            "npmRegistries:\n  //H/npm/r:\n    npmAlwaysAuth: true\n",
            "",
        ),
        (
            "npmRegistries:\n  //example.com:\n    npmAuthIdent: x\n",
            "",
        ),
    ];
    for (text, expected) in rows {
        let said = remarks(&Text::parse(text), &is_ours).concat();
        assert!(
            said.contains(expected) && said.is_empty() == expected.is_empty(),
            "{text}: {said}"
        );
    }
}
