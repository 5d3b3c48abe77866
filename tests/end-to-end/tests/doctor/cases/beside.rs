//! Tests of what runs pip, or is run by it, elsewhere: pipenv and pipx, an environment's own `pip.conf`, a file that its client
//! stops at. Each by the real client, before what is told and after.

use super::*;

fn pip_conf(machine: &Machine, file: &str) {
    let text = format!("[global]\nkeyring-provider = subprocess\nindex-url = {INDEX}\n");
    machine.write(file, &text);
}

const PIP_CONF: &str = "home/.config/pip/pip.conf";

impl Machine {
    /// pip's own trial is good, and this is told besides.
    #[track_caller]
    fn is_warned(&self, says: &str, hint: &str) {
        let rows = self.rows("pip");
        assert_eq!(rows[0]["state"], "ok", "{rows:#?}");
        let warned = rows.iter().find(|it| it["state"] == "warning").unwrap();
        let text = warned["text"].as_str().unwrap();
        assert!(text.contains(says), "{rows:#?}");
        assert!(warned["hint"].as_str().unwrap().contains(hint), "{rows:#?}");
    }
}

/// It puts a pip.conf of its own in the place of the one that was tried.
#[test]
fn pipenv_and_its_own_file() {
    let mut machine = machine("pip", "pip");
    machine.sandbox.client("pipenv", "pipenv");
    pip_conf(&machine, PIP_CONF);
    let pipfile = format!(
        "[[source]]\nname = \"acme\"\nurl = \"{INDEX}\"\nverify_ssl = true\n[packages]\nmy-package = \"*\"\n"
    );
    machine.write("work/Pipfile", &pipfile);
    for (name, value) in [("PIPENV_VENV_IN_PROJECT", "1"), ("PIPENV_NOSPIN", "1")] {
        machine.sandbox.set(name, value);
    }
    let _ = machine.sandbox.run("pipenv", &["install"]).failed();
    let hint = "set PIP_KEYRING_PROVIDER=subprocess";
    machine.is_warned("pipenv puts a pip.conf of its own", hint);
    machine.sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    machine.works("pip", &["pipenv", "install"]);
}

/// It installs by uv, which pip's file says nothing to.
#[test]
fn pipx_and_uv() {
    let mut machine = machine("pip", "pip");
    machine.emulator.expect_other_hosts();
    pip_conf(&machine, PIP_CONF);
    machine.sandbox.client("pipx", "pipx");
    machine.is_content("pip");
    machine.sandbox.client("uv", "uv");
    let install = ["pipx", "install", "my-package"];
    let _ = machine.sandbox.run(install[0], &install[1..]).failed();
    let hint = "run `codeartifact setup uv` as well";
    machine.is_warned("pipx installs by uv", hint);
    let index = format!("[[index]]\nurl = \"{INDEX}\"\ndefault = true\n");
    let uv_toml = format!("keyring-provider = \"subprocess\"\n{index}");
    machine.write("home/.config/uv/uv.toml", &uv_toml);
    machine.works("pip", &install);
    machine.is_content("uv");
}

/// The pip of the environment reads it, and the one on PATH does not.
#[test]
fn a_pip_conf_of_an_environment() {
    let mut machine = machine("pip", "pip");
    machine.emulator.expect_other_hosts();
    machine.sandbox.set("PIP_RETRIES", "0");
    let made = ["-m", "venv", "venv"];
    let _ = machine.sandbox.run("python3", &made).succeeded();
    let venv = machine.sandbox.path("work/venv");
    let pip = venv.join("bin/pip").display().to_string();
    machine
        .sandbox
        .set("VIRTUAL_ENV", venv.display().to_string());
    machine.sandbox.set("PIP_NO_INPUT", "1");
    pip_conf(&machine, "work/venv/pip.conf");
    let _ = machine.sandbox.run(&pip, &PIP[1..]).succeeded();
    let _ = machine.sandbox.run(PIP[0], &PIP[1..]).failed();
    let rows = machine.rows("pip");
    let of_venv = rows.iter().find(|it| {
        let label = it["label"].as_str().unwrap();
        label.ends_with("(venv)")
    });
    let of_venv = of_venv.unwrap();
    assert_eq!(of_venv["state"], "ok", "{rows:#?}");
    assert_ne!(rows[0]["state"], "ok", "{rows:#?}");

    // Activated, it is the only one.
    let folders = [venv.join("bin"), machine.sandbox.path("bin")];
    let path = std::env::join_paths(folders).unwrap();
    machine.sandbox.set("PATH", path.to_str().unwrap());
    machine.works("pip", &[&pip, "install", "--no-deps", "my-package"]);
    machine.write(
        "work/venv/pip.conf",
        "[global]\nindex-url = https://aws:OLD@HOST/pypi/my-repo/simple/\n",
    );
    let says = "venv/pip.conf:2 holds a token that ran out";
    machine.fails("pip", &[&pip, PIP[1], "my-package"], says, "take it out");
}

/// A repository may be named in a requirements file alone, and in one that this names.
#[test]
fn a_requirements_file_alone() {
    let mut machine = machine("pip", "pip");
    machine.sandbox.set("PIP_NO_INPUT", "1");
    machine.write("work/requirements.txt", "-r more.txt\nmy-package\n");
    machine.write("work/more.txt", &format!("--index-url {INDEX}\n"));
    let install = [
        "pip",
        "install",
        "--target=t",
        "--no-deps",
        "-r",
        "requirements.txt",
    ];
    let says = "PIP_NO_INPUT switches that off";
    machine.fails("pip", &install, says, "PIP_KEYRING_PROVIDER=subprocess");
    machine.sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    machine.works("pip", &install);
    // An older pip asks only for a URL with a user.
    machine.sandbox.client("pip-23.2", "pip");
    machine.works("pip", &install);
    machine.write(
        "work/more.txt",
        "--index-url https://HOST/pypi/my-repo/simple/\n",
    );
    machine.fails("pip", &install, "pip before 26.2", "https://aws@");
}

/// The clients' words do not name it, and uv reads past it.
#[test]
fn a_byte_order_mark() {
    let mut machine = machine("pip", "pip");
    machine.sandbox.set("PDM_CHECK_UPDATE", "false");
    let stops = |client: &str| format!("starts with a byte order mark, at which {client} stops");
    let hint = "save it as UTF-8 without a byte order mark";
    pip_conf(&machine, PIP_CONF);
    let text = machine.sandbox.read(PIP_CONF);
    machine.write(PIP_CONF, &format!("\u{feff}{text}"));
    machine.fails("pip", &PIP, &stops("pip"), hint);

    machine.sandbox.client("pdm", "pdm");
    machine.sandbox.client("uv", "uv");
    let project = "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \">=3.9\"\ndependencies = [\"my-package\"]\n";
    let sources = format!("[[tool.pdm.source]]\nname = \"pypi\"\nurl = \"{INDEX}\"\n");
    let indexes = format!(
        "[tool.uv]\nkeyring-provider = \"subprocess\"\n[[tool.uv.index]]\nurl = \"{INDEX}\"\ndefault = true\n"
    );
    let text = format!("{project}{sources}{indexes}");
    machine.write("work/pyproject.toml", &format!("\u{feff}{text}"));
    machine.fails("pdm", &["pdm", "lock"], &stops("pdm"), hint);
    machine.works("uv", &["uv", "lock"]);
    machine.write("work/pyproject.toml", &text);
    machine.works("pdm", &["pdm", "lock"]);
}

/// uv puts no variable into a URL, so its password is the variable's name; the setup in the project takes it out.
#[test]
fn a_variable_in_an_index_of_a_project() {
    let machine = machine("uv", "uv");
    let project = "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \">=3.9\"\ndependencies = [\"my-package\"]\n";
    let url = INDEX.replace("aws@", "aws:${CODEARTIFACT_AUTH_TOKEN}@");
    let index = format!("[[tool.uv.index]]\nurl = \"{url}\"\ndefault = true\n");
    machine.write("work/pyproject.toml", &format!("{project}{index}"));
    let says = "is no token of CodeArtifact: asks no keyring for https://";
    let hint = "without a password";
    machine.fails("uv", &["uv", "lock"], says, hint);
    let setup = ["setup", "uv", "acme", "--project"];
    let _ = machine.sandbox.run("codeartifact", &setup).succeeded();
    machine.works("uv", &["uv", "lock"]);
}
