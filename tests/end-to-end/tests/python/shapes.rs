//! Rarer shapes of a file that names the repository already: twice, in one line, beside a name that is ours but for its
//! spelling, and behind a byte order mark. Undone to the byte like the others.

use std::fs;

use codeartifact_end_to_end::fixture::PYPI;

use crate::existing::{PROJECT, STALE};
use crate::setup::newcomer;
use crate::{Desk, GREETING, GREETS, OTHER_DOMAIN};

/// Two packages, of which the first is of the source `private`.
fn project(table: &str, entries: &str) -> String {
    let project = PROJECT.replace("\"my-package\"", "\"numbered-01\", \"my-package\"");
    format!("{project}\n{table}\n{entries}")
}

fn stale() -> String {
    PYPI.replace("https://", &format!("https://aws:{STALE}@"))
}

const FILE: &str = "work/pyproject.toml";

/// One for the packages that name it, one for all others.
#[test]
fn uv_has_the_repository_twice() {
    let desk = newcomer("uv");
    let entry = |name: &str, url: &str, more: &str| {
        format!("[[tool.uv.index]]\nname = \"{name}\"\nurl = \"{url}\"\n{more}\n")
    };
    let text = project(
        "[tool.uv.sources]\nnumbered-01 = { index = \"private\" }\n",
        &(entry("private", &stale(), "explicit = true\n") + &entry("all", PYPI, "default = true")),
    );
    desk.completes(&["uv", "acme", "--project"], FILE, &text);
    let _ = desk.sandbox.run("uv", &["sync", "--no-cache"]).succeeded();
    desk.greets_in("work");
}

#[test]
fn pdm_has_the_repository_twice() {
    let mut desk = newcomer("pdm");
    desk.sandbox.set("PDM_CHECK_UPDATE", "false");
    let source = |name: &str, url: &str| {
        format!("[[tool.pdm.source]]\nname = \"{name}\"\nurl = \"{url}\"\nverify_ssl = true\n")
    };
    let text = project(
        "[tool.pdm]\ndistribution = false\n",
        &(source("pypi", &stale()) + &source("private", &stale())),
    );
    desk.completes(&["pdm", "acme", "--project"], FILE, &text);
    let _ = desk.sandbox.run("pdm", &["install"]).succeeded();
}

#[test]
fn poetry_has_the_repository_twice() {
    let desk = with_poetry();
    let source = |name: &str, priority: &str| {
        format!(
            "[[tool.poetry.source]]\nname = \"{name}\"\nurl = \"{}\"\npriority = \"{priority}\"\n",
            stale()
        )
    };
    let text = project(
        "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nnumbered-01 = { source = \"private\" }\n",
        &(source("private", "explicit") + &source("all", "primary")),
    );
    desk.completes(&["poetry", "acme", "--project"], FILE, &text);
    let _ = desk.sandbox.run("poetry", &["install"]).succeeded();
    desk.greets_in("work");
}

pub(crate) fn with_poetry() -> Desk {
    let mut desk = newcomer("pip");
    install_poetry(&mut desk);
    desk
}

pub(crate) fn install_poetry(desk: &mut Desk) {
    desk.with_library(
        "poetry",
        "import sys\nfrom poetry.console.application import main\nsys.exit(main())",
    );
    desk.sandbox.set("POETRY_VIRTUALENVS_IN_PROJECT", "true");
}

/// What changes in a line has one pair of marks, above and below the line or within its brackets.
#[test]
fn indexes_of_uv_in_one_line() {
    let desk = newcomer("uv");
    let url = stale();
    let rows = [
        format!("index = [{{ name = \"all\", url = \"{url}\", default = true }}]\n"),
        format!(
            "index = [\n    {{ name = \"none\", url = \"https://example.com/simple\", explicit = true }},\n    {{ name = \"all\", url = \"{url}\" }}, # ours\n]\n"
        ),
        "index = [{ name = \"none\", url = \"https://example.com/simple\", explicit = true }]\n"
            .to_owned(),
        "index = []\n".to_owned(),
    ];
    for index in rows {
        let text = project("[tool.uv]", &index);
        desk.completes(&["uv", "acme", "--project"], FILE, &text);
        let after = desk.sandbox.read(FILE);
        let marks = after.matches("# >>> codeartifact setup uv acme\n").count();
        assert_eq!(marks, 1, "{after}");
        let _ = desk.sandbox.run("uv", &["sync", "--no-cache"]).succeeded();
        desk.greets_in("work");
        fs::remove_dir_all(desk.sandbox.path("work/.venv")).unwrap();
        fs::remove_file(desk.sandbox.path("work/uv.lock")).unwrap();
    }
}

/// uv and poetry look up passwords by names in which these are one; poetry refuses to have both.
#[test]
fn a_name_that_differs_by_its_spelling_alone() {
    let desk = newcomer("uv");
    let text = format!(
        "{PROJECT}\n[[tool.uv.index]]\nname = \"Acme\"\nurl = \"{OTHER_DOMAIN}\"\nexplicit = true\n"
    );
    desk.completes(&["uv", "acme", "--project"], FILE, &text);
    assert!(desk.sandbox.read(FILE).contains("name = \"acme-2\"\n"));
    let _ = desk.sandbox.run("uv", &["sync"]).succeeded();
    desk.greets_in("work");

    let desk = with_poetry();
    let text = format!(
        "{PROJECT}\n[tool.poetry]\npackage-mode = false\n\n[[tool.poetry.source]]\nname = \"ACME\"\nurl = \"{OTHER_DOMAIN}\"\npriority = \"explicit\"\n"
    );
    desk.completes(&["poetry", "acme", "--project"], FILE, &text);
    assert!(desk.sandbox.read(FILE).contains("name = \"acme-2\"\n"));
    let _ = desk.sandbox.run("poetry", &["lock"]).succeeded();

    let mut desk = newcomer("pdm");
    desk.sandbox.set("PDM_CHECK_UPDATE", "false");
    let source = |name: &str, more: &str| {
        format!("[[tool.pdm.source]]\nname = \"{name}\"\nurl = \"{OTHER_DOMAIN}\"\n{more}")
    };
    let text = format!(
        "{PROJECT}\n[tool.pdm]\ndistribution = false\n{}{}",
        source("pypi", "include_packages = [\"numbered-*\"]\n"),
        source("A_c_m_e", "include_packages = [\"numbered-*\"]\n").replace("A_c_m_e", "Acme"),
    );
    desk.completes(&["pdm", "acme", "--project"], FILE, &text);
    assert!(desk.sandbox.read(FILE).contains("name = \"acme-2\"\n"));
    let _ = desk.sandbox.run("pdm", &["lock"]).succeeded();
}

/// uv reads past it. The others would refuse the file after us, so they are told before, and nothing changes.
#[test]
fn a_byte_order_mark() {
    let desk = newcomer("uv");
    let project = format!("\u{feff}{PROJECT}");
    desk.completes(&["uv", "acme", "--project"], FILE, &project);
    let _ = desk.sandbox.run("uv", &["sync"]).succeeded();
    desk.greets_in("work");
    let rows = [
        ("pip", "home/.config/pip/pip.conf", "[global]\n"),
        ("pdm", "home/.config/pdm/config.toml", "[pypi]\n"),
        ("hatch", "home/.config/hatch/config.toml", "mode = \"a\"\n"),
        ("twine", "home/.pypirc", "[distutils]\n"),
        (
            "poetry",
            "home/.config/pypoetry/config.toml",
            "[virtualenvs]\n",
        ),
    ];
    for (client, file, text) in rows {
        let text = format!("\u{feff}{text}");
        desk.sandbox.write(file, &text);
        let refused = desk.setup(&[client, "acme"]).exited(3);
        let words = format!("starts with a byte order mark, at which {client} stops");
        let _ = refused.says(&[file.rsplit('/').next().unwrap(), &words, "save it as UTF-8"]);
        assert_eq!(desk.sandbox.read(file), text, "{client}");
    }
}

#[test]
fn twine_has_the_repository_twice() {
    let desk = newcomer("pip");
    let root = PYPI.trim_end_matches("simple/");
    let section = |name: &str| {
        format!("\n[{name}]\nrepository = {root}\nusername = aws\npassword = {STALE}\n")
    };
    let text = format!(
        "[distutils]\nindex-servers =\n    one\n    two\n{}{}",
        section("one"),
        section("two")
    );
    desk.sandbox.write("home/.pypirc", &text);
    let _ = desk.setup(&["twine", "acme", "--no-test"]).succeeded();
    let after = desk.sandbox.read("home/.pypirc");
    assert!(!after.contains("eyJ"), "{after}");
    let _ = desk.setup(&["twine", "--undo"]).succeeded();
    assert_eq!(desk.sandbox.read("home/.pypirc"), text);
}

/// pip itself is not misled by what stays: each URL of the host has its user, and none a password.
#[test]
fn pip_has_the_repository_twice() {
    let desk = newcomer("pip");
    let text = format!(
        "[global]\nindex-url = {}\nextra-index-url = {PYPI}\n    {}\n[install]\nindex-url = {PYPI}\n",
        stale(),
        stale()
    );
    desk.completes(&["pip", "acme"], "home/.config/pip/pip.conf", &text);
    for pip in ["pip", "pip-23.2"] {
        desk.sandbox.client(pip, "pip");
        let install = ["--no-input", "install", "--force-reinstall", "my-package"];
        let _ = desk.pip(&install).succeeded();
        desk.imports(GREETS, GREETING);
    }
}
