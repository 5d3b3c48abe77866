//! Tests of what is shown, to people and to programs.

use std::collections::BTreeSet;

use super::*;

fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                found.insert(key.clone());
                keys(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

/// The words in backquotes of the README's paragraph about it.
fn documented() -> BTreeSet<String> {
    let readme = include_str!("../../../../README.md");
    let (_, behind) = readme.split_once("`--format json` of both prints").unwrap();
    let (paragraph, _) = behind.split_once("\n\n").unwrap();
    let words = paragraph.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

#[test]
fn programs_get_the_keys_that_the_readme_names() {
    let mut machine = Machine::new();
    machine.sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
    let said: Value = serde_json::from_str(&machine.doctor("pip").stdout).unwrap();
    let mut found = BTreeSet::new();
    keys(&said, &mut found);
    let states = ["warning", "failed", "skipped", "doctor"].map(str::to_owned);
    found.extend(states);
    assert_eq!(found, documented());
    assert_eq!(said["connections"][0]["connection"], "acme");
    assert_eq!(said["clients"][0]["source"], "PIP_INDEX_URL");
}

/// A line for each: what it asks with what, and where that is set.
#[test]
fn people_see_where_a_repository_is_named() {
    let mut machine = Machine::with("pip", "pip");
    machine.sandbox.unset("PIP_CONFIG_FILE");
    machine.sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    machine.write(
        "home/.config/pip/pip.conf",
        "[global]\ntimeout = 60\nindex-url = https://aws@HOST/pypi/my-repo/simple/\n",
    );
    let shown = machine
        .sandbox
        .run("codeartifact", &["doctor", "pip", "uv"])
        .succeeded();
    let expected = "\
✓ connection acme          reached through 2 roles, token good for 11 h 59 min
– uv                       is not on PATH
✓ pip 26.3                 asks my-repo with our token          ~/.config/pip/pip.conf:3
";
    assert_eq!(shown.stdout.replace("12 h\n", "11 h 59 min\n"), expected);
}
