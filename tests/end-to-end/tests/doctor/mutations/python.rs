//! pip and uv: versions, where the index is named and how it is spelled, keyrings, and what else has a login.

use super::*;

/// The index, sound ones first.
const URLS: [&str; 12] = [
    "https://aws@HOST/pypi/my-repo/simple/",
    "https://HOST/pypi/my-repo/simple/",
    "https://aws@HOST/pypi/my-repo/simple",
    "https://aws@HOST:443/pypi/my-repo/simple/",
    "https://aws@MY-DOMAIN-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/",
    "https://__token__@HOST/pypi/my-repo/simple/",
    "https://aws:OLD@HOST/pypi/my-repo/simple/",
    "https://aws:@HOST/pypi/my-repo/simple/",
    "https://aws@HOST/pypi/my-repo/",
    "https://aws@HOST/simple/",
    "http://aws@HOST/pypi/my-repo/simple/",
    "https://index.example.com/simple/",
];

pub(super) fn case(number: usize) -> Case {
    let mut case = Case::new(number, Machine::new());
    case.machine.sandbox.unset("PIP_CONFIG_FILE");
    case.set("UV_PYTHON_DOWNLOADS", "never");
    let client = case.choose_evenly("client", &["pip", "pip-23", "uv", "uv", "pip-21"]);
    let url = case.choose("index", &URLS);
    match client {
        "uv" => uv(&mut case, url),
        pip => of_pip(&mut case, pip, url),
    }
    keyring(&mut case);
    let netrc = case.choose(
        "netrc",
        &[
            "",
            "machine HOST login aws password OLD\n",
            "machine HOST login aws password GOOD\n",
        ],
    );
    if !netrc.is_empty() {
        let token = token(&case.machine);
        case.machine
            .write("home/.netrc", &netrc.replace("GOOD", &token));
    }
    case
}

fn of_pip(case: &mut Case, version: &'static str, url: &'static str) {
    case.machine.sandbox.client(version, "pip");
    let provider = case.choose(
        "provider",
        &["subprocess", "", "disabled", "import", "auto"],
    );
    let what = place_pip(case, provider, url);
    let besides = [
        "",
        "PIP_NO_INDEX=1",
        "PIP_EXTRA_INDEX_URL=https://index.example.com/simple/",
        "PIP_ISOLATED=1",
        "PIP_CERT=/nowhere",
        "PIP_QUIET=2",
    ];
    if let Some((name, value)) = case.choose("besides", &besides).split_once('=') {
        case.set(name, value);
    }
    // Not `--no-input`: an option of one command is no setting, and the doctor warns of it.
    let words = [&["pip", "install", "--no-deps", "--target=t"], what].concat();
    case.tries("pip", &words);
}

/// Writes the settings to one of their places, and returns what to install.
fn place_pip(case: &mut Case, provider: &str, url: &str) -> &'static [&'static str] {
    let provider_line = match provider {
        "" => String::new(),
        name => format!("keyring-provider = {name}\n"),
    };
    let file = |section: &str| format!("[{section}]\nindex-url = {url}\n{provider_line}");
    let mut what = &["my-package"][..];
    match case.choose_evenly("place", &PIPS_PLACES) {
        "user" => case
            .machine
            .write("home/.config/pip/pip.conf", &file("global")),
        "user's section" => case
            .machine
            .write("home/.config/pip/pip.conf", &file("install")),
        "legacy" => case.machine.write("home/.pip/pip.conf", &file("global")),
        "PIP_CONFIG_FILE" => {
            case.machine.write("work/ci.conf", &file("global"));
            case.set("PIP_CONFIG_FILE", "ci.conf");
        }
        "both" => {
            case.machine
                .write("home/.config/pip/pip.conf", &file("global"));
            case.set("PIP_INDEX_URL", "https://aws@HOST/pypi/my-repo/simple/");
        }
        "a weaker section" => {
            case.machine
                .write("home/.config/pip/pip.conf", &file("global"));
            let other = "[install]\nindex-url = https://index.example.com/simple/\n";
            case.machine.write("home/.pip/pip.conf", other);
        }
        "a requirements file" => {
            let index = format!("--index-url {url}\n");
            case.machine.write("work/index.txt", &index);
            let requirements = "-r index.txt\nmy-package\n";
            case.machine.write("work/requirements.txt", requirements);
            if !provider.is_empty() {
                case.set("PIP_KEYRING_PROVIDER", provider);
            }
            what = &["-r", "requirements.txt"];
        }
        "a byte order mark" => {
            let text = format!("\u{feff}{}", file("global"));
            case.machine.write("home/.config/pip/pip.conf", &text);
        }
        _ => {
            case.set("PIP_INDEX_URL", url);
            if !provider.is_empty() {
                case.set("PIP_KEYRING_PROVIDER", provider);
            }
        }
    }
    what
}

const PIPS_PLACES: [&str; 9] = [
    "variable",
    "user",
    "user's section",
    "PIP_CONFIG_FILE",
    "legacy",
    "both",
    "a weaker section",
    "a requirements file",
    "a byte order mark",
];

fn uv(case: &mut Case, url: &'static str) {
    case.machine.sandbox.client("uv", "uv");
    let provider = case.choose("provider", &["subprocess", "", "disabled"]);
    let always = case.choose(
        "authenticate",
        &[
            "",
            "authenticate = \"always\"\n",
            "authenticate = \"never\"\n",
        ],
    );
    place_uv(case, provider, always, url);
    let besides = [
        "",
        "UV_INDEX_ACME_PASSWORD=OLD",
        "UV_NO_CONFIG=1",
        "UV_OFFLINE=1",
        "UV_KEYRING_PROVIDER=subprocess",
        "UV_NO_INDEX=1",
        "UV_INDEX_ACME_USERNAME=aws",
    ];
    if let Some((name, value)) = case.choose("besides", &besides).split_once('=') {
        case.set(name, value);
    }
    case.tries(
        "uv",
        &[
            "uv",
            "pip",
            "install",
            "--no-cache",
            "--target=target",
            "my-package",
        ],
    );
}

/// Writes the settings to one of their places.
fn place_uv(case: &mut Case, provider: &str, always: &str, url: &str) {
    let provider_line = match provider {
        "" => String::new(),
        name => format!("keyring-provider = \"{name}\"\n"),
    };
    let table =
        |head: &str| format!("{head}\nname = \"acme\"\nurl = \"{url}\"\ndefault = true\n{always}");
    let place = case.choose_evenly("place", &UVS_PLACES);
    let toml = format!("{provider_line}{}", table("[[index]]"));
    match place {
        "uv.toml" => case.machine.write("home/.config/uv/uv.toml", &toml),
        "UV_CONFIG_FILE" => {
            case.machine.write("work/ci.toml", &toml);
            case.set("UV_CONFIG_FILE", "ci.toml");
        }
        "one line" => {
            let more = always.trim_end();
            let comma = if more.is_empty() { "" } else { ", " };
            let entry =
                format!("{{ name = \"acme\", url = \"{url}\", default = true{comma}{more} }}");
            let toml = format!("{provider_line}index = [{entry}]\n");
            case.machine.write("home/.config/uv/uv.toml", &toml);
        }
        "index-url" => case.machine.write(
            "home/.config/uv/uv.toml",
            &format!("{provider_line}index-url = \"{url}\"\n"),
        ),
        "pyproject" => {
            let tool = format!("[tool.uv]\n{provider_line}{}", table("[[tool.uv.index]]"));
            let project = "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \">=3.8\"\n";
            case.machine
                .write("work/pyproject.toml", &format!("{project}{tool}"));
        }
        name => {
            let name_of_index = if name == "UV_INDEX_URL" { "" } else { "acme=" };
            case.set(name, &format!("{name_of_index}{url}"));
            if !provider.is_empty() {
                case.set("UV_KEYRING_PROVIDER", provider);
            }
        }
    }
}

const UVS_PLACES: [&str; 8] = [
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    "uv.toml",
    "pyproject",
    "index-url",
    "UV_INDEX",
    "UV_CONFIG_FILE",
    "one line",
];

fn keyring(case: &mut Case) {
    let ours = case.machine.sandbox.path("bin/keyring");
    let keyrings = [
        "ours",
        "none",
        "another first",
        "another behind",
        "not executable",
        "the library's first",
    ];
    match case.choose("keyring", &keyrings) {
        "none" => std::fs::remove_file(ours).unwrap(),
        "another first" => {
            case.machine
                .sandbox
                .write_program("first/keyring", "#!/bin/sh\nexit 1\n");
            case.put_first("first");
        }
        "another behind" => {
            case.machine
                .sandbox
                .write_program("behind/keyring", "#!/bin/sh\nexit 1\n");
            let folders = ["bin", "behind"].map(|it| case.machine.sandbox.path(it));
            let path = std::env::join_paths(folders).unwrap();
            case.machine.sandbox.set("PATH", path.to_str().unwrap());
        }
        "not executable" => {
            std::fs::remove_file(&ours).unwrap();
            std::fs::write(ours, "#!/bin/sh\n").unwrap();
        }
        "the library's first" => {
            std::fs::create_dir(case.machine.sandbox.path("first")).unwrap();
            let library = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../.clients/keyring/bin/keyring"
            );
            std::os::unix::fs::symlink(library, case.machine.sandbox.path("first/keyring"))
                .unwrap();
            case.put_first("first");
        }
        _ => {}
    }
}
