//! The real clients of `tests/clients/fetch.sh`: each is seen with the credentials of its own settings, by its smallest
//! authenticated request. A client that is not fetched is left out, with a line that says so.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot set up must stop")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use codeartifact_auth::endpoint::MappedHosts;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::token::Secret;
use codeartifact_proxy::{Expected, Observed, Trials, Verdict, judge};

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
const GOOD: &str = "eyJ2ZXIiOjF9.good.token";
const OLD: &str = "eyJ2ZXIiOjF9.old.token";

const PIP: &str = "pip download --no-deps --no-cache-dir --disable-pip-version-check --no-input --dest . trial-package";
const UV: &str = "uv pip install --dry-run --no-cache --target . --python python3 trial-package";
const UV_LOCK: &str = "printf '[project]\\nname=\"p\"\\nversion=\"1\"\\nrequires-python=\">=3.8\"\\ndependencies=[\"trial-package\"]\\n' \
    > pyproject.toml; uv lock --dry-run --no-cache --python python3";
const NPM: &str = "npm view trial-package --cache=. --update-notifier=false --fetch-retries=0";
// `pnpm view` of pnpm 9 and 10 is npm's, with npm's settings.
const PNPM: &str = "XDG_CACHE_HOME=$PWD XDG_DATA_HOME=$PWD pnpm dlx trial-package";
const YARN: &str = "echo '{}' > package.json; : > yarn.lock; YARN_HTTP_RETRY=0 YARN_ENABLE_TELEMETRY=0 \
    YARN_GLOBAL_FOLDER=$PWD/yarn yarn npm info trial-package";
const YARN_1: &str = "yarn info trial-package --cache-folder .";
const BUN: &str = "bun info --cafile=$SSL_CERT_FILE trial-package";
const GO: &str = "GOFLAGS=-modcacherw GOMODCACHE=$PWD/mod GOCACHE=$PWD/cache GOTOOLCHAIN=local GOSUMDB=off \
    go list -m -versions example.com/trial-package";
const POETRY: &str = "printf '[project]\\nname=\"p\"\\nversion=\"1\"\\nrequires-python=\">=3.11\"\\n[[tool.poetry.source]]\\n\
    name=\"acme\"\\nurl=\"https://HOST/pypi/my-repo/simple/\"\\npriority=\"primary\"\\n' > pyproject.toml; \
    POETRY_CACHE_DIR=$PWD POETRY_VIRTUALENVS_CREATE=false poetry add --dry-run --lock --no-interaction trial-package";

const PIP_CONF: (&str, &str) = (
    ".config/pip/pip.conf",
    "[global]\nindex-url = https://aws:GOOD@HOST/pypi/my-repo/simple/\n",
);
const UV_TOML: (&str, &str) = (
    ".config/uv/uv.toml",
    "[[index]]\nurl = \"https://aws:GOOD@HOST/pypi/my-repo/simple/\"\ndefault = true\n",
);
const NPMRC: (&str, &str) = (
    ".npmrc",
    "registry=https://HOST/npm/my-repo/\n//HOST/npm/my-repo/:_authToken=GOOD\nalways-auth=true\n",
);
const TOKEN_HELPER: (&str, &str) = (
    ".npmrc",
    "registry=https://HOST/npm/my-repo/\n//HOST/npm/my-repo/:tokenHelper=HOME/helper\n",
);
const HELPER: (&str, &str) = ("helper", "#!/bin/sh\necho 'Bearer GOOD'\n");
const YARNRC: (&str, &str) = (
    ".yarnrc.yml",
    "npmRegistryServer: https://HOST/npm/my-repo/\nnpmAlwaysAuth: true\nnpmAuthToken: GOOD\n",
);
const NETRC: (&str, &str) = (".netrc", "machine HOST login aws password GOOD\n");

type Row = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// A client's folder, its command, the settings in its home. `HOST`, `HOME` and the tokens are filled in there.
const WORKING: [Row; 22] = [
    ("pip", PIP, &[PIP_CONF]),
    ("pip-23", PIP, &[PIP_CONF]),
    ("pip-21", PIP, &[PIP_CONF]),
    ("uv", UV, &[UV_TOML]),
    ("uv", UV_LOCK, &[UV_TOML]),
    ("poetry", POETRY, &[NETRC]),
    ("npm", NPM, &[NPMRC]),
    ("npm-10", NPM, &[NPMRC]),
    ("pnpm", PNPM, &[NPMRC]),
    ("pnpm", PNPM, &[TOKEN_HELPER, HELPER]),
    ("pnpm-10", PNPM, &[NPMRC]),
    ("pnpm-10", PNPM, &[TOKEN_HELPER, HELPER]),
    ("pnpm-9", PNPM, &[TOKEN_HELPER, HELPER]),
    ("yarn", YARN, &[YARNRC]),
    ("yarn-1", YARN_1, &[NPMRC]),
    ("bun", BUN, &[NPMRC]),
    ("go", GO, &[NETRC]),
    ("go-1.24", GO, &[NETRC]),
    // The user's own proxy and roots are in files, and the stand-in wins.
    (
        "pip",
        PIP,
        &[(
            ".config/pip/pip.conf",
            "[global]\nindex-url = https://aws:GOOD@HOST/pypi/my-repo/simple/\nproxy = http://127.0.0.1:9\ncert = /none.pem\n",
        )],
    ),
    ("npm", NPM, &[(".npmrc", HOSTILE_NPMRC)]),
    ("pnpm", PNPM, &[(".npmrc", HOSTILE_NPMRC)]),
    // A stale netrc is refused first, as by CodeArtifact, and then pip asks its keyring.
    (
        "pip",
        PIP,
        &[
            (
                ".config/pip/pip.conf",
                "[global]\nindex-url = https://HOST/pypi/my-repo/simple/\nkeyring-provider = subprocess\n",
            ),
            (".netrc", "machine HOST login aws password OLD\n"),
            (
                "keyring",
                "#!/bin/sh\necho '{\"username\":\"aws\",\"password\":\"GOOD\"}'\n",
            ),
        ],
    ),
];

const HOSTILE_NPMRC: &str = "registry=https://HOST/npm/my-repo/\n//HOST/npm/my-repo/:_authToken=GOOD\n\
    https-proxy=http://127.0.0.1:9\nproxy=http://127.0.0.1:9\nnoproxy=amazonaws.com\n";

#[test]
fn clients_are_seen_with_the_token_of_their_settings() {
    let trials = trials();
    // Trials may run at once, and these mostly wait for the start of an interpreter.
    std::thread::scope(|scope| {
        for rows in WORKING.chunks(WORKING.len().div_ceil(4)) {
            scope.spawn(|| {
                rows.iter()
                    .for_each(|row| is_seen_with_its_token(&trials, *row))
            });
        }
    });
}

fn is_seen_with_its_token(trials: &Trials, row: Row) {
    let Some(observed) = run(trials, row) else {
        return;
    };
    assert_eq!(
        verdict(&observed),
        Verdict::OurToken,
        "{row:?}\n{observed:#?}"
    );
    assert!(
        !observed.output.contains(GOOD),
        "{row:?}\n{}",
        observed.output
    );
}

const PIP_FILE: &str = ".config/pip/pip.conf";
const UV_FILE: &str = ".config/uv/uv.toml";

/// Settings that are wrong, one client each.
const WRONG: [Row; 6] = [
    (
        "pip",
        PIP,
        &[(
            PIP_FILE,
            "[global]\nindex-url = https://HOST/pypi/my-repo/simple/\n",
        )],
    ),
    (
        "uv",
        UV,
        &[(
            UV_FILE,
            "[[index]]\nurl = \"https://aws:OLD@HOST/pypi/my-repo/simple/\"\ndefault = true\n",
        )],
    ),
    (
        "pip",
        PIP,
        &[(
            PIP_FILE,
            "[global]\nindex-url = https://example.com/simple/\n",
        )],
    ),
    (
        "npm",
        NPM,
        &[(
            ".npmrc",
            "registry=https://HOST/npm/my-repo/\n//HOST/npm/other/:_authToken=GOOD\n",
        )],
    ),
    (
        "go",
        "GOPRIVATE=example.com go list -m example.com/trial-package@latest",
        &[NETRC],
    ),
    (
        "bun",
        "bun info trial-package",
        &[
            (
                ".npmrc",
                "registry=https://HOST/npm/my-repo/\n//HOST/npm/my-repo/:_authToken=GOOD\ncafile=HOME/.ca.pem\n",
            ),
            NO_ROOTS,
        ],
    ),
];

/// The sight of each, in the same order.
fn seen_of_wrong() -> [Verdict; 6] {
    let public = Verdict::Elsewhere(vec!["https://example.com".to_owned()]);
    let old = Verdict::OtherCredentials {
        user: Some("aws".to_owned()),
        expired: true,
    };
    [
        Verdict::NoCredentials,
        old,
        public.clone(),
        Verdict::NoCredentials,
        public,
        Verdict::Distrusted,
    ]
}

#[test]
fn what_is_wrong_is_seen_too() {
    let trials = trials();
    for (row, expected) in WRONG.into_iter().zip(seen_of_wrong()) {
        if let Some(observed) = run(&trials, row) {
            assert_eq!(verdict(&observed), expected, "{row:?}\n{observed:#?}");
        }
    }
}

/// A bundle that holds one unrelated authority.
const NO_ROOTS: (&str, &str) = (".ca.pem", include_str!("unrelated.pem"));

#[test]
fn a_helper_that_hangs_is_ended() {
    let trials = trials();
    let command = "GOAUTH=$HOME/helper go list -m -versions example.com/trial-package";
    let row: Row = ("go", command, &[("helper", "#!/bin/sh\nsleep 60\n")]);
    if let Some(observed) = run_for(&trials, row, Duration::from_secs(2)) {
        assert_eq!(verdict(&observed), Verdict::Hung, "{observed:#?}");
        assert!(observed.took < Duration::from_secs(10));
    }
}

fn trials() -> Trials {
    Trials::start(&Environment::of_process(), MappedHosts::new()).unwrap()
}

fn run(trials: &Trials, row: Row) -> Option<Observed> {
    run_for(trials, row, Duration::from_secs(60))
}

fn run_for(trials: &Trials, (client, script, files): Row, deadline: Duration) -> Option<Observed> {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/.clients");
    let programs = clients.join(client).join("bin");
    if !programs.exists() {
        say(&format!(
            "{client} is not fetched (tests/clients/fetch.sh {client}): not tried"
        ));
        return None;
    }
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(&home.path().join(name), &fill(text, home.path()));
    }
    let path = [
        programs,
        clients.join("machine/bin"),
        home.path().to_owned(),
        "/usr/bin".into(),
        "/bin".into(),
    ];
    let mut command = Command::new("sh");
    command
        .args(["-c", &script.replace("HOST", HOST)])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", std::env::join_paths::<_, PathBuf>(path).unwrap())
        .env("GOPROXY", format!("https://{HOST}/go/my-repo/"));
    let good = Secret::new(GOOD.to_owned());
    let accepts = move |sent: &codeartifact_proxy::SentCredentials| sent.is_one_of([&good]);
    Some(trials.run(command, deadline, accepts).unwrap())
}

fn fill(text: &str, home: &Path) -> String {
    text.replace("HOST", HOST)
        .replace("HOME", &home.to_string_lossy())
        .replace("GOOD", GOOD)
        .replace("OLD", OLD)
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
}

fn verdict(observed: &Observed) -> Verdict {
    let (good, old) = (Secret::new(GOOD.to_owned()), Secret::new(OLD.to_owned()));
    let expected = Expected {
        host: HOST,
        path: "/",
        tokens: &[&good],
        expired: &[&old],
    };
    judge(observed, &expected)
}

#[expect(clippy::print_stderr, reason = "a test that is not run says so")]
fn say(text: &str) {
    eprintln!("{text}");
}
