//! Projects and files that name the repository already, in the shapes in which public ones do: `setup` completes what is
//! there, the client works, and `--undo` gives the file back to the byte. A token in it is never shown.

mod uv;

use std::fs;

use codeartifact_end_to_end::fixture::PYPI;

use crate::setup::{newcomer, was_tested};
use crate::{Desk, GREETING, GREETS, OTHER_DOMAIN};

/// A token that has run out, as `aws codeartifact login` leaves it in a URL.
pub(crate) const STALE: &str =
    "eyJ2ZXIiOjEsImFsZyI6ImRpciIsImVuYyI6IkExMjhHQ00iLCJleHAiOjE2MDAwMDAwMDB9.a.b.c.d";

pub(crate) const PROJECT: &str = "[project]\nname = \"my-program\"\nversion = \"1.0.0\"\nrequires-python = \">=3.9\"\ndependencies = [\"my-package\"]\n";

impl Desk {
    /// The setup, by a dry run first, shows no token; it is undone to the byte, and done again.
    #[track_caller]
    pub(crate) fn completes(&self, arguments: &[&str], file: &str, text: &str) {
        self.sandbox.write(file, text);
        let kept = self
            .sandbox
            .path("home/.local/state/codeartifact/setups.json");
        // That of the shape before, which this text has taken the place of.
        let _ = fs::remove_file(&kept);
        let run = |more: &[&str]| {
            let outcome = self.setup(&[arguments, more].concat()).succeeded();
            let told = format!("{outcome:?}");
            assert!(!told.contains("eyJ"), "{told}");
            outcome
        };
        let _ = run(&["--dry-run"]);
        assert_eq!(self.sandbox.read(file), text, "a dry run");
        was_tested(&run(&[]));
        let after = self.sandbox.read(file);
        assert!(!after.contains("eyJ"), "{after}");
        let _ = run(&["--undo"]);
        assert_eq!(self.sandbox.read(file), text, "undone");
        assert!(!kept.exists(), "{}", fs::read_to_string(kept).unwrap());
        let _ = run(&["--no-test"]);
        assert_eq!(self.sandbox.read(file), after);
    }
}

/// The same repository, however its URL is written.
fn spellings() -> Vec<String> {
    let bare = PYPI.trim_end_matches("simple/");
    let with = |userinfo: &str| PYPI.replace("https://", &format!("https://{userinfo}@"));
    vec![
        PYPI.to_owned(),
        PYPI.trim_end_matches('/').to_owned(),
        bare.to_owned(),
        with("aws"),
        with("__token__"),
        with(&format!("aws:{STALE}")),
    ]
}

/// Of a source that is named by a package alone: the trial names it as well.
#[test]
fn a_source_of_poetry_that_is_explicit() {
    let mut desk = newcomer("pip");
    desk.with_library(
        "poetry",
        "import sys\nfrom poetry.console.application import main\nsys.exit(main())",
    );
    let text = format!(
        "{}\n[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nnumbered-01 = {{ source = \"private\" }}\n\n\
         [[tool.poetry.source]]\nname = \"private\"\nurl = \"{}\"\npriority = \"explicit\"\n",
        PROJECT.replace("my-package", "numbered-01"),
        PYPI.trim_end_matches("simple/")
    );
    desk.completes(
        &["poetry", "acme", "--project"],
        "work/pyproject.toml",
        &text,
    );
    let lock = ["lock", "--no-interaction"];
    let _ = desk.sandbox.run("poetry", &lock).succeeded();
}

/// pdm sends what it has saved, and asks no keyring.
#[test]
fn a_password_that_pdm_has_saved_goes() {
    let mut desk = newcomer("pdm");
    desk.sandbox.set("PDM_CHECK_UPDATE", "false");
    let text = format!(
        "[pypi]\nurl = \"{PYPI}\"\nusername = \"aws\"\npassword = \"{STALE}\"\nverify_ssl = true\n"
    );
    desk.completes(&["pdm", "acme"], "home/.config/pdm/config.toml", &text);
    desk.sandbox.write("work/pyproject.toml", PROJECT);
    let _ = desk.sandbox.run("pdm", &["lock"]).succeeded();
}

/// Whatever was there, every pip installs afterwards.
#[test]
fn pip_files_complete_their_own_index() {
    let desk = newcomer("pip");
    let more = "\n[install]\nprogress-bar = off";
    let keys = ["index-url = ", "index_url=", "index-url:\n    "];
    for (url, key) in spellings().iter().zip(keys.iter().cycle()) {
        let text = format!("# mine\n[global]\ntimeout = 60\n{key}{url}{more}");
        desk.completes(&["pip", "acme"], "home/.config/pip/pip.conf", &text);
    }
    for pip in ["pip", "pip-23.2"] {
        desk.sandbox.client(pip, "pip");
        let install = ["--no-input", "install", "--force-reinstall", "my-package"];
        let _ = desk.pip(&install).succeeded();
        desk.imports(GREETS, GREETING);
    }
}

/// As public images have it: the public index first, and a token in the extra one.
#[test]
fn a_token_in_an_extra_index_goes() {
    let desk = newcomer("pip");
    let stale = PYPI.replace("https://", &format!("https://aws:{STALE}@"));
    let text = format!(
        "[global]\nindex-url = https://pypi.org/simple\nextra-index-url =\n    {stale}\ntrusted-host =\n    pypi.org\n    files.pythonhosted.org\n"
    );
    desk.completes(&["pip", "acme"], "home/.config/pip/pip.conf", &text);
    let install = ["--no-input", "install", "my-package"];
    let _ = desk.pip(&install).succeeded();
    desk.imports(GREETS, GREETING);
}

/// What pip refuses is told, and put back.
#[test]
fn a_file_that_the_client_refuses_is_put_back() {
    let desk = newcomer("pip");
    let text = "[global]\ntimeout = 60\n[global]\nno-color = true\n";
    desk.sandbox.write("home/.config/pip/pip.conf", text);
    let _ = desk.setup(&["pip", "acme"]).exited(1).says(&[
        "section 'global' already exists",
        "pip.conf is as it was before",
    ]);
    assert_eq!(desk.sandbox.read("home/.config/pip/pip.conf"), text);
    assert!(!desk.sandbox.path("home/.local/bin/keyring").exists());
}

/// A file that a script writes for a build: the token in the index, the public index behind it.
#[test]
fn a_token_in_the_index_with_the_public_one_behind() {
    let desk = newcomer("pip");
    let stale = PYPI.replace("https://", &format!("https://aws:{STALE}@"));
    let text =
        format!("[global]\nindex-url = {stale}\nextra-index-url = https://pypi.org/simple/\n\n");
    desk.completes(&["pip", "acme"], "home/.config/pip/pip.conf", &text);
}

/// As `aws codeartifact login --tool twine` leaves it; and what it and others leave in variables is named.
#[test]
fn what_logins_have_left() {
    let mut desk = newcomer("pip");
    let root = PYPI.trim_end_matches("simple/");
    let login = format!(
        "[distutils]\nindex-servers = \n\tpypi\n\tcodeartifact\n\n[codeartifact]\nrepository = {root}\nusername = aws\npassword = {STALE}\n\n"
    );
    desk.sandbox.write("home/.pypirc", &login);
    let twine = ["twine", "acme", "--no-test"];
    let done = desk.setup(&twine).succeeded();
    let after = desk.sandbox.read("home/.pypirc");
    assert!(
        !after.contains("eyJ") && after.matches("[codeartifact]").count() == 1,
        "{after}"
    );
    assert!(!format!("{done:?}").contains("eyJ"), "{done:?}");
    let _ = desk.setup(&["twine", "--undo"]).succeeded();
    assert_eq!(desk.sandbox.read("home/.pypirc"), login);

    let stale = PYPI.replace("https://", &format!("https://aws:{STALE}@"));
    let rows = [
        ("pip", "PIP_INDEX_URL", stale.as_str()),
        ("pip", "PIP_EXTRA_INDEX_URL", &stale),
        ("uv", "UV_EXTRA_INDEX_URL", &stale),
        (
            "uv",
            "UV_INDEX_ACME_PASSWORD",
            "{ \"authorizationToken\": \"x\" }",
        ),
        ("uv", "UV_INDEX_ACME_USERNAME", "__token__"),
        ("uv", "UV_PUBLISH_PASSWORD", STALE),
        ("uv", "UV_CONFIG_FILE", "/nonexistent"),
        ("poetry", "POETRY_HTTP_BASIC_ACME_PASSWORD", STALE),
        (
            "poetry",
            "POETRY_REPOSITORIES_OTHER_URL",
            "https://example.com/",
        ),
        ("twine", "TWINE_PASSWORD", STALE),
        ("twine", "TWINE_REPOSITORY_URL", root),
        ("hatch", "HATCH_INDEX_AUTH", STALE),
        ("pdm", "PDM_PYPI_URL", "https://example.com/simple"),
    ];
    for (client, name, value) in rows {
        desk.sandbox.set(name, value);
        let told = desk.setup(&[client, "acme", "--dry-run"]).succeeded();
        assert!(!format!("{told:?}").contains("eyJ"), "{told:?}");
        let _ = told.says(&[&format!(
            "{name} is set in the environment, which wins over "
        )]);
        desk.sandbox.unset(name);
    }
    for name in ["UV_PUBLISH_USERNAME", "UV_INDEX_ACME_USERNAME"] {
        desk.sandbox.set(name, "aws");
    }
    let told = desk.setup(&["uv", "acme", "--dry-run"]).succeeded();
    assert!(!told.stderr.contains("USERNAME"), "{told:?}");
}
