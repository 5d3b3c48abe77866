//! What people have reported of other helpers and of the clients themselves, one by one. Most of it works; where a client
//! is at fault, it is told what to do.

use std::fs;

use codeartifact_end_to_end::fixture::{PYPI, PYPI_OF_AWS};

use crate::existing::{PROJECT, STALE};
use crate::setup::{newcomer, was_tested};
use crate::{Desk, GREETING, GREETS};

const PIP_CONF: &str = "home/.config/pip/pip.conf";
const FILE: &str = "work/pyproject.toml";

fn stale() -> String {
    PYPI.replace("https://", &format!("https://aws:{STALE}@"))
}

impl Desk {
    /// All that is said, without a token.
    #[track_caller]
    fn doctor(&self, client: &str) -> String {
        let told = self.sandbox.run("codeartifact", &["doctor", client]).stdout;
        assert!(!told.contains("eyJ"), "{told}");
        told
    }

    /// The client is fine, and nothing is left anywhere.
    #[track_caller]
    fn is_well(&self, client: &str) {
        let told = self.doctor(client);
        assert!(told.contains(" asks my-repo with our token"), "{told}");
        assert!(!told.contains(['✗', '!']), "{told}");
    }
}

/// pip-compile writes the index's URL into its output: ours has no token in it. One of a variable's is found there.
#[test]
fn pip_compile_emits_the_index() {
    let mut desk = newcomer("pip");
    desk.sandbox.client("pip-tools", "pip-compile");
    let _ = desk.setup(&["pip", "acme"]).succeeded();
    desk.sandbox.write("work/requirements.in", "my-package\n");
    let compile = ["--quiet", "--emit-index-url", "requirements.in"];
    let _ = desk.sandbox.run("pip-compile", &compile).succeeded();
    let compiled = desk.sandbox.read("work/requirements.txt");
    assert!(
        compiled.contains(&format!("--index-url {PYPI_OF_AWS}\n")),
        "{compiled}"
    );
    let install = ["--no-input", "install", "-r", "requirements.txt"];
    let _ = desk.pip(&install).succeeded();
    desk.imports(GREETS, GREETING);
    desk.is_well("pip");

    let token = desk.sandbox.run("codeartifact", &["token", PYPI]);
    let token = token.succeeded().stdout;
    let live = PYPI.replace("https://", &format!("https://aws:{}@", token.trim()));
    desk.sandbox.set("PIP_INDEX_URL", live);
    let _ = desk.sandbox.run("pip-compile", &compile).succeeded();
    desk.sandbox.unset("PIP_INDEX_URL");
    let told = desk.doctor("pip");
    let says = "requirements.txt:7 holds a token that is good for";
    assert!(told.contains(says), "{told}");
}

/// uv keeps the user of such an index out of the project, and asks nobody the next time. The setup completes what it wrote.
#[test]
fn uv_add_drops_the_user_of_an_index() {
    let mut desk = newcomer("uv");
    let _ = desk.setup(&["uv", "acme"]).succeeded();
    let user_file = desk.sandbox.path("home/.config/uv/uv.toml");
    fs::write(&user_file, "keyring-provider = \"subprocess\"\n").unwrap();
    let project = PROJECT.replace("\"my-package\"", "");
    desk.sandbox.write(FILE, &project);
    let index = format!("added={PYPI_OF_AWS}");
    let add = ["add", "--default-index", &index, "my-package"];
    let _ = desk.sandbox.run("uv", &add).succeeded();
    let added = desk.sandbox.read(FILE);
    assert!(
        added.contains("my-domain") && !added.contains("aws@"),
        "{added}"
    );
    let lock = ["lock", "--upgrade", "--no-cache"];
    let _ = desk.sandbox.run("uv", &lock).failed();
    let told = desk.doctor("uv");
    assert!(
        told.contains("asks no keyring for the index added"),
        "{told}"
    );
    was_tested(&desk.setup(&["uv", "acme", "--project"]).succeeded());
    let _ = desk.sandbox.run("uv", &lock).succeeded();
    desk.sandbox.set("UV_NO_CACHE", "1");
    let _ = desk.sandbox.run("uv", &["sync"]).succeeded();
    desk.greets_in("work");
}

/// What is needed to build comes from the same index, in both of pdm's ways: for a wheel of one's own, and for a source package.
#[test]
fn pdm_builds() {
    let mut desk = newcomer("pdm");
    desk.sandbox.set("PDM_CHECK_UPDATE", "false");
    let _ = desk.setup(&["pdm", "acme"]).succeeded();
    crate::builds::needs_the_package_to_build(&desk);
    let built = desk.sandbox.run("pdm", &["build", "--no-sdist", "-v"]);
    let built = built.succeeded();
    assert!(format!("{built:?}").contains(GREETING), "{built:?}");

    let source = format!("[[tool.pdm.source]]\nname = \"acme\"\nurl = \"{PYPI_OF_AWS}\"\n");
    let project = PROJECT.replace("my-package", "my-source-package");
    let project = format!("{project}\n[tool.pdm]\ndistribution = false\n{source}");
    desk.completes(&["pdm", "acme", "--project"], FILE, &project);
    let _ = desk.sandbox.run("pdm", &["install"]).succeeded();
}

/// pip reads it as UTF-8, and stops; so do we, before.
#[test]
fn a_file_in_latin_1() {
    let desk = newcomer("pip");
    desk.sandbox.write(PIP_CONF, "");
    let text = b"# f\xfcr alle\n[global]\ntimeout = 60\n";
    fs::write(desk.sandbox.path(PIP_CONF), text).unwrap();
    let _ = desk.pip(&["config", "list"]).failed();
    let _ = desk
        .setup(&["pip", "acme"])
        .exited(3)
        .says(&["pip.conf", "UTF-8"]);
    assert_eq!(fs::read(desk.sandbox.path(PIP_CONF)).unwrap(), text);
}

/// However the same index is spelled.
#[test]
fn spellings_of_the_index() {
    let mut desk = newcomer("pip");
    let _ = desk.setup(&["pip", "acme"]).succeeded();
    let host = PYPI_OF_AWS.split(['/', '@']).nth(3).unwrap();
    let rows = [
        PYPI_OF_AWS.trim_end_matches('/').to_owned(),
        PYPI_OF_AWS.replace(host, &host.to_uppercase()),
        PYPI_OF_AWS.replace(host, &format!("{host}:443")),
        PYPI_OF_AWS.replace(host, &format!("{host}.")),
        PYPI_OF_AWS.replace("/simple/", "//simple/"),
    ];
    for url in rows {
        desk.sandbox.set("PIP_INDEX_URL", &url);
        let install = ["--no-input", "install", "--force-reinstall", "my-package"];
        let _ = desk.pip(&install).succeeded();
        let told = desk.doctor("pip");
        assert!(
            told.contains(" asks my-repo with our token"),
            "{url}: {told}"
        );
    }
    // As people sign in elsewhere, with their address.
    let ada = PYPI_OF_AWS.replace("//aws@", "//ada%40example.com@");
    desk.sandbox.set("PIP_INDEX_URL", &ada);
    let install = ["--no-input", "install", "--force-reinstall", "my-package"];
    let _ = desk.pip(&install).succeeded();
}

/// What `aws codeartifact login` has left, in each client's own file: nothing of it is shown, and nothing is left to tell.
#[test]
fn after_a_login_nothing_is_left_to_tell() {
    let login = format!("[global]\nindex-url = {}\n\n", stale());
    let uv_toml = format!("[[index]]\nurl = \"{}\"\ndefault = true\n", stale());
    let config = format!("[pypi]\nurl = \"{}\"\n", stale());
    let rows = [
        ("pip", PIP_CONF, login),
        ("uv", "home/.config/uv/uv.toml", uv_toml),
        ("pdm", "home/.config/pdm/config.toml", config),
    ];
    for (client, file, text) in rows {
        let mut desk = newcomer(client);
        desk.sandbox.set("PDM_CHECK_UPDATE", "false");
        desk.completes(&[client, "acme"], file, &text);
        desk.is_well(client);
    }
}

/// Nothing that a setup writes is read then, so it does not say that all is well.
#[test]
fn a_setup_over_which_another_file_wins() {
    let mut desk = newcomer("pip");
    desk.sandbox.write(
        "home/.pip/pip.conf",
        "[install]\nindex-url = https://example.com/simple\n",
    );
    let told = desk.setup(&["pip", "acme"]).exited(1);
    assert!(
        told.stderr
            .contains("asks https://example.com, not my-repo"),
        "{told:?}"
    );
    fs::remove_file(desk.sandbox.path("home/.pip/pip.conf")).unwrap();

    desk.sandbox.write(
        "work/ci.conf",
        "[global]\nindex-url = https://example.com/simple\n",
    );
    desk.sandbox.set("PIP_CONFIG_FILE", "ci.conf");
    let _ = desk.setup(&["pip", "acme"]).exited(1).says(&[
        "PIP_CONFIG_FILE is set in the environment, which wins",
        "asks https://example.com, not my-repo",
        "hint: unset PIP_CONFIG_FILE",
    ]);
}

/// A token that has run out in any variable that the clients' guides name.
#[test]
fn stale_tokens_in_variables() {
    let mut desk = newcomer("pip");
    let names = [
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "UV_EXTRA_INDEX_URL",
        "UV_INDEX_ACME_PASSWORD",
        "UV_PUBLISH_PASSWORD",
        "POETRY_HTTP_BASIC_ACME_PASSWORD",
        "PDM_PYPI_PASSWORD",
        "PDM_PUBLISH_PASSWORD",
        "TWINE_PASSWORD",
        "HATCH_INDEX_AUTH",
    ];
    for name in names {
        let is_url = name.ends_with("_URL");
        let value = if is_url { stale() } else { STALE.to_owned() };
        desk.sandbox.set(name, value);
        let told = desk.doctor("twine");
        let says = format!("{name} holds a token that ran out");
        assert!(told.contains(&says), "{told}");
        assert!(told.contains(&format!("hint: unset {name}")), "{told}");
        desk.sandbox.unset(name);
    }
}
