//! Projects and files that name the repository already, in the shapes in which public ones do: `setup` completes what is
//! there, the client works, and `--undo` gives the file back to the byte. A token in it is never shown.

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

#[test]
fn uv_projects_complete_their_own_entry() {
    let publish = "publish-url = \"https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/\"\n";
    let shapes = [
        ("private", "explicit = true\n", publish),
        ("acme", "", ""),
        ("acme", "explicit = true\n", ""),
    ];
    let desk = newcomer("uv");
    for (name, explicit, publish) in shapes {
        for url in spellings() {
            let text = format!(
                "{}\n[tool.uv.sources]\nnumbered-01 = {{ index = \"{name}\" }}\n\n\
                 [[tool.uv.index]]\nname = \"{name}\"\nurl = \"{url}\"\n{publish}{explicit}",
                PROJECT.replace("my-package", "numbered-01")
            );
            desk.completes(&["uv", "acme", "--project"], "work/pyproject.toml", &text);
            let _ = desk.sandbox.run("uv", &["lock"]).succeeded();
            let sync = ["sync", "--frozen", "--no-cache", "--no-install-project"];
            let _ = desk.sandbox.run("uv", &sync).succeeded();
            let python = desk.sandbox.path("work/.venv/bin/python");
            let python = python.display().to_string();
            desk.runs(
                &python,
                "import numbered_01; print(numbered_01.NUMBER)",
                "01",
            );
            fs::remove_dir_all(desk.sandbox.path("work/.venv")).unwrap();
            fs::remove_file(desk.sandbox.path("work/uv.lock")).unwrap();
        }
    }
    desk.assert_tokens(1);
}

/// As a deployment tool writes it, whose own variables are gone.
#[test]
fn a_users_entry_of_uv_is_completed() {
    let desk = newcomer("uv");
    let text = format!("[[index]]\nname = \"codeartifact\"\nurl = \"{PYPI}\"\ndefault = true\n");
    desk.completes(&["uv", "acme"], "home/.config/uv/uv.toml", &text);
    let install = ["pip", "install", "--python", &desk.python, "my-package"];
    let _ = desk.sandbox.run("uv", &install).succeeded();
    desk.imports(GREETS, GREETING);
}

/// As files had it before there were tables of indexes; in `[pip]`, for `uv pip` alone.
#[test]
fn older_keys_of_uv_are_completed() {
    let desk = newcomer("uv");
    let stale = PYPI.replace("https://", &format!("https://aws:{STALE}@"));
    let install = [
        "pip",
        "install",
        "--no-cache",
        "--target=t",
        "--reinstall",
        "my-package",
    ];
    for text in [
        format!("index-url = \"{stale}\"\n"),
        format!("extra-index-url = [\"{stale}\"] # ours\noffline = false\n"),
        format!("[pip]\nindex-url = \"{stale}\"\n"),
    ] {
        desk.completes(&["uv", "acme"], "home/.config/uv/uv.toml", &text);
        let _ = desk.sandbox.run("uv", &install).succeeded();
    }
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

/// A name that another server has is not used twice: uv refuses such a file.
#[test]
fn a_name_that_is_taken() {
    let desk = newcomer("uv");
    let text = format!(
        "{PROJECT}\n[[tool.uv.index]]\nname = \"acme\"\nurl = \"{OTHER_DOMAIN}\"\nexplicit = true\n"
    );
    desk.completes(&["uv", "acme", "--project"], "work/pyproject.toml", &text);
    let _ = desk.sandbox.run("uv", &["sync"]).succeeded();
    desk.greets_in("work");
}

/// uv reads the indexes of the workspace's root alone.
#[test]
fn a_member_of_a_workspace_is_set_up_at_its_root() {
    let desk = newcomer("uv");
    let root = format!(
        "[tool.uv.workspace]\nmembers = [\"packages/*\"]\n\n[[tool.uv.index]]\nname = \"private\"\nurl = \"{PYPI}\"\ndefault = true\n"
    );
    desk.sandbox.write("work/pyproject.toml", &root);
    let member = format!("{PROJECT}\n[tool.uv]\npackage = false\n");
    desk.sandbox
        .write("work/packages/a/pyproject.toml", &member);
    let mut command = desk.sandbox.command("codeartifact");
    let folder = desk.sandbox.path("work/packages/a");
    command.args(["setup", "uv", "acme", "--project"]);
    let outcome: codeartifact_end_to_end::Outcome =
        command.current_dir(&folder).output().unwrap().into();
    was_tested(&outcome.succeeded());
    assert_eq!(desk.sandbox.read("work/packages/a/pyproject.toml"), member);
    let mut sync = desk.sandbox.command("uv");
    let outcome: codeartifact_end_to_end::Outcome = sync
        .arg("sync")
        .current_dir(&folder)
        .output()
        .unwrap()
        .into();
    let _ = outcome.succeeded();
    desk.greets_in("work");
    let _ = desk.setup(&["uv", "--project", "--undo"]).succeeded();
    assert_eq!(desk.sandbox.read("work/pyproject.toml"), root);
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

#[test]
fn a_project_that_uv_refuses_is_put_back() {
    let desk = newcomer("uv");
    let index = "[[tool.uv.index]]\nname = \"a\"\nurl = \"https://example.com/\"\n";
    let text = format!("{PROJECT}{index}{index}");
    desk.sandbox.write("work/pyproject.toml", &text);
    let _ = desk
        .setup(&["uv", "acme", "--project"])
        .exited(1)
        .says(&["pyproject.toml is as it was before"]);
    assert_eq!(desk.sandbox.read("work/pyproject.toml"), text);
}

/// Two clients, one file: each finds its own lines again.
#[test]
fn uv_and_poetry_share_a_project() {
    let desk = newcomer("uv");
    let project = format!("{PROJECT}\n[tool.poetry]\npackage-mode = false\n");
    let file = "work/pyproject.toml";
    let steps = [["uv", "poetry"], ["poetry", "uv"]];
    for order in steps {
        desk.sandbox.write(file, &project);
        for client in order {
            let _ = desk
                .setup(&[client, "acme", "--project", "--no-test"])
                .succeeded();
        }
        let both = desk.sandbox.read(file);
        assert!(both.contains("[[tool.poetry.source]]"), "{both}");
        assert!(both.contains("[[tool.uv.index]]"), "{both}");
        let _ = desk.setup(&[order[0], "--project", "--undo"]).succeeded();
        let one = desk.sandbox.read(file);
        assert_eq!(one.contains("[[tool.poetry.source]]"), order[1] == "poetry");
        assert_eq!(one.contains("[[tool.uv.index]]"), order[1] == "uv");
        let _ = desk.setup(&[order[1], "--project", "--undo"]).succeeded();
        assert_eq!(desk.sandbox.read(file), project);
    }
}

/// Shapes of public projects, each with what its comment names.
#[test]
fn public_projects_of_uv() {
    let uv = |settings: &str, index: &str| {
        format!(
            "{}\n{settings}\n[[tool.uv.index]]\nname = \"private-index\"\nurl = \"{PYPI}\"\n{index}\n[tool.uv.sources]\nnumbered-01 = {{ index = \"private-index\" }}\n",
            PROJECT.replace("my-package", "numbered-01")
        )
    };
    let rows = [
        // The provider is there, and the index is explicit and authenticated.
        uv(
            "[tool.uv]\nkeyring-provider = \"subprocess\"",
            "explicit = true\nauthenticate = \"always\"\n",
        ),
        // An empty table, and an index of every package.
        uv("# --- UV ---\n[tool.uv]\n", ""),
        // Dependency groups behind it, and line ends of Windows.
        (uv("", "explicit = true\n") + "[dependency-groups]\ndev = []\n").replace('\n', "\r\n"),
    ];
    let desk = newcomer("uv");
    for text in rows {
        desk.completes(&["uv", "acme", "--project"], "work/pyproject.toml", &text);
        let _ = desk.sandbox.run("uv", &["sync", "--no-cache"]).succeeded();
        let _ = desk.sandbox.run("uv", &["lock", "--check"]).succeeded();
    }
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
