//! A token that was left in a file or a variable: it is reported with its place, and never shown.

use std::fs;

use super::clients::{HOST, complaints, is_content, tokens};
use super::*;

/// A file, what stands in it, and whether a client sends it.
const LEFTOVERS: [(&str, &str, bool); 12] = [
    (
        "home/.config/pip/pip.conf",
        "[global]\nindex-url = https://aws:TOKEN@HOST/pypi/my-repo/simple/\n",
        true,
    ),
    (
        "work/requirements.txt",
        "--index-url https://aws:TOKEN@HOST/pypi/my-repo/simple/\nmy-package\n",
        true,
    ),
    (
        "work/pyproject.toml",
        "[[tool.uv.index]]\nname = \"a\"\nurl = \"https://aws:TOKEN@HOST/pypi/my-repo/simple/\"\n",
        true,
    ),
    (
        "work/uv.toml",
        "extra-index-url = [\"https://aws:TOKEN@HOST/pypi/my-repo/simple/\"]\n",
        true,
    ),
    (
        "home/.config/pypoetry/auth.toml",
        "[http-basic.ours]\nusername = \"aws\"\npassword = \"TOKEN\"\n",
        true,
    ),
    (
        "home/.netrc",
        "machine HOST login aws password TOKEN\n",
        true,
    ),
    (
        "work/.yarnrc.yml",
        "npmScopes:\n  my-scope:\n    npmAuthToken: TOKEN\n",
        true,
    ),
    (
        "home/.config/go/env",
        "GOPROXY=https://aws:TOKEN@HOST/go/my-repo/,direct\n",
        true,
    ),
    (
        "work/uv.lock",
        "source = { registry = \"https://aws:TOKEN@HOST/pypi/my-repo/simple/\" }\n",
        false,
    ),
    (
        "work/poetry.lock",
        "url = \"https://aws:TOKEN@HOST/pypi/my-repo/simple\"\n",
        false,
    ),
    (
        "work/yarn.lock",
        "resolved \"https://aws:TOKEN@HOST/npm/my-repo/my-package/-/my-package-1.0.0.tgz\"\n",
        false,
    ),
    (
        "work/Dockerfile",
        "ENV PIP_INDEX_URL=https://aws:TOKEN@HOST/pypi/my-repo/simple/\n",
        false,
    ),
];

#[test]
fn a_token_that_was_left_somewhere_is_told_with_file_and_line_and_never_shown() {
    let (mut sandbox, _emulator) = connected(READER_ROLE);
    sandbox.unset("PIP_CONFIG_FILE");
    let (live, old) = tokens(&sandbox);
    for (file, text, is_sent) in LEFTOVERS {
        for (token, age) in [
            (&live, "a token that is good for "),
            (&old, "a token that ran out "),
        ] {
            let text = text.replace("TOKEN", token).replace("HOST", HOST);
            sandbox.write(file, &text);
            let line = text
                .lines()
                .position(|line| line.contains(token.as_str()))
                .unwrap()
                + 1;
            let tested = sandbox.run("codeartifact", &["doctor"]);
            let name = sandbox.path(file).display().to_string();
            let said = format!("{name}:{line} holds {age}");
            assert!(tested.stdout.contains(&said), "{said}: {tested:?}");
            let sign = if is_sent && token == &old { "✗" } else { "!" };
            assert!(
                tested.stdout.contains(&format!("{sign} leftover token")),
                "{tested:?}"
            );
            for part in [token.as_str(), token.rsplit('.').nth(1).unwrap()] {
                assert!(!format!("{tested:?}").contains(part), "{file}: {tested:?}");
            }
        }
        fs::remove_file(sandbox.path(file)).unwrap();
    }
    is_content(&sandbox);
    sandbox.set(
        "PIP_EXTRA_INDEX_URL",
        format!("https://aws:{old}@{HOST}/pypi/my-repo/simple/"),
    );
    sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    let complaints = complaints(&sandbox);
    let says = "PIP_EXTRA_INDEX_URL holds a token that ran out";
    assert_eq!(complaints.len(), 2, "{complaints:#?}");
    for ((check, text), expected) in complaints.iter().zip(["client_pip", "client_leftover"]) {
        assert_eq!(check, expected);
        assert!(text.contains(says), "{complaints:#?}");
    }
}
