//! Small projects, each with what has to be found in it, in this order.

mod said;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::token::Timestamp;

use super::*;

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// A home directory with a project in it.
struct Sandbox(tempfile::TempDir);

impl Sandbox {
    /// Files by their path from the home directory; `H` stands for the CodeArtifact host.
    fn new(files: &[(&str, &str)]) -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(sandbox.path("project/package")).unwrap();
        for (name, text) in files {
            fs::create_dir_all(sandbox.path(name).parent().unwrap()).unwrap();
            fs::write(sandbox.path(name), text.replace('H', HOST)).unwrap();
        }
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Returns what a command in `project/package` finds: registries without the host, with their origins; remarks.
    fn search(&self, variables: &[(&str, &str)], command: &str) -> (Vec<String>, Vec<String>) {
        let environment = Environment::fixed(variables, self.0.path().to_owned(), Timestamp(0));
        let words: Vec<_> = command
            .split_whitespace()
            .map(|word| OsString::from(word.replace('H', HOST)))
            .collect();
        let command = CommandLine::read(&words);
        let places = Places::of(&self.path("project/package"), &command, &environment).unwrap();
        let hosts = MappedHosts::new();
        let search = find(&places, &command, &hosts, &environment);
        let found = search
            .found
            .iter()
            .map(|found| format!("{} {}", found.endpoint, found.origin));
        let credentials = search.credentials.iter();
        let credentials = credentials.filter_map(|it| it.remark(&environment));
        let remarks = search.remarks.iter().cloned().chain(credentials);
        (
            found.map(|text| self.shorten(&text)).collect(),
            remarks.map(|text| self.shorten(&text)).collect(),
        )
    }

    fn shorten(&self, text: &str) -> String {
        let home = self.0.path().display().to_string().replace('\\', "/");
        text.replace('\\', "/")
            .replace(&format!("{home}/"), "")
            .replace(&format!("https://{HOST}/npm/"), "")
    }

    fn found(&self) -> Vec<String> {
        self.search(&[], "").0
    }
}

#[test]
fn every_file_that_a_client_reads_is_searched() {
    for (name, text, expected) in FILES {
        assert_eq!(
            Sandbox::new(&[(name, text)]).found(),
            expected,
            "{name}: {text}"
        );
    }
}

const FILES: [(&str, &str, &[&str]); 17] = [
    (
        "project/.npmrc",
        "registry=https://H/npm/my-repo/",
        &["my-repo/ project/.npmrc:1"],
    ),
    (
        "project/package/.npmrc",
        "registry=https://H/npm/my-repo",
        &["my-repo/ project/package/.npmrc:1"],
    ),
    (
        ".npmrc",
        "# mine\r\nregistry = \"https://H/npm/my-repo/\"",
        &["my-repo/ .npmrc:2"],
    ),
    (
        ".npmrc",
        "@a:registry=https://H:443/npm/r1/\n@b:registry=https://H/npm/r2/",
        &["r1/ .npmrc:1", "r2/ .npmrc:2"],
    ),
    (".npmrc", "registry=https://example.com/npm/my-repo/", &[]),
    (".npmrc", "registry=https://H/pypi/my-repo/simple/", &[]),
    (".npmrc", "#registry=https://H/npm/my-repo/", &[]),
    (".npmrc", "[x]\nregistry=https://H/npm/my-repo/", &[]),
    (".npmrc", "//H/npm/my-repo/:_authToken=t", &[]),
    (
        ".config/pnpm/rc",
        "registry=https://H/npm/my-repo/",
        &["my-repo/ .config/pnpm/rc:1"],
    ),
    (
        ".config/pnpm/auth.ini",
        "@a:registry=https://H/npm/my-repo/",
        &["my-repo/ .config/pnpm/auth.ini:1"],
    ),
    (
        ".config/pnpm/config.yaml",
        "registries:\n  default: https://H/npm/my-repo/",
        &["my-repo/ .config/pnpm/config.yaml:2"],
    ),
    (
        "project/.yarnrc",
        "registry \"https://H/npm/r1/\"\n# \"https://H/npm/r2/\"\n\"@a:registry\" \"https://H/npm/r3/\"",
        &["r1/ project/.yarnrc:1", "r3/ project/.yarnrc:3"],
    ),
    (
        "project/.yarnrc.yml",
        "npmScopes:\n  a:\n    npmRegistryServer: https://H/npm/r1\nnpmRegistries:\n  //H/npm/r2:\n    npmAlwaysAuth: true\n",
        &["r1/ project/.yarnrc.yml:3", "r2/ project/.yarnrc.yml:5"],
    ),
    (
        ".yarnrc.yml",
        "npmRegistryServer: 'https://H/npm/r1/' # theirs: https://H/npm/r2/",
        &["r1/ .yarnrc.yml:1"],
    ),
    (
        "project/bunfig.toml",
        "[install]\nregistry = {url=\"https://aws:${TOKEN}@H/npm/r1/\"}\n[install.scopes]\na = \"https://H/npm/r2/\"",
        &["r1/ project/bunfig.toml:2", "r2/ project/bunfig.toml:4"],
    ),
    (
        "project/pnpm-workspace.yaml",
        "registries:\n  '@a': https://H/npm/r1/",
        &["r1/ project/pnpm-workspace.yaml:2"],
    ),
];

/// They add repositories of a domain that is named, and no domain.
#[test]
fn lock_files_and_packages_are_searched_for_repositories_of_known_domains() {
    let rows: &[(&str, &str, &[&str])] = &[
        (
            "project/package.json",
            r#"{"publishConfig": {"registry": "https://H/npm/r1/"}}"#,
            &["r1/ project/package.json"],
        ),
        (
            "project/package-lock.json",
            r#"{"a": {"resolved": "https://H/npm/r1/a/-/a-1.0.0.tgz"}, "b": {"resolved": "https://H/npm/r1/b/-/b-1.0.0.tgz"}}"#,
            &["r1/ project/package-lock.json"],
        ),
        (
            "project/pnpm-lock.yaml",
            "    resolution: {integrity: sha512-x==, tarball: https://H/npm/r1/a/-/a-1.0.0.tgz}",
            &["r1/ project/pnpm-lock.yaml"],
        ),
        (
            "project/yarn.lock",
            "  resolved \"https://H/npm/r1/a/-/a-1.0.0.tgz#abc\"",
            &["r1/ project/yarn.lock"],
        ),
        (
            "project/bun.lock",
            r#""a": ["a@1.0.0", "https://H/npm/r1/a/-/a-1.0.0.tgz", {}, "sha512-x"]"#,
            &["r1/ project/bun.lock"],
        ),
        (
            "package-lock.json",
            r#"{"resolved": "https://H/npm/r1/a/-/a-1.0.0.tgz"}"#,
            &[],
        ),
    ];
    let settings = (".npmrc", "registry=https://H/npm/mine/");
    for (name, text, expected) in rows {
        let found = Sandbox::new(&[settings, (name, text)]).found();
        let expected: Vec<_> = ["mine/ .npmrc:1"].iter().chain(*expected).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{name}: {text}");
        let alone = Sandbox::new(&[(name, text)]);
        let (found, remarks) = alone.search(&[], "");
        assert_eq!(found, [""; 0], "{name}");
        let is_told = remarks
            .iter()
            .any(|it| it.contains("no settings file names"));
        assert_eq!(is_told, expected.len() > 1, "{name}: {remarks:?}");
    }
}

#[test]
fn the_nearest_comes_first_and_the_users_own_last() {
    let registry = |name: &str| format!("registry=https://H/npm/{name}/");
    let sandbox = Sandbox::new(&[
        (".npmrc", &registry("mine")),
        ("project/.npmrc", &registry("root")),
        ("project/package/.npmrc", &registry("package")),
        (
            "project/package-lock.json",
            "https://H/npm/lock/a/-/a-1.0.0.tgz https://H/npm/root/b/-/b-1.0.0.tgz",
        ),
    ]);
    let expected = [
        "package/ project/package/.npmrc:1",
        "root/ project/.npmrc:1",
        "mine/ .npmrc:1",
        "lock/ project/package-lock.json",
    ];
    assert_eq!(sandbox.found(), expected);
}

/// Variables; what is found.
type Row<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn variables_name_registries_and_files() {
    let url = format!("https://{HOST}/npm/r1/");
    let sandbox = with_files_elsewhere();
    let other = sandbox.path("other/npmrc");
    let machine = sandbox.path("machine");
    let (other, machine) = (other.to_str().unwrap(), machine.to_str().unwrap());
    let rows: &[Row] = &[
        (&[], &[]),
        (&[("MY_REGISTRY", &url)], &["r1/ .npmrc:1"]),
        (
            &[("npm_config_registry", &url)],
            &["r1/ the variable npm_config_registry"],
        ),
        (
            &[("NPM_CONFIG_REGISTRY", &url)],
            &["r1/ the variable NPM_CONFIG_REGISTRY"],
        ),
        (
            &[("npm_config_@a:registry", &url)],
            &["r1/ the variable npm_config_@a:registry"],
        ),
        (
            &[("BUN_CONFIG_REGISTRY", &url)],
            &["r1/ the variable BUN_CONFIG_REGISTRY"],
        ),
        (&[("NPM_CONFIG_USERCONFIG", other)], &["r2/ other/npmrc:1"]),
        (
            &[("npm_config_userconfig", "~/other/npmrc")],
            &["r2/ other/npmrc:1"],
        ),
        (
            &[("npm_config_prefix", machine)],
            &["r4/ machine/etc/npmrc:1"],
        ),
    ];
    for (variables, expected) in rows {
        let (found, _) = sandbox.search(variables, "");
        assert_eq!(found, *expected, "{variables:?}");
    }
}

#[test]
fn options_name_registries_and_files() {
    let rows: [(&str, &[&str]); 4] = [
        (
            "npm ci --registry https://H/npm/r1/",
            &["r1/ the option --registry"],
        ),
        (
            "npm ci --@a:registry=https://H/npm/r1/",
            &["r1/ the option --@a:registry"],
        ),
        (
            "npm ci --userconfig=../../other/npmrc",
            &["r2/ project/package/../../other/npmrc:1"],
        ),
        (
            "npm --prefix ../../elsewhere ci",
            &["r3/ project/package/../../elsewhere/.npmrc:1"],
        ),
    ];
    let sandbox = with_files_elsewhere();
    for (command, expected) in rows {
        assert_eq!(sandbox.search(&[], command).0, expected, "{command}");
    }
}

fn with_files_elsewhere() -> Sandbox {
    Sandbox::new(&[
        ("other/npmrc", "registry=https://H/npm/r2/"),
        ("elsewhere/.npmrc", "registry=https://H/npm/r3/"),
        ("machine/etc/npmrc", "registry=https://H/npm/r4/"),
        (".npmrc", "registry=${MY_REGISTRY}"),
    ])
}

#[test]
fn a_host_of_the_users_own_counts() {
    let sandbox = Sandbox::new(&[
        (
            "project/yarn.lock",
            "\"https://packages.example.com/npm/r1/a/-/a-1.0.0.tgz\"",
        ),
        (
            "project/.yarnrc.yml",
            "npmRegistryServer: https://packages.example.com/npm/r2/",
        ),
    ]);
    let target = Endpoint::parse(HOST, &MappedHosts::new()).unwrap();
    let hosts = MappedHosts::from([("packages.example.com".to_owned(), target)]);
    let environment = Environment::fixed(&[], sandbox.0.path().to_owned(), Timestamp(0));
    let places = Places::of(
        &sandbox.path("project"),
        &CommandLine::default(),
        &environment,
    )
    .unwrap();
    let search = find(&places, &CommandLine::default(), &hosts, &environment);
    let found: Vec<_> = search
        .found
        .iter()
        .map(|found| found.endpoint.root())
        .collect();
    let expected = ["r2", "r1"].map(|name| format!("https://packages.example.com/npm/{name}/"));
    assert_eq!(found, expected);
}
