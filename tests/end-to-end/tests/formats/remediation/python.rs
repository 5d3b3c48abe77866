//! pip-audit, tox and pre-commit: each reads an old version of the private package, and applies an update of it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use super::*;

const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../.clients");
const VERSION: &str =
    "import importlib.metadata as it; print('my-package is', it.version('my-package'))\n";

/// A machine with such a tool and what its environments begin with, which a repository has from the public index.
fn with(tool: &str, seeds: &str) -> (Sandbox, Emulator) {
    let (mut sandbox, emulator) = platform();
    sandbox.client(tool, tool);
    for command in ["git", "env", "sed", "basename", "uname"] {
        sandbox.link(command, &Path::new("/usr/bin").join(command));
    }
    sandbox.set("PIP_FIND_LINKS", format!("{CLIENTS}/{seeds}"));
    // It looks for newer seeds on the public index.
    sandbox.set("VIRTUALENV_NO_PERIODIC_UPDATE", "1");
    (sandbox, emulator)
}

/// Through `exec`; longer than the patience for others, as environments are made.
fn runs(sandbox: &Sandbox, line: &str) -> codeartifact_end_to_end::Outcome {
    let mut command = sandbox.command("codeartifact");
    let words = ["exec", "--", "sh", "-c", line];
    command.args(words).output().unwrap().into()
}

/// A service that knows of one fault, and of the version without it. It answers as OSV does.
fn vulnerabilities() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1/query", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap());
        }
    });
    url
}

fn answer(mut stream: TcpStream) {
    let query: serde_json::Value = serde_json::from_slice(&body(&stream)).unwrap();
    let is_faulty = query["package"]["name"] == "my-package" && query["version"] == "1.0.0";
    let range = serde_json::json!({"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1.0"}]});
    let package = serde_json::json!({"name": "my-package", "ecosystem": "PyPI"});
    let fault = serde_json::json!({"id": "ACME-2026-1", "summary": "greets too loudly",
        "affected": [{"package": package, "ranges": [range]}]});
    let found = if is_faulty { vec![fault] } else { Vec::new() };
    let text = serde_json::json!({"vulns": found}).to_string();
    let length = text.len();
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n";
    write!(stream, "{head}Content-Length: {length}\r\n\r\n{text}").unwrap();
}

fn body(stream: &TcpStream) -> Vec<u8> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    for line in reader.by_ref().lines().map(Result::unwrap) {
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    body
}

#[test]
fn pip_audit_fixes_what_a_service_knows_of() {
    let (sandbox, emulator) = with("pip-audit", "seeds");
    sandbox.write("work/requirements.txt", "my-package==1.0.0\n");
    let osv = vulnerabilities();
    let audit = format!("pip-audit -s osv --osv-url {osv} -r requirements.txt");
    let fixed = runs(&sandbox, &format!("{audit} --fix"));
    let told = fixed.says(&["1 known vulnerability", "fixed 1"]);
    assert!(told.stdout.contains("ACME-2026-1"), "{told:?}");
    let now = sandbox.read("work/requirements.txt");
    assert_eq!(now.trim_end(), "my-package==1.1.0");
    let _ = runs(&sandbox, &audit).succeeded();
    assert_mints(&emulator, 1);
}

/// It keeps what AWS's credentials are in from pip, but not what `exec` says.
#[test]
fn tox_upgrades_an_environment() {
    let (sandbox, emulator) = with("tox", "seeds");
    sandbox.write("work/version.py", VERSION);
    let write = |wanted: &str| {
        let text = format!(
            "[tox]\nno_package = true\nenv_list = a\n[testenv]\ndeps = my-package{wanted}\ncommands = python version.py\n"
        );
        sandbox.write("work/tox.ini", &text);
    };
    let says = |line: &str, version: &str| {
        let ran = runs(&sandbox, line).succeeded();
        assert!(
            ran.stdout.contains(&format!("my-package is {version}")),
            "{ran:?}"
        );
    };
    write("==1.0.0");
    says("tox run", "1.0.0");
    says("tox run --override testenv.deps=my-package==1.1.0", "1.1.0");
    write(">=1.0.0");
    says("tox run --recreate", "1.1.0");
    assert_mints(&emulator, 1);
}

/// A hook's repository, of which each version needs one of the private package's.
fn hook(sandbox: &Sandbox, version: &str, package: &str) {
    let project = format!(
        "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n\
         [project]\nname = \"my-hook\"\nversion = \"{version}\"\ndependencies = [\"my-package=={package}\"]\n\
         [tool.setuptools]\npy-modules = [\"my_hook\"]\n[project.scripts]\nmy-hook = \"my_hook:main\"\n"
    );
    let hooks = "- {id: my-hook, name: my-hook, entry: my-hook, language: python, always_run: true, pass_filenames: false}\n";
    let main = VERSION.replace("; ", "\ndef main():\n    ");
    sandbox.write("work/hooks/pyproject.toml", &project);
    sandbox.write("work/hooks/my_hook.py", &main);
    sandbox.write("work/hooks/.pre-commit-hooks.yaml", hooks);
    let ada = "-c user.email=ada@example.com -c user.name=Ada";
    let git = format!(
        "cd hooks && git init --quiet . && git add -A && git {ada} commit --quiet -m {version} && git tag v{version}"
    );
    let _ = sandbox.run("sh", &["-c", &git]).succeeded();
}

#[test]
fn pre_commit_updates_a_hook_and_what_it_needs() {
    let (mut sandbox, emulator) = with("pre-commit", "setuptools");
    sandbox.set("GIT_CONFIG_GLOBAL", "/dev/null");
    hook(&sandbox, "1.0.0", "1.0.0");
    let repository = sandbox.path("work/hooks").display().to_string();
    let file = "work/project/.pre-commit-config.yaml";
    sandbox.write(
        file,
        &format!("repos:\n- repo: {repository}\n  rev: v1.0.0\n  hooks: [{{id: my-hook, verbose: true}}]\n"),
    );
    let says = |line: &str, told: &str| {
        let ran = runs(&sandbox, &format!("cd project && {line}")).succeeded();
        assert!(format!("{ran:?}").contains(told), "{ran:?}");
    };
    let run = "git init --quiet . && git add -A && pre-commit run --all-files";
    says(run, "my-package is 1.0.0");
    hook(&sandbox, "1.1.0", "1.1.0");
    says("pre-commit autoupdate", "v1.0.0 -> v1.1.0");
    assert!(sandbox.read(file).contains("rev: v1.1.0"));
    says(run, "my-package is 1.1.0");
    assert_mints(&emulator, 1);
}
